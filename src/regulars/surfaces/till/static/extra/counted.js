// What is counted of a member by now: as the snapshot brought it, and what this till gave them since.

import { all, read } from "../keep.js";
import { preview } from "../preview.js";

/** `counted` as the preview takes it; nothing where the device cannot know. `at` says when a sale of
 *  this till happened by the server's clock, `bought` what it was.
 *
 *  `seen` has the last record that was surely in the snapshot (`from`), and the last one that may be
 *  in it (`until`): what this till recorded in between, nobody can say of. */
export async function countedNow(member, { program, version, store }, at, bought) {
  const { counted } = member;
  const seen = await read("device", "seen");
  if (!seen || !counted || counted.version !== version) return undefined;
  const turned = (await read("device", "turned")) ?? {};
  if (turned[member.id] > seen.from) return undefined;
  const mine = (await all("sales")).filter((one) => one.member === member.id && one.sequence > seen.from);
  if (mine.some((one) => one.sequence <= seen.until || wasFollowed(one, mine))) return undefined;
  let now = counted;
  for (const sale of mine.filter((one) => !one.undone).sort((one, other) => one.sequence - other.sequence)) {
    now = preview(program, { activity: bought(sale), at: at(sale), store, member: { ...member, counted: now } }).then;
    if (!now) return undefined;
  }
  return now;
}

/** Whether something was bought between this and its being undone: it was decided with this there. */
const wasFollowed = (sale, others) =>
  sale.undone && others.some((one) => one.sequence > sale.sequence && one.sequence < sale.undone);
