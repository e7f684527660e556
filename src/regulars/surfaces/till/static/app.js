// The till: which screen is shown, and what its buttons do.

import { alone, identity, onRecorded, pair, Refused } from "./device.js";
import { byName, canBe, isCard, search, stands, unseen } from "./find.js";
import { cashier, cashiers, hearCashiers, isLocked, lock, unlock, watch } from "./lock.js";
import { all, count, read, wipe, write } from "./keep.js";
import { abroad } from "./extra/abroad.js";
import { askOnSlip } from "./extra/asking.js";
import { day } from "./extra/day.js";
import { guests } from "./extra/guests.js";
import { fillDoors } from "./extra/doors.js";
import { shownToThem } from "./extra/endings.js";
import { fillOffered } from "./extra/offered.js";
import { paying } from "./extra/paying.js";
import { people } from "./extra/people.js";
import { inDigits, isNumber, joined } from "./extra/typed/phones.js";
import { greet, releaseAll } from "./extra/ready.js";
import { receipts } from "./extra/receipts.js";
import { wonBy } from "./extra/won.js";
import { amountOf, apart, lastDay, moneyOf, noOf, numberOf, saying, wall, whenOf, words } from "./say.js";
import { prepareScanning, scanned, stopScanning } from "./scan.js";
import { give, handOver, isUnanswered, join, onlyReserved, preview, today, undo } from "./serve.js";
import { handIn, keepGoing, oldest, onSync, refresh, waiting } from "./sync.js";
import { ask as tell, Away, isThere, onChange } from "./talk.js";

export const shop = JSON.parse(document.getElementById("shop").textContent);
const AT_REST = new Set(["ended", "shift"]);
const main = document.getElementById("main");
const NOBODY = { offers: undefined, minor: 0, last: undefined, currency: "", receipt: "", proving: false };
const here = { found: undefined, stand: undefined, typed: "", minor: 0, last: undefined };

const slot = (name, place = main) => place.querySelector(`[data-slot="${name}"]`);

/** Shows a screen: a copy of its template, filled; what is spoken first gets the focus. */
async function go(name) {
  stopScanning();
  clearTimeout(here.undoing);
  if (here.rests !== undefined && !AT_REST.has(name)) name = "ended";
  else if (name !== "pair" && (await isLocked())) name = "locked";
  // Locked by two causes at once: whoever types their PIN by now keeps what they typed.
  if (name === "locked" && main.dataset.screen === name) return;
  const screen = document.getElementById(name).content.cloneNode(true);
  main.replaceChildren(screen);
  main.dataset.screen = name;
  await screens[name]?.();
  const first = main.querySelector("[autofocus]") ?? (matchMedia("(pointer: fine)").matches ? main.querySelector("input:not([type=hidden])") : undefined);
  (first ?? main).focus({ preventScroll: true });
  scrollTo(0, 0);
  guest.mirror(main.dataset.screen);
}

const money = abroad({ here, shop, slot });
const screens = {
  identify() {
    if (here.older && isThere()) location.reload(); // the program asks something else of whoever joins by now
    Object.assign(here, { found: undefined, stand: undefined, ...NOBODY });
  },
  unknown() {
    slot("typed").textContent = here.typed;
    // Nothing is kept of what no record can hold.
    const [away, long] = [here.away, !canBe(here.typed)];
    slot("away").hidden = !away || long;
    slot("long").hidden = !long;
    if (away) main.querySelector("h1").textContent = words.unseen;
    main.querySelector("[data-go=join]").classList.toggle("primary", !away);
    main.querySelector("[data-go=join]").hidden = long;
  },
  member: fillMember,
  earn() {
    slot("who").textContent = here.found.typed ?? helloOf(here.stand.member);
    if (here.found.typed) main.querySelector("[data-go=member]").dataset.go = "identify";
    money.fill(money.all(), showAmount);
    const field = main.querySelector("#receipt");
    field.value = here.receipt ?? "";
    field.closest("details").open = Boolean(field.value);
    field.addEventListener("input", () => { here.receipt = field.value.trim(); });
    showAmount();
  },
  redeem: fillTiles,
  scan() {
    const says = slot("says");
    slot("typing").hidden = here.proving;
    slot("proving").hidden = !here.proving;
    return scanned(slot("camera"), (text) => void look(text), (why) => {
      says.textContent = words[why];
    });
  },
  join() {
    // What a card shows changes, and a number of ours is somebody's: neither is a newcomer's own.
    const digits = joined(here.typed);
    const field = here.typed.includes("@") ? "email" : /^\+?\d{6,15}$/.test(digits) ? "phone" : "card";
    if (here.typed && !isCard(here.typed) && !isNumber(digits)) main.querySelector(`[name="${field}"]`).value = here.typed;
  },
  locked: fillLocked,
  ended() {
    slot("says").textContent = here.rests;
  },
  shift: fillShift,
};

function helloOf(member) {
  return member.given_name ? saying("hello", member.given_name) : words.helloNobody;
}

async function look(typed) {
  if (typed.trim() && (here.proving || (main.dataset.screen === "proof" && isCard(typed)))) return proofs.shown(typed.trim());
  here.typed = typed.trim();
  if (!here.typed) return;
  await here.busy; // a scan while something else ends is not lost
  await trying(async () => {
    const { found, away } = await search(here.typed, shop.dialling).catch(overAway);
    if (found) return meet(found);
    here.away = away;
    return go("unknown");
  });
}

/** Cut off, a till that looked for too many goes on serving: it gives points to what was shown. */
function overAway(error) {
  if (error.code !== "too_many_lookups" || !error.said.away) throw error;
  return { found: undefined, away: true };
}

/** Points for somebody whom only the server can tell, once it is there again. */
function giveUnseen() {
  const found = unseen(here.typed);
  Object.assign(here, { found, stand: { member: found.member, standing: undefined, offline: true }, ...NOBODY });
  return go("earn");
}

async function meet(found) {
  const stand = await stands(found);
  // Both at once: a look-up that fails leaves whoever stands here as they were.
  Object.assign(here, { found, stand, ...NOBODY });
  if (!stand.offline) void greet(found.id).catch(() => undefined);
  await go("member");
}

function fillMember() {
  const { member, standing, offline } = here.stand;
  slot("hello").textContent = helloOf(member);
  const tier = shop.tiers.findIndex((one) => one.id === (standing ? standing.tier?.id : member.tier));
  if (tier >= 0) {
    slot("tier").hidden = false;
    slot("tier").classList.add(`tier-${Math.min(tier, 5)}`);
    slot("tier").textContent = shop.tiers[tier].name;
  }
  if (member.state === "blocked") {
    slot("state").hidden = false;
    slot("state").textContent = shop.states.blocked;
  }
  const strange = offline && here.found.unseen;
  if (offline) slot("as-of").textContent = strange ? words.unseen : words.asOf;
  else if (here.found.proved) slot("as-of").textContent = words.proved;
  slot("balances").replaceChildren(...(strange ? [] : shop.wallets.map((wallet) => balanceOf(wallet, member))));
  const next = standing && shop.wallets.map((one) => [one, standing.wallets[one.id]?.lapses_next]).find(([, lapse]) => lapse);
  if (next) {
    slot("lapses").textContent = saying("expire", amountOf(next[0], next[1].units), lastDay(next[1].at, shop));
    if (next[0].notice) void shownToThem(here.found.id, next[0].id, next[1]).catch(() => undefined);
  }
  void fillNow();
  void fillWon();
  void fillOffered(here, slot, line);
  void fillDoors(here, { slot, line, go, walletOf });
  void days.greet();
}

async function fillWon() {
  const [part, place] = [slot("won-part"), slot("won")];
  const list = await wonBy(here.stand);
  part.hidden = !list.length;
  place.replaceChildren(...list.map((one) => line(one.name, saying("until", lastDay(one.won, shop)), () => void ask(one))));
}

function balanceOf(wallet, member) {
  const box = document.createElement("div");
  const [name, value] = [document.createElement("dt"), document.createElement("dd")];
  name.textContent = wallet.name;
  value.textContent = numberOf(wallet, member.balances?.[wallet.id] ?? 0);
  box.append(name, value);
  return box;
}

// Somebody may be on another screen before an answer comes, or somebody else may stand here: what is
// filled, and for whom, is taken hold of first.
async function fillNow() {
  const place = slot("now");
  const list = await offers();
  if (!list) return;
  if (main.dataset.screen === "member") guest.mirror("member");
  const shown = list.filter((one) => one.can).map((one) => line(one.name, one.price));
  place.replaceChildren(...(shown.length ? shown : [line(words.none, "")]));
}

function line(left, right, act) {
  const item = document.createElement("li");
  const row = document.createElement(act ? "button" : "div");
  row.className = "line";
  if (act) {
    row.type = "button";
    row.addEventListener("click", act);
  }
  const [one, other] = [document.createElement("span"), document.createElement("span")];
  one.textContent = left;
  other.textContent = right;
  other.className = "soft";
  row.append(one, other);
  item.append(row);
  return item;
}

/** What whoever stands here can have, kept for what is touched next; nothing once somebody else does. */
async function offers() {
  const { found, stand } = here;
  const list = await offersTo(found, stand);
  if (here.stand !== stand) return undefined;
  here.offers = list;
  return list;
}

/** Every reward as a tile: what it costs, whether they can have it, else how much is missing. */
async function offersTo(found, stand) {
  const { member, standing, offline } = stand;
  const booked = await onlyReserved(member.id);
  const held = [...(await wonBy(stand)), ...booked];
  if (offline || !standing) return held;
  const reserved = new Set(booked.map((one) => one.id)); // its points are held: the standing says no to it
  const others = await Promise.all(standing.rewards.map(async (one) => {
    // Asked for, and nobody heard the answer: where it is paid for already, it can be handed over.
    const open = !one.available && (await isUnanswered(found.id, one.reward));
    const price = Object.entries(one.price).map(([id, units]) => amountOf(walletOf(id), units)).join(" + ");
    const [id, units] = Object.entries(one.price)[0] ?? [];
    const missing = id ? units - (standing.wallets[id]?.available ?? 0) : 0;
    return {
      id: one.reward, name: one.name, price, cost: one.price, can: one.available || open, open,
      no: one.available || open ? "" : missing > 0 ? missingOf(walletOf(id), missing, one.there_at) : one.why_not?.detail ?? "",
    };
  }));
  return [...held, ...others.filter((one) => one.can || !reserved.has(one.id))];
}

/** How much is missing, and the day from which it is there, where points that are on their way are enough. */
function missingOf(wallet, missing, thereAt) {
  const much = amountOf(wallet, missing);
  return thereAt ? saying("missingUntil", much, whenOf(thereAt, { dateStyle: "long" })) : saying("missing", much);
}

const walletOf = (id) => shop.wallets.find((one) => one.id === id) ?? { id, name: id, one: id, scale: 0 };

async function fillTiles() {
  slot("who").textContent = helloOf(here.stand.member);
  const strange = here.stand.offline && here.found.unseen; // what they have, nobody said here
  slot("balances").textContent = strange ? "" : shop.wallets.map((one) => amountOf(one, here.stand.member.balances?.[one.id] ?? 0)).join(" · ");
  if (here.stand.offline) refuse(words.onlyReserved);
  const tiles = slot("tiles");
  const list = [...((await offers()) ?? [])].sort((one, other) => Number(other.can) - Number(one.can));
  tiles.replaceChildren(...list.map(tile));
}

function tile(offer) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "tile";
  button.disabled = !offer.can;
  for (const [text, kind] of [[offer.name, "strong"], [offer.price, ""], [offer.no ?? "", "soft"]]) {
    if (!text) continue;
    const part = document.createElement("span");
    part.className = kind;
    part.textContent = text;
    button.append(part);
  }
  button.addEventListener("click", () => void ask(offer));
  return button;
}

/** Before and after, and how to make sure that it is theirs. */
async function ask(offer) {
  here.offer = offer;
  await go("sure");
  if (main.dataset.screen !== "sure") return;
  const [id, units] = Object.entries(offer.cost)[0] ?? [];
  const wallet = id && walletOf(id);
  const before = here.stand.member.balances?.[id] ?? 0;
  slot("name").textContent = offer.name;
  slot("sums").hidden = !wallet;
  slot("won").hidden = !offer.won;
  slot("before").textContent = wallet ? amountOf(wallet, before) : "";
  slot("price").textContent = offer.price;
  slot("after").textContent = wallet ? amountOf(wallet, offer.reserved || offer.open ? before : before - units) : "";
  const kept = offer.reserved || offer.open || offer.won || here.stand.offline; // promised in the shop's own
  const worth = () => {
    slot("worth").textContent = money.worth(offer);
  };
  money.fill(kept ? [] : money.of(offer), worth);
  worth();
  if (here.found.proved) slot("confirm").textContent = words.proved;
  else if (here.stand.member.given_name) slot("confirm").textContent = saying("name", here.stand.member.given_name);
}

function refuse(text) {
  const box = slot("no");
  if (!box) return toast(saying("wrong", text));
  box.hidden = false;
  box.querySelector("p").textContent = text;
}

function showAmount() {
  slot("amount").textContent = moneyOf(here.minor, money.paid());
  main.querySelector("#amount").value = here.minor;
  slot("pay-link").hidden = here.found.unseen || !payments.may(here.currency);
  clearTimeout(here.timer);
  here.timer = setTimeout(() => void showPreview(), 150);
}

async function showPreview() {
  const place = slot("preview");
  const { minor, currency } = here;
  if (!place || !minor) return place?.replaceChildren();
  const found = await preview(here.found, here.stand.member, minor, money.paid()).catch(() => undefined);
  if (minor !== here.minor || currency !== here.currency || !slot("preview")) return;
  const sum = document.createElement("p");
  if (!found) {
    sum.textContent = words.countedThen;
    return place.replaceChildren(sum);
  }
  sum.className = "sum";
  const earned = Object.entries(found.earned).filter(([, units]) => units);
  const told = earned.map(([id, units]) => amountOf(walletOf(id), units, "+")).join(", ");
  sum.textContent = told || words.noPoints;
  if (!found.sure) {
    // Without network, and something is missing that only the server knows: an estimate, no promise.
    const hint = document.createElement("p");
    hint.className = "soft small";
    hint.textContent = told ? words.estimated : words.countedThen;
    if (told) sum.textContent = saying("about", told.replaceAll("+", ""));
    return place.replaceChildren(...(told ? [sum, hint] : [hint]));
  }
  const parts = found.rules.filter((one) => one.points).map((one) => {
    const part = document.createElement("p");
    const rule = shop.rules[one.rule];
    part.className = "soft small";
    part.textContent = rule ? `${rule.says}: ${amountOf(walletOf(rule.wallet), one.points, "+")}` : "";
    return part;
  });
  place.replaceChildren(sum, ...(parts.length > 1 ? parts : []));
}

/** What is in the way, in words: also of a device that has no room left. */
function noTo(error) {
  if (error instanceof Away) return words.offline;
  if (error?.name === "QuotaExceededError") return words.noRoom;
  return NO_OWN[error.code] ?? noOf(error.code, error.said?.facts, error.message);
}

const NO_OWN = { card_code_wrong: words.cardWrong, card_code_used: words.cardUsed, identifier_taken: words.taken };

/** One thing after another: what is touched twice happens once. */
async function trying(work) {
  if (here.busy) return;
  let over;
  here.busy = new Promise((resolve) => { over = resolve; });
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refused && error.status === 410) return rest(error.said.reason ?? "");
    refuse(noTo(error));
  } finally {
    here.busy = undefined;
    over();
  }
}

/** Suspended or unpaired: it hands in what it has, and does nothing else until it may go on. */
async function rest(reason) {
  if (here.rests !== undefined && main.dataset.screen === "ended") return;
  here.rests = reason === "fork" ? words.fork : reason;
  await go("ended");
}

const acts = {
  pair: (form) => trying(async () => {
    const code = form.get("code").toUpperCase().replace(/[^A-Z0-9]/g, "");
    try {
      await pair(code, form.get("device").trim());
    } catch (error) {
      const wrong = slot("wrong");
      wrong.hidden = false;
      // No key was shown but a code: it is unknown, or over.
      const no = error.code === "unauthorized" ? "unknown_code" : error.code;
      wrong.textContent = error instanceof Refused ? noOf(no, error.said?.facts, error.message) : words.offline;
      return;
    }
    await start();
  }),
  find: (form) => look(form.get("typed")),
  names: (form) => trying(async () => {
    const place = slot("found");
    const found = await byName(form.get("begins").trim());
    const shown = found.map((one) => line(one.given_name, `··· ${one.ends}`, () => void trying(() => meet({ id: one.id, member: one }))));
    place.replaceChildren(...(shown.length ? shown : [line(words.none, "")]));
  }),
  earn: () => trying(async () => {
    if (!here.minor) return;
    await ended(await give(here.found, here.minor, money.paid(), here.receipt));
  }),
  join: (form) => trying(async () => {
    if (!["phone", "email", "card"].some((name) => form.get(name).trim())) return refuse(words.identifier);
    if (isCard(form.get("card"))) return refuse(words.cardChanges);
    await joins(Object.fromEntries(form));
  }),
  cashier: async (form) => {
    await write("device", form.get("cashier").trim(), "cashier");
    await showBar();
    await go("identify");
  },
  unlock: async (form) => {
    await here.busy; // a PIN that is typed while a hand-in ends is not lost
    if (main.dataset.screen !== "locked") return; // sent twice, the first one opened it
    await trying(async () => {
      const no = await unlock(form.get("who") ?? "", form.get("pin"));
      main.querySelector("#pin").value = "";
      if (no) {
        main.querySelector("#pin").focus();
        return refuse(no);
      }
      await showBar();
      await go("identify");
    });
  },
};

/** What came of a sale, and for ten seconds a way to undo it. */
async function ended(done) {
  here.last = done.refused ? undefined : done;
  here.receipt = ""; // it was of that sale
  guest.thank(done.says, done.balance);
  const slip = await slipOf();
  await go("earned");
  if (main.dataset.screen !== "earned") return toast(done.says);
  slot("says").textContent = done.says;
  slot("slip").textContent = slip;
  slot("balance").textContent = done.balance;
  void showBar();
  if (done.refused) main.querySelector("[data-undo]").remove();
  here.undoing = setTimeout(() => main.querySelector("[data-undo]")?.remove(), 10_000);
  return undefined;
}

/** Somebody who agreed themselves joins, and stands at the till. */
async function joins(typed, source) {
  try {
    await meet(await join(typed, shop, source));
  } catch (error) {
    here.older ||= error.older === true;
    throw error;
  }
}

/** Who may take over; whoever was here last is chosen. */
async function fillLocked() {
  const who = slot("who");
  const staff = await cashiers();
  const last = here.cashier || staff[0]?.id; // nobody yet, where the first PIN was set just now
  who.replaceChildren(...staff.map((one) => person(one, one.id === last)));
}

function person(one, checked) {
  const label = document.createElement("label");
  const radio = Object.assign(document.createElement("input"), { type: "radio", name: "who", value: one.id, checked });
  const name = document.createElement("span");
  name.textContent = one.name;
  label.className = "choice who";
  label.append(radio, name);
  return label;
}

async function lockNow() {
  here.cashier = (await cashier()).id;
  document.getElementById("soon").hidden = true;
  await lock();
  await showBar();
  await go("identify");
}

async function fillShift() {
  const screen = main.firstElementChild;
  const device = await identity();
  slot("store", screen).textContent = (await read("device", "store"))?.name ?? device.store;
  slot("device", screen).textContent = device.name;
  slot("net", screen).textContent = isThere() ? words.online : words.offline;
  slot("queue", screen).textContent = await waiting();
  slot("members", screen).textContent = await count("members");
  slot("today", screen).textContent = (await today()).length;
  slot("may-go", screen).hidden = (await navigator.storage?.persisted?.()) ?? true;
  const byPin = (await cashiers()).length > 0;
  screen.querySelector("[data-act=cashier]").hidden = byPin;
  screen.querySelector("[data-lock]").hidden = !byPin;
  screen.querySelector("#cashier").value = byPin ? "" : (await cashier()).name;
  const notes = await all("notes");
  slot("notes-part", screen).hidden = !notes.length;
  slot("notes", screen).replaceChildren(...notes.map((one) => line(noOf(one.reason, {}, one.says || one.reason), whenOf(one.at, { dateStyle: "medium", timeStyle: "short" }))));
}

document.addEventListener("submit", (event) => {
  const act = event.target.dataset.act;
  if (!act) return;
  event.preventDefault();
  void acts[act](new FormData(event.target));
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const { go: where, key, money, tap } = button.dataset;
  if (where) return void go(where);
  if (tap) return void taps[tap]();
  if (key) return typeKey(key);
  if (money) return typeMoney(money);
  if ("undo" in button.dataset) return void trying(async () => {
    toast((await undo(here.last)) ?? words.undone);
    await go("identify");
  });
  if ("sure" in button.dataset) return void trying(() => handItOver());
  if ("sync" in button.dataset) return void trying(async () => {
    await handIn();
    await refresh().catch(() => undefined);
    if (main.dataset.screen === "shift") await fillShift();
  });
  if ("lock" in button.dataset) return void lockNow();
  if ("unpair" in button.dataset) return void unpair();
});

/** Hands over what was chosen; above the shop's limit only with a manager's PIN. */
async function handItOver(manager) {
  const { found, offer } = here; // whatever a guest touches meanwhile
  if (offer.takes) return offer.takes(manager);
  let no;
  try {
    no = await handOver(found, offer, manager, here.currency);
  } catch (error) {
    if (error.code === "card_needed") return go("proof");
    if (error.code === "price_changed") return showAnew(found, error);
    if (error.code !== "manager_needed" || manager) throw error;
    return go("approve");
  }
  if (no) {
    await go("redeem");
    return refuse(no);
  }
  const says = saying("handed", offer.name);
  guest.thank(says, "");
  const slip = await slipOf();
  await go("earned");
  if (main.dataset.screen !== "earned") return toast(says);
  slot("says").textContent = says;
  slot("slip").textContent = slip;
  main.querySelector("[data-undo]").remove();
}

/** What everything costs by now, and why nothing was handed over: it is asked for only if they still want it. */
async function showAnew(found, error) {
  const stand = await stands(found);
  if (here.found !== found) return undefined;
  here.stand = stand;
  await go("redeem");
  return refuse(noOf(error.code, error.said?.facts, error.message));
}

/** What stands above a printed slip: whose it is, where it was, and when. */
async function slipOf() {
  const store = await read("device", "store");
  const when = whenOf(Date.now(), { dateStyle: "medium", timeStyle: "short" });
  const where = [...new Set([shop.name, store?.name ?? shop.name])].map(apart).join(" · ");
  return `${where}\n${apart(when)}`;
}

/** Prints the slip of whoever was served, with a square that asks how it was; not what is shown by then instead. */
async function printSlip() {
  const place = slot("ask");
  await askOnSlip(here.found, place);
  if (place.isConnected) window.print();
}

async function unpair() {
  if (await keepsSome() || !confirm(words.sureUnpair)) return;
  await alone(async () => {
    // While somebody was asked, a colleague may have sold in another window.
    if (await keepsSome()) return;
    // Where nobody answers the device forgets all the same: that is what whoever holds it wants.
    await releaseAll().catch(() => undefined);
    const told = await tell("POST", "/v1/till/unpair").then(() => true, () => false);
    if (!told) alert(words.unpairAway);
    await wipe();
    location.reload();
  });
}

/** Says so where something was not handed in: a device that keeps records stays paired. */
async function keepsSome() {
  const left = await waiting();
  if (left) toast(saying("still", left));
  return left;
}

function typeKey(key) {
  const field = main.querySelector("[data-pad]");
  field.value = key === "back" ? field.value.slice(0, -1) : field.value + key;
}

/** An amount with one key more; ten digits at most. */
const typed = (now, key) => Number(key === "back" ? `${now}`.slice(0, -1) || "0" : `${now}${key}`.slice(0, 10));

function typeMoney(key) {
  if (main.dataset.screen === "back") return purchases.types(key, typed);
  if (main.dataset.screen === "pay") return payments.types(key, typed);
  here.minor = typed(here.minor, key);
  showAmount();
}

// What further screens have in common with these.
const desk = {
  go, here, line, refuse, shop, slot, toast, trying, walletOf, main, meet, helloOf, person, handItOver, look, joins, ask, money, ended,
  till: {}, mirror: () => guest.mirror(main.dataset.screen),
};
const guest = guests(desk);
const taps = { guest: () => guest.open(), "give-unseen": () => trying(giveUnseen), print: () => printSlip() };
const purchases = receipts(desk);
const days = day(desk);
const payments = paying(desk);
const proofs = people(desk);
for (const more of [purchases, proofs, days, payments]) {
  Object.assign(screens, more.screens);
  Object.assign(acts, more.acts);
  Object.assign(taps, more.taps);
}

// A keyboard types an amount as the pad does; a hand scanner types fast and ends with Enter.
const NO_SCAN = new Set(["pair", "ended", "locked", "approve"]);
const TYPES = new Set(["earn", "back", "pay"]);
const scan = { text: "", at: 0 };
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Shift") return; // a scanner holds it for every capital letter
  const field = event.target.closest("input, textarea, select");
  const free = !field;
  const quick = event.timeStamp - scan.at < 60;
  scan.at = event.timeStamp;
  if (event.key === "Enter" && quick && scan.text.length >= 6) {
    const typed = scan.text;
    scan.text = "";
    // A receipt or a card that is scanned into its own field belongs there.
    if ((free || field.id === "typed") && !NO_SCAN.has(main.dataset.screen)) {
      event.preventDefault();
      return void look(typed);
    }
  }
  scan.text = event.key.length === 1 ? (quick ? scan.text : "") + event.key : "";
  if (free && TYPES.has(main.dataset.screen)) {
    const key = inDigits(event.key);
    if (/^\d$/.test(key)) typeMoney(key);
    if (event.key === "Backspace") typeMoney("back");
    // On a button Enter is that button's own.
    const { screen } = main.dataset;
    if (event.key === "Enter" && screen === "earn" && (event.target === main || event.target === document.body)) void acts.earn();
  }
});

/** Says a sentence for a while. */
function toast(text) {
  const box = document.createElement("div");
  box.className = "toast";
  box.textContent = text;
  document.getElementById("toasts").append(box);
  setTimeout(() => box.remove(), 6000);
}

let asks = 0;

/** The bar and what waits, as they are now. Read first and written at one go, by whoever asked last:
 *  of two at a time the older would else write over the newer what is true no more. */
async function showBar() {
  const mine = (asks += 1);
  const device = await identity();
  const [store, who, done, left] = [await read("device", "store"), await cashier(), await today(), await waiting()];
  const since = left ? await oldest() : undefined;
  if (mine !== asks) return;
  const bar = document.getElementById("bar");
  bar.hidden = !device;
  if (!device) return;
  slot("store", bar).textContent = store?.name ?? device.store;
  wall.zone = store?.zone ?? shop.zone;
  slot("cashier", bar).textContent = who.name;
  slot("today", bar).textContent = saying("today", done.length);
  slot("net", bar).textContent = isThere() ? words.online : words.offline;
  document.body.classList.toggle("is-offline", !isThere());
  const box = document.getElementById("offline");
  box.hidden = isThere() && !left;
  slot("says", box).textContent = left && since ? saying("queued", left, whenOf(since, { timeStyle: "short" })) : words.cut;
  if (main.dataset.screen !== "shift") return;
  slot("queue").textContent = left;
  slot("net").textContent = slot("net", bar).textContent;
}

onChange(() => void showBar());
onRecorded(() => void showBar());
// A page in the background may miss what another says: its count comes right by itself.
setInterval(() => void showBar(), 5_000);
onSync(({ state, reason }) => {
  void showBar();
  if (state && state !== "paired") return void rest(reason ?? "");
  if (state && here.rests !== undefined) {
    here.rests = undefined;
    void go("identify");
  } else if (state) {
    // Somebody was given a PIN meanwhile, or may not stand here any more.
    void isLocked().then((now) => now && !["locked", "pair", undefined].includes(main.dataset.screen) && lockNow());
  }
});

async function start() {
  const device = await identity();
  if (!device) return go("pair");
  desk.till.id = device.id;
  await showBar();
  const state = (await read("device", "state")) ?? "paired";
  if (!(await read("device", "cashiers"))) await hearCashiers().catch(() => undefined);
  if (state !== "paired") await rest("");
  else await go("identify");
  keepGoing();
  watch({ soon: showSoon, locked: () => void (main.dataset.screen !== "locked" && lockNow()) });
  // Nobody at the counter waits for this.
  setTimeout(() => void prepareScanning(), 3000);
  void refresh().catch(() => undefined).then(showBar);
}

/** Says that it locks soon, and that a touch is enough to stay; spoken once, not every second. */
function showSoon(seconds) {
  const box = document.getElementById("soon");
  if (box.hidden === !seconds) return;
  box.hidden = !seconds;
  slot("says", box).textContent = seconds ? saying("soon", seconds) : "";
}

if ("serviceWorker" in navigator) void navigator.serviceWorker.register("/till/worker.js", { scope: "/till/" });
if (navigator.storage?.persist) void navigator.storage.persist();
void start();
