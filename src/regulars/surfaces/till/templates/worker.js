// Keeps the till on the device: the page and its files of one edition, nothing of anybody's data.
const EDITION = "till-{{ edition }}";
const KEPT = {{ kept }};
const LATER = {{ later }};

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(EDITION).then((cache) => cache.addAll(KEPT)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith("till-") && name !== EDITION).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

// The page comes from the network where there is one within two seconds, else as it was kept; files
// come as they were kept. Everything else is none of our business.
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && url.pathname.startsWith("/till")) event.respondWith(fresh(request, url.pathname === "/till/guest" ? "/till/guest" : "/till/"));
  else if (LATER.includes(url.pathname)) event.respondWith(once(request));
  else if (/^\/(static|looks)\//.test(url.pathname)) event.respondWith(caches.match(request).then((found) => found ?? fetch(request)));
});

async function fresh(request, page) {
  const cache = await caches.open(EDITION);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(2000) });
    if (answer.ok) await cache.put(page, answer.clone());
    return answer;
  } catch {
    return (await cache.match(page)) ?? Response.error();
  }
}

// Large, and not wanted by every device: kept once somebody asked for it.
async function once(request) {
  const cache = await caches.open(EDITION);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}
