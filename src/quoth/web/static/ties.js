// What belongs together shines together: source, cue, all pieces of the words, and the note.

export function ties(root) {
  const shine = (on) => (event) => {
    const part = event.target.closest?.("[data-s]");
    if (!part || !root.contains(part)) return;
    for (const number of part.dataset.s.split(" ")) {
      for (const other of root.querySelectorAll(`[data-s~="${number}"]`)) other.classList.toggle("on", on);
    }
  };
  for (const name of ["mouseover", "focusin"]) root.addEventListener(name, shine(true));
  for (const name of ["mouseout", "focusout"]) root.addEventListener(name, shine(false));
}
