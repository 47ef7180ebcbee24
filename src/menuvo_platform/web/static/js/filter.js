/*
 * Narrows a list while one types. The field is of use with script only, so without it stays hidden (styles).
 *
 *   <div data-filtered>
 *     <input type="search" data-filter>
 *     … any number of [data-filter-text="lower case words"]
 */

document.addEventListener("input", ({ target }) => {
  if (!target.matches("[data-filter]")) return;
  const words = target.value.toLowerCase().split(/\s+/);
  for (const entry of target.closest("[data-filtered]").querySelectorAll("[data-filter-text]")) {
    entry.hidden = !words.every((word) => entry.dataset.filterText.includes(word));
  }
});
