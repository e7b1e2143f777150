// Serves what a phone keeps of some months while there is no network, and says so in plain words for everything else.
// The network goes first: what is kept is renewed whenever its page is opened, and never the only copy of an answer.
// A roll has a worker of its own with a narrower scope, which the browser prefers there.
const CACHE = "study";
const KEPT = 62 * 24 * 3600 * 1000;
const PATIENCE = 6000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// A page and everything it shows, its film aside.
async function keep(cache, address, answer) {
  const text = await answer.clone().text();
  const named = [...text.matchAll(/(?:href|src|poster)="(\/(?:static|media)\/[^"#]+)/g)].map(([, part]) => part.replaceAll("&amp;", "&"));
  for (const part of new Set(named.filter((each) => !/\.(mp4|webm)$/.test(each)))) {
    if (!(await cache.match(part, { ignoreVary: true }))) await cache.add(part);
  }
  await cache.put(address, answer);
}

async function stored(cache, address) {
  const found = await cache.match(address, { ignoreVary: true });
  if (!found || Date.now() - Date.parse(found.headers.get("Date")) < KEPT) return found;
  await cache.delete(address);
  return undefined;
}

function late() {
  return new Promise((_, refuse) => setTimeout(() => refuse(new Error("late")), PATIENCE));
}

async function page(event) {
  const address = new URL(event.request.url).pathname;
  const cache = await caches.open(CACHE);
  const found = await stored(cache, address);
  const fresh = fetch(event.request);
  try {
    const answer = await (found ? Promise.race([fresh, late()]) : fresh);
    if (found && answer.ok) event.waitUntil(keep(cache, address, answer.clone()).catch(() => {}));
    const over = answer.status === 404 || (answer.type === "opaqueredirect" && address.startsWith("/attempts/"));
    if (found && over) await cache.delete(address);
    return answer;
  } catch {
    fresh.catch(() => {});
    return found ?? instead();
  }
}

async function instead() {
  const plain = await (await caches.open(CACHE)).match("/offline", { ignoreVary: true });
  return plain ?? Response.error();
}

async function part(request) {
  const found = await (await caches.open(CACHE)).match(request.url, { ignoreVary: true });
  if (!found) return fetch(request);
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("Range") ?? "");
  return range ? slice(found, Number(range[1]), range[2]) : found;
}

// Players ask for a film in ranges.
async function slice(found, start, end) {
  const whole = await found.blob();
  if (start >= whole.size) return new Response(null, { status: 416, headers: { "Content-Range": `bytes */${whole.size}` } });
  const last = Math.min(end === "" ? whole.size - 1 : Number(end), whole.size - 1);
  const headers = {
    "Accept-Ranges": "bytes",
    "Content-Length": String(last + 1 - start),
    "Content-Range": `bytes ${start}-${last}/${whole.size}`,
    "Content-Type": found.headers.get("Content-Type"),
  };
  return new Response(whole.slice(start, last + 1), { status: 206, headers });
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (address.origin !== location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(request.method === "GET" ? page(event) : fetch(request).catch(instead));
  } else if (request.method === "GET" && /^\/(static|media)\//.test(address.pathname)) {
    event.respondWith(part(request));
  }
});

// A page of the site asks for `keep`, a list of addresses; the answer says whether all are here.
self.addEventListener("message", (event) => {
  const work = async () => {
    const cache = await caches.open(CACHE);
    for (const address of event.data.keep) {
      const answer = await fetch(address, { cache: "no-store" });
      if (!answer.ok || answer.redirected) throw new Error(address);
      await keep(cache, new URL(answer.url).pathname, answer);
    }
  };
  event.waitUntil(work().then(() => event.ports[0].postMessage(true), () => event.ports[0].postMessage(false)));
});
