// Keeps the till ready to be cut off: for who was greeted today something is reserved that it may
// then hand over, and what nobody came for is given back.

import { now } from "../device.js";
import { answered, read, within, write } from "../keep.js";
import { kept, waiting } from "../sync.js";
import { ask } from "../talk.js";

const GREETED_MS = 86_400_000;
const AT_ONCE = 50;

/** Somebody known stood here, with the network. */
export const greet = (id) =>
  within(["device"], "readwrite", async (device) => {
    const had = (await answered(device.get("greeted"))) ?? {};
    await answered(device.put({ ...lately(had), [id]: Date.now() }, "greeted"));
  });

const lately = (greeted) => Object.fromEntries(Object.entries(greeted).filter(([, at]) => Math.abs(Date.now() - at) < GREETED_MS));

/** Gives back what is over and reserves anew; not while something waits to be handed in, since the
 *  server does not know yet what of it was handed over. Two pages of a device take turns. */
export const keepReady = () =>
  navigator.locks.request("regulars-till-ready", async () => {
    if (await waiting()) return;
    await giveBack();
    await reserve();
  });

async function giveBack() {
  const [held, spent, at] = [(await read("device", "offline")) ?? [], (await read("device", "spent")) ?? {}, await now()];
  const over = held.filter((one) => Date.parse(one.spend_until) <= at && !(one.redemption_id in spent)).map((one) => one.redemption_id);
  if (!over.length) return; // none said would be all of them
  await ask("POST", "/v1/till/allowances/release", { redemptions: over });
  await write("device", held.filter((one) => !over.includes(one.redemption_id)), "offline");
}

async function reserve() {
  const [held, greeted] = [(await read("device", "offline")) ?? [], lately((await read("device", "greeted")) ?? {})];
  const wanted = [];
  for (const [id] of Object.entries(greeted).sort(([, one], [, other]) => other - one)) {
    if (held.some((one) => one.member_id === id) || !(await kept(id))?.rewards?.length) continue;
    if (wanted.push({ id }) === AT_ONCE) break;
  }
  if (!wanted.length) return;
  const { items } = await ask("POST", "/v1/till/allowances", { members: wanted }, { patience: 8_000 });
  const made = items.filter((one) => one.redemption_id);
  if (made.length) await write("device", [...held, ...made], "offline");
}

/** Before a device is no till any more: nothing stays reserved at it. */
export const releaseAll = () => ask("POST", "/v1/till/allowances/release", {});
