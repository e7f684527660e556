// Who stands at the counter: by telephone, card, number or another name; with the network or without.

import { lookup } from "./device.js";
import { international, joined } from "./extra/typed/phones.js";
import { mayAsk, slowly } from "./extra/strangers.js";
import { known_by, named, remember } from "./sync.js";
import { ask, Away } from "./talk.js";

const QUICK_MS = 2500;

/** What was typed or scanned could be: a telephone, a number of ours, a card, another's id. */
export function meanings(typed, dialling) {
  const text = typed.trim();
  const digits = joined(text);
  if (text.includes("@")) return [["email", text.toLowerCase()]];
  const found = [];
  if (/^\+?\d{6,15}$/.test(digits)) {
    if (/^\d{12}$/.test(digits)) found.push(["number", digits]);
    const phone = international(digits, dialling);
    if (phone) found.push(["phone", phone]);
  }
  found.push(["number", digits], ["card", text], ["external", text]);
  return found;
}

const CARD = /^RG1:[A-Z2-7]{40}$/;
const SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Whether this is the changing code of a card. */
export const isCard = (typed) => CARD.test(typed.trim());

/** Whose card a code says it is (RFC 4648, base32); whether it is so, only the server knows. */
export function whoseCard(code) {
  const bits = [...code.slice(4)].map((sign) => SIGNS.indexOf(sign).toString(2).padStart(5, "0")).join("");
  const bytes = Array.from({ length: 16 }, (_, at) => parseInt(bits.slice(8 * at, 8 * at + 8), 2));
  return `mem_${bytes.map((one) => one.toString(16).padStart(2, "0")).join("")}`;
}

/** Somebody of whom this device knows nothing: they collect all the same, and whose it is the server
 *  says once it hears of it. */
const stranger = (id, more) => ({ id, member: { id, number: "", given_name: "", locale: "", state: "active", balances: {} }, offline: true, unseen: true, ...more });

/** Whoever is meant by what was typed, without the network and not kept here. What they are called
 *  meanwhile says nothing of it: it is kept on the device, unsealed, and handed in nowhere. */
export const unseen = (typed) => stranger(`unseen-${crypto.randomUUID()}`, { typed });

const LONGEST = 200; // what is longer the server reads in no record

/** Whether this can be a telephone, a number or a card at all. */
export const canBe = (typed) => [...typed].length <= LONGEST;

/** The member who shows the changing code of their card: proved with the network, else as the code
 *  itself says. Throws Refused for a code that was taken, or is none of now. */
async function byCard(code) {
  try {
    const { member_id: id } = await ask("POST", "/v1/till/cards", { code }, { key: crypto.randomUUID() });
    return { id, member: { id }, offline: false, proved: true, code };
  } catch (error) {
    if (!(error instanceof Away)) throw error;
  }
  const id = whoseCard(code);
  const member = await known_by(id);
  return member ? { id: member.id, member, offline: true } : stranger(id);
}

/** The member, or nothing. `offline` says that only the device was asked: whom it keeps it finds
 *  however many strangers came before. */
export const find = async (typed, dialling) => (await search(typed, dialling)).found;

/** `found` as `find` has it; `away` says that nobody but the device was asked, whoever answers by now. */
export async function search(typed, dialling) {
  if (isCard(typed)) return { found: await byCard(typed.trim()), away: false };
  try {
    const query = new URLSearchParams({ typed: typed.trim().slice(0, 200) });
    const { items: [one] } = await ask("GET", `/v1/till/members?${query}`, undefined, { patience: QUICK_MS });
    if (!one) await mayAsk(Date.now(), { more: 1 }); // so that the network gone is no new count
    return { found: one && { id: one.id, member: one, offline: false }, away: false };
  } catch (error) {
    if (!(error instanceof Away)) throw error;
  }
  await slowly(Date.now());
  for (const [kind, value] of meanings(typed, dialling)) {
    const member = await known_by(await lookup(`${kind}:${value}`));
    if (member) return { found: { id: member.id, member, offline: true }, away: true };
  }
  await mayAsk(Date.now(), { more: 1, away: 1 });
  return { found: undefined, away: true };
}

/** Members by how a name begins: first name and the last four digits, no more. */
export async function byName(begins) {
  try {
    const said = await ask("GET", `/v1/members?${new URLSearchParams({ name: begins, limit: 20 })}`);
    return said.items.map((one) => ({
      id: one.id,
      given_name: one.given_name,
      ends: (one.identifiers.find((name) => name.kind === "phone")?.value ?? one.number).slice(-4),
    }));
  } catch (error) {
    if (!(error instanceof Away)) throw error;
    return (await named(begins)).map((one) => ({ id: one.id, given_name: one.given_name, ends: one.phone_ends || one.number.slice(-4) }));
  }
}

/** Where they stand now; without the network as the device last heard. */
export async function stands(found) {
  try {
    if (found.typed) throw new Away(); // whose it is, is asked of what was typed, not of an id
    if (found.member.by) Object.assign(found, await known(found));
    // Who was found by name is known by first name and four digits only.
    if (!found.member.identifiers) found.member = await ask("GET", `/v1/members/${found.id}`);
    const standing = await ask("GET", `/v1/members/${found.id}/standing`);
    const member = { ...(await known_by(found.id)), ...(await brief(found.member, standing)) };
    await remember(member).catch(() => undefined); // a device that is full serves whoever stands here all the same
    delete found.unseen;
    return { member, standing, offline: false };
  } catch (error) {
    if (!(error instanceof Away)) throw error;
    const member = (await known_by(found.id)) ?? found.member;
    return { member, standing: undefined, offline: true };
  }
}

/** Somebody who joined without the network, as the server knows them once it was told. */
async function known(found) {
  const said = await ask("GET", `/v1/members?${new URLSearchParams(found.member.by)}`);
  if (!said.items.length) throw new Away();
  return { id: said.items[0].id, member: said.items[0] };
}

async function brief(member, standing) {
  const names = member.identifiers ?? [];
  return {
    ...(names.length && { finds: await Promise.all(names.map((one) => lookup(`${one.kind}:${one.value}`))) }),
    id: member.id,
    number: member.number,
    given_name: member.given_name,
    locale: member.locale ?? "",
    state: member.state,
    tier: standing.tier?.id ?? null,
    balances: Object.fromEntries(Object.entries(standing.wallets).map(([name, one]) => [name, one.available])),
    rewards: standing.rewards.filter((one) => one.available).map((one) => one.reward),
    won: standing.won,
  };
}
