// Three conveniences; every page works without them.
"use strict";

document.documentElement.classList.add("js");

// Copy buttons: <button data-copy="text">
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "Copiado";
  } catch {
    // No permission to write to the clipboard: select the text, so that Ctrl+C takes it.
    getSelection().selectAllChildren(button.previousElementSibling);
    button.textContent = "Ctrl+C";
  }
  setTimeout(() => { button.textContent = label; }, 1500);
});

// Lists that keep themselves fresh: <div data-refresh="?parte=lista">
const EVERY = 2000; // milliseconds

const items = (box) => [...box.querySelectorAll("[data-item]")].map((item) => item.dataset.item).join("\n");

async function refresh(box) {
  const response = await fetch(box.dataset.refresh, { headers: { Accept: "text/html" } });
  if (!response.ok || response.redirected) return;
  const html = await response.text();
  if (html === box.dataset.shown) return;
  const before = items(box);
  const focused = box.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  box.innerHTML = html; // written by our own templates, which escape what people typed
  box.dataset.shown = html;
  if (focused) box.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus();
  const live = document.querySelector("[data-live]");
  if (live && items(box) !== before) live.textContent = box.dataset.news;
}

async function keepFresh(box) {
  try {
    if (!document.hidden) await refresh(box);
  } catch {
    // The hub is restarting; the next turn will tell.
  }
  setTimeout(keepFresh, EVERY, box);
}

document.querySelectorAll("[data-refresh]").forEach((box) => setTimeout(keepFresh, EVERY, box));
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) document.querySelectorAll("[data-refresh]").forEach((box) => refresh(box).catch(() => {}));
});

// Fields that the hub looks at while one types: <input data-check="?parte=nome" data-verdict="id">
const PAUSE = 300; // milliseconds without a key

async function check(input) {
  const asked = input.value;
  const query = new URLSearchParams({ [input.name]: asked });
  const response = await fetch(`${input.dataset.check}&${query}`, { headers: { Accept: "application/json" } });
  if (!response.ok || response.redirected || input.value !== asked) return;
  const verdict = document.getElementById(input.dataset.verdict);
  const { good, says } = await response.json();
  verdict.textContent = says;
  verdict.className = good ? "good" : "error";
  input.setAttribute("aria-invalid", String(!good));
  input.parentElement.classList.toggle("wrong", !good);
}

document.querySelectorAll("[data-check]").forEach((input) => {
  let timer;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => check(input).catch(() => {}), PAUSE);
  });
});
