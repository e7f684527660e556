// The card in the telephone: the square is renewed, reasons are looked up when asked for, and the
// page is kept for when there is no network. Everything can be read without this.

const square = document.getElementById("square");
if (square) renewIn(Number(square.dataset.again));

function renewIn(seconds) {
  setTimeout(renew, seconds * 1000 + 200);
}

async function renew() {
  try {
    const answer = await fetch(square.dataset.from, { cache: "no-store" });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    square.innerHTML = await answer.text();
    renewIn(Number(square.firstElementChild.dataset.again));
  } catch {
    // An old square would be refused at the till; the number is always good.
    location.assign("/card/kept");
  }
}

document.addEventListener("toggle", async (event) => {
  const line = event.target;
  const from = line.dataset?.why;
  if (!from || !line.open || line.dataset.told) return;
  line.dataset.told = "yes";
  const answer = await fetch(from);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const said = page.getElementById("why");
  if (said) line.lastElementChild.replaceChildren(...said.children);
}, true);

if ("serviceWorker" in navigator && document.querySelector(".ways")) {
  navigator.serviceWorker.register("/card/worker.js", { scope: "/card" });
}

let asks = null;
addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  asks = event;
  const place = document.querySelector("[data-install]");
  if (place) place.hidden = false;
});
document.querySelector("[data-install]")?.addEventListener("click", () => asks?.prompt());

// That a link was given on is told, not to whom; should it not arrive, nothing is lost.
document.addEventListener("click", (event) => {
  const gives = event.target.closest("[data-sends] [data-copy], [data-sends] [data-share]");
  const place = gives?.closest("[data-sends]");
  if (!place) return;
  const way = gives.dataset.share ? "shared" : "copied";
  const body = new URLSearchParams({ proof: place.dataset.proof, way });
  fetch(place.dataset.sends, { method: "POST", body, keepalive: true }).catch(() => {});
});

document.addEventListener("click", async (event) => {
  const shares = event.target.closest("[data-share]");
  if (shares && navigator.share) {
    await navigator.share({ url: shares.dataset.share, title: document.title }).catch(() => {});
  }
});
if (!navigator.share) document.querySelectorAll("[data-share]").forEach((one) => one.remove());

// Leave to show notices is asked for when somebody wants them, and never by a page that opens.
const tells = document.querySelector("[data-tells]");
if (tells && "serviceWorker" in navigator && "PushManager" in window && "Notification" in window) {
  tells.hidden = false;
  tells.querySelector("[data-tell]").addEventListener("click", tell);
}

async function tell() {
  const says = (which) => {
    for (const one of ["refused", "failed"]) tells.querySelector(`[data-${one}]`).hidden = one !== which;
  };
  says("");
  if ((await Notification.requestPermission()) !== "granted") return says("refused");
  try {
    const given = await leave();
    const { endpoint, keys } = given.toJSON();
    const name = navigator.userAgentData?.platform || navigator.platform || "";
    const body = new URLSearchParams({ proof: tells.dataset.proof, endpoint, ...keys, name });
    const answer = await fetch(tells.dataset.tells, { method: "POST", body });
    if (!answer.ok) throw new Error(String(answer.status));
    location.assign(answer.url);
  } catch {
    says("failed");
  }
}

async function leave() {
  await navigator.serviceWorker.register("/card/worker.js", { scope: "/card" });
  const { pushManager } = await navigator.serviceWorker.ready;
  const wanted = { userVisibleOnly: true, applicationServerKey: tells.dataset.key };
  try {
    return await pushManager.subscribe(wanted);
  } catch (why) {
    // Leave that was given to another key of ours, from before this house was set up anew.
    const old = await pushManager.getSubscription();
    if (!old) throw why;
    await old.unsubscribe();
    return pushManager.subscribe(wanted);
  }
}
