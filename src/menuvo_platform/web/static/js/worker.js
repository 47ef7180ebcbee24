/*
 * Keeps the menus that a guest has read, for when the network is gone. Nothing else: no cart, no checkout, no order.
 *
 * A menu is asked for from the network. When that fails, says 5xx, or says nothing for PATIENCE_MS, the kept one is
 * shown, and carries when it was kept in the data-kept-at of its html element. Any other page that cannot be reached is
 * answered with the kept page "…/offline" of its menu.
 *
 * What is kept fits together. A menu is kept last, after the style sheets and scripts that it names; each of them is kept
 * under the hash of its content, and leaves with the last page that names it. So it does not matter which release a
 * page came from, or which release this worker did.
 */

const MENUS = "menuvo-menus-1";
const PICTURES = "menuvo-pictures-1";
const MOST_MENUS = 6;
const MOST_PICTURES = 200;
const PATIENCE_MS = 4000;
const LOADING_MS = 15000;

const MENU = /^\/[a-z0-9-]+(?:\/[a-z]{2})?$/;
const PICTURE = /^\/media\/.+\/320\.webp$/;
const ASSET = /(?:href|src)="(\/static\/[^"]+)"/g;

const pathOf = (request) => new URL(request.url ?? request, location.origin).pathname;
const offlineOf = (menu) => `${menu}/offline`;

addEventListener("install", () => skipWaiting());

addEventListener("activate", (event) => event.waitUntil(begin()));

async function begin() {
  const names = (await caches.keys()).filter((name) => name.startsWith("menuvo-"));
  await Promise.all(names.filter((name) => name !== MENUS && name !== PICTURES).map((name) => caches.delete(name)));
  await registration.navigationPreload?.enable();
  await clients.claim();
}

addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  if (method !== "GET" || !url.startsWith(`${location.origin}/`)) return;
  const path = pathOf(event.request);
  if (mode === "navigate") event.respondWith(MENU.test(path) ? openMenu(event, path) : openPage(event, path));
  else if (path.startsWith("/static/")) event.respondWith(openAsset(event.request));
  else if (PICTURE.test(path)) event.respondWith(openPicture(event));
});

addEventListener("message", (event) => event.waitUntil(keepShown(event.data)));

// The menu that was open before there was a worker.
async function keepShown({ menu, pictures }) {
  if (!MENU.test(menu)) return;
  await keep(menu, await load(menu));
  for (const address of pictures.filter((picture) => PICTURE.test(pathOf(picture)))) {
    await keepPicture(address, await load(address));
  }
}

async function openMenu(event, path) {
  const network = ask(event);
  // Before anybody reads the answer, for it can be read only once.
  event.waitUntil(network.then((response) => keep(path, response.clone())).catch(() => {}));
  const known = await find(path);
  if (!known) return network.catch((error) => unreachable(path, error));
  const answer = await Promise.race([network.catch(() => null), silence()]);
  return answer && answer.status < 500 ? answer : known;
}

async function openPage(event, path) {
  return ask(event).catch((error) => unreachable(path, error));
}

async function ask(event) {
  return (await event.preloadResponse) ?? fetch(event.request);
}

function silence() {
  return new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, null));
}

async function unreachable(path, error) {
  const [, slug, second = ""] = path.split("/");
  const page =
    (second.length === 2 && (await find(offlineOf(`/${slug}/${second}`)))) || (await find(offlineOf(`/${slug}`)));
  if (page) return page;
  throw error;
}

async function openAsset(request) {
  return (await find(pathOf(request))) ?? fetch(request);
}

async function openPicture(event) {
  const { request } = event;
  const known = await find(request.url, PICTURES);
  if (known) return known;
  const response = await fetch(request);
  event.waitUntil(keepPicture(request.url, response.clone()).catch(() => {}));
  return response;
}

// A browser without room, or one that forbids it, has kept nothing; the page is there all the same.
async function find(path, name = MENUS) {
  return caches.match(path, { cacheName: name, ignoreVary: true }).catch(() => undefined);
}

function load(address) {
  return fetch(address, { signal: AbortSignal.timeout(LOADING_MS) });
}

// One at a time, whichever tab or store it is for: what one is about to need another must not take for old.
async function keep(menu, response) {
  const gone = response.status === 404;
  if (!gone && !mayBeKept(response)) return;
  const html = await response.text();
  await navigator.locks.request("menuvo-keep", async () => {
    const cache = await caches.open(MENUS);
    await removeOld(cache);
    if (gone) await cache.delete(menu);
    else await keepPage(cache, menu, { html, headers: response.headers });
  });
}

// What is one guest's own is "no-store".
function mayBeKept(response) {
  return response.ok && !response.redirected && (response.headers.get("Cache-Control") ?? "").includes("public");
}

async function keepPage(cache, menu, { html, headers }) {
  const known = await find(menu);
  const changed = !known || known.headers.get("ETag") !== headers.get("ETag");
  if (changed || !(await find(offlineOf(menu)))) await keepOffline(cache, offlineOf(menu));
  await keepAssets(cache, html);
  const dated = html.replace("<html", `<html data-kept-at="${new Date().toISOString()}"`);
  await put(cache, menu, dated, headers);
}

async function keepOffline(cache, path) {
  const response = await load(path);
  if (!mayBeKept(response)) throw new Error(`no ${path}`);
  const html = await response.text();
  await keepAssets(cache, html);
  await put(cache, path, html, response.headers);
}

const assetsOf = (html) => [...html.matchAll(ASSET)].map(([, address]) => address);

// An answer that may change is the file of another release: then the page is not kept, and the one before stays.
async function keepAssets(cache, html) {
  for (const address of new Set(assetsOf(html))) {
    if (await find(address)) continue;
    const response = await load(address);
    if (!response.ok || !response.headers.get("Cache-Control")?.includes("immutable")) throw new Error(`no ${address}`);
    await cache.put(address, response);
  }
}

// The text is no longer encoded. Removed first, so that the newest stands last.
async function put(cache, path, text, headers) {
  const kept = new Headers(headers);
  for (const name of ["Content-Encoding", "Content-Length", "Vary"]) kept.delete(name);
  await cache.delete(path, { ignoreVary: true });
  await cache.put(path, new Response(text, { headers: kept }));
}

// Before a page is kept and not after it: the one that it replaces may just be opening, and needs its files once more.
async function removeOld(cache) {
  const paths = (await cache.keys()).map(pathOf);
  const menus = paths.filter((path) => MENU.test(path));
  const stay = menus.slice(-MOST_MENUS).flatMap((menu) => [menu, offlineOf(menu)]);
  const pages = (await Promise.all(stay.map((path) => cache.match(path)))).filter(Boolean);
  const texts = await Promise.all(pages.map((page) => page.text()));
  const needed = new Set([...stay, ...texts.flatMap(assetsOf)]);
  await Promise.all(paths.filter((path) => !needed.has(path)).map((path) => cache.delete(path, { ignoreVary: true })));
}

async function keepPicture(address, response) {
  if (!response.ok) return;
  const cache = await caches.open(PICTURES);
  await cache.put(address, response);
  const old = (await cache.keys()).slice(0, -MOST_PICTURES);
  await Promise.all(old.map((picture) => cache.delete(picture, { ignoreVary: true })));
}
