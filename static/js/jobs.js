/* Keeps the page of a job up to date. Without it there is a link to look again. */

const place = document.getElementById("job");
const announcement = document.getElementById("job-announcement");
const PAUSE = 1500;
let said = "";

/* Screen readers hear of whole tenths, not of every row. */
function announce(status) {
  const tenth = status.total ? Math.floor((status.done * 10) / status.total) : 0;
  const news = `${status.state} ${status.is_finished ? "" : tenth}`;
  if (news !== said) announcement.textContent = status.words;
  said = news;
}

function show(status) {
  const bar = place.querySelector("progress");
  if (bar && status.total) {
    bar.max = status.total;
    bar.value = status.done;
  }
  place.querySelector("#job-words").textContent = status.words;
}

/* The part of the page anew: its buttons and facts belong to the state. */
async function redraw() {
  const answer = await fetch(place.dataset.page, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return window.location.reload();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const had = place.contains(document.activeElement);
  place.replaceChildren(...page.getElementById("job").childNodes);
  if (had) place.querySelector("a, button")?.focus();
}

let state = place.dataset.state;
let withoutWorker = Boolean(place.querySelector("[data-without-worker]"));

async function look() {
  let pause = PAUSE;
  try {
    const answer = await fetch(place.dataset.status, { headers: { Accept: "application/json" } });
    if (answer.redirected || answer.status === 404) return window.location.reload();
    const status = await answer.json();
    const isNew = state !== status.state || withoutWorker !== status.without_worker;
    state = status.state;
    withoutWorker = status.without_worker;
    if (status.is_finished || isNew) await redraw();
    else show(status);
    announce(status);
    if (status.is_finished) return undefined;
  } catch {
    pause = PAUSE * 4; // the network is away for a moment
  }
  return window.setTimeout(look, pause);
}

if ("pending" in place.dataset) look();
