/* What was typed and not saved yet, kept in this tab until it is saved, dropped or its person signs out. */

const PREFIX = "esgportal-draft:";

function keys() {
  return Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
}

function keyOf(person, submission) {
  return `${PREFIX}${person}:${submission}`;
}

export function readDraft(person, submission) {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(person, submission)) ?? "null");
  } catch {
    return null;
  }
}

export function writeDraft(person, submission, draft) {
  try {
    sessionStorage.setItem(keyOf(person, submission), JSON.stringify(draft));
  } catch {
    // A full or forbidden storage costs the draft, never the page.
  }
}

export function dropDraft(person, submission) {
  sessionStorage.removeItem(keyOf(person, submission));
}

export function forgetDrafts() {
  for (const key of keys()) sessionStorage.removeItem(key);
}

export function forgetDraftsOfOthers(person) {
  for (const key of keys()) {
    if (!key.startsWith(`${PREFIX}${person}:`)) sessionStorage.removeItem(key);
  }
}
