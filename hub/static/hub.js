// Conveniences; every page works without them. What updates by itself is htmx's work, in the pages.
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

// A page that nobody sees asks for nothing, and asks at once when it is seen again; a list in which something
// is ticked waits, so that the ticks stay.
document.addEventListener("htmx:beforeRequest", (event) => {
  const list = event.target;
  if (list.dataset.live === undefined || event.detail.target !== list) return;
  if (document.hidden || list.querySelector("input:checked")) event.preventDefault();
});

// A page that keeps itself fresh says so when it no longer can.
for (const [name, isLost] of [["htmx:sendError", true], ["htmx:responseError", true], ["htmx:beforeOnLoad", false]]) {
  document.addEventListener(name, (event) => {
    const note = document.querySelector(".cut-off");
    if (note && event.target.dataset?.live !== undefined) note.hidden = !isLost;
  });
}

// The field that the hub looks at while one types says to a screen reader whether it is good.
document.addEventListener("htmx:afterSwap", (event) => {
  const field = document.querySelector(`[hx-target="#${event.target.id}"][aria-invalid]`);
  field?.setAttribute("aria-invalid", String(event.target.querySelector(".error") !== null));
});

// A long page that comes back with something to say of one of its forms shows that form, not its own top.
const said = document.querySelector('main form :is([aria-invalid="true"], .message.error, .note[role="status"])');
said?.scrollIntoView({ block: "center" });
said?.focus();

// The account's menu closes when one goes elsewhere.
document.addEventListener("click", (event) => closeMenus(event.target));
document.addEventListener("focusin", (event) => closeMenus(event.target));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details.account[open]");
  if (open?.contains(document.activeElement)) open.querySelector("summary").focus();
  closeMenus(document.body);
});

function closeMenus(place) {
  document.querySelectorAll("details.account[open]").forEach((menu) => {
    if (!menu.contains(place)) menu.open = false;
  });
}
