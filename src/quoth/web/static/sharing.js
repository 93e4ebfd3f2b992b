// Words are copied out, files are dropped in.

const SHOWN = 1500; // milliseconds for which a button says that it is done

export function copies(button) {
  const label = button.textContent;
  const words = () => {
    const link = button.dataset.copyLink;
    return link ? new URL(link, location.href).href : document.querySelector(button.dataset.copy).textContent.trim();
  };
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(words());
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = label; }, SHOWN);
  });
}

export function takesFiles(form) {
  const area = form.querySelector(".drop");
  form.addEventListener("dragover", (event) => {
    event.preventDefault();
    area.classList.add("over");
  });
  form.addEventListener("dragleave", () => area.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    area.classList.remove("over");
    if (!event.dataTransfer.files.length) return;
    form.elements.file.files = event.dataTransfer.files;
    form.requestSubmit();
  });
}
