// Places within a set text, counted in code points, as the archive does. The number of a mark is no character of the text; one that cannot
// be seen is one, whatever stands for it.

const length = (text) => [...text].length;

function texts(node) {
  const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let text = walker.nextNode(); text; text = walker.nextNode()) if (!text.parentElement.closest(".n")) found.push(text);
  return found;
}

// A text that is set in paragraphs, each of which tells by `data-start` where in the text it begins.
export class SetText {
  constructor(root) {
    this.root = root;
    this.paragraphs = [...root.querySelectorAll(".text[data-start]")].map((element) => {
      const start = Number(element.dataset.start);
      const letters = [...texts(element).map((text) => text.data).join("")];
      return { element, start, letters, end: start + letters.length };
    });
  }

  // The place of an offset in a node, as selections and carets give it; null outside of the text.
  placeOf(node, offset) {
    const element = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest(".text[data-start]");
    if (!element || !this.root.contains(element)) return null;
    const until = document.createRange();
    until.setStart(element, 0);
    until.setEnd(node, offset);
    let place = Number(element.dataset.start);
    for (const text of texts(element)) {
      if (text === node) return place + length(text.data.slice(0, offset));
      if (until.comparePoint(text, text.length) <= 0) place += length(text.data);
    }
    return place;
  }

  // The place that is nearest to a point of the window; null if there is no text.
  placeAt(x, y) {
    const caret = document.caretPositionFromPoint?.(x, y);
    if (caret) return this.placeOf(caret.offsetNode, caret.offset);
    const range = document.caretRangeFromPoint?.(x, y);
    return range ? this.placeOf(range.startContainer, range.startOffset) : null;
  }

  // The node and offset of a place; where two nodes meet, the end of the first if `before`.
  pointOf(place, before = false) {
    for (const { element, start, end } of this.paragraphs) {
      if (place < start || place > end || (place === end && !before)) continue;
      let left = place - start;
      for (const text of texts(element)) {
        const letters = [...text.data];
        if (left < letters.length || (before && left === letters.length)) return [text, letters.slice(0, left).join("").length];
        left -= letters.length;
      }
    }
    return null;
  }

  range([start, end]) {
    const [from, to] = [this.pointOf(start), this.pointOf(end, true)];
    if (!from || !to) return null;
    const range = document.createRange();
    range.setStart(...from);
    range.setEnd(...to);
    return range;
  }

  // The words of a span; null if not all of it is shown.
  words([start, end]) {
    const shown = this.paragraphs.filter((one) => one.start < end && start < one.end);
    if (!shown.length || start < shown[0].start || end > shown.at(-1).end) return null;
    return shown.map((one, place) => {
      const gap = place ? "\n".repeat(one.start - shown[place - 1].end) : "";
      return gap + one.letters.slice(Math.max(0, start - one.start), end - one.start).join("");
    }).join("");
  }

  // Where what a pattern finds begins and ends, as spans in the order of the text.
  runs(pattern) {
    return this.paragraphs.flatMap(({ start, letters }) => [...letters.join("").matchAll(pattern)].map((run) => {
      const first = start + length(run.input.slice(0, run.index));
      return [first, first + length(run[0])];
    }));
  }
}
