/*
 * The menu where reception is bad. Needs a worker, which browsers give to https and to this machine only; without one the
 * menu works as any page does.
 *
 * Worker   [data-kept] names the worker (data-worker) and the addresses it looks after (data-scope). It keeps each menu
 *          that is opened (worker.js); the first one was open before there was a worker, and is named to it.
 * Age      A menu that the worker kept says when in the data-kept-at of its html element. [data-kept] then shows its
 *          data-today or data-earlier, with the time for %t and the date for %d.
 * Links    Without a network, a link to a page that is not kept says the data-offline of [data-sheet].
 */

const sheet = document.querySelector("[data-sheet]");
const kept = document.querySelector("[data-kept]");
const { lang, dataset } = document.documentElement;

function sayAge(at) {
  // As the server writes it, in every language.
  const time = at.toLocaleTimeString("de", { hour: "2-digit", minute: "2-digit" });
  const day = at.toLocaleDateString(lang, { day: "numeric", month: "long" });
  const today = at.toDateString() === new Date().toDateString();
  kept.querySelector(".notice-title + p").textContent = (today ? kept.dataset.today : kept.dataset.earlier)
    .replace("%t", time)
    .replace("%d", day);
  kept.hidden = false;
}

async function register() {
  await navigator.serviceWorker.register(kept.dataset.worker, { scope: kept.dataset.scope });
  if (navigator.serviceWorker.controller) return;
  const { active } = await navigator.serviceWorker.ready;
  const seen = [...document.images].filter((image) => image.naturalWidth);
  active.postMessage({ menu: location.pathname, pictures: seen.map((image) => image.src) });
}

async function follow(address) {
  if (await globalThis.caches?.match(address, { ignoreVary: true })) location.assign(address);
  else document.dispatchEvent(new CustomEvent("toast", { detail: { text: sheet.dataset.offline, about: "offline" } }));
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (event.defaultPrevented || navigator.onLine || link?.origin !== location.origin) return;
  if (link.getAttribute("href").startsWith("#")) return;
  event.preventDefault();
  follow(link.href);
});

if (dataset.keptAt) sayAge(new Date(dataset.keptAt));
if (navigator.serviceWorker) {
  // Not before everything is there that the guest is waiting for. A browser that refuses a worker keeps nothing.
  addEventListener("load", () => register().catch(() => {}));
}
