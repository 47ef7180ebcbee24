/*
 * The guest's order, live. Load before live.js.
 *
 *   <main data-live data-order …>
 *     <div data-order-fragment>…</div>
 *     <p class="sr-only" role="status" data-order-said></p>
 *     <div data-order-offline hidden>…</div>
 *   </main>
 *
 * [data-minutes] in the fragment says its data-in with the minutes that are left for %n, or its data-soon at the end.
 *
 * A change is {"revision", "html", "title"}: html replaces the content of the fragment, title the page's title. When the
 * words of [data-announce] in the fragment differ from before, they are spoken through [data-order-said].
 */

const order = document.querySelector("[data-order]");
const fragment = order.querySelector("[data-order-fragment]");
let shownAt = Date.now();
const words = () => fragment.querySelector("[data-announce]")?.textContent.trim();

order.addEventListener("live:change", ({ detail }) => {
  const before = words();
  fragment.innerHTML = detail.html;
  shownAt = Date.now();
  if (detail.title) document.title = detail.title;
  if (words() !== before) order.querySelector("[data-order-said]").textContent = words();
});

order.addEventListener("live:status", ({ detail }) => {
  order.querySelector("[data-order-offline]").hidden = detail.online;
});

// A promise of fifteen minutes must not stand there for twenty.
function countDown() {
  const passed = Math.floor((Date.now() - shownAt) / 60000);
  for (const due of fragment.querySelectorAll("[data-minutes]")) {
    const left = Number(due.dataset.minutes) - passed;
    due.textContent = left > 1 ? due.dataset.in.replace("%n", left) : due.dataset.soon;
  }
}

setInterval(countDown, 20000);
