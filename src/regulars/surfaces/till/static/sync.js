// Hands in what was recorded, and keeps the device ready to be cut off.
// A record goes from the device only once the server said what became of it.

import { now, seal, unseal } from "./device.js";
import { all, answered, count, drop, first, read, sift, within, write } from "./keep.js";
import { keepReady } from "./extra/ready.js";
import { untold, wereTold } from "./extra/strangers.js";
import { hearCashiers } from "./lock.js";
import { midnight } from "./say.js";
import { answeredElsewhere, ask, Away, isThere, onChange } from "./talk.js";

const AT_ONCE = 100;
const EVERY_MS = 15_000;
const REMEMBERED = 500;
const listeners = new Set();
let running;

export const onSync = (listener) => listeners.add(listener);
const tell = (what) => {
  for (const listener of listeners) listener(what);
};

export const waiting = () => count("records");

/** The oldest record that was not handed in, when it was made. */
export async function oldest() {
  const [one] = await first("records");
  return one?.at;
}

/** Hands in everything that waits; many who ask at once share one run. Resolves with what became
 *  of each record by its key; throws Away where nobody answers. */
export function handIn() {
  running ??= navigator.locks
    .request("regulars-till-sync", run)
    .finally(() => {
      running = undefined;
    });
  return running;
}

// What another page of this device handed in, this one hears of.
const elsewhere = new Map();
const pages = new BroadcastChannel("regulars-till");
pages.onmessage = ({ data }) => {
  if (data.gone !== undefined) return void forgotten(data.gone);
  if (data.met) return void metElsewhere(data.met);
  for (const [key, result] of data.ended) elsewhere.set(key, result);
  answeredElsewhere();
  tell({ state: data.state, reason: data.reason });
  return undefined;
};

/** What became of one record, once nothing waits; nothing where no page of this device knows. */
export async function became(key) {
  const mine = (await handIn()).get(key);
  if (mine) return mine;
  if ((await all("records")).some((one) => one.key === key)) return (await handIn()).get(key);
  for (let tries = 0; tries < 20 && !elsewhere.has(key); tries++) await new Promise((on) => setTimeout(on, 50));
  return elsewhere.get(key);
}

async function run() {
  const ended = new Map();
  for (;;) {
    const some = await first("records", AT_ONCE);
    const strangers = await untold();
    if (!some.length && !strangers) return ended;
    const sent = { records: some.map(({ signed, signature }) => ({ signed, signature })), ...(strangers && { strangers }) };
    const said = await ask("POST", "/v1/till/records", sent, { patience: 20_000 });
    if (strangers) await wereTold(strangers.told);
    const left = some.length;
    await keepResults(some, said, ended);
    tell({ state: said.state, reason: said.reason });
    if (left && [...ended.values()].filter((one) => one.outcome === "taken").length === left) throw new Away();
  }
}

async function keepResults(some, said, ended) {
  await within(["records", "notes", "device", "sales"], "readwrite", async (records, notes, device, sales) => {
    for (const [place, result] of said.results.entries()) {
      const mine = some[place];
      ended.set(mine.key, result);
      // What is still on its way there is told again; everything else is kept by the server now.
      if (result.outcome === "taken") continue;
      if (result.outcome === "quarantined") {
        // No sale of this till: by its receipt somebody else's purchase would be taken back.
        await answered(sales.delete(mine.key));
        await answered(notes.put({ id: result.id, kind: mine.kind, says: result.says, reason: result.reason, at: mine.at })); // and nothing of whom it was about
      }
      await answered(records.delete(mine.sequence));
    }
    await answered(device.put(said.state, "state"));
  });
  pages.postMessage({ ended: [...ended], state: said.state, reason: said.reason });
}

/** Brings program, reservations and the members seen lately up to date; one page of a device at a time. */
export const refresh = () => navigator.locks.request("regulars-till-refresh", hear);

async function hear() {
  await forgetWhom();
  const [had, chain] = [await read("device", "program"), await read("device", "chain")];
  // What is counted of members is all that this till recorded only where nothing of it waits.
  const whole = !(await waiting()) || (await handIn().then(() => true, () => false));
  await forgetSales(); // whoever answers or does not
  await write("device", undefined, "seen"); // should this end half way, the device does not know
  let since = await read("device", "since");
  const [noted, met] = [await keysOf("notes"), []];
  let cursor;
  let begun;
  await unsealAll();
  do {
    const query = new URLSearchParams();
    if (had) query.set("version", had.version);
    if (since) query.set("since", since);
    if (cursor) query.set("cursor", cursor);
    const said = await ask("GET", `/v1/till/snapshot?${query}`, undefined, { patience: 20_000 }).catch(atRest);
    begun ??= said;
    if (said === begun) await forget(said.gone);
    for (const member of said.members) await keep(member);
    met.push(...said.members.map(({ id }) => id));
    if (said.members.length) pages.postMessage({ met: said.members.map(({ id }) => id) });
    cursor = said.next_cursor;
    if (since && (begun.program || begun.gone === null)) {
      // By other rules other things are counted of everybody; or nobody is kept any more.
      since = cursor = undefined;
      met.length = 0;
      continue;
    }
    if (!cursor || met.length >= REMEMBERED) break;
  } while (true);
  if (begun.program) await write("device", { version: begun.version, program: begun.program }, "program");
  await write("device", begun.offline, "offline");
  await write("device", { code: begun.store, name: begun.store_name, zone: begun.zone }, "store");
  await write("device", begun.server_at, "since");
  await write("device", begun.state, "state");
  if (whole) await write("device", { from: chain.sequence, until: (await read("device", "chain")).sequence }, "seen");
  const turned = Object.entries((await read("device", "turned")) ?? {});
  await write("device", Object.fromEntries(turned.filter(([, sequence]) => sequence > chain.sequence)), "turned");
  await forgetOldest();
  await forgetSettled(noted, begun.unsettled);
  await hearCashiers();
  tell({ state: begun.state });
  await keepReady().catch(() => undefined); // the till works without; the next time it tries again
}

/** Suspended or unpaired: kept, so that a reload knows it, too. A device whose key is gone forgets
 *  everybody; what it recorded stays. */
async function atRest(error) {
  if (error.status === 401 && error.code === "unauthorized") {
    // Its key opens nothing any more: whoever this device kept is nobody's to see here.
    await forget(null);
    await write("device", "unpaired", "state");
    tell({ state: "unpaired", reason: "" });
  }
  if (error.status === 410) {
    const { state = "suspended", reason = "" } = error.said;
    await write("device", state, "state");
    tell({ state, reason });
  }
  throw error;
}

const keysOf = (store) => within([store], "readonly", (one) => answered(one.getAllKeys()));

/** Whom the shop keeps no more the device does not keep either, in no page of it; null is everybody. */
async function forget(gone = []) {
  for (const id of gone ?? (await keysOf("members"))) await drop("members", id);
  if (gone?.length !== 0) pages.postMessage({ gone });
  await forgotten(gone);
}

async function forgotten(gone) {
  await unsealAll(); // what is being read is there by then, and goes, too
  if (gone === null) return known.clear();
  const ids = new Set(gone);
  for (const [name, one] of known) if (ids.has(one.id)) known.delete(name);
  return undefined;
}

/** Another page of this device heard of them: they stand here as they stand there. */
async function metElsewhere(ids) {
  await unsealAll();
  for (const id of ids) {
    const kept = await read("members", id);
    const member = kept && (await unseal(kept));
    // Whoever was erased while this was read stays away.
    if (member && (await read("members", id))) know(member);
  }
}

/** What the office settled meanwhile is listed here no more; what came up since is not told of yet. */
async function forgetSettled(noted, unsettled) {
  if (!unsettled) return;
  const open = new Set(unsettled);
  for (const id of noted) if (!open.has(id)) await drop("notes", id);
}

const DAY_MS = 86_400_000;

/** Sales of before yesterday, and of a day that is still to come, once they were handed in. */
async function forgetSales() {
  const zone = (await read("device", "store"))?.zone;
  if (!zone) return; // nobody told this till anything yet
  const [at, waits] = [await now(), (await first("records"))[0]?.sequence ?? Infinity];
  const since = midnight(midnight(at, zone) - DAY_MS / 2, zone);
  await sift("sales", (one) => (one.at < since || one.at > at + DAY_MS) && one.sequence < waits && !(one.undone >= waits));
}

/** A device of before kept with its notes what was recorded, and so of whom they are. */
const forgetWhom = () => within(["notes"], "readwrite", async (notes) => {
  for (const { content, ...left } of await answered(notes.getAll())) if (content !== undefined) notes.put(left);
});

async function forgetOldest() {
  const seen = await within(["members"], "readonly", async (one) => {
    const [names, kept] = [await answered(one.getAllKeys()), await answered(one.getAll())];
    return names.map((id, place) => ({ id, at: kept[place].at }));
  });
  const gone = seen.sort((one, other) => other.at - one.at).slice(REMEMBERED);
  for (const { id } of gone) await drop("members", id);
}

const known = new Map(); // digest of a name → member, unsealed once for this page

/** Keeps a member for when the network is gone; the oldest of too many goes. */
export async function remember(member) {
  await keep(member);
  pages.postMessage({ met: [member.id] });
}

async function keep(member) {
  know(member);
  await write("members", { ...(await seal(member)), at: Date.now() }, member.id);
}

/** By all they are found by now, and by nothing they were found by before. */
function know(member) {
  for (const digest of known.get(member.id)?.finds ?? []) if (known.get(digest)?.id === member.id) known.delete(digest);
  for (const digest of [...(member.finds ?? []), member.id]) known.set(digest, member);
}

/** Members by the digest of any of their names. */
export async function known_by(digest) {
  await unsealAll();
  return known.get(digest);
}

export async function kept(id) {
  return known_by(id);
}

/** Members whose first name begins like this, of those the device keeps. */
export async function named(begins) {
  await unsealAll();
  const wanted = begins.toLocaleLowerCase();
  const found = [...known].filter(([id, one]) => id === one.id && one.given_name.toLocaleLowerCase().startsWith(wanted));
  return found.map(([, one]) => one).slice(0, 20);
}

let unsealing; // once for this page; what is met later is known as it comes
function unsealAll() {
  unsealing ??= (async () => {
    for (const one of await all("members")) {
      const member = await unseal(one);
      for (const digest of [...(member.finds ?? []), member.id]) if (!known.has(digest)) known.set(digest, member);
    }
  })();
  return unsealing;
}

/** What is reserved at this till for a member, and can be handed over without the network. */
export async function reserved(memberId) {
  const [held, spent] = [(await read("device", "offline")) ?? [], (await read("device", "spent")) ?? {}];
  const at = await now();
  // The server lists it until it heard of it; what was handed over here is over all the same.
  return held.filter((one) => one.member_id === memberId && !(one.redemption_id in spent) && Date.parse(one.spend_until) > at);
}

/** Goes on by itself: hands in while something waits, refreshes now and then. */
export function keepGoing() {
  const step = async () => {
    try {
      if ((await waiting()) || (await untold())) tell({ handed: (await handIn()).size });
      else if (!isThere()) await ask("GET", "/healthz");
    } catch {
      // Nobody answers; what waits is kept and told again.
    }
  };
  setInterval(step, EVERY_MS);
  setInterval(() => void refresh().catch(() => undefined), 20 * EVERY_MS);
  addEventListener("online", () => void step());
  onChange((now) => now && void step());
  void step();
}

export { drop };
