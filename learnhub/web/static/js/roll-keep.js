// The roll on one phone without network: what was tapped stays here until the server has said that it is saved.
// The form works without any of it. One sending at a time; each carries this phone's name and a number that rises,
// so that a repeated or a late one changes nothing.
const form = document.getElementById("roll");
const line = document.getElementById("roll-state");
const about = document.getElementById("roll-keep");
const HOUR = 3600 * 1000;
const KEPT_HOURS = 72;
const RETRY = 15 * 1000;

if (form && line && about && form.querySelector(".roll")) {
  const words = about.dataset;
  const name = `roll:${words.meeting}`;
  const page = new Response(`<!doctype html>${document.documentElement.outerHTML}`, {
    headers: { "Content-Type": "text/html; charset=utf-8", Date: new Date().toUTCString() },
  });
  dropOthers();
  let kept = read();
  let sending = false;

  function read() {
    try {
      const found = JSON.parse(localStorage.getItem(name));
      const good = found && found.account === words.account && Date.now() - found.at < KEPT_HOURS * HOUR;
      return good ? found : null;
    } catch {
      return null;
    }
  }

  // Names of another recorder, and those kept too long, go from this phone, whatever meeting they are of.
  function dropOthers() {
    try {
      for (const other of Object.keys(localStorage).filter((each) => each.startsWith("roll:"))) {
        const found = JSON.parse(localStorage.getItem(other));
        if (found.account !== words.account || Date.now() - found.at > KEPT_HOURS * HOUR) {
          localStorage.removeItem(other);
        }
      }
    } catch {
      // not allowed: then nothing is kept here either
    }
  }

  async function dropOldPages(cache) {
    for (const request of await cache.keys()) {
      const date = (await cache.match(request)).headers.get("Date");
      if (/\/roll$/.test(new URL(request.url).pathname) && Date.now() - Date.parse(date) > KEPT_HOURS * HOUR) {
        await cache.delete(request);
      }
    }
  }

  function write(next) {
    kept = next;
    try {
      if (next === null) {
        localStorage.removeItem(name);
      } else {
        localStorage.setItem(name, JSON.stringify(next));
      }
      return true;
    } catch {
      return false; // no room or not allowed: the form is sent as any other
    }
  }

  // Phones that closed everything else away: a name of their own, and numbers that never go back.
  function nextNumber() {
    const own = JSON.parse(localStorage.getItem("roll-client") || "null") || {
      client: [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join(""),
      revision: 0,
    };
    own.revision += 1;
    localStorage.setItem("roll-client", JSON.stringify(own));
    return own;
  }

  function fields() {
    const sent = [...new FormData(form)];
    return sent.filter(([field]) => !["csrf_token", "key", "find", "client", "revision"].includes(field));
  }

  function marks(pairs) {
    const found = new Map();
    const here = new Set(pairs.filter(([field]) => field === "here").map(([, id]) => id));
    for (const [field, value] of pairs) {
      if (field === "member") {
        const why = pairs.find(([other]) => other === `why-${value}`);
        found.set(value, here.has(value) ? "present" : why ? why[1] : "");
      } else if (field === "guest") {
        found.set(`guest ${value}`, "here");
      } else if (field === "names" && value) {
        found.set("names", value);
      }
    }
    return found;
  }

  // How many names say something other than the server has.
  function count(pairs) {
    const first = marks(start);
    const now = marks(pairs);
    return [...new Set([...first.keys(), ...now.keys()])].filter((who) => first.get(who) !== now.get(who)).length;
  }

  function say(text) {
    line.textContent = text;
    line.hidden = text === "";
  }

  function show() {
    if (kept && kept.queued) {
      say(words.waiting.replace("COUNT", String(Math.max(1, count(kept.pairs)))));
    } else {
      const changes = count(fields());
      say(changes ? words.draft.replace("COUNT", String(changes)) : "");
    }
  }

  function restore(pairs) {
    const values = (field) => pairs.filter(([other]) => other === field).map(([, value]) => value);
    const here = new Set(values("here"));
    const listed = new Set(values("member"));
    for (const box of form.querySelectorAll('input[name="here"]')) {
      if (listed.has(box.value)) {
        box.checked = here.has(box.value);
        for (const radio of form.querySelectorAll(`input[name="why-${box.value}"]`)) {
          radio.checked = values(radio.name).includes(radio.value);
        }
      }
    }
    for (const id of values("guest")) {
      const box = form.querySelector(`input[name="guest"][value="${CSS.escape(id)}"]`) || document.createElement("input");
      if (!box.isConnected) {
        Object.assign(box, { type: "hidden", name: "guest", value: id });
        form.append(box);
      }
      box.checked = true;
    }
    for (const field of ["names", "because", "base", "base_version"]) {
      if (form.elements[field] && values(field).length) {
        form.elements[field].value = values(field)[0];
      }
    }
    window.dispatchEvent(new Event("pageshow")); // the counts follow
  }

  // Send what waits. True once the server has said that it is saved, false while there is no way through.
  async function send() {
    if (sending || !kept || !kept.queued) {
      return false;
    }
    sending = true;
    const sent = kept;
    const body = new URLSearchParams(sent.pairs);
    body.set("csrf_token", form.elements.csrf_token.value);
    body.set("client", sent.client);
    body.set("revision", String(sent.revision));
    let answer = null;
    say(words.sending);
    try {
      answer = await fetch(location.pathname, { method: "POST", body, headers: { "X-Requested-By": "script" } });
      if (answer.ok) {
        return accept(sent, await answer.json());
      }
    } catch {
      answer = null; // no network, or the answer was lost: it stays here and goes again
    } finally {
      sending = false;
    }
    if (answer && answer.status < 500) {
      ask(sent);
    } else {
      show();
    }
    return false;
  }

  function accept(sent, saved) {
    if (!kept || kept.revision !== sent.revision) {
      show();
      return false;
    }
    write(null);
    form.elements.base_version.value = saved.version;
    form.elements.base.value = saved.base;
    start = fields();
    say(words.saved.replace("TIME", saved.at));
    forward = saved.next;
    if (saved.adopted) {
      location.reload();
    }
    return !saved.adopted;
  }

  // The server has a question (another recorder, a reason, a new sign-in): its page asks it, with everything typed.
  function ask(sent) {
    restore(sent.pairs);
    for (const [field, value] of [["client", sent.client], ["revision", String(sent.revision)]]) {
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name: field, value }));
    }
    write(null);
    form.submit();
  }

  let start = fields();
  let forward = "";

  form.addEventListener("submit", (event) => {
    if (event.submitter && event.submitter.value === "find") {
      return;
    }
    const unanswered = [...marks(fields()).values()].includes("");
    if (unanswered) {
      return; // the server's page says who is missing
    }
    let own = null;
    try {
      own = nextNumber();
    } catch {
      return;
    }
    if (write({ account: words.account, at: Date.now(), queued: true, pairs: fields(), ...own })) {
      event.preventDefault();
      send().then((saved) => saved && location.assign(forward));
    }
  });
  form.addEventListener("input", () => {
    if (!kept || !kept.queued) {
      write({ account: words.account, at: Date.now(), queued: false, pairs: fields() });
    }
    show();
  });
  document.getElementById("roll-tools").addEventListener("click", () => form.dispatchEvent(new Event("input")));
  window.addEventListener("online", send);
  document.addEventListener("visibilitychange", () => document.hidden || send());
  setInterval(send, RETRY);

  if ("answered" in words) {
    write(null); // the page itself is the server's answer and holds what was sent
  } else if (kept) {
    restore(kept.pairs);
    show();
    send();
  }
  if ("serviceWorker" in navigator && "caches" in window) {
    keepPage();
  }

  async function keepPage() {
    const cache = await caches.open("roll");
    await dropOldPages(cache);
    // The site may have a worker of its own, for months kept on the phone: it does not keep rolls.
    const ours = navigator.serviceWorker.controller?.scriptURL.endsWith(words.worker);
    if (!ours && !("answered" in words)) {
      const parts = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon]")].map((each) => each.href);
      const icons = [...document.querySelectorAll("use")].map((each) => each.getAttribute("href").split("#")[0]);
      const scripts = [...document.querySelectorAll("script[src]")].map((each) => each.src);
      await cache.put(location.pathname, page);
      await cache.addAll([...new Set([...parts, ...icons, ...scripts])]);
    }
    await navigator.serviceWorker.register(words.worker, { scope: location.pathname });
    form.dataset.ready = "";
  }
}
