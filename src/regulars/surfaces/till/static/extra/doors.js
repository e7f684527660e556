// Events that take place now: whoever stands here is let in with a touch. Without the network nobody
// is: seats are the server's to count, and the page says what to do instead.

import { read, write } from "../keep.js";
import { amountOf, noOf, saying, whenOf, words } from "../say.js";
import { redeemer } from "../serve.js";
import { ask } from "../talk.js";

const CLOCK = { hour: "numeric", minute: "2-digit" };

/** Fills the part of the member's page about events; of `desk`, `line` makes a line of a list. */
export async function fillDoors(here, desk) {
  const { slot, line } = desk;
  const [part, list, away, no, stand] = [slot("doors-part"), slot("doors"), slot("doors-away"), slot("doors-no"), here.stand];
  if (stand.offline || !stand.standing) return fillAway(part, list, away);
  const said = await ask("GET", `/v1/till/members/${here.found.id}/gatherings`, undefined, { patience: 4000 }).catch(() => undefined);
  if (!said) return fillAway(part, list, away);
  await write("device", said.items.map(({ name, from_at, until_at }) => ({ name, from_at, until_at })), "doors");
  if (here.stand !== stand) return undefined;
  part.hidden = !said.items.length;
  away.hidden = true;
  list.replaceChildren(...said.items.map((one) => line(saying("eventAt", one.name, whenOf(one.begins_at, CLOCK)), stateOf(one, desk), one.came_at ? undefined : async () => {
    try {
      await letIn(here, one);
    } catch (error) {
      if (here.stand !== stand) return;
      if (error.code === "manager_needed") return void agrees(here, desk, one);
      no.hidden = false;
      no.querySelector("p").textContent = error.status ? noOf(error.code, error.said?.facts, error.message) : words.doorsAway;
      if (error.code === "price_changed") await fillDoors(here, desk);
      return;
    }
    if (here.stand !== stand) return;
    no.hidden = true;
    await fillDoors(here, desk);
  })));
  return undefined;
}

/** They are here, and have a seat for the points that stood beside it, and for no others. */
const letIn = async (here, one, manager = {}) => ask("POST", `/v1/till/members/${here.found.id}/gatherings/${encodeURIComponent(one.gathering)}/arrive`, { cashier: await redeemer(), price: one.price, ...manager }, { key: crypto.randomUUID(), patience: manager.pin ? 8000 : 4000 });

/** Above the shop's limit a manager says yes by their PIN. */
async function agrees(here, desk, one) {
  here.offer = { id: "", name: one.name, takes: async (manager) => {
    await letIn(here, one, manager);
    await desk.go("member");
  } };
  await desk.go("approve");
}

function stateOf(one, desk) {
  if (one.came_at) return words.isHere;
  if (one.state === "held") return words.letIn;
  if (!one.free) return words.noSeat;
  const takes = Object.entries(one.price).filter(([, units]) => units).map(([id, units]) => amountOf(desk.walletOf(id), units));
  return [saying("seatsFree", one.free), ...takes].join(" · ");
}

/** What to do without the network, where something takes place by what was heard last. */
async function fillAway(part, list, away) {
  const now = Date.now();
  const kept = ((await read("device", "doors")) ?? []).filter((one) => Date.parse(one.from_at) <= now && now <= Date.parse(one.until_at));
  list.replaceChildren();
  part.hidden = away.hidden = !kept.length;
}
