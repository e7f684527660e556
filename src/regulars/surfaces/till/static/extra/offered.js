// What whoever stands here was offered, and a touch by which they take it up; only with the network.

import { ask } from "../talk.js";
import { saying, words } from "../say.js";

/** What they were offered, in the words they read: with `take` where it waits to be activated. Without
 *  the network, or for who joined without it, nothing. */
export async function offeredTo({ found, stand }, language) {
  if (stand.offline || !stand.standing) return [];
  const { items } = await ask("GET", `/v1/till/members/${found.id}/offers`, undefined, { patience: 2500 }).catch(() => ({ items: [] }));
  return items.filter((one) => !one.used_up).map((one) => ({
    says: one.says[language] ?? Object.values(one.says)[0],
    until: lastOf(one.until_on),
    take: one.state === "offered" ? () => ask("POST", `/v1/till/members/${found.id}/offers/${one.code}/activate`, undefined, {}) : undefined,
  }));
}

/** The last day of it, as a day of the calendar: it is over when the day after begins. */
function lastOf(day) {
  const [year, month, date] = day.split("-").map(Number);
  return new Intl.DateTimeFormat(document.documentElement.lang, { day: "numeric", month: "short", timeZone: "UTC" }).format(new Date(Date.UTC(year, month - 1, date - 1)));
}

/** Fills the part of the page about them; `line` makes a line of a list. */
export async function fillOffered(here, slot, line) {
  const [part, place, stand] = [slot("offered-part"), slot("offered"), here.stand];
  const list = await offeredTo(here, document.documentElement.lang);
  if (here.stand !== stand) return;
  part.hidden = !list.length;
  place.replaceChildren(...list.map((one) => line(one.says, one.take ? words.takeUp : saying("until", one.until), one.take && (async () => {
    await one.take().catch(() => undefined);
    if (here.stand === stand) await fillOffered(here, slot, line);
  }))));
}
