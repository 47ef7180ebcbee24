/*
 * The kitchen board, live. Load before live.js. The page's markup is that of components/board.html:
 *
 *   <main data-live data-board … data-now="2026-11-24T19:02:11Z" data-csrf="…" data-age="{n} min"
 *         data-undo="Undo" data-moved="{number}: {column}" data-left="{number}: done"
 *         data-offline="No connection since {time}. …">
 *     <section data-column="confirmed" data-next="preparing" data-tap-label="Start" data-alarm>
 *       [data-title], [data-count], <ol data-tickets>
 *   Columns stand in the order of work. A state without a column is off the board.
 *   Anywhere on the page: [data-board-offline] with [data-text], [data-board-gone] with the way to the login, both
 *   hidden at first; a button [data-board-fullscreen].
 *
 * A change is {"revision", "tickets": [{"id", "state", "html"}]}: html is one rendered ticket, or empty when it is gone.
 * A ticket whose data-revision is older than the one shown, or whose tap is still under way, is left alone.
 *
 * A tap posts from=<state the cook saw> to the action of the ticket's form, with the headers X-CSRF-Token and
 * Idempotency-Key. The answer is JSON as above: 200 when the ticket moved, 409 when it had moved already; both show the
 * ticket as it is now. Taps wait in localStorage until they are answered, so a reload or a lost network costs none, and
 * the server knows a repeated one by its key: it shows where the ticket is and moves nothing again. 401 and 403 ask to
 * sign in and keep the tap; other refusals, which show no ticket, drop it.
 *
 * Dispatched on the board for alarm.js: board:changed, and board:tapped with the ticket's id as detail.
 */

const board = document.querySelector("[data-board]");
const columns = [...board.querySelectorAll("[data-column]")];
const columnOf = (state) => columns.find((column) => column.dataset.column === state);
const columnBefore = (state) => columns.find((column) => column.dataset.next === state);
const tickets = new Map([...board.querySelectorAll("[data-ticket]")].map((ticket) => [ticket.dataset.ticket, ticket]));
const fill = (text, facts) => text.replace(/\{(\w+)\}/g, (_, name) => facts[name]);

/* Tickets and columns */

// The kitchen's clock may be wrong; ages are counted by the server's.
const clockError = Date.parse(board.dataset.now) - Date.now();

function showAge(ticket) {
  const seconds = (Date.now() + clockError - Date.parse(ticket.dataset.placedAt)) / 1000;
  const share = seconds / Number(ticket.dataset.dueSeconds);
  const minutes = Math.max(0, Math.floor(seconds / 60));
  ticket.dataset.age = share < 0.6 ? "fresh" : share < 1 ? "due" : "late";
  ticket.querySelector("progress").value = seconds;
  ticket.querySelector("[data-age-text]").textContent = fill(board.dataset.age, { n: minutes });
}

function place(ticket, state) {
  ticket.dataset.state = state;
  const column = columnOf(state);
  if (!column) {
    ticket.remove();
    return;
  }
  const forward = ticket.querySelector('[data-move="forward"]');
  forward.hidden = !column.dataset.next;
  forward.querySelector("button").textContent = column.dataset.tapLabel ?? "";
  ticket.querySelector('[data-move="back"]').hidden = !columnBefore(state);
  ticket.classList.toggle("ticket-quiet", !column.dataset.next);
  const list = column.querySelector("[data-tickets]");
  const later = [...list.children].find((other) => other !== ticket && other.dataset.sort > ticket.dataset.sort);
  list.insertBefore(ticket, later ?? null);
  while (list.children.length > Number(column.dataset.limit ?? Infinity)) list.firstElementChild.remove();
}

function show({ id, state, html }) {
  if (taps.some((tap) => tap.id === id)) return;
  const shown = tickets.get(id);
  const template = document.createElement("template");
  template.innerHTML = html;
  const ticket = template.content.querySelector("[data-ticket]");
  if (!ticket) {
    shown?.remove();
    tickets.delete(id);
    return;
  }
  if (Number(shown?.dataset.revision ?? 0) > Number(ticket.dataset.revision)) return;
  const focused = shown?.contains(document.activeElement) && document.activeElement.className;
  shown?.remove();
  tickets.set(id, ticket);
  place(ticket, state);
  showAge(ticket);
  if (focused) ticket.getElementsByClassName(focused)[0]?.focus();
}

function settle() {
  for (const column of columns) {
    column.querySelector("[data-count]").textContent = column.querySelector("[data-tickets]").children.length;
  }
  board.dispatchEvent(new CustomEvent("board:changed"));
}

/* Taps */

const STORE = `board-taps:${location.pathname}`;
const taps = JSON.parse(localStorage.getItem(STORE) ?? "[]");
const keepTaps = () => localStorage.setItem(STORE, JSON.stringify(taps));
let sending = false;
let sendAgain;

function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function tap(ticket, move) {
  const from = ticket.dataset.state;
  const to = move === "forward" ? columnOf(from)?.dataset.next : columnBefore(from)?.dataset.column;
  if (!to) return;
  const address = ticket.querySelector(`[data-move="${move}"]`).getAttribute("action");
  const made = { id: ticket.dataset.ticket, address, from, to, key: newKey() };
  taps.push(made);
  keepTaps();
  tickets.set(made.id, ticket);
  place(ticket, to);
  settle();
  board.dispatchEvent(new CustomEvent("board:tapped", { detail: made.id }));
  if (move === "forward") offerUndo(ticket, made);
  sendTaps();
}

function offerUndo(ticket, made) {
  const column = columnOf(made.to)?.querySelector("[data-title]").textContent;
  const text = fill(column ? board.dataset.moved : board.dataset.left, { number: ticket.dataset.number, column });
  const undo = () => takeBack(tickets.get(made.id) ?? ticket, made);
  const detail = { text, about: made.id, undoLabel: board.dataset.undo, undo };
  document.dispatchEvent(new CustomEvent("toast", { detail }));
}

// A tap that has not left yet is simply forgotten; one that may have arrived is answered by a tap back.
function takeBack(ticket, made) {
  const waiting = taps.indexOf(made);
  if (waiting === -1 || made.sent) {
    tap(ticket, "back");
    return;
  }
  taps.splice(waiting, 1);
  keepTaps();
  place(ticket, made.from);
  settle();
}

async function sendTaps() {
  if (sending) return;
  sending = true;
  clearTimeout(sendAgain);
  try {
    while (taps.length) await send(taps[0]);
  } catch {
    for (const { id } of taps) tickets.get(id)?.classList.add("ticket-waiting");
    sendAgain = setTimeout(sendTaps, 3000);
  } finally {
    sending = false;
  }
}

async function send(made) {
  made.sent = true;
  keepTaps();
  const response = await fetch(made.address, {
    method: "POST",
    headers: { Accept: "application/json", "X-CSRF-Token": board.dataset.csrf, "Idempotency-Key": made.key },
    body: new URLSearchParams({ from: made.from }),
    signal: AbortSignal.timeout(10000),
  });
  if ([401, 403].includes(response.status)) showGone();
  if (response.status >= 500 || [401, 403, 408, 429].includes(response.status)) {
    throw new Error(`a tap was answered ${response.status}`);
  }
  const answered = response.ok || response.status === 409;
  const { tickets: found } = answered ? await response.json() : {};
  taps.splice(taps.indexOf(made), 1);
  keepTaps();
  const ticket = tickets.get(made.id);
  ticket?.classList.remove("ticket-waiting");
  if (!found && ticket) place(ticket, made.from);
  found?.forEach(show);
  settle();
}

/* Connection and screen */

function showConnection({ online, since }) {
  const time = new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "short" }).format(since);
  const offline = document.querySelector("[data-board-offline]");
  offline.hidden = online;
  offline.querySelector("[data-text]").textContent = fill(board.dataset.offline, { time });
  if (online) sendTaps();
}

function showGone() {
  document.querySelector("[data-board-gone]").hidden = false;
}

const keepAwake = () => document.hidden || navigator.wakeLock?.request("screen").catch(() => {});

function switchFullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen();
}

board.addEventListener("live:change", ({ detail }) => {
  detail.tickets.forEach(show);
  settle();
});
board.addEventListener("live:status", ({ detail }) => showConnection(detail));
board.addEventListener("live:gone", showGone);
board.addEventListener("submit", (event) => {
  event.preventDefault();
  tap(event.target.closest("[data-ticket]"), event.target.dataset.move);
});
document.querySelector("[data-board-fullscreen]")?.addEventListener("click", switchFullScreen);
document.addEventListener("visibilitychange", keepAwake);
addEventListener("online", sendTaps);

for (const { id, to } of taps) {
  if (tickets.has(id)) place(tickets.get(id), to);
}
const tellAges = () => tickets.forEach(showAge);
tellAges();
setInterval(tellAges, 5000);
settle();
sendTaps();
keepAwake();
