// What a member won is kept for them at the counter until it lapses: handed over like what is
// reserved, with the network or without.

import { now } from "../device.js";
import { read } from "../keep.js";
import { words } from "../say.js";

// Without the network it ends earlier: what is recorded near the end is told while it still counts.
const TOLD_WITHIN_MS = 4 * 86_400_000;

/** What they won and this till did not hand over, as offers; soonest to lapse first. */
export async function wonBy({ member, standing, offline }) {
  const [spent, at] = [(await read("device", "spent")) ?? {}, await now()];
  const ends = offline ? at + TOLD_WITHIN_MS : at;
  const kept = (standing ? standing.won : member.won) ?? [];
  return kept
    .filter((one) => !(one.redemption_id in spent) && Date.parse(one.lapses_at) > ends)
    .map((one) => ({ id: one.reward, name: one.name, price: words.wonPrice, cost: {}, can: true, reserved: one.redemption_id, won: one.lapses_at }));
}
