// One decision a screen: keys press the buttons they are written on; the words are chosen by their handles, by selecting them or by keys.

import { movesEdges } from "./edges.js";
import { SetText } from "./places.js";

const MOVES = { "{": [0, -1], "}": [0, 1], "[": [1, -1], "]": [1, 1] };

export function reviews(root) {
  const form = root.querySelector("[data-edges]");
  const passage = document.getElementById("passage");
  const edges = form && passage ? choosesWords(form, passage) : null;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const named = (name) => root.querySelector(`[${name}="${CSS.escape(event.key)}"]`);
    const field = named("data-focus");
    if (field) {
      event.preventDefault();
      field.focus();
      field.select();
    } else if (edges && MOVES[event.key]) {
      event.preventDefault();
      edges.byWord(...MOVES[event.key]);
    } else {
      named("data-key")?.click();
    }
  });
}

function choosesWords(form, passage) {
  const { spans, words } = form.elements;
  const given = spans.dataset.spans.split(",").map((piece) => piece.split("-").map(Number));
  const edges = movesEdges(passage, given, (chosen, told) => {
    words.value = told.join(" […] ");
    spans.value = chosen.map((span) => span.join("-")).join(",");
  });
  words.addEventListener("input", () => { spans.value = ""; });

  const text = new SetText(passage);
  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    if (selection.isCollapsed || !passage.contains(selection.anchorNode) || !passage.contains(selection.focusNode)) return;
    const range = selection.getRangeAt(0);
    const start = text.placeOf(range.startContainer, range.startOffset);
    const end = text.placeOf(range.endContainer, range.endOffset);
    if (start !== null && end !== null && start < end) edges.choose([[start, end]]);
  });
  return edges;
}
