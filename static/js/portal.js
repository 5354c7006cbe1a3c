/* What every page does: menus close by themselves, and what was typed leaves a shared computer at sign-out. */

import { dropDraft, forgetDrafts, forgetDraftsOfOthers } from "./drafts.js";

const menus = [...document.querySelectorAll("details[data-closes]")];

document.addEventListener("click", (event) => {
  for (const menu of menus) {
    if (menu.open && !menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus) {
    if (menu.open && menu.contains(document.activeElement)) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  }
});

const person = document.body.dataset.person;
if (person) forgetDraftsOfOthers(person);
for (const message of document.querySelectorAll("[data-saved]")) dropDraft(person, message.dataset.saved);
for (const form of document.querySelectorAll("form[data-signs-out]")) {
  form.addEventListener("submit", forgetDrafts);
}

for (const control of document.querySelectorAll("form[data-submits-on-change] select")) {
  control.addEventListener("change", () => control.form.requestSubmit());
}
