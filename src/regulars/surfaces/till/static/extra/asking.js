// A square on the slip by which whoever was served says how it was; only with the network.

import { ask } from "../talk.js";

/** Puts the square into its place, once it can be printed. Nobody is kept waiting for it: where the shop
 *  asks nothing, or asked not long ago, or nobody answers, the slip is printed without. */
export async function askOnSlip(found, place) {
  place.hidden = true;
  if (!found?.id || found.typed) return;
  const asked = await ask("POST", `/v1/till/members/${found.id}/receipt-survey`, undefined, { patience: 2500 }).catch(() => undefined);
  if (!asked) return;
  const picture = place.querySelector("img");
  picture.src = `data:image/svg+xml,${encodeURIComponent(asked.square)}`;
  await picture.decode().catch(() => undefined);
  place.hidden = false;
}
