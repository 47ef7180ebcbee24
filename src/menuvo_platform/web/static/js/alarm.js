/*
 * A new order rings until somebody has seen it. Load before board.js.
 *
 * Tickets in a column with data-alarm ring until one of them is tapped, or [data-board-seen] is pressed.
 * [data-board-alarm] is revealed meanwhile, its [data-text] filled from the board's data-alarm-one and data-alarm-other
 * ("{n} new orders"). [data-board-sound] (aria-pressed) switches the sound; the choice is kept on this device. What was
 * seen is kept too, so that a reload does not ring again.
 */

const board = document.querySelector("[data-board]");
const banner = document.querySelector("[data-board-alarm]");
const soundSwitch = document.querySelector("[data-board-sound]");
const plural = new Intl.PluralRules(document.documentElement.lang);

const STORE = `board-seen:${location.pathname}`;
const seen = new Set(JSON.parse(localStorage.getItem(STORE) ?? "[]"));
let audio;
let ringing;

function unseen() {
  return [...board.querySelectorAll("[data-alarm] [data-ticket]")].filter((ticket) => !seen.has(ticket.dataset.ticket));
}

function acknowledge(ids) {
  for (const id of ids) seen.add(id);
  localStorage.setItem(STORE, JSON.stringify([...seen].slice(-200)));
  update();
}

function update() {
  const waiting = unseen();
  for (const ticket of board.querySelectorAll("[data-ticket]")) {
    ticket.classList.toggle("ticket-new", waiting.includes(ticket));
  }
  banner.hidden = waiting.length === 0;
  if (waiting.length === 0) {
    clearInterval(ringing);
    ringing = undefined;
    return;
  }
  const text = plural.select(waiting.length) === "one" ? board.dataset.alarmOne : board.dataset.alarmOther;
  banner.querySelector("[data-text]").textContent = text.replace("{n}", waiting.length);
  if (ringing) return;
  ring();
  ringing = setInterval(ring, 4000);
}

// Two strokes of a small bell.
function ring() {
  if (audio?.state !== "running") return;
  strike(1046.5, audio.currentTime);
  strike(1318.5, audio.currentTime + 0.18);
}

function strike(frequency, start) {
  const tone = new OscillatorNode(audio, { frequency });
  const loudness = new GainNode(audio, { gain: 0 });
  loudness.gain.setValueAtTime(0.5, start);
  loudness.gain.exponentialRampToValueAtTime(0.001, start + 0.9);
  tone.connect(loudness).connect(audio.destination);
  tone.start(start);
  tone.stop(start + 0.9);
}

async function switchSound(on) {
  localStorage.setItem("board-sound", on ? "on" : "off");
  audio ??= new AudioContext();
  await (on ? audio.resume() : audio.suspend());
  soundSwitch.setAttribute("aria-pressed", String(audio.state === "running"));
  if (on && unseen().length) ring();
}

// A browser lets a page make sound only after the first press on it.
function resumeSound(event) {
  const wanted = localStorage.getItem("board-sound") === "on";
  if (wanted && !event.target.closest("[data-board-sound]")) switchSound(true);
}

board.addEventListener("board:changed", update);
board.addEventListener("board:tapped", ({ detail }) => acknowledge([detail]));
document.querySelector("[data-board-seen]").addEventListener("click", () => {
  acknowledge(unseen().map((ticket) => ticket.dataset.ticket));
});
soundSwitch.addEventListener("click", () => switchSound(audio?.state !== "running"));
document.addEventListener("pointerdown", resumeSound, { once: true });
