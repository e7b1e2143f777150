// Serves one roll, which its recorder has opened before, while there is no network; nothing else of the site.
const KEPT = 24 * 3600 * 1000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function page(request) {
  const cache = await caches.open("roll");
  const address = new URL(request.url).pathname;
  try {
    const fresh = await fetch(request);
    if (fresh.ok && !fresh.redirected) {
      await cache.put(address, fresh.clone());
    } else {
      await cache.delete(address); // signed out, or no longer this recorder's
    }
    return fresh;
  } catch (error) {
    const kept = await cache.match(address);
    if (kept && Date.now() - Date.parse(kept.headers.get("Date")) < KEPT) {
      return kept;
    }
    await cache.delete(address);
    throw error;
  }
}

async function part(request) {
  const kept = await (await caches.open("roll")).match(request);
  return kept || fetch(request);
}

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== location.origin) {
    return;
  }
  if (event.request.mode === "navigate" && /^\/meetings\/\d+\/roll$/.test(address.pathname)) {
    event.respondWith(page(event.request));
  } else if (address.pathname.startsWith("/static/")) {
    event.respondWith(part(event.request));
  }
});
