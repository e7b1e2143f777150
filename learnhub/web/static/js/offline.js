// Keeps a month on this phone, shows what is kept, and removes it. Pages go through the worker, a film straight into the
// same cache. What is kept belongs to one account: the sign-in of another clears it (the cookie is read there only).
const CACHE = "study";
const LIST = "learnhub.offline";
const MEGABYTE = 1048576;
const able = "serviceWorker" in navigator && "caches" in window;
const size = (bytes) => Math.max(bytes / MEGABYTE, 0.1).toFixed(1);

function recall() {
  try {
    return JSON.parse(localStorage.getItem(LIST)) ?? { months: {} };
  } catch {
    return { months: {} };
  }
}

function note(list) {
  localStorage.setItem(LIST, JSON.stringify(list));
}

async function clear() {
  await caches.delete(CACHE);
  localStorage.removeItem(LIST);
  for (const each of await navigator.serviceWorker.getRegistrations()) {
    if (new URL(each.scope).pathname === "/") await each.unregister();
  }
}

async function forget(month) {
  const list = recall();
  const cache = await caches.open(CACHE);
  for (const address of list.months[month]?.addresses ?? []) await cache.delete(address);
  delete list.months[month];
  if (Object.keys(list.months).length === 0) return clear();
  note(list);
  // Pictures that no page shows any more go too.
  const keys = await cache.keys();
  const pages = keys.filter(({ url }) => !/^\/(static|media)\//.test(new URL(url).pathname));
  const texts = await Promise.all(pages.map(async (each) => (await cache.match(each)).text()));
  const films = Object.values(list.months).flatMap(({ addresses }) => addresses);
  for (const each of keys) {
    const { pathname } = new URL(each.url);
    const used = films.includes(pathname) || texts.some((text) => text.includes(pathname));
    if (pathname.startsWith("/media/") && !used) await cache.delete(each);
  }
  return undefined;
}

async function worker(address) {
  await navigator.serviceWorker.register(address, { scope: "/" });
  const registration = await navigator.serviceWorker.getRegistration("/");
  for (let waited = 0; !registration.active && waited < 100; waited += 1) await new Promise((go) => setTimeout(go, 100));
  return registration.active;
}

function keepPages(active, addresses) {
  return new Promise((done, refuse) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => (data ? done() : refuse(new Error("pages")));
    active.postMessage({ keep: addresses }, [port2]);
  });
}

async function keepFilm(address, told) {
  const answer = await fetch(address);
  if (answer.status !== 200) throw new Error("film");
  const whole = Number(answer.headers.get("Content-Length")) || 1;
  let here = 0;
  const counted = answer.body.pipeThrough(new TransformStream({
    transform(piece, out) {
      here += piece.length;
      told(here / whole);
      out.enqueue(piece);
    },
  }));
  await (await caches.open(CACHE)).put(address, new Response(counted, { headers: answer.headers }));
}

// The page of an open practice; it is begun by the same form as everywhere.
async function openPractice(address) {
  const body = new URLSearchParams({ csrf_token: document.querySelector("input[name=csrf_token]").value });
  const answer = await fetch(address, { method: "POST", body });
  if (!answer.ok || !answer.redirected) throw new Error("practice");
  return new URL(answer.url).pathname;
}

function monthCard(card) {
  const words = card.dataset;
  const { month } = words;
  const find = (what) => card.querySelector(what);
  const chosenFilms = () => [...card.querySelectorAll("input[data-size]:checked")];
  const total = () => chosenFilms().reduce((sum, each) => sum + Number(each.dataset.size), Number(words.textSize));

  function show(state = "") {
    const kept = recall().months[month];
    find("[data-choose]").hidden = Boolean(kept);
    find("[data-remove]").hidden = !kept;
    find("[data-keep]").textContent = find("[data-keep]").dataset.words.replace("{size}", size(total()));
    find("[data-state]").textContent = kept ? words.kept.replace("{size}", size(kept.bytes)).replace("{day}", kept.day) : state;
    card.dataset.is = kept ? "kept" : "free";
  }

  async function roomFor(bytes) {
    const { quota, usage } = (await navigator.storage?.estimate?.()) ?? {};
    return quota === undefined || quota - usage > bytes * 1.2;
  }

  async function bring() {
    const bytes = total();
    const films = chosenFilms().map((each) => each.value);
    const list = recall();
    const quiz = find("#keep-quiz")?.checked ? await openPractice(words.quiz) : null;
    const addresses = words.pages.split(" ").concat(quiz ?? []);
    document.cookie = `study_kept=${words.account}; path=/sign-in; max-age=31536000; SameSite=Lax`;
    await keepPages(await worker(words.worker), addresses);
    for (const film of films) await keepFilm(film, (part) => { find("progress").value = part; });
    const own = addresses.filter((each) => each !== "/offline").concat(films);
    list.account = words.account;
    list.months[month] = { title: words.title, bytes, quiz, addresses: own, day: new Date().toLocaleDateString(document.documentElement.lang) };
    note(list);
  }

  find("[data-keep]").addEventListener("click", async () => {
    find("[data-choose]").hidden = true;
    find("progress").hidden = chosenFilms().length === 0;
    find("[data-state]").textContent = words.fetching;
    if (!(await roomFor(total()))) return show(words.full);
    try {
      await bring();
      show();
    } catch {
      await forget(month);
      show(words.failed);
    } finally {
      find("progress").hidden = true;
    }
    return undefined;
  });
  find("[data-remove]").addEventListener("click", async () => {
    await forget(month);
    show(words.gone);
  });
  card.addEventListener("change", () => show());
  show();
  card.hidden = false;
}

function listKept(place) {
  const words = place.dataset;
  const months = Object.entries(recall().months).sort().reverse();
  const link = (href, text) => Object.assign(document.createElement("a"), { href, textContent: text, className: "act" });
  const rows = months.map(([month, kept]) => {
    const row = Object.assign(document.createElement("li"), { className: "person" });
    const about = document.createElement("span");
    about.textContent = words.words.replace("{size}", size(kept.bytes)).replace("{day}", kept.day);
    const remove = Object.assign(document.createElement("button"), { type: "button", className: "btn-2", textContent: words.remove });
    remove.addEventListener("click", () => forget(month).then(() => listKept(place)));
    const first = document.createElement("span");
    first.append(link(`/months/${month}`, kept.title));
    row.append(first, about, remove);
    if (kept.quiz) about.append(" ", link(kept.quiz, words.quiz));
    return row;
  });
  place.querySelector("[data-list]").replaceChildren(...rows);
  place.querySelector("[data-none]").hidden = rows.length > 0;
  const cut = location.pathname !== "/offline";
  place.querySelector("[data-cut]").hidden = !cut;
  place.querySelector("[data-again]").href = location.href;
  place.querySelector("[data-again]").hidden = !cut;
}

const card = document.getElementById("offline");
const kept = document.getElementById("kept");
if (able && card) {
  const { account } = recall();
  (account && account !== card.dataset.account ? clear() : Promise.resolve()).then(() => monthCard(card));
}
if (kept) listKept(kept);
