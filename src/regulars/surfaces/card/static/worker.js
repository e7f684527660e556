// Keeps the card for when there is no network: one page with the number, and our own files.
// What changes (balance, history) is never kept: an old number of points would be a wrong one.

const KEPT = "card-1";
const PAGE = "/card/kept";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const asked = event.request;
  const to = new URL(asked.url);
  if (asked.method !== "GET" || to.origin !== location.origin) return;
  if (/^\/(static|looks)\//.test(to.pathname)) {
    event.respondWith(ours(asked));
  } else if (asked.mode === "navigate" && to.pathname.startsWith("/card")) {
    event.respondWith(page(asked, event));
  }
});

async function ours(asked) {
  const kept = await caches.open(KEPT);
  const found = await kept.match(asked);
  if (found) return found;
  const answer = await fetch(asked);
  if (answer.ok) kept.put(asked, answer.clone());
  return answer;
}

async function page(asked, event) {
  try {
    const answer = await fetch(asked);
    const inside = answer.ok && !answer.redirected && !asked.url.includes("/sign-");
    event.waitUntil(inside ? keep() : Promise.resolve());
    return answer;
  } catch {
    const found = await (await caches.open(KEPT)).match(PAGE);
    return found ?? Response.error();
  }
}

async function keep() {
  const kept = await caches.open(KEPT);
  const answer = await fetch(PAGE, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return kept.delete(PAGE);
  const text = await answer.clone().text();
  const files = [...text.matchAll(/(?:href|src)="(\/(?:static|looks)\/[^"#]+)/g)].map((found) => found[1]);
  await Promise.all(files.map(async (one) => (await kept.match(one)) ?? kept.add(one)));
  await kept.put(PAGE, answer);
  const edition = files.find((one) => one.startsWith("/static/")).split("/").slice(0, 3).join("/");
  for (const one of await kept.keys()) {
    const path = new URL(one.url).pathname;
    const old = path.startsWith("/static/") ? !path.startsWith(edition) : path.startsWith("/looks/") && !files.includes(path);
    if (old) await kept.delete(one);
  }
}

// A notice: shown once however often it comes, as one of the same mark takes the other's place.
self.addEventListener("push", (event) => event.waitUntil(show(event.data)));

async function show(data) {
  let told = {};
  try {
    told = data.json();
  } catch {
    // Whatever came was not for us; browsers show something of their own where we show nothing.
  }
  const { mark, title, says, opens, language } = told;
  await self.registration.showNotification(title || "…", {
    body: says || "", tag: mark || "card", lang: language || "", data: { opens },
    dir: language === "ar" ? "rtl" : "auto",
  });
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.opens));
});

// Only pages of our own are opened: the card that is open already, or a new one.
async function open(address) {
  const to = new URL(address || "/card", location.origin);
  const ours = to.origin === location.origin ? to.pathname + to.search : "/card";
  const there = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const card = there.find((one) => new URL(one.url).pathname.startsWith("/card"));
  if (!card) return self.clients.openWindow(ours);
  await card.focus();
  return card.navigate(ours).catch(() => self.clients.openWindow(ours));
}
