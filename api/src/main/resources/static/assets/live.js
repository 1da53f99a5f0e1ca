// Shows when the page has lost its node, and takes the note away when it answers again.
(() => {
  const mark = (lost) => () => document.body.classList.toggle("is-lost", lost);
  for (const event of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    document.addEventListener(event, mark(true));
  }
  document.addEventListener("htmx:afterSwap", mark(false));
})();
