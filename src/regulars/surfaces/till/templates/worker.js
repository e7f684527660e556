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

// The page comes from the network where there is one within half a second, else as it was kept; files
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
  const kept = await cache.match(page);
  const asked = fetch(request).then(async (answer) => {
    // A page of another edition needs files that are not kept here: its own worker keeps them together.
    // So does one of another look.
    const text = answer.ok ? await answer.clone().text() : "";
    const looks = text.match(/\/looks\/[^"'\s]+/g) ?? [];
    if (text.includes("/static/{{ files }}/") && looks.every((one) => KEPT.includes(one))) await cache.put(page, answer.clone());
    return answer;
  });
  if (!kept) return asked;
  // A page that says that something broke is worth less than the till.
  const good = asked.then((answer) => (answer.ok || answer.type === "opaqueredirect" ? answer : kept), () => kept);
  // Whoever asks for another language waits longer for it.
  const late = new Promise((on) => setTimeout(on, new URL(request.url).search ? 2000 : 500, kept));
  return Promise.race([good, late]);
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
