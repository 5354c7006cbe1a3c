/* The entry page with a keyboard: moving, pasting, live changes, and a draft of what is not saved yet.
   Everything here is comfort; the page is whole without it, and the server alone decides. */

import { dropDraft, readDraft, writeDraft } from "./drafts.js";

const form = document.querySelector("#entry");
const report = document.querySelector("#report");
const unsaved = document.querySelector("#unsaved");
const person = document.body.dataset.person;
const submission = form.dataset.submission;
const revision = form.elements.revision;
let sending = false;
// Signing out: nothing may be written to this computer any more.
let forgetting = false;

/* Fields and what they held when the page came ------------------------------------------------------------------- */

const SKIPPED = /^(csrfmiddlewaretoken|revision|save|go_on)$|_FORMS$/;

function fields() {
  return [...form.elements].filter((field) => field.name && field.form === form && !SKIPPED.test(field.name));
}

function read(field) {
  return field.type === "checkbox" ? String(field.checked) : field.value;
}

function write(field, value) {
  if (field.type === "checkbox") field.checked = value === "true";
  else field.value = value;
}

const atLoad = new Map(fields().map((field) => [field.name, read(field)]));

function changedFields() {
  return fields().filter((field) => (atLoad.get(field.name) ?? "") !== read(field));
}

/* Unsaved changes and the draft ---------------------------------------------------------------------------------- */

let waiting = 0;

function noteChanges() {
  clearTimeout(waiting);
  const changed = changedFields();
  for (const field of form.querySelectorAll(".cell--changed")) field.classList.remove("cell--changed");
  for (const field of changed) field.classList.add("cell--changed");
  const dirty = changed.length > 0 || Boolean(form.dataset.unsaved);
  unsaved.hidden = !dirty;
  if (forgetting) return dirty;
  if (changed.length) {
    const typed = Object.fromEntries(changed.map((field) => [field.name, read(field)]));
    writeDraft(person, submission, { revision: revision.value, typed });
  } else {
    dropDraft(person, submission);
  }
  return dirty;
}

/* A number typed over "not measured" is a value again. */
function valueGoesWithMethod(row) {
  const how = row.querySelector("[data-column=how]");
  const methods = how.querySelector("optgroup");
  if (!methods.contains(how.selectedOptions[0])) how.value = how.dataset.usual;
}

form.addEventListener("input", (event) => {
  forgetting = false;
  const { column: name } = event.target.dataset;
  if (name) showChange(event.target.closest("tr"));
  if (name === "value" && event.target.value.trim()) valueGoesWithMethod(event.target.closest("tr"));
  clearTimeout(waiting);
  waiting = setTimeout(noteChanges, 250);
});

for (const goodbye of document.querySelectorAll("form[data-signs-out]")) {
  goodbye.addEventListener("submit", () => {
    forgetting = true;
  });
}

window.addEventListener("beforeunload", (event) => {
  if (!sending && noteChanges()) event.preventDefault();
});

/* A way off this page that comes back to it, such as attaching a file: the draft is put back by itself. */
function keepTyped() {
  if (noteChanges()) {
    const draft = readDraft(person, submission);
    if (draft) writeDraft(person, submission, { ...draft, comesBack: true });
  }
  sending = true;
}

for (const other of document.querySelectorAll("form[data-keeps-typed], form[id^='answer-'], #add-line")) {
  other.addEventListener("submit", keepTyped);
}
for (const link of document.querySelectorAll("a[data-keeps-typed]")) link.addEventListener("click", keepTyped);

const PLACE = "esgportal-place";

form.addEventListener("submit", () => {
  noteChanges();
  sending = true;
  sessionStorage.setItem(PLACE, JSON.stringify({ submission, y: window.scrollY }));
});

/* A page that came back from the browser's memory may be sent again. */
window.addEventListener("pageshow", () => {
  sending = false;
});

function restore(draft) {
  for (const name of Object.keys(draft.typed)) {
    const line = /^(.+)-(\d+)-/.exec(name);
    if (line) ensureLines(line[1], Number(line[2]) + 1);
  }
  for (const [name, value] of Object.entries(draft.typed)) {
    const field = form.elements[name];
    if (field instanceof Element) write(field, value);
  }
  // Typed on an older state of the page: saving then shows both sides instead of going over a colleague's values.
  revision.value = draft.revision;
  for (const row of form.querySelectorAll("tr[data-previous]")) showChange(row);
  form.dispatchEvent(new Event("restored"));
  noteChanges();
  report.textContent = report.dataset.restored;
}

/* "5300" became "5,300" when it was kept. */
function sayTheSame(one, other) {
  return one.trim() === other.trim() || parse(one) === parse(other);
}

function offerDraft() {
  const draft = readDraft(person, submission);
  if (!draft) return;
  const differs = Object.entries(draft.typed).some(([name, value]) => {
    const field = form.elements[name];
    return !sayTheSame(field instanceof Element ? read(field) : "", value);
  });
  if (!differs || form.dataset.unsaved) {
    dropDraft(person, submission);
    return;
  }
  if (draft.comesBack) {
    restore(draft);
    return;
  }
  const offer = document.querySelector("#draft");
  offer.hidden = false;
  offer.querySelector("#draft-restore").addEventListener("click", () => {
    offer.hidden = true;
    restore(draft);
    form.querySelector(".cell--changed")?.focus();
  });
  offer.querySelector("#draft-drop").addEventListener("click", () => {
    offer.hidden = true;
    dropDraft(person, submission);
  });
}

/* Numbers for display only; the server reads what was typed ------------------------------------------------------- */

function parse(text) {
  const plain = text.normalize("NFKC").replace(/[,\s'’]/g, "");
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : NaN;
}

function grouped(value) {
  return value.toLocaleString("en-US", { maximumSignificantDigits: 12 });
}

function changeText(change) {
  if (change >= 900) return `× ${Math.round(change / 100 + 1).toLocaleString("en-US")}`;
  const decimals = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  return `${change >= 0 ? "+" : "-"}${Math.abs(change).toLocaleString("en-US", decimals)} %`;
}

function showChange(row) {
  if (!row?.matches("tr[data-previous]")) return;
  const unit = row.querySelector("[data-column=unit]");
  const option = unit.selectedOptions[0];
  const quantity = parse(row.querySelector("[data-column=value]").value) * Number(option.dataset.factor);
  const previous = row.dataset.previous === "" ? NaN : Number(row.dataset.previous);
  const change = previous ? ((quantity - previous) / previous) * 100 : NaN;
  row.querySelector("[data-change]").textContent = Number.isFinite(change) ? changeText(change) : "";
  const canonical = row.querySelector("[data-canonical]");
  const converted = Number.isFinite(quantity) && option.dataset.factor !== "1";
  canonical.textContent = converted ? `= ${grouped(quantity)} ${canonical.dataset.canonical}` : "";
}

/* Moving with the keyboard ---------------------------------------------------------------------------------------- */

function column(cell) {
  return [...form.querySelectorAll(`[data-column=${cell.dataset.column}]`)];
}

function move(cell, steps) {
  const cells = column(cell);
  const next = cells[cells.indexOf(cell) + steps];
  if (!next) return false;
  next.focus();
  next.select?.();
  return true;
}

form.addEventListener("keydown", (event) => {
  const cell = event.target;
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && cell.name && atLoad.has(cell.name) && cell.matches(".cell, .input")) {
    write(cell, atLoad.get(cell.name));
    cell.dispatchEvent(new Event("input", { bubbles: true }));
    return;
  }
  if (event.key === "Enter" && cell.matches("input.cell, textarea.cell, .register input")) {
    // A month is not sent half typed because somebody pressed Enter.
    event.preventDefault();
    if (cell.dataset.column) move(cell, event.shiftKey ? -1 : 1);
    return;
  }
  if (!cell.matches("input[data-column=value]")) return;
  const steps = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (steps) {
    event.preventDefault();
    move(cell, steps);
  }
});

/* A block from a spreadsheet ---------------------------------------------------------------------------------------- */

const COLUMNS = ["value", "unit", "how", "note"];
const unitNames = JSON.parse(document.querySelector("#unit-names")?.textContent ?? "{}");

function key(text) {
  return text.normalize("NFKC").replace(/\s/g, "").toLowerCase();
}

const unitByKey = new Map(Object.entries(unitNames).map(([name, code]) => [key(name), code]));

function choose(select, text) {
  const wanted = key(text);
  const code = unitByKey.get(wanted);
  const option = [...select.options].find(
    (candidate) => candidate.value === code || key(candidate.value) === wanted || key(candidate.text) === wanted,
  );
  if (option) select.value = option.value;
  return Boolean(option);
}

form.addEventListener("paste", (event) => {
  const start = event.target;
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!COLUMNS.includes(start.dataset.column) || !/[\t\n]/.test(text.replace(/\r?\n$/, ""))) return;
  event.preventDefault();
  const lines = text.replace(/\r?\n$/, "").split(/\r?\n/);
  const from = COLUMNS.indexOf(start.dataset.column);
  const rows = [...form.querySelectorAll("tr[data-previous]")];
  const first = rows.indexOf(start.closest("tr"));
  let filled = 0;
  const unknown = [];
  lines.forEach((line, down) => {
    const row = rows[first + down];
    if (!row) return;
    line.split("\t").forEach((content, right) => {
      const target = row.querySelector(`[data-column=${COLUMNS[from + right]}]`);
      if (!target || (content.trim() === "" && target.tagName === "SELECT")) return;
      if (target.tagName === "SELECT") {
        if (!choose(target, content)) {
          unknown.push(content.trim());
          return;
        }
      } else {
        target.value = content.trim();
      }
      filled += 1;
    });
    showChange(row);
  });
  noteChanges();
  const said = [`${report.dataset.pasted} ${filled}.`];
  if (unknown.length) said.push(`${report.dataset.unknown} ${unknown.join(", ")}`);
  report.textContent = said.join(" ");
  report.classList.toggle("visually-hidden", !unknown.length);
});

/* Registers: another line ------------------------------------------------------------------------------------------- */

function addLine(register) {
  const total = form.elements[`${register}-TOTAL_FORMS`];
  const template = form.querySelector(`template[data-line-of="${register}"]`);
  const body = form.querySelector(`table[data-register="${register}"] tbody`);
  body.insertAdjacentHTML("beforeend", template.innerHTML.replaceAll("__prefix__", total.value));
  total.value = Number(total.value) + 1;
  return body.lastElementChild;
}

function ensureLines(register, count) {
  const total = form.elements[`${register}-TOTAL_FORMS`];
  while (total && Number(total.value) < count && count < 500) addLine(register);
}

for (const button of form.querySelectorAll("[data-adds-line]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    addLine(button.dataset.addsLine).querySelector(".input").focus();
  });
}

/* Evidence: the link at a row chooses that row ------------------------------------------------------------------------ */

for (const link of form.querySelectorAll("[data-evidence-of]")) {
  link.addEventListener("click", () => {
    const select = document.querySelector("#evidence-row");
    if (select) select.value = link.dataset.evidenceOf;
  });
}

/* Start --------------------------------------------------------------------------------------------------------------- */

const place = JSON.parse(sessionStorage.getItem(PLACE) ?? "null");
sessionStorage.removeItem(PLACE);
const cameBack = place?.submission === submission && !form.dataset.unsaved && !location.hash;
offerDraft();
if (form.dataset.unsaved) for (const row of form.querySelectorAll("tr[data-previous]")) showChange(row);
if (cameBack) window.scrollTo(0, place.y);

// Going to a row by its address means going on there. The browser moves the focus once more when all is loaded.
window.addEventListener("load", () => {
  const asked = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (asked?.matches("tr[data-previous]")) asked.querySelector("[data-column=value]").focus();
});
