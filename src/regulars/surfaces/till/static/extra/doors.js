// Events that take place now: whoever stands here is let in with a touch. Without the network nobody
// is: seats are the server's to count, and the page says what to do instead.

import { read, write } from "../keep.js";
import { noOf, saying, whenOf, words } from "../say.js";
import { redeemer } from "../serve.js";
import { ask } from "../talk.js";

const CLOCK = { hour: "numeric", minute: "2-digit" };

/** Fills the part of the member's page about events; `line` makes a line of a list. */
export async function fillDoors(here, slot, line) {
  const [part, list, away, no, stand] = [slot("doors-part"), slot("doors"), slot("doors-away"), slot("doors-no"), here.stand];
  if (stand.offline || !stand.standing) return fillAway(part, list, away);
  const said = await ask("GET", `/v1/till/members/${here.found.id}/gatherings`, undefined, { patience: 4000 }).catch(() => undefined);
  if (!said) return fillAway(part, list, away);
  await write("device", said.items.map(({ name, from_at, until_at }) => ({ name, from_at, until_at })), "doors");
  if (here.stand !== stand) return undefined;
  part.hidden = !said.items.length;
  away.hidden = true;
  list.replaceChildren(...said.items.map((one) => line(saying("eventAt", one.name, whenOf(one.begins_at, CLOCK)), stateOf(one), one.came_at ? undefined : async () => {
    try {
      await ask("POST", `/v1/till/members/${here.found.id}/gatherings/${encodeURIComponent(one.gathering)}/arrive`, { cashier: await redeemer() }, { key: crypto.randomUUID() });
    } catch (error) {
      if (here.stand !== stand) return;
      no.hidden = false;
      no.querySelector("p").textContent = error.status ? noOf(error.code, error.said?.facts, error.message) : words.doorsAway;
      return;
    }
    if (here.stand !== stand) return;
    no.hidden = true;
    await fillDoors(here, slot, line);
  })));
  return undefined;
}

function stateOf(one) {
  if (one.came_at) return words.isHere;
  if (one.state === "held") return words.letIn;
  return one.free ? saying("seatsFree", one.free) : words.noSeat;
}

/** What to do without the network, where something takes place by what was heard last. */
async function fillAway(part, list, away) {
  const now = Date.now();
  const kept = ((await read("device", "doors")) ?? []).filter((one) => Date.parse(one.from_at) <= now && now <= Date.parse(one.until_at));
  list.replaceChildren();
  part.hidden = away.hidden = !kept.length;
}
