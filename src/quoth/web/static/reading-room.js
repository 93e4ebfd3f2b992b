// A little help for those who allow it: every page works without. Offsets are counted in code points, as the archive does.
"use strict";

document.documentElement.classList.add("script");

// What belongs together shines together: source, cue, all pieces of the words, and the note.
function tie(root) {
  const light = (event, on) => {
    const part = event.target.closest ? event.target.closest("[data-s]") : null;
    if (!part || !root.contains(part)) return;
    for (const number of part.dataset.s.split(" ")) {
      for (const other of root.querySelectorAll(`[data-s~="${number}"]`)) other.classList.toggle("on", on);
    }
  };
  root.addEventListener("mouseover", (event) => light(event, true));
  root.addEventListener("mouseout", (event) => light(event, false));
  root.addEventListener("focusin", (event) => light(event, true));
  root.addEventListener("focusout", (event) => light(event, false));
}

// Results while you type: the same page is asked for, and its results are put in place.
function live(form) {
  const input = form.querySelector('input[type="search"]');
  let waiting = 0;
  let asking = null;
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      if (asking) asking.abort();
      asking = new AbortController();
      const asked = new URLSearchParams([...new FormData(form)].filter(([name, value]) => value && name !== "after"));
      const address = `${form.getAttribute("action")}?${asked}`;
      try {
        const answer = await fetch(address, { signal: asking.signal, headers: { accept: "text/html" } });
        if (!answer.ok) return;
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const found = page.getElementById("results");
        if (!found) return;
        document.getElementById("results").replaceWith(found);
        document.title = page.title;
        history.replaceState(null, "", address);
        enliven(document.getElementById("results"));
      } catch (error) {
        if (error.name !== "AbortError") throw error;
      }
    }, 200);
  });
}

// A time is chosen by dragging over the bars of a histogram.
function draggable(figure) {
  const bars = [...figure.querySelectorAll(".bar")];
  let from = -1;
  let to = -1;
  const at = (event) => {
    const box = figure.querySelector("svg").getBoundingClientRect();
    return Math.max(0, Math.min(bars.length - 1, Math.floor(((event.clientX - box.left) / box.width) * bars.length)));
  };
  const show = () => bars.forEach((bar, place) => bar.classList.toggle("dragged", from >= 0 && place >= Math.min(from, to) && place <= Math.max(from, to)));
  figure.addEventListener("dragstart", (event) => event.preventDefault());
  figure.addEventListener("pointerdown", (event) => {
    if (event.button === 0 && event.target.closest("svg")) from = to = at(event);
  });
  window.addEventListener("pointermove", (event) => {
    if (from < 0) return;
    to = at(event);
    show();
  });
  window.addEventListener("pointerup", () => {
    if (from < 0) return;
    const [first, last] = [Math.min(from, to), Math.max(from, to)];
    from = -1;
    show();
    if (first === last) return;
    const address = new URL(figure.dataset.link, location.href);
    address.searchParams.set("since", bars[first].dataset.since);
    address.searchParams.set("until", bars[last].dataset.until);
    figure.addEventListener("click", (event) => event.preventDefault(), { once: true, capture: true });
    location.assign(address);
  });
}

async function copy(button) {
  const words = button.dataset.copyLink ? new URL(button.dataset.copyLink, location.href).href : document.querySelector(button.dataset.copy).textContent.trim();
  await navigator.clipboard.writeText(words);
  const label = button.textContent;
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = label; }, 1500);
}

// Places within a set text. A mark's number is no character of the text; a character that cannot be seen is one, whatever stands for it.
const points = (text) => [...text].length;

function* pieces(node) {
  const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    if (!text.parentElement.closest(".n")) yield text;
  }
}

function placeOf(node, offset) {
  const paragraph = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest(".text[data-start]");
  if (!paragraph) return null;
  const until = document.createRange();
  until.setStart(paragraph, 0);
  until.setEnd(node, offset);
  let place = Number(paragraph.dataset.start);
  for (const text of pieces(paragraph)) {
    if (!until.intersectsNode(text)) break;
    place += text === node ? points(text.data.slice(0, offset)) : until.comparePoint(text, text.length) <= 0 ? points(text.data) : 0;
    if (text === node) break;
  }
  return place;
}

function textOf(paragraph) {
  return [...pieces(paragraph)].map((text) => text.data).join("");
}

// One decision a screen: keys press the buttons they are written on; the words are chosen by selecting them.
function review(root) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const pressed = root.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    const focused = root.querySelector(`[data-focus="${CSS.escape(event.key)}"]`);
    if (pressed) pressed.click();
    else if (focused) { event.preventDefault(); focused.focus(); focused.select(); }
    else if ("[]{}".includes(event.key)) { event.preventDefault(); move(event.key); }
  });
  const form = root.querySelector("[data-edges]");
  const passage = document.getElementById("passage");
  if (!form || !passage) return;
  const hidden = form.elements.spans;
  const words = form.elements.words;
  let spans = hidden.dataset.spans.split(",").map((piece) => piece.split("-").map(Number));
  const paragraphs = [...passage.querySelectorAll(".text[data-start]")].map((one) => ({ start: Number(one.dataset.start), letters: [...textOf(one)] }));
  const slice = ([start, end]) => {
    const home = paragraphs.find((one) => one.start <= start && start < one.start + one.letters.length);
    return home ? home.letters.slice(start - home.start, end - home.start).join("") : null;
  };
  const put = (chosen) => {
    const told = chosen.map(slice);
    if (told.includes(null)) return;
    spans = chosen;
    words.value = told.join(" […] ");
    hidden.value = chosen.map((span) => span.join("-")).join(",");
  };
  words.addEventListener("input", () => { hidden.value = ""; });
  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    if (selection.isCollapsed || !passage.contains(selection.anchorNode) || !passage.contains(selection.focusNode)) return;
    const range = selection.getRangeAt(0);
    const start = placeOf(range.startContainer, range.startOffset);
    const end = placeOf(range.endContainer, range.endOffset);
    if (start !== null && end !== null && start < end) put([[start, end]]);
  });
  function move(key) {
    const piece = "{}".includes(key) ? 0 : spans.length - 1;
    const [start, end] = spans[piece];
    const home = paragraphs.find((one) => one.start <= start && start < one.start + one.letters.length);
    if (!home) return;
    const runs = [...home.letters.join("").matchAll(/\S+/gu)].map((run) => {
      const first = home.start + points(run.input.slice(0, run.index));
      return [first, first + points(run[0])];
    });
    const next = (places, from, by) => (by > 0 ? places.find((place) => place > from) : places.findLast((place) => place < from)) ?? from;
    const starts = runs.map((run) => run[0]);
    const ends = runs.map((run) => run[1]);
    const moved = {
      "[": [start, next(ends, end, -1)],
      "]": [start, next(ends, end, 1)],
      "{": [next(starts, start, -1), end],
      "}": [next(starts, start, 1), end],
    }[key];
    if (moved[0] < moved[1]) put(spans.map((span, place) => (place === piece ? moved : span)));
  }
}

// A file is dropped anywhere on the form.
function droppable(form) {
  const area = form.querySelector(".drop");
  const input = form.elements.file;
  form.addEventListener("dragover", (event) => { event.preventDefault(); area.classList.add("over"); });
  form.addEventListener("dragleave", () => area.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    area.classList.remove("over");
    if (event.dataTransfer.files.length) { input.files = event.dataTransfer.files; form.requestSubmit(); }
  });
}

function enliven(root) {
  root.querySelectorAll(".over-time[data-link]").forEach(draggable);
}

enliven(document);
document.querySelectorAll(".report, .statement, .review").forEach(tie);
document.querySelectorAll("form.live").forEach(live);
document.querySelectorAll("[data-copy], [data-copy-link]").forEach((button) => button.addEventListener("click", () => copy(button)));
document.querySelectorAll("[data-review]").forEach(review);
document.querySelectorAll("form.read").forEach(droppable);
