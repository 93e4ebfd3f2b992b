// Results while you type: the same page is asked for, and its results are put in place.

const PAUSE = 200; // milliseconds without a key until it is asked

export function searches(form, enliven) {
  const input = form.querySelector('input[type="search"]');
  let waiting = 0;
  let asking = null;

  async function ask() {
    asking?.abort();
    asking = new AbortController();
    const given = [...new FormData(form)].filter(([name, value]) => value && name !== "after");
    const address = `${form.getAttribute("action")}?${new URLSearchParams(given)}`;
    const answer = await fetch(address, { signal: asking.signal, headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const results = page.getElementById("results");
    if (!answer.ok || !results) return;
    document.getElementById("results").replaceWith(results);
    document.title = page.title;
    history.replaceState(null, "", address);
    enliven(results);
  }

  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => ask().catch((error) => { if (error.name !== "AbortError") throw error; }), PAUSE);
  });
  form.addEventListener("submit", () => clearTimeout(waiting));
}
