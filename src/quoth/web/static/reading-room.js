// A little help for those who allow it: every page works without. Each module enlivens one thing, where a page has it.

import { choosesTime } from "./histogram.js";
import { reviews } from "./reviewing.js";
import { searches } from "./searching.js";
import { copies, takesFiles } from "./sharing.js";
import { ties } from "./ties.js";

document.documentElement.classList.add("script");

const each = (selector, enliven, root = document) => root.querySelectorAll(selector).forEach(enliven);

each(".over-time[data-link]", choosesTime);
each(".report, .statement, .review", ties);
each("form.live", (form) => searches(form, (results) => each(".over-time[data-link]", choosesTime, results)));
each("[data-copy], [data-copy-link]", copies);
each("form.read", takesFiles);
each("[data-review]", reviews);
