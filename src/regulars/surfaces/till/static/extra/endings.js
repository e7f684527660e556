// What the till says of points that lapse was shown to their member: the notice of it counts as
// shown, and they may lapse. Without the network nothing is said of it, and they live on; that nobody
// answers this is no reason to work without the network.

import { ask } from "../talk.js";

/** What ends next of a wallet stood on the screen, with the network. */
export async function shownToThem(id, wallet, next) {
  const { items } = await ask("GET", `/v1/members/${id}/messages?limit=50`, undefined, { aside: true });
  const kinds = next.because === "inactivity" ? ["idle_notice"] : ["expiry_notice"];
  const told = (one) => one.wallet === wallet && kinds.includes(one.kind) && !one.delivered_at && Date.parse(one.lapses_at) <= Date.parse(next.at);
  await Promise.all(items.filter(told).map((one) => ask("POST", `/v1/messages/${one.id}/delivered`, { by: "till" }, { aside: true })));
}
