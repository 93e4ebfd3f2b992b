// The edges of the words: a handle at each, for a pointer, a finger or the arrow keys. They go from word to word, past marks one by one.

import { SetText } from "./places.js";

const WORDS = /\S+/gu;
const TOKENS = /[\p{L}\p{N}\p{M}]+(?:['’\-][\p{L}\p{N}\p{M}]+)*|[^\s]/gu;
const [START, END] = [0, 1];

// Calls `chosen(spans, words)` whenever other words are chosen; gives what moves an edge by whole words, for keys.
export function movesEdges(passage, spans, chosen) {
  const text = new SetText(passage);
  const given = spans.join();
  const places = { words: edgesOf(text.runs(WORDS)), tokens: edgesOf(text.runs(TOKENS)) };
  const layer = passage.appendChild(document.createElement("div"));
  const handles = spans.flatMap((_, piece) => [START, END].map((side) => handleOf(piece, side)));
  layer.className = "edges";
  layer.append(...handles.map((one) => one.element));
  draw();
  new ResizeObserver(draw).observe(passage);
  return { choose, byWord };

  function choose(wanted) {
    const words = wanted.map((span) => text.words(span));
    if (words.includes(null)) return;
    spans = wanted;
    chosen(spans, words);
    draw();
  }

  // An edge goes no further than the other edge of its piece, or the next piece.
  function move(piece, side, place) {
    const [start, end] = spans[piece];
    const lowest = side === START ? (spans[piece - 1]?.[END] ?? 0) : start + 1;
    const highest = side === START ? end - 1 : (spans[piece + 1]?.[START] ?? Infinity);
    if (place < lowest || place > highest || place === spans[piece][side]) return;
    choose(spans.map((span, other) => (other !== piece ? span : side === START ? [place, end] : [start, place])));
  }

  function step(piece, side, by, among) {
    const here = spans[piece][side];
    const next = by > 0 ? among[side].find((place) => place > here) : among[side].findLast((place) => place < here);
    if (next !== undefined) move(piece, side, next);
  }

  function byWord(side, by) {
    step(side === START ? 0 : spans.length - 1, side, by, places.words);
  }

  function handleOf(piece, side) {
    const element = document.createElement("span");
    element.className = `edge ${side === START ? "start" : "end"}`;
    element.setAttribute("role", "slider");
    element.tabIndex = 0;
    element.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
      if (!by) return;
      event.preventDefault();
      step(piece, side, by, places.tokens);
    });
    followed(element, side, (x, y) => {
      const place = text.placeAt(x, y);
      if (place !== null) move(piece, side, nearest(places.tokens[side], place));
    });
    return { element, piece, side };
  }

  function draw() {
    const home = layer.getBoundingClientRect();
    for (const { element, piece, side } of handles) {
      const rects = spans[piece] ? text.range(spans[piece])?.getClientRects() : null;
      const rect = rects && (side === START ? rects[0] : rects[rects.length - 1]);
      element.hidden = !rect;
      if (!rect) continue;
      element.style.left = `${(side === START ? rect.left : rect.right) - home.left}px`;
      element.style.top = `${rect.top - home.top}px`;
      element.style.height = `${rect.height}px`;
      tell(element, piece, side);
    }
    shine();
  }

  function tell(element, piece, side) {
    const words = text.words(spans[piece]).split(/\s+/u);
    const word = side === START ? words[0] : words.at(-1);
    element.setAttribute("aria-label", `${side === START ? "Start" : "End"} of the words${spans.length > 1 ? `, piece ${piece + 1}` : ""}`);
    element.setAttribute("aria-valuemin", text.paragraphs[0].start);
    element.setAttribute("aria-valuemax", text.paragraphs.at(-1).end);
    element.setAttribute("aria-valuenow", spans[piece][side]);
    element.setAttribute("aria-valuetext", `${side === START ? "from" : "to"} ${word}`);
  }

  // The chosen words are lit where a browser can light words without touching the page.
  function shine() {
    if (!CSS.highlights || (spans.join() === given && !CSS.highlights.has("chosen"))) return;
    CSS.highlights.set("chosen", new Highlight(...spans.map((span) => text.range(span)).filter(Boolean)));
  }
}

// The places where an edge may stand: those where a run begins, those where one ends.
function edgesOf(runs) {
  return [runs.map((run) => run[START]), runs.map((run) => run[END])];
}

function nearest(places, place) {
  return places.reduce((best, other) => (Math.abs(other - place) < Math.abs(best - place) ? other : best), places[0]);
}

// While a handle is dragged, `moved` is told where its edge is: the finger is beside it.
function followed(element, side, moved) {
  let offset = null;
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    const box = element.getBoundingClientRect();
    offset = [(side === START ? box.right : box.left) - event.clientX, (box.top + box.bottom) / 2 - event.clientY];
    element.setPointerCapture(event.pointerId);
    element.focus({ preventScroll: true });
    element.parentElement.classList.add("dragging");
  });
  element.addEventListener("pointermove", (event) => {
    if (offset) moved(event.clientX + offset[0], event.clientY + offset[1]);
  });
  for (const name of ["pointerup", "pointercancel"]) {
    element.addEventListener(name, () => {
      offset = null;
      element.parentElement.classList.remove("dragging");
    });
  }
}
