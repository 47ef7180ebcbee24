/*
 * The guest's forms, sent by script, so that bad reception costs nothing that was typed. Load after page.js, which marks
 * a form that is under way and drops a second submission.
 *
 * A POST form is sent by fetch, and the page stays as it is until there is an answer. What comes of it is dispatched on
 * the form; whoever prevents the event has dealt with it:
 *   form:done   detail is { address }: accepted, and where it leads. Otherwise that address is opened.
 *   form:page   detail is { page }, a document: the form once more with what is wrong (422, 409). Otherwise it is shown in
 *               place of this page, and "page:replaced" is dispatched on the document.
 * For everything else the form shows one of its own [data-trouble]:
 *   unreached     no answer, or none in time; whether the request has arrived nobody knows
 *   unavailable   the server, or the proxy before it, cannot answer now (5xx)
 *   refused       an error page: its title and its sentences are put here
 */

const PATIENCE_MS = 15000;

const find = (selector, root = document) => root.querySelector(selector);

// On window and after page.js: a second press has been prevented there.
addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  event.preventDefault();
  send(event.target, event.submitter);
});

async function send(form, button) {
  for (const trouble of form.querySelectorAll("[data-trouble]")) trouble.hidden = true;
  const answer = await ask(form, button);
  if (answer.address) {
    // The form stays under way until the next page is there.
    if (dispatch(form, "form:done", { address: answer.address })) return location.assign(answer.address);
  } else if (!answer.page) {
    tell(form, answer.trouble);
  } else if (!find(".shop-page", answer.page)) {
    quote(form, answer.page);
  } else if (dispatch(form, "form:page", { page: answer.page })) {
    replacePage(answer.page);
  }
  dispatch(form, "form:answered");
}

async function ask(form, button) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  try {
    const response = await fetch(form.action, {
      method: "POST",
      headers: { Accept: "text/html", "X-Menuvo-Script": "1" },
      body: new URLSearchParams(new FormData(form, button)),
      signal: patience.signal,
    });
    if (response.status === 204) return { address: response.headers.get("Location") };
    // A release before this one redirects.
    if (response.redirected) return { address: response.url };
    if (response.status >= 500) return { trouble: "unavailable" };
    return { page: new DOMParser().parseFromString(await response.text(), "text/html") };
  } catch {
    return { trouble: "unreached" };
  } finally {
    clearTimeout(timer);
  }
}

function dispatch(form, name, detail) {
  return form.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, cancelable: true }));
}

function tell(form, kind) {
  const trouble = find(`[data-trouble="${kind}"]`, form);
  trouble.hidden = false;
  trouble.scrollIntoView({ block: "nearest" });
}

function quote(form, page) {
  const trouble = find('[data-trouble="refused"]', form);
  const [title, text] = trouble.querySelectorAll("p");
  title.textContent = find("h1", page)?.textContent ?? page.title;
  text.textContent = [...page.querySelectorAll("h1 ~ p:not([class*=actions])")].map((p) => p.textContent.trim()).join(" ");
  tell(form, "refused");
}

function replacePage(page) {
  document.title = page.title;
  find(".shop-page").replaceWith(document.adoptNode(find(".shop-page", page)));
  document.dispatchEvent(new CustomEvent("page:replaced"));
  const wrong =
    find(".shop-page [aria-invalid=true]") ??
    find(".shop-page :is([role=alert], [role=status]):not([hidden] *)") ??
    find("main");
  if (!wrong.matches("input, textarea, select")) wrong.tabIndex = -1;
  wrong.focus();
}
