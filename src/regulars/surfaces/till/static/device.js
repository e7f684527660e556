// Who this device is: its keys, its token, and records that it signs in a chain.

import { answered, read, within, write } from "./keep.js";

const text = new TextEncoder();

export const plain = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

export function bytesOf(plainText) {
  const raw = atob(plainText.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
}

/** The device as it was paired, or nothing. */
export const identity = () => read("device", "identity");

/** Pairs this device by a code; its private keys never leave it and cannot be exported. */
export async function pair(code, name) {
  const signing = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  const sealing = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const point = await crypto.subtle.exportKey("raw", signing.publicKey);
  const began = Date.now();
  const answer = await fetch("/v1/till/pair", {
    method: "POST",
    headers: { authorization: `Bearer ${code}`, "content-type": "application/json" },
    body: JSON.stringify({ name, public_key: plain(point) }),
  });
  const said = await answer.json();
  if (!answer.ok) throw new Refused(answer.status, said);
  const lookup = await crypto.subtle.importKey("raw", bytesOf(said.lookup_key), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const device = { ...said, signing: signing.privateKey, sealing, lookup };
  await within(["device"], "readwrite", async (kept) => {
    await answered(kept.put(device, "identity"));
    await answered(kept.put({ sequence: 0, previous: said.first_previous }, "chain"));
    await answered(kept.put(heard(said.server_at, began), "clock"));
  });
  return device;
}

/** What the server refused: its status, its code and its words. */
export class Refused extends Error {
  constructor(status, said) {
    super(said?.detail ?? said?.title ?? `${status}`);
    this.status = status;
    this.code = said?.code ?? "";
    this.said = said ?? {};
  }
}

/** What time it is, as far as this device knows: its clock, put right by what it last heard. */
export async function now() {
  const clock = await read("device", "clock");
  if (!clock) return Date.now();
  return Math.max(Date.now() + clock.offset_ms, Date.parse(clock.heard_at));
}

/** How far this device's clock is off, measured on an answer that took from `began` until now. */
export function heard(serverAt, began) {
  const middle = (began + Date.now()) / 2;
  return { offset_ms: Math.round(Date.parse(serverAt) - middle), heard_at: serverAt };
}

let turn = Promise.resolve();
const ALONE = "regulars-till-record";
const pages = new BroadcastChannel(ALONE);
const hearing = new BroadcastChannel(ALONE); // of its own, as who posts does not hear itself

/** Some page of this device recorded something, this one or another. */
export const onRecorded = (listener) => hearing.addEventListener("message", listener);

/** Nothing is recorded by any page of this device while this is done. */
export const alone = (work) => navigator.locks.request(ALONE, work);

/** Records something: signed, chained, durable before this resolves.
 *  Two tabs take turns through a lock; a number is never given twice. */
export function record(kind, content, { cashier = "", key = crypto.randomUUID(), ...about } = {}) {
  const mine = turn.then(() => alone(() => sign(kind, content, cashier, key, about)));
  turn = mine.catch(() => undefined);
  return mine;
}

const LONGEST = 60_000; // what is longer no server takes, and everything behind it would wait for ever

/** `about`: `sale` as the till lists it, `spends` what was reserved (`until` then), `turns` whose purchases it changes. */
async function sign(kind, content, cashier, key, { sale, spends, until = 0, turns }) {
  const [device, chain, clock] = await Promise.all([identity(), read("device", "chain"), read("device", "clock")]);
  const sequence = chain.sequence + 1;
  const said = {
    format: 1, till: device.id, sequence, previous: chain.previous, kind, key,
    device_at: new Date().toISOString(), ...clock, cashier, content,
  };
  const signed = JSON.stringify(said);
  const bytes = text.encode(signed);
  if (bytes.length > LONGEST) throw new RangeError(`${kind}: ${bytes.length} > ${LONGEST}`);
  const signature = plain(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, device.signing, bytes));
  const previous = plain(await crypto.subtle.digest("SHA-256", bytes));
  const kept = { sequence, kind, key, signed, signature, at: await now(), content };
  // With what the till lists as sold, and what it handed over of what was reserved, so that no crash
  // leaves a sale that cannot be undone, or a reward that is handed over twice.
  await within(["records", "device", "sales"], "readwrite", async (records, device, sales) => {
    await answered(records.add(kept));
    if (sale) await answered(sales.put({ sequence, ...(await answered(sales.get(sale.key))), ...sale, ...(sale.undone && { undone: sequence }) }));
    if (turns) await answered(device.put({ ...(await answered(device.get("turned"))), [turns]: sequence }, "turned"));
    if (spends) await answered(device.put({ ...lately(await answered(device.get("spent"))), [spends]: Math.max(Date.now(), until) }, "spent"));
    await answered(device.put({ sequence, previous }, "chain"));
  });
  pages.postMessage(sequence);
  return kept;
}

const RESERVED_MS = 5 * 86_400_000; // no reservation of a till lasts longer; what was won is known until it lapses
const lately = (spent = {}) => Object.fromEntries(Object.entries(spent).filter(([, at]) => Date.now() - at < RESERVED_MS));

/** Members' data lie on this device only sealed; the key cannot be taken out of the browser. */
export async function seal(value) {
  const { sealing } = await identity();
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, sealing, text.encode(JSON.stringify(value)));
  return { iv, sealed };
}

export async function unseal({ iv, sealed }) {
  const { sealing } = await identity();
  return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, sealing, sealed)));
}

/** A name as the snapshot lists it: nobody reads names from it, but who is typed in is found. */
export async function lookup(name) {
  const { lookup: key } = await identity();
  return plain((await crypto.subtle.sign("HMAC", key, text.encode(name))).slice(0, 16));
}

export { write };
