// Who is at the till: taken over by a PIN, left after a while without a touch. The server knows
// the PINs; this device keeps, sealed, what proves one again for as long as it may.

import { bytesOf, now, plain, seal, unseal } from "./device.js";
import { inDigits } from "./extra/typed/phones.js";
import { answered, read, within, write } from "./keep.js";
import { noOf, words } from "./say.js";
import { ask, Away } from "./talk.js";

const ROUNDS = 310_000;
const MOST_WRONG = 5;
const AHEAD_MS = 60_000; // a clock that is put right may go back by a little
const TOLD_MS = 30_000; // as long as there is to stay (WCAG 2.2.1: at least 20 s)

/** Who may take over, as last heard; nobody, and it is worked without a PIN. */
export const cashiers = async () => (await read("device", "cashiers"))?.items ?? [];

/** Hears who may take over; whoever may no more is forgotten here. */
export async function hearCashiers() {
  const said = await ask("GET", "/v1/till/cashiers");
  await write("device", said, "cashiers");
  const pins = (await read("device", "pins")) ?? {};
  const here = new Set(said.items.map((one) => one.id));
  await write("device", Object.fromEntries(Object.entries(pins).filter(([id]) => here.has(id))), "pins");
}

/** Whoever is at the till: `id` stands in what is recorded. */
export async function cashier() {
  const kept = await read("device", "cashier");
  return typeof kept === "string" ? { id: kept, name: kept } : kept ?? { id: "", name: "" };
}

/** Whether somebody has to type a PIN before anything else is done. */
export async function isLocked() {
  const people = await cashiers();
  if (!people.length) return false;
  const one = await cashier();
  // A touch that is still to come was dated by a clock that was wrong.
  const since = (await now()) - (one.at ?? 0);
  return !people.some((other) => other.id === one.id) || since < -AHEAD_MS || since > (await patience());
}

const patience = async () => ((await read("device", "cashiers"))?.lock_minutes ?? 10) * 60_000;

export const lock = () => write("device", { id: "", name: "" }, "cashier");

/** Takes the till over. What is in the way, or nothing. */
export async function unlock(id, typed) {
  const pin = inDigits(typed);
  const one = (await cashiers()).find((other) => other.id === id);
  if (!one) return words.pinWrong;
  try {
    const said = await ask("POST", "/v1/till/cashiers/unlock", { cashier: id, pin }, { patience: 6000 });
    await keepPin(id, pin, said.server_at);
  } catch (error) {
    if (error instanceof Away) {
      const no = await wrongHere(id, pin);
      if (no) return no;
    } else {
      if (error.code === "pin_wrong") await forgetPin(id);
      return { pin_wrong: words.pinWrong, too_many_tries: words.pinOften }[error.code] ?? noOf(error.code, error.said?.facts, error.message);
    }
  }
  await write("device", { ...one, at: await now() }, "cashier");
  return undefined;
}

async function derived(pin, salt) {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveBits"]);
  return plain(await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS }, key, 256));
}

async function keepPin(id, pin, serverAt) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const hours = (await read("device", "cashiers")).good_hours;
  const until = Date.parse(serverAt) + hours * 3_600_000;
  await writePin(id, { salt: plain(salt), proof: await derived(pin, salt), until, wrong: 0 });
}

async function writePin(id, kept) {
  const pins = (await read("device", "pins")) ?? {};
  if (kept) pins[id] = await seal(kept);
  else delete pins[id];
  await write("device", pins, "pins");
}

const forgetPin = (id) => writePin(id, undefined);

/** Without the network: whether this is the PIN that was right lately. A try is written down
 *  before it is compared, so that a reload is no way round the count. */
async function wrongHere(id, pin) {
  const sealed = ((await read("device", "pins")) ?? {})[id];
  const kept = sealed && (await unseal(sealed));
  if (!kept || (await now()) > kept.until || kept.wrong >= MOST_WRONG) {
    await forgetPin(id);
    return words.pinAway;
  }
  await writePin(id, { ...kept, wrong: kept.wrong + 1 });
  if ((await derived(pin, bytesOf(kept.salt))) !== kept.proof) return words.pinWrong;
  await writePin(id, { ...kept, wrong: 0 });
  return undefined;
}

/** Watches for touches: `soon` some time before it locks (and again with nothing), then `locked`. */
export function watch({ soon, locked }) {
  // Since the page began: a clock that is put back keeps no till open. But this one stands still while
  // the device sleeps; so what is written down counts, too, and whichever says first that it is over.
  let touched = performance.now();
  let written = -Infinity;
  const touch = () => {
    touched = performance.now();
    soon(0);
  };
  addEventListener("pointerdown", touch, true);
  addEventListener("keydown", touch, true);
  setInterval(async () => {
    const one = await cashier();
    if (!one.at || !(await cashiers()).length) return;
    const [most, idle] = [await patience(), performance.now() - touched];
    if (idle >= most || (await isLocked())) return locked();
    let { at } = one;
    if (touched - written > 20_000) {
      written = touched;
      at = await stillHere(one, idle);
    }
    const left = most - Math.max(idle, (await now()) - at);
    if (left <= TOLD_MS) soon(Math.ceil(left / 1000));
  }, 1000);
}

/** Whoever is at the till touched it so long ago, and when; not whoever left it meanwhile. */
async function stillHere(one, idle) {
  const at = (await now()) - idle;
  await within(["device"], "readwrite", async (device) => {
    const kept = await answered(device.get("cashier"));
    if (kept?.id === one.id && kept.at === one.at) await answered(device.put({ ...kept, at }, "cashier"));
  });
  return at;
}
