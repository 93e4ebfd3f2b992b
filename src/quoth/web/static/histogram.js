// A time is chosen by dragging over the bars of a histogram, or with the arrow keys: with Shift they reach further, Enter goes there.

export function choosesTime(figure) {
  const drawing = figure.querySelector("svg");
  const bars = [...figure.querySelectorAll(".bar")];
  const told = figure.querySelector("[data-told]");
  const hint = told.textContent;
  let from = -1;
  let to = -1;

  const range = () => [Math.min(from, to), Math.max(from, to)];
  const barAt = (event) => {
    const box = drawing.getBoundingClientRect();
    return Math.max(0, Math.min(bars.length - 1, Math.floor(((event.clientX - box.left) / box.width) * bars.length)));
  };

  function choose(first, last) {
    [from, to] = [first, last];
    const [start, end] = range();
    bars.forEach((bar, place) => bar.classList.toggle("dragged", start <= place && place <= end && start < end));
    told.textContent = start < end ? `${bars[start].dataset.name} – ${bars[end].dataset.name}` : hint;
  }

  function go() {
    const [first, last] = range();
    const address = new URL(figure.dataset.link, location.href);
    address.searchParams.set("since", bars[first].dataset.since);
    address.searchParams.set("until", bars[last].dataset.until);
    location.assign(address);
  }

  // One stop of the Tab key for all bars; the arrows go from bar to bar.
  const focusable = (place) => bars.forEach((bar, other) => bar.setAttribute("tabindex", other === place ? "0" : "-1"));
  focusable(bars.length - 1);
  drawing.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const here = bars.indexOf(document.activeElement);
    if (event.key === "Enter" && from !== to) {
      event.preventDefault();
      go();
    } else if (event.key === "Escape") {
      choose(-1, -1);
    } else if (step && bars[here + step]) {
      event.preventDefault();
      choose(event.shiftKey ? (from < 0 ? here : from) : -1, event.shiftKey ? here + step : -1);
      focusable(here + step);
      bars[here + step].focus();
    }
  });

  // A press without a drag is a press on the bar's link; the pointer is held only once it has gone to another bar.
  drawing.addEventListener("dragstart", (event) => event.preventDefault());
  drawing.addEventListener("pointerdown", (event) => {
    if (event.button === 0) choose(barAt(event), barAt(event));
  });
  drawing.addEventListener("pointermove", (event) => {
    if (from < 0 || !event.buttons) return;
    choose(from, barAt(event));
    if (from !== to) drawing.setPointerCapture(event.pointerId);
  });
  drawing.addEventListener("pointerup", () => {
    if (from !== to) go();
    else choose(-1, -1);
  });
  drawing.addEventListener("pointercancel", () => choose(-1, -1));
  drawing.addEventListener("click", (event) => {
    if (from !== to) event.preventDefault();
  });
}
