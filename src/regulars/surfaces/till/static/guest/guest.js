// The guest's view: it shows what the till beside it says, and says what the guest wishes. It keeps
// nothing, asks no server, and is calm again as soon as the till is not heard of.

import { amountOf, numberOf } from "../say.js";

const shop = JSON.parse(document.getElementById("shop").textContent);
const main = document.getElementById("main");
const id = location.hash.slice(1);
const channel = new BroadcastChannel("regulars-guest");
const QUIET_MS = 30_000;
const IDLE_MS = 45_000;
let heard = 0;
let shown = ""; // what was told last, so that the same again changes nothing under a finger
let touched = Date.now();

const slot = (name) => main.querySelector(`[data-slot="${name}"]`);
const wish = (what, more = {}) => channel.postMessage({ from: id, wish: what, ...more });
const walletOf = (name) => shop.wallets.find((one) => one.id === name) ?? { id: name, name, one: name, scale: 0 };

function go(name) {
  main.replaceChildren(document.getElementById(name).content.cloneNode(true));
  main.dataset.screen = name;
  main.focus({ preventScroll: true });
}

const fill = {
  join({ typed }) {
    slot("typed").textContent = typed;
  },
  card({ name, tier, balances, offers, offline }) {
    if (name) slot("hello").textContent = slot("hello").dataset.with.replace("%s", () => name);
    slot("tier").hidden = !tier;
    slot("tier").textContent = tier;
    slot("balances").replaceChildren(...balances.map(([wallet, units]) => {
      const box = document.createElement("div");
      const [dt, dd] = [document.createElement("dt"), document.createElement("dd")];
      dt.textContent = walletOf(wallet).name;
      dd.textContent = numberOf(walletOf(wallet), units);
      box.append(dt, dd);
      return box;
    }));
    slot("offline").hidden = !offline;
    slot("none").hidden = offers.length > 0;
    slot("choice").hidden = !offers.length;
    slot("offers").replaceChildren(...offers.map((one) => {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "tile" });
      const [label, price] = [document.createElement("span"), document.createElement("span")];
      label.className = "strong";
      label.textContent = one.name;
      price.textContent = Object.entries(one.cost).map(([wallet, units]) => amountOf(walletOf(wallet), units)).join(" + ");
      button.append(label, price);
      button.addEventListener("click", () => {
        wish("choose", { reward: one.id });
        for (const other of slot("offers").children) other.setAttribute("aria-pressed", String(other === button));
        slot("chosen").textContent = slot("chosen").dataset.with.replace("%s", () => one.name);
      });
      return button;
    }));
  },
  thanks({ says, balance }) {
    slot("says").textContent = says;
    slot("balance").textContent = balance;
  },
};

channel.onmessage = ({ data }) => {
  if (data.to !== id) return;
  heard = Date.now();
  const now = JSON.stringify(data);
  if (now === shown) return;
  shown = now;
  // Whoever types already is not thrown out by a till that says that it is idle.
  if (data.screen === "idle" && main.dataset.screen === "pad") return;
  touched = Date.now();
  go(data.screen);
  fill[data.screen]?.(data);
};

function rest() {
  shown = "";
  go("idle");
}

const taps = {
  begin: () => go("pad"),
  cancel() {
    rest();
    wish("away");
  },
};

document.addEventListener("click", (event) => {
  touched = Date.now();
  const button = event.target.closest("button");
  if (!button) return;
  const { tap, key } = button.dataset;
  if (tap) return void taps[tap]();
  if (!key) return;
  const field = main.querySelector("[data-pad]");
  field.value = key === "back" ? field.value.slice(0, -1) : field.value + key;
});
document.addEventListener("keydown", () => { touched = Date.now(); });

document.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  if (event.target.dataset.act === "typed") {
    const text = form.get("phone").trim();
    if (!/\d{5}/.test(text.replace(/[\s()./-]/g, ""))) return main.querySelector("[data-pad]").focus();
    wish("typed", { text });
    return go("wait");
  }
  wish("join", { phone: slot("typed").textContent, name: form.get("given_name").trim(), locale: document.documentElement.lang });
  return go("wait");
});

// A till that is not heard of, and a guest who walked off, leave nothing of anybody on the glass.
setInterval(() => {
  const screen = main.dataset.screen;
  if (Date.now() - heard > QUIET_MS && screen !== "closed") {
    shown = "";
    return go("closed");
  }
  const still = Date.now() - touched;
  // Told again it is the same and stays away: it was said.
  if (screen === "thanks" && still > 10_000) return go("idle");
  const personal = ["pad", "join", "wait", "busy"].includes(screen);
  if (personal && still > (screen === "wait" || screen === "busy" ? 8_000 : IDLE_MS)) taps.cancel();
  return undefined;
}, 1000);

if ("serviceWorker" in navigator) void navigator.serviceWorker.register("/till/worker.js", { scope: "/till/" });
if ("wakeLock" in navigator) void navigator.wakeLock.request("screen").catch(() => undefined);
go("closed");
wish("hello");
