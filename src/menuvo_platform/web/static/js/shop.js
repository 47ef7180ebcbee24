/*
 * The guest's page. Everything here improves a page that already works without it.
 *
 * Table     [data-table] shows the cookie "table" (URL-encoded text, "Tisch 12") and stays hidden without it.
 * Cart      [data-bottom-bar] shows the cookie "cart" (URL-encoded "pieces:formatted total", "3:32,50 €") in
 *           [data-cart-pieces] and [data-cart-total]; no cookie or no pieces hides the bar.
 * Menu      [data-category-bar] marks the link to the [data-category] being read with aria-current.
 *           In [data-menu-tools], [data-menu-search] looks in the text of each row, a checked
 *           [data-filter-diet="key"] keeps rows whose data-diets has the key, [data-filter-allergen="key"] drops rows
 *           whose data-allergens has it. [data-menu-none] says its data-text when nothing is left.
 * Sheet     A link with data-opens-sheet is fetched, and the [data-sheet-content] of that page (or its main) is shown
 *           in the dialog [data-sheet]. The address follows, the back button closes. Without an answer, or with one that
 *           is late, its data-offline is said; an answer without content for a sheet is opened as a page.
 * Forms     forms.js sends them. Of a form inside the sheet: done means that the sheet closes, the cart is read again, and
 *           the form's data-done is said; a page in answer (422) replaces the content of the sheet.
 * Price     A form with data-price-url is posted there after each change, and the answer {"price": "12,50 €"} is
 *           written into its [data-price-total]. Prices are computed by the server alone.
 */

const OPENING_MS = 8000;

const find = (selector, root = document) => root.querySelector(selector);
const findAll = (selector, root = document) => [...root.querySelectorAll(selector)];
const say = (text) => text && document.dispatchEvent(new CustomEvent("toast", { detail: { text } }));

function readCookie(name) {
  const pair = document.cookie.split("; ").find((cookie) => cookie.startsWith(`${name}=`));
  if (!pair) return "";
  try {
    return decodeURIComponent(pair.slice(name.length + 1).replace(/^"|"$/g, ""));
  } catch {
    return "";
  }
}

function showTableAndCart() {
  const table = readCookie("table");
  for (const element of findAll("[data-table]")) {
    element.textContent = table;
    element.hidden = !table;
  }
  const bar = find("[data-bottom-bar]");
  if (!bar) return;
  const [, pieces, total] = readCookie("cart").match(/^(\d+):(.*)$/) ?? [];
  bar.hidden = !Number(pieces);
  find("[data-cart-pieces]", bar).textContent = pieces ?? "";
  find("[data-cart-total]", bar).textContent = total ?? "";
}

function followCategories(bar) {
  const list = find("ul", bar);
  const links = new Map(findAll("a", bar).map((link) => [link.hash.slice(1), link]));
  let current;
  const mark = () => {
    const line = bar.offsetHeight + 32;
    const passed = findAll("[data-category]").filter(
      (category) => !category.hidden && category.getBoundingClientRect().top <= line,
    );
    const link = links.get(passed.at(-1)?.id) ?? links.values().next().value;
    if (link === current) return;
    current?.removeAttribute("aria-current");
    current = link;
    if (!current) return;
    current.setAttribute("aria-current", "true");
    list.scrollTo({ left: current.offsetLeft - list.clientWidth / 2 + current.offsetWidth / 2 });
  };
  let waiting = false;
  const markOnce = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      mark();
    });
  };
  addEventListener("scroll", markOnce, { passive: true });
  mark();
}

const plain = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("ß", "ss");

function searchMenu(tools) {
  const categories = findAll("[data-category]").map((section) => ({
    section,
    rows: findAll("li", section).map((row) => ({
      row,
      text: plain(row.textContent),
      diets: (row.dataset.diets ?? "").split(" "),
      allergens: (row.dataset.allergens ?? "").split(" "),
    })),
  }));
  const apply = () => {
    const words = plain(find("[data-menu-search]", tools).value).split(/\s+/);
    const diets = findAll("[data-filter-diet]:checked", tools).map((box) => box.dataset.filterDiet);
    const without = findAll("[data-filter-allergen]:checked", tools).map((box) => box.dataset.filterAllergen);
    const matches = (item) =>
      words.every((word) => item.text.includes(word)) &&
      diets.every((diet) => item.diets.includes(diet)) &&
      !without.some((allergen) => item.allergens.includes(allergen));
    let left = 0;
    for (const { section, rows } of categories) {
      for (const item of rows) item.row.hidden = !matches(item);
      const shown = rows.filter((item) => !item.row.hidden).length;
      section.hidden = shown === 0;
      left += shown;
    }
    const none = find("[data-menu-none]", tools);
    none.textContent = left ? "" : none.dataset.text;
  };
  tools.addEventListener("input", apply);
  apply();
}

const sheet = find("[data-sheet]");

function fillSheet(page) {
  const content = find("[data-sheet-content]", page) ?? find("main", page);
  if (!content) return false;
  find("[data-sheet-body]", sheet).replaceChildren(...content.childNodes);
  sheet.setAttribute("aria-label", find("h1", sheet)?.textContent ?? "");
  sheet.scrollTop = 0;
  return true;
}

let opening;

async function openSheet(link) {
  opening?.abort();
  const current = (opening = new AbortController());
  const late = setTimeout(() => current.abort(new DOMException("no answer", "TimeoutError")), OPENING_MS);
  link.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(link.href, { signal: current.signal, headers: { Accept: "text/html" } });
    const html = await response.text();
    if (response.status >= 500) say(sheet.dataset.offline);
    else if (fillSheet(new DOMParser().parseFromString(html, "text/html"))) showSheet(link.href);
    else location.assign(link.href);
  } catch (error) {
    if (error.name !== "AbortError") say(sheet.dataset.offline);
  } finally {
    clearTimeout(late);
    link.removeAttribute("aria-busy");
  }
}

function showSheet(address) {
  history.pushState({ sheet: true }, "", address);
  sheet.showModal();
}

let pricing;

async function showPrice(form) {
  pricing?.abort();
  pricing = new AbortController();
  try {
    const response = await fetch(form.dataset.priceUrl, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      signal: pricing.signal,
    });
    if (!response.ok) return;
    const { price } = await response.json();
    for (const total of findAll("[data-price-total]", form)) total.textContent = price;
  } catch {
    // The price shown stays the last one known; what counts is computed again when the form is sent.
  }
}

if (sheet) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-opens-sheet]");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    openSheet(link);
  });
  sheet.addEventListener("close", () => history.state?.sheet && history.back());
  sheet.addEventListener("form:done", (event) => {
    event.preventDefault();
    sheet.close();
    showTableAndCart();
    say(event.target.dataset.done);
  });
  sheet.addEventListener("form:page", (event) => {
    if (!fillSheet(event.detail.page)) return;
    event.preventDefault();
    find("[aria-invalid=true], [role=alert]", sheet)?.focus();
  });
  addEventListener("popstate", () => sheet.open && sheet.close());
}

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form?.dataset.priceUrl) showPrice(form);
});

const bar = find("[data-category-bar]");
const tools = find("[data-menu-tools]");
if (bar) followCategories(bar);
if (tools) searchMenu(tools);
showTableAndCart();
addEventListener("pageshow", showTableAndCart);
document.addEventListener("page:replaced", showTableAndCart);
