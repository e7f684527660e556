// What the till does for a guest. Giving points and taking back always goes by way of a record that
// is kept here first, with the network or without; so nothing is lost and nothing happens twice.

import { now, record, Refused } from "./device.js";
import { standsNow } from "./extra/counted.js";
import { mayJoin, told } from "./extra/typed/joining.js";
import { mayAsk } from "./extra/strangers.js";
import { all, answered, read, within, write } from "./keep.js";
import { find, meanings, stands } from "./find.js";
import { preview as worked } from "./preview.js";
import { cashier as atTill } from "./lock.js";
import { amountOf, dayOn, midnight, noOf, saying, wall, words } from "./say.js";
import { lookup } from "./device.js";
import { became, handIn, known_by, remember, reserved } from "./sync.js";
import { ask, Away, isThere } from "./talk.js";

const PATIENCE_MS = 3500;
const cashier = async () => (await atTill()).id;
const soon = (work) => Promise.race([work, new Promise((_, no) => setTimeout(() => no(new Away()), PATIENCE_MS))]);

/** How a member is named to the server: who joined without the network has no number there yet. */
const whom = (found) => found.member?.by ?? { id: found.id };

/** Of somebody whom only the server can tell it says what they showed. */
const whose = (found) => (found.typed ? { typed: found.typed } : { member: whom(found) });

const purchase = (found, minor, shop) => ({ kind: "purchase", ...whose(found), amount: { minor, currency: shop.currency }, channel: "till" });

/** What an amount would bring, as the server decides it now. */
async function decided(found, minor, shop) {
  if (found.unseen) throw new Away();
  const { store } = await read("device", "identity");
  return ask("POST", "/v1/activities/preview", { ...purchase(found, minor, shop), store }, { patience: 2000 });
}

/** What an amount would bring: as the server decides it, else as the device works it out itself from
 *  what it last heard. Then `sure` is false where something is missing that only the server knows. */
export async function preview(found, member, minor, shop) {
  try {
    return { ...(await decided(found, minor, shop)), sure: true };
  } catch (error) {
    if (!(error instanceof Away)) throw error;
  }
  const [had, { store }] = [await read("device", "program"), await read("device", "identity")];
  // At which rate it will count, only the server knows.
  if (!had || shop.abroad || found.unseen) return undefined;
  const stands = await standsNow(member, { ...had, store }, (sale) => sale.at, (sale) => purchase(found, sale.minor, shop));
  return worked(had.program, { activity: purchase(found, minor, shop), at: await now(), store, member: { ...member, counted: undefined, ...stands } });
}

/** Whom this device did not know is looked up where somebody answers by now; else they stay as shown. */
async function met(found, { dialling }) {
  if (!found.unseen || !isThere()) return found;
  const asked = async () => {
    const seen = found.typed ? await find(found.typed, dialling) : { ...found };
    return seen && !(await stands(seen)).offline ? seen : found;
  };
  return soon(asked()).catch(() => found);
}

/** Gives points for an amount: kept here, handed in at once where somebody answers. */
export async function give(shown, minor, shop, receipt) {
  const found = await met(shown, shop);
  const expected = await decided(found, minor, shop).catch(() => undefined);
  const key = crypto.randomUUID();
  const name = receipt ? { source: `${(await read("device", "identity")).store}`, external_id: receipt } : {};
  const content = { ...purchase(found, minor, shop), ...name };
  const there = shop.abroad && { currency: shop.currency, decimals: shop.decimals };
  // What was typed is a telephone, as a rule: nothing of it stays here once it is handed in.
  const sale = { key, at: await now(), minor, ...(!found.typed && { member: found.id }), ...name, ...there };
  await record("activity", content, { cashier: await cashier(), key, sale });
  const result = await handed(key);
  if (!result) return { ...sale, says: words.countedLater, balance: "" };
  // Nothing was booked, so nothing is to be undone: under this receipt stands another purchase.
  if (result.outcome === "quarantined") return { refused: true, says: saying("refused", noOf(result.reason, {}, result.says)), balance: "" };
  if (!expected) return { ...sale, says: words.onAccount, balance: "" }; // nobody said what it brings
  const wallets = Object.fromEntries(shop.wallets.map((one) => [one.id, one]));
  const earned = Object.entries(expected?.earned ?? {}).filter(([id, units]) => units && wallets[id]);
  const given = earned.map(([id, units]) => amountOf(wallets[id], units)).join(", ");
  const balance = earned.map(([id]) => amountOf(wallets[id], expected.balances[id])).join(", ");
  return { ...sale, says: given ? saying("given", given) : words.noPoints, balance: balance && saying("balance", balance) };
}

/** What could be paid of a basket with points, as the server says it now; nothing is held. */
export const quotePayment = (found, pay, together) =>
  ask("POST", "/v1/till/payment-quotes", { member: whom(found), pay, ...(together && { together }) }, { patience: 4000 });

/** Points pay a part of a sale: they are reserved, and the sale that takes them is recorded here
 *  before anything else. Throws Away where nobody answers; then nothing is sold, and what may be
 *  reserved comes back by itself. `points` is what the quote said: nothing else is taken. */
export async function payFor(found, pay, { shop, receipt, points, together, manager = {}, key: wish }) {
  const card = { ...(found.code && { card_code: found.code }), ...(together && { together }) };
  const held = await ask("POST", "/v1/till/payments", { member: whom(found), pay, points, cashier: await redeemer(), ...card, ...manager }, { key: wish, patience: manager.pin ? 8000 : 4000 });
  const key = crypto.randomUUID();
  const name = receipt ? { source: `${(await read("device", "identity")).store}`, external_id: receipt } : {};
  const minor = pay.basket.minor;
  // Of a household each pays their own part; together they come to what was asked for.
  const parts = held.payments ?? [{ redemption: held.id, value_minor: pay.want.minor }];
  const payments = parts.map((one) => ({ kind: "points", amount: { ...pay.want, minor: one.value_minor }, redemption: one.redemption }));
  const there = shop.abroad && { currency: shop.currency, decimals: shop.decimals };
  const sale = { key, at: await now(), minor, member: found.id, ...name, ...there };
  await record("activity", { ...purchase(found, minor, shop), payments, ...name }, { cashier: await cashier(), key, sale });
  const result = await handed(key);
  if (result?.outcome === "quarantined") return { refused: true, says: saying("refused", noOf(result.reason, {}, result.says)), balance: "" };
  return sale;
}

/** What became of a record that was just made; nothing where nobody answered in time. */
async function handed(key) {
  try {
    return await soon(became(key));
  } catch {
    // Whatever is in the way, the record is kept here and told again: nobody may think it lost.
    return undefined;
  }
}

/** Takes back a sale of this till: by its receipt, or as the till named it. A reason, or nothing. */
export async function undo(sale) {
  const kept = await read("sales", sale.key);
  if (!kept) return words.notBooked; // refused meanwhile
  const { id } = await read("device", "identity");
  const name = sale.external_id ? { source: sale.source, external_id: sale.external_id } : { source: id, external_id: sale.key };
  // Listed as undone with the record of it, so that after a crash nobody does it once more.
  const no = await giveBack(name, [], { ...kept, undone: true });
  if (no) await write("sales", kept);
  return no;
}

/** Takes back these pieces of a purchase, or all that is left; of one that was told as one amount
 *  the pieces are minor units. A reason, or nothing. A sale of this till is kept with the record of
 *  it, as it stands then. */
export async function giveBack(name, returned = [], sold = undefined, whose = sold?.member) {
  const { store } = await read("device", "identity");
  const key = crypto.randomUUID();
  const sale = name.id ? { id: name.id } : { source: name.source ?? store, external_id: name.external_id };
  await record("void", { sale, ...(returned.length && { returned }) }, { cashier: await cashier(), key, sale: sold, turns: sold?.undone ? await turns(sold) : whose });
  const result = await handed(key);
  return result?.outcome === "quarantined" ? saying("refused", noOf(result.reason, {}, result.says)) : undefined;
}

/** Whose purchases change for the snapshot: what came after it and is undone was never in it. */
async function turns(sale) {
  const seen = await read("device", "seen");
  return seen && sale.sequence > seen.until ? undefined : sale.member;
}

/** Purchases by their receipt, or by who bought; with both, also what a late credit would bring. */
export async function sales({ receipt, member }) {
  const query = new URLSearchParams({ ...(receipt && { receipt }), ...(member && { member }) });
  return (await ask("GET", `/v1/till/sales?${query}`)).items;
}

/** What would be taken back, as the server decides it now: `{earned, refunded}`. */
export const previewBack = (id, returned) =>
  ask("POST", "/v1/activities/preview", { kind: "return", sale: { id }, ...(returned.length && { returned }) }, { patience: 2500 });

/** A purchase that named nobody is this member's. What is in the way, or nothing; `later` where
 *  nobody answered yet. */
export async function creditLate(name, found) {
  const { store } = await read("device", "identity");
  const key = crypto.randomUUID();
  const sale = name.id ? { id: name.id } : { source: name.source ?? store, external_id: name.external_id };
  await record("credit", { sale, member: whom(found) }, { cashier: await cashier(), key, turns: found.id });
  const result = await handed(key);
  return { later: !result, no: result?.outcome === "quarantined" ? saying("refused", noOf(result.reason, {}, result.says)) : undefined };
}

/** A square by which this member's card opens in their own telephone; only with the network. */
export const cardLink = async (found) =>
  ask("POST", "/v1/till/links", { member: { id: found.id }, origin: location.origin, cashier: await redeemer() }, { key: crypto.randomUUID() });

/** The member is sent a code for this reward, to prove that they are here; `key` is of this wish, so
 *  that a repeat sends nothing more. */
export const sendCode = async (found, offer, key) =>
  ask("POST", "/v1/till/spending-codes", { member: { id: found.id }, ...(offer.id && { reward: offer.id }), cashier: await redeemer() }, { key });

/** The member is asked in their own telephone whether they may be written to. */
export const askMay = async (found) =>
  ask("POST", "/v1/till/consent-confirmations", { member: { id: found.id }, cashier: await redeemer() }, { key: crypto.randomUUID() });

/** They want no more letters and text messages. */
export const noMore = async (found) =>
  ask("POST", "/v1/till/consents", { member: { id: found.id }, cashier: await redeemer() }, { key: crypto.randomUUID() });

/** The digits they say are as good as their card. */
export const sayCode = async (sent, code) =>
  ask("POST", `/v1/till/spending-codes/${sent.id}/proof`, { code }, { key: crypto.randomUUID() });

/** Somebody joins; without the network they are known at this till at once. `source` says where they
 *  agreed: at the till, or on the guest's own view. */
export async function join(typed, { dialling, joins, zone }, source = "till") {
  const identifiers = ["phone", "email", "card"].filter((kind) => typed[kind].trim()).map((kind) => ({ kind, value: typed[kind].trim() }));
  // Who of the shop lets them in: whoever stands here, else the device that the shop made a till.
  const by = joins?.by === "staff" && { actor: (await cashier()) || (await read("device", "identity")).name };
  const person = { identifiers, given_name: typed.given_name.trim(), locale: typed.locale, source, ...told(typed, joins, dialling), ...by };
  const today = dayOn(await now(), zone);
  // Where no answer came they may have joined all the same: the record is the same wish, by its key.
  const key = crypto.randomUUID();
  try {
    const said = await ask("POST", "/v1/members", person, { key });
    return { id: said.id, member: { id: said.id, number: said.number, given_name: person.given_name, locale: typed.locale, state: "active", identifiers, balances: {} } };
  } catch (error) {
    if (!(error instanceof Away)) throw knowsBetter(error, person, joins, today);
  }
  mayJoin(person, joins, today); // cut off, by what this page knows of it
  const finds = await Promise.all(identifiers.flatMap((one) => spellings(one, dialling)).map(lookup));
  await areFree(finds);
  const kept = await record("join", person, { cashier: await cashier(), key });
  // Until it is handed in they have no number; their own name stands for them.
  const [first] = identifiers;
  const member = { id: `new-${kept.key}`, number: "", given_name: person.given_name, locale: typed.locale, state: "active", balances: {}, finds, by: { [first.kind]: first.value } };
  // Their wish is recorded: where there is no room left, they are known until the page begins anew.
  await remember(member).catch(() => undefined);
  return { id: member.id, member, offline: true };
}

/** A no of the server that this page would not have said: the program asks something else since. */
function knowsBetter(error, ...asked) {
  if (!JOINING_NO.has(error.code)) return error;
  try {
    mayJoin(...asked);
    error.older = true;
  } catch {
    // This page says no, too.
  }
  return error;
}

const JOINING_NO = new Set(["staff_only", "invitation_needed", "country_closed", "detail_needed", "too_young", "guardian_needed"]);

/** Nobody this device keeps is found by these. Throws Refused where somebody is, counted as the server
 *  counts it; and for whatever name once that was too often. */
async function areFree(finds) {
  await mayAsk(Date.now(), { what: "gives" });
  const taken = await Promise.all(finds.map(known_by));
  if (!taken.some(Boolean)) return;
  await mayAsk(Date.now(), { more: 1, away: 1, what: "gives" });
  throw new Refused(409, { code: "identifier_taken" });
}

/** A name as the snapshot would spell it, so that a newcomer is found again before anybody heard. */
function spellings({ kind, value }, dialling) {
  return meanings(value, dialling).filter(([one]) => one === kind).map((one) => one.join(":"));
}

/** What can be handed over without the network: what is reserved here for this member. */
export async function onlyReserved(memberId) {
  return (await reserved(memberId)).map((one) => ({
    id: one.reward, name: one.name, price: words.reserved, cost: one.price, can: true, reserved: one.redemption_id,
  }));
}

/** A name that was typed is nobody's; only who took over by a PIN is told. */
export async function redeemer() {
  const { id } = await atTill();
  return id.startsWith("staff_") ? id : "";
}

/** Hands a reward over; what is in the way, or nothing. Above the shop's limit a manager says yes by
 *  their PIN: throws Refused with `manager_needed` without one, with `card_needed` where the member has
 *  to prove that they are here, with `price_changed` where it takes another price than was shown. */
export async function handOver(found, offer, manager = {}, currency = "") {
  if (offer.reserved) {
    const key = crypto.randomUUID();
    await record("redeem", { redemption: offer.reserved, reward: offer.id }, { cashier: await cashier(), key, spends: offer.reserved, until: Date.parse(offer.won) || 0 });
    if (!offer.won) return void handIn().catch(() => undefined);
    // Another till may have handed it over meanwhile: whoever stands here hears it, if the server does.
    const result = await handed(key);
    return result?.outcome === "quarantined" ? saying("refused", noOf(result.reason, {}, result.says)) : undefined;
  }
  // Where no answer came it may have been booked all the same: asked again it is the same request,
  // with the same cashier, after a crash too.
  const one = `${found.id} ${offer.id}`;
  const { key, by, card, paid, cost, again } = await asking(one, { key: crypto.randomUUID(), by: await redeemer(), card: found.code, paid: currency, cost: offer.open ? undefined : offer.cost, at: Date.now() });
  try {
    await ask("POST", "/v1/till/redemptions", { member: { id: found.id }, reward: offer.id, cashier: by, ...(card ? { card_code: card } : {}), ...(paid && { currency: paid }), ...(cost && { price: cost }), ...manager }, { key, patience: manager.pin ? 8000 : 4000 });
  } catch (error) {
    if (error instanceof Away) return words.onlyReserved;
    if (error.status < 500 && !(again && isUndecided(error))) await settled(one);
    if (["manager_needed", "pin_wrong", "too_many_tries", "card_needed", "price_changed"].includes(error.code)) throw error;
    return noOf(error.code, error.said?.facts, error.message);
  }
  await settled(one);
  return undefined;
}

// These are said before anything is looked up: of what was asked for earlier they say nothing, and
// it may be paid for. So it stays the same request, until somebody hears what became of it.
const isUndecided = (error) => error.status === 410 || ["manager_needed", "pin_wrong", "too_many_tries"].includes(error.code);
const SAME_MS = 86_400_000; // later they ask for another one

/** What was asked for and not answered, by member and reward: as it was asked first, and `again`. */
const asking = (one, fresh) => within(["device"], "readwrite", async (device) => {
  const had = (await answered(device.get("unanswered"))) ?? {};
  const again = isOpen(had[one]);
  const mine = again ? had[one] : fresh;
  await answered(device.put({ ...had, [one]: mine }, "unanswered"));
  return { ...mine, again };
});

const isOpen = (asked) => asked !== undefined && Math.abs(Date.now() - asked.at) < SAME_MS;

/** Whether this was asked for and nobody heard the answer: it may be paid for, and not handed over. */
export async function isUnanswered(memberId, reward) {
  return isOpen(((await read("device", "unanswered")) ?? {})[`${memberId} ${reward}`]);
}

const settled = (one) => within(["device"], "readwrite", async (device) => {
  const { [one]: _, ...left } = (await answered(device.get("unanswered"))) ?? {};
  await answered(device.put(left, "unanswered"));
});

const SOON_MS = 60_000; // what was just sold may be ahead of a clock that was put right since

/** What was sold here since the store's midnight and was not undone, newest first. */
export async function today() {
  const [at, store] = [await now(), await read("device", "store")];
  const [from, until] = [midnight(at, store?.zone ?? wall.zone), at + SOON_MS];
  const sold = await all("sales"); // of two days, and no more
  return sold.filter((one) => !one.undone && one.at >= from && one.at <= until).sort((one, other) => other.at - one.at);
}

export { known_by };
