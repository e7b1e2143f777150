// Saves each answer as it is given. "已保存" is shown only for what the server acknowledged after its commit; until then
// the answer waits in this browser's storage, visibly, and is sent again until it arrives. Sending twice does no harm:
// the server compares revisions, each with the browser it comes from, and what that browser knew to be stored.

const form = document.querySelector("form[data-attempt]");
const words = form.dataset;
const STORE = `learnhub.quiz.${words.attempt}`;
const [DONE, WAIT] = document.getElementById("quiz-marks").content.querySelectorAll("svg");
const FIRST_WAIT = 2000;
const LONGEST_WAIT = 30000;
const PATIENCE = 15000;
const TYPING_PAUSE = 800;

const cards = [...form.querySelectorAll("[data-question]")];
const byQuestion = new Map(cards.map((card) => [card.dataset.question, card]));
const conflicts = new Set();
const CLIENT = client();
let queue = stored();
let sending = false;
let halted = false; // until somebody has signed in again
let renewed = false;
let wait = FIRST_WAIT;
let timer = 0;

// --- this browser's own name for this attempt, so that its answers are told from those of another device

function client() {
  const made = form.elements.client.value;
  try {
    if (!localStorage.getItem(`${STORE}.client`)) localStorage.setItem(`${STORE}.client`, made);
    form.elements.client.value = localStorage.getItem(`${STORE}.client`);
  } catch {
    // storage is off: the page's own name lasts as long as the page
  }
  return form.elements.client.value;
}

// --- the answers that are not acknowledged yet: { question: { value, revision, base } }

function stored() {
  try {
    return JSON.parse(localStorage.getItem(STORE)) ?? {};
  } catch {
    return {};
  }
}

// Other tabs keep theirs in the same place: only this question's entry is touched, and only while it is not newer.
function keep(question) {
  const all = stored();
  const acknowledged = Number(next(byQuestion.get(question)).value) - 1;
  if (queue[question]) all[question] = queue[question];
  else if ((all[question]?.revision ?? 0) <= acknowledged) delete all[question];
  try {
    if (Object.keys(all).length) localStorage.setItem(STORE, JSON.stringify(all));
    else localStorage.removeItem(STORE);
  } catch {
    // storage is off or full: the answers are still in the fields and in memory
  }
}

// --- reading and filling the fields of a question

const inputs = (card) => [...card.querySelectorAll("fieldset input, fieldset select")];

function read(card) {
  const all = inputs(card);
  const text = all.map((each) => each.value);
  switch (card.dataset.kind) {
    case "multiple": return all.filter((each) => each.checked).map((each) => each.value);
    case "blank": return text;
    case "ordering": return [...new Set(text.filter(Boolean))];
    case "matching": return Object.fromEntries(all.map((each) => [each.name.split(".").pop(), each.value]).filter(([, right]) => right));
    default: return all.find((each) => each.checked)?.value ?? null;
  }
}

function fill(card, value) {
  inputs(card).forEach((each, number) => {
    if (each.type === "radio" || each.type === "checkbox") each.checked = [].concat(value ?? []).includes(each.value);
    else if (card.dataset.kind === "matching") each.value = value?.[each.name.split(".").pop()] ?? "";
    else each.value = value?.[number] ?? "";
  });
}

const next = (card) => card.querySelector("input[name^='revision.']");

// --- what the person sees

function mark(svg, kind, text) {
  const span = document.createElement("span");
  span.className = `mark ${kind}`;
  span.append(svg.cloneNode(true), text);
  return span;
}

function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn-2";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

function link(text, href) {
  const made = document.createElement("a");
  made.className = "act";
  made.target = "_blank";
  made.href = href;
  made.textContent = text;
  return made;
}

function say(card, ...parts) {
  card.querySelector("[data-status]").replaceChildren(...parts);
}

function banner(...parts) {
  const place = form.querySelector("[data-queue]");
  place.replaceChildren(...parts);
  place.hidden = parts.length === 0;
}

function showQueue() {
  const questions = Object.keys(queue);
  const count = questions.length;
  for (const question of questions) {
    if (!conflicts.has(question)) say(byQuestion.get(question), mark(WAIT, "mark-need", words.pending));
  }
  banner(...(count ? [mark(WAIT, "mark-need", words.waiting.replace("{count}", count)), " ", asFile()] : []));
}

// The last resort: what is not acknowledged goes into a file that the person keeps and hands over.
function asFile() {
  const made = button(words.file, () => {
    const answers = Object.entries(queue).map(([question, answer]) => ({
      question,
      asked: byQuestion.get(question).querySelector("legend").textContent.trim(),
      ...answer,
    }));
    const kept = { attempt: Number(words.attempt), client: CLIENT, title: words.title, kept_at: new Date().toISOString(), answers };
    const address = URL.createObjectURL(new Blob([JSON.stringify(kept, null, 1)], { type: "application/json" }));
    const save = link("", address);
    save.download = `${words.title}-${words.attempt}.json`;
    save.click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  });
  made.title = words.fileHint;
  return made;
}

// --- saving

function changed(card) {
  const question = card.dataset.question;
  const revision = Math.max(Number(next(card).value), (queue[question]?.revision ?? 0) + 1);
  // What was known to be stored when the first of these changes was made; who saw a conflict knows what is stored now.
  const known = conflicts.has(question) ? undefined : queue[question]?.base;
  conflicts.delete(question);
  queue[question] = { value: read(card), revision, base: known ?? Number(next(card).value) - 1 };
  keep(question);
  say(card, words.saving);
}

async function post(question, answer) {
  const patience = new AbortController();
  const alarm = setTimeout(() => patience.abort(), PATIENCE);
  try {
    return await fetch(form.getAttribute("action"), {
      method: "POST",
      keepalive: true,
      signal: patience.signal,
      headers: {
        "Content-Type": "application/json",
        "X-Requested-By": "script",
        "X-CSRFToken": form.elements.csrf_token.value,
      },
      body: JSON.stringify({ question, client: CLIENT, ...answer }),
    });
  } finally {
    clearTimeout(alarm);
  }
}

async function flush() {
  if (sending || halted) return;
  sending = true;
  clearTimeout(timer);
  try {
    for (let question; (question = Object.keys(queue).find((each) => !conflicts.has(each))); ) {
      const answer = queue[question];
      const response = await post(question, answer);
      if (!(await settled(question, answer, response))) return;
    }
    wait = FIRST_WAIT;
    if (!Object.keys(queue).length) banner();
  } catch {
    later();
  } finally {
    sending = false;
  }
}

function later() {
  showQueue();
  timer = setTimeout(flush, wait);
  wait = Math.min(wait * 2, LONGEST_WAIT);
}

// Takes note of an answer of the server; false ends this round of sending.
async function settled(question, answer, response) {
  const card = byQuestion.get(question);
  if (response.ok && response.headers.get("Content-Type")?.startsWith("application/json")) {
    renewed = false;
    acknowledged(card, answer, await response.json());
    return true;
  }
  if (response.status === 409) {
    over();
  } else if ([400, 401, 403, 404].includes(response.status) || response.ok) {
    expired(); // also when somebody else signed in on this device meanwhile
  } else if (response.status === 422) {
    if (queue[question] === answer) delete queue[question]; // it can never be saved, so it must not block the others
    keep(question);
    say(card, (await response.json()).error);
    return true;
  } else {
    later();
  }
  return false;
}

function acknowledged(card, answer, reply) {
  const question = card.dataset.question;
  next(card).value = reply.revision + 1;
  if (reply.differs) {
    conflict(card, reply);
    return;
  }
  if (queue[question] !== answer) return; // changed again meanwhile: its own acknowledgement is still to come
  delete queue[question];
  keep(question);
  say(card, mark(DONE, "mark-done", words.saved.replace("{time}", reply.saved)));
}

function conflict(card, reply) {
  const question = card.dataset.question;
  conflicts.add(question);
  const mine = button(words.mine, () => {
    changed(card);
    flush();
  });
  const theirs = button(words.theirs, () => {
    conflicts.delete(question);
    delete queue[question];
    keep(question);
    fill(card, reply.value);
    say(card, mark(DONE, "mark-done", words.saved.replace("{time}", reply.saved)));
  });
  say(card, mark(WAIT, "mark-need", words.elsewhere.replace("{time}", reply.saved)), " ", mine, " ", theirs);
}

function over() {
  halted = true;
  const left = Object.keys(queue);
  queue = {};
  left.forEach(keep);
  const there = link(words.overLink, words.result);
  there.target = "";
  banner(words.over, " ", there);
}

// The sign-in or the page's token has ended. A token is renewed without a word; a sign-in is asked for on the spot.
async function expired() {
  halted = true;
  if (!renewed && (await renew())) return;
  banner(words.signIn, " ", button(words.signInHere, askToSignIn), " ", asFile());
  askToSignIn();
}

function askToSignIn() {
  document.dispatchEvent(new Event("sign-in-needed"));
}

// Takes the token of a newer copy of this page and goes on; false when it is not this person's page.
function resume(page) {
  const fresh = page.querySelector(`form[data-attempt="${words.attempt}"] input[name=csrf_token]`);
  if (!fresh) return false;
  for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = fresh.value;
  halted = false;
  renewed = true; // until something is saved: whoever is refused again must sign in
  showQueue();
  flush();
  return true;
}

async function renew() {
  try {
    const response = await fetch(location.pathname, { headers: { Accept: "text/html" } });
    return resume(new DOMParser().parseFromString(await response.text(), "text/html"));
  } catch {
    return false; // still without network: the next return to this page tries again
  }
}

async function renewIfHalted() {
  if (halted && (await renew())) document.querySelector("dialog[data-sign-in]").close();
}

document.addEventListener("signed-in", (event) => {
  if (!resume(event.detail)) event.preventDefault();
});

// --- one question in view

function go(number) {
  cards.forEach((card, index) => card.classList.toggle("q-off", index + 1 !== number));
  history.replaceState(null, "", `?question=${number}`);
  cards[number - 1].querySelector("legend").focus();
  scrollTo(0, 0);
}

form.addEventListener("change", (event) => {
  const card = event.target.closest("[data-question]");
  if (!card || !event.target.closest("fieldset")) return;
  if (card.dataset.kind === "ordering" && event.target.value) {
    // An option has one place: choosing it here takes it away from where it was.
    for (const each of inputs(card)) if (each !== event.target && each.value === event.target.value) each.value = "";
  }
  changed(card);
  flush();
});

let pause = 0;
form.addEventListener("input", (event) => {
  if (event.target.matches("fieldset input:not([type=radio]):not([type=checkbox])")) {
    changed(event.target.closest("[data-question]"));
    clearTimeout(pause);
    pause = setTimeout(flush, TYPING_PAUSE);
  }
});

form.addEventListener("keydown", (event) => {
  // Enter in a blank saves; it must not press some button.
  if (event.key === "Enter" && event.target.matches("fieldset input:not([type=radio]):not([type=checkbox])")) {
    event.preventDefault();
    flush();
  }
});

form.addEventListener("click", (event) => {
  const goes = event.target.closest("button[name=go]");
  if (goes && cards.length > 1 && !form.elements.all.value) {
    event.preventDefault();
    go(Number(goes.value));
  }
});

form.addEventListener("submit", (event) => {
  const count = Object.keys(queue).length;
  if (count && (!navigator.onLine || halted)) {
    event.preventDefault();
    if (halted) askToSignIn();
    else banner(mark(WAIT, "mark-need", words.before.replace("{count}", count)));
  }
});

// Another tab of this browser saved: take over its answer unless this one has one of its own on the way.
addEventListener("storage", (event) => {
  if (event.key !== STORE) return;
  for (const [question, answer] of Object.entries(stored())) {
    const card = byQuestion.get(question);
    if (!card || queue[question]) continue;
    fill(card, answer.value);
    next(card).value = answer.revision + 1;
    say(card);
  }
});

addEventListener("online", flush);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && renewIfHalted());
addEventListener("focus", renewIfHalted);

// Whether a field no longer says what the page came with.
function touched(field) {
  if (field.type === "radio" || field.type === "checkbox") return field.checked !== field.defaultChecked;
  if (field.options) return field.value !== (field.querySelector("option[selected]") ?? field.options[0]).value;
  return field.value !== field.defaultValue;
}

// What was left unsent by an earlier visit (the tab was closed, the network was gone) is shown and sent now.
for (const [question, answer] of Object.entries(queue)) {
  if (byQuestion.has(question)) fill(byQuestion.get(question), answer.value);
  else delete queue[question];
}
// On a slow network an answer can be given before this script has arrived: it is saved like any other.
for (const card of cards) {
  if (!queue[card.dataset.question] && inputs(card).some(touched)) changed(card);
}
if (Object.keys(queue).length) {
  showQueue();
  flush();
}
