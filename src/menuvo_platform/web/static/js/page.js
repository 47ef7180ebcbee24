/*
 * What every page has: toasts, dialogs, steppers, forms that are sent once, and a word to us when a script breaks.
 *
 * Toasts    document.dispatchEvent(new CustomEvent("toast", { detail: { text, about, undoLabel, undo } }))
 *           shows text in [data-toasts]: 5 seconds, with an undo 8. undo is called when the button is pressed.
 *           A toast replaces an older one about the same thing.
 * Dialogs   An element with data-opens="id" opens the <dialog id>; a press beside a dialog closes it.
 * Steppers  [data-stepper] holds one number input and buttons with data-step="-1" and data-step="1".
 *           A press changes the number within min and max and dispatches "change" on the input.
 * Printing  A button with data-print prints the page.
 * Forms     While a POST form is under way its button is aria-busy and says its data-busy-label;
 *           a second submission is dropped. The back button finds the form as it was; a script that sends it dispatches
 *           "form:answered" on it when it is over.
 * Breakage  An error in a script of ours is told to the platform: its words and its places, three times a page at most.
 */

const MOST_ERRORS = 3;
let errorsTold = 0;

function tellError(error) {
  const stack = String(error?.stack ?? "");
  // What extensions and other people's scripts break is not ours to mend.
  if (!stack.includes(`${location.origin}/static/`) || errorsTold++ >= MOST_ERRORS) return;
  fetch("/dev/browser-errors", {
    method: "POST",
    keepalive: true,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ message: `${error.name}: ${error.message}`.slice(0, 300), stack: stack.slice(0, 2000) }),
  }).catch(() => {});
}

window.addEventListener("error", (event) => tellError(event.error));
window.addEventListener("unhandledrejection", (event) => tellError(event.reason));

const toasts = document.querySelector("[data-toasts]");

document.addEventListener("toast", ({ detail }) => {
  const toast = document.createElement("div");
  toast.className = "toast";
  if (detail.about) {
    toast.dataset.about = detail.about;
    toasts.querySelector(`[data-about="${CSS.escape(detail.about)}"]`)?.remove();
  }
  const text = document.createElement("span");
  text.textContent = detail.text;
  toast.append(text);
  if (detail.undo) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "toast-undo";
    button.textContent = detail.undoLabel;
    button.addEventListener("click", () => {
      toast.remove();
      detail.undo();
    });
    toast.append(button);
  }
  toasts.append(toast);
  setTimeout(() => toast.remove(), detail.undo ? 8000 : 5000);
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print();
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    event.preventDefault();
    document.getElementById(opener.dataset.opens).showModal();
  }
  if (event.target instanceof HTMLDialogElement && isOutside(event.target, event)) event.target.close();
  const step = event.target.closest("[data-stepper] [data-step]");
  if (step) changeNumber(step.closest("[data-stepper]").querySelector("input"), Number(step.dataset.step));
});

function isOutside(dialog, { clientX, clientY }) {
  const box = dialog.getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
}

function changeNumber(input, by) {
  const value = Math.min(Number(input.max), Math.max(Number(input.min), Number(input.value) + by));
  if (String(value) === input.value) return;
  input.value = value;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

// On window, so that a script that sends a form itself has already prevented the event.
window.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.hasAttribute("data-under-way")) {
    event.preventDefault();
    return;
  }
  setBusy(form, event.submitter, true);
});

function setBusy(form, button, busy) {
  form.toggleAttribute("data-under-way", busy);
  if (!button) return;
  button.setAttribute("aria-busy", String(busy));
  const label = button.querySelector("[data-button-label]");
  if (!label || !button.dataset.busyLabel) return;
  if (busy) button.dataset.idleLabel = label.textContent;
  label.textContent = busy ? button.dataset.busyLabel : button.dataset.idleLabel;
}

function releaseForms(root) {
  root.querySelectorAll("form[data-under-way]").forEach(releaseForm);
}

function releaseForm(form) {
  setBusy(form, form.querySelector("button[aria-busy=true]"), false);
}

window.addEventListener("pageshow", (event) => event.persisted && releaseForms(document));
document.addEventListener("htmx:afterRequest", () => releaseForms(document));
document.addEventListener("form:answered", (event) => releaseForm(event.target));
