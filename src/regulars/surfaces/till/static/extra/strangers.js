// How often this device looked for somebody nobody knows, or gave a newcomer a name that is taken: as
// many as the server answers, with the network or without. What it counted alone it tells, once.

import { Refused } from "../device.js";
import { answered, read, within } from "../keep.js";

const SPANS = [[600_000, 30], [86_400_000, 300]]; // in ten minutes, and in a day
const fresh = (since) => ({ since, times: 0, away: 0 });

/** Whether this device may ask once more, counted in any case; `more` is what found nobody, or a name that was taken, and
 *  `away` of these without the network. It stays counted when the page is loaded anew; a clock that was
 *  put back begins no new count. Throws Refused for a device that asked for too many. */
export async function mayAsk(now, how = {}) {
  const left = await counting(now, how); // written down before anybody hears of it
  if (left) throw new Refused(429, { code: "too_many_lookups", facts: { retry_after_seconds: left }, away: Boolean(how.away) });
}

/** Counts, and says for how many seconds it was too many already. */
const counting = (now, { more = 0, away = 0, what = "strangers" }) => within(["device"], "readwrite", async (device) => {
  const had = (await answered(device.get(what))) ?? SPANS.map(() => fresh(now));
  const counts = had.map((count, at) => (now - count.since >= SPANS[at][0] ? fresh(now) : count));
  const over = counts.findIndex(({ times }, at) => times >= SPANS[at][1]);
  const left = over >= 0 && (away || !more) ? Math.ceil((counts[over].since + SPANS[over][0] - now) / 1000) : 0;
  if (!more) return left;
  await answered(device.put(counts.map((one) => ({ since: one.since, times: one.times + more, away: (one.away ?? 0) + away })), what));
  if (!away || what !== "strangers") return left;
  const { total, told } = (await answered(device.get("cut-off"))) ?? { total: 0, told: 0 };
  await answered(device.put({ total: total + away, told }, "cut-off"));
  return left;
});

const SLOWER_MS = 50; // by each stranger more than the server answers
const SLOWEST_MS = 2000;
let before = Promise.resolve();

/** Cut off, a device that looked for too many looks again only after a while, one name after the
 *  other: a guest hardly waits, and whoever tries one telephone after another does. */
export async function slowly(now) {
  const counts = (await read("device", "strangers")) ?? [];
  const over = Math.max(0, ...counts.map(({ since, times }, at) => (now - since < SPANS[at][0] ? times - SPANS[at][1] : 0)));
  if (!over) return;
  const mine = before.then(() => new Promise((on) => setTimeout(on, Math.min(SLOWEST_MS, over * SLOWER_MS))));
  before = mine;
  await mine;
}

/** Whom it looked for alone and did not tell yet; nothing where there is nobody. */
export async function untold(now = Date.now()) {
  const { total, told } = (await read("device", "cut-off")) ?? { total: 0, told: 0 };
  if (total === told) return undefined;
  const [lately] = (await read("device", "strangers")) ?? [];
  return { told: total, lately: lately && now - lately.since < SPANS[0][0] ? Math.min(lately.away, total - told) : 0 };
}

/** So many were told, and heard. */
export const wereTold = (told) => within(["device"], "readwrite", async (device) => {
  const had = await answered(device.get("cut-off"));
  await answered(device.put({ ...had, told: Math.max(had.told, told) }, "cut-off"));
});
