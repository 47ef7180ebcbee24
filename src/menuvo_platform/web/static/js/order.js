/*
 * The guest's order, live. Load before live.js.
 *
 *   <main data-live data-order …>
 *     <div data-order-fragment>…</div>
 *     <p class="sr-only" role="status" data-order-said></p>
 *     <div data-order-offline hidden>…</div>
 *   </main>
 *
 * A change is {"revision", "html", "title"}: html replaces the content of the fragment, title the page's title. When the
 * words of [data-announce] in the fragment differ from before, they are spoken through [data-order-said].
 */

const order = document.querySelector("[data-order]");
const fragment = order.querySelector("[data-order-fragment]");
const words = () => fragment.querySelector("[data-announce]")?.textContent.trim();

order.addEventListener("live:change", ({ detail }) => {
  const before = words();
  fragment.innerHTML = detail.html;
  if (detail.title) document.title = detail.title;
  if (words() !== before) order.querySelector("[data-order-said]").textContent = words();
});

order.addEventListener("live:status", ({ detail }) => {
  order.querySelector("[data-order-offline]").hidden = detail.online;
});
