// What pages do beyond plain links and forms; every page also works without this file.
"use strict";

const inField = (target) => target.closest?.("input, select, textarea, [contenteditable]");

// --- keys: / to search, j and k through the rows, Enter to open, Escape to close --------------------------------------

const rows = () => [...document.querySelectorAll("tr[data-row]")];

function stepRow(by) {
  const all = rows();
  if (all.length === 0) return;
  const at = all.findIndex((row) => row.classList.contains("here"));
  const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
  all[at]?.classList.remove("here");
  next.classList.add("here");
  next.querySelector("a")?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function closeOpened() {
  const opened = document.querySelector("details.menu[open], details.confirm[open]");
  if (opened) {
    opened.open = false;
    opened.querySelector("summary").focus();
  }
  const drawer = document.getElementById("rail-switch");
  if (drawer) drawer.checked = false;
}

function focusSearch(event) {
  const search = document.querySelector('[data-key="/"]');
  if (!search) return;
  event.preventDefault();
  search.focus();
  search.select();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeOpened();
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || inField(event.target)) return;
  if (event.key === "/") focusSearch(event);
  if (event.key === "j") stepRow(1);
  if (event.key === "k") stepRow(-1);
  pressKey(event);
});

// A button or link that names its key.
function pressKey(event) {
  if (!/^[a-z0-9]$/.test(event.key)) return;
  const named = document.querySelector(`button[data-key="${event.key}"], a[data-key="${event.key}"]`);
  if (!named) return;
  event.preventDefault();
  named.click();
}

// --- search: what is offered while typing, gone through with the arrows ------------------------------------------------

const offered = () => document.querySelector("[data-suggestions]");

function stepSuggestion(event) {
  const box = offered();
  const form = event.target.closest?.("form[role=search]");
  if (!box || !form?.contains(box) || !["ArrowDown", "ArrowUp", "Escape"].includes(event.key)) return;
  const stops = [form.querySelector("input"), ...box.querySelectorAll("a")];
  if (event.key === "Escape") {
    stops[0].focus();
    box.replaceChildren();
  } else {
    const at = stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    stops[(at + stops.length) % stops.length].focus();
  }
  event.preventDefault();
}

document.addEventListener("keydown", stepSuggestion);
document.addEventListener("click", (event) => {
  const box = offered();
  if (box && !box.closest("form").contains(event.target)) box.replaceChildren();
});

// --- menus: one open at a time, closed by a click elsewhere -------------------------------------------------------------

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open], details.confirm[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// --- forms: nothing sent twice, nothing typed lost ------------------------------------------------------------------------

const unsaved = new Set();

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-guard]");
  if (form) unsaved.add(form);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  unsaved.delete(form);
  form.dataset.sent = "yes";
  form.setAttribute("aria-busy", "true");
  setTimeout(() => release(form), 6000);
});

// A form that keeps what is typed by itself has nothing to lose once the answer is there.
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful && event.target.matches?.("form[data-guard]")) unsaved.delete(event.target);
});

function release(form) {
  delete form.dataset.sent;
  form.removeAttribute("aria-busy");
}

window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));
window.addEventListener("beforeunload", (event) => {
  const open = [...unsaved].some((form) => form.isConnected);
  if (open) event.preventDefault();
});

// --- what a page asks for by an attribute ------------------------------------------------------------------------------

function filterChoices(box) {
  const input = box.querySelector(".choices-filter");
  input.hidden = false;
  input.addEventListener("input", () => {
    const words = input.value.trim().toLowerCase();
    for (const label of box.querySelectorAll(".choices-box label")) {
      label.parentElement.hidden = !label.textContent.toLowerCase().includes(words);
    }
  });
}

// A filter box sends itself when a choice changes; its button is for those without scripts.
function sendOnChange(form) {
  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-send]")) form.requestSubmit();
  });
}

function makeReady(root) {
  root.querySelectorAll("[data-filtered]").forEach(filterChoices);
  root.querySelectorAll("form[data-live]").forEach(sendOnChange);
  root.querySelectorAll("[data-script-only]").forEach((element) => (element.hidden = false));
  root.querySelectorAll("[data-no-script]").forEach((element) => (element.hidden = true));
  root.querySelectorAll("details[data-fold]").forEach((element) => (element.open = false));
  if (window.matchMedia("(width <= 760px)").matches) {
    root.querySelectorAll("details[data-fold-narrow]").forEach((element) => (element.open = false));
  }
  root.querySelectorAll("[data-focus]").forEach((element) => element.closest("[data-sample]") || element.focus());
  root.querySelectorAll("[data-print]").forEach((element) => element.addEventListener("click", () => window.print()));
  root.querySelectorAll("[data-back]").forEach((element) => {
    element.hidden = window.history.length < 2;
    element.addEventListener("click", (event) => {
      event.preventDefault();
      window.history.back();
    });
  });
}

// --- htmx: menus stay open and lists stay scrolled when the part of the page around them is replaced -----------------------

let kept = [];
let focused = "";

function keepState() {
  focused = document.activeElement?.id || "";
  kept = [...document.querySelectorAll("[data-keep][id]")].map(({ id, open, scrollTop }) => ({ id, open, scrollTop }));
}

function restoreState() {
  for (const { id, open, scrollTop } of kept) {
    const element = document.getElementById(id);
    if (!element) continue;
    if (open) element.open = true;
    element.scrollTop = scrollTop;
  }
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

// Fields left empty say nothing: keep them out of the address.
function leaveOutEmpty(event) {
  if (!event.target.matches("form[data-lean]")) return;
  const data = event.detail.formData;
  for (const name of new Set(data.keys())) {
    if (!data.getAll(name).some(Boolean)) data.delete(name);
  }
}

// --- htmx: say so when an answer does not come ------------------------------------------------------------------------------

function sayFailed() {
  const messages = document.getElementById("messages");
  if (!messages || messages.querySelector("[data-failed]")) return;
  const note = document.createElement("div");
  note.className = "note note-bad";
  note.dataset.failed = "yes";
  note.setAttribute("role", "alert");
  note.textContent = document.body.dataset.failed;
  messages.append(note);
  note.scrollIntoView({ block: "nearest" });
}

document.addEventListener("DOMContentLoaded", () => {
  makeReady(document);
  document.body.addEventListener("htmx:load", (event) => event.target !== document.body && makeReady(event.target));
  document.body.addEventListener("htmx:configRequest", leaveOutEmpty);
  document.body.addEventListener("htmx:beforeSwap", keepState);
  document.body.addEventListener("htmx:afterSwap", restoreState);
  document.body.addEventListener("htmx:responseError", sayFailed);
  document.body.addEventListener("htmx:sendError", sayFailed);
});
