// What is counted of a member by now: as the snapshot brought it, and what this till gave them since.

import { all, read } from "../keep.js";
import { preview } from "../preview.js";

/** `{counted, moved}` as the preview takes it. `counted` is nothing where the device cannot know. `at` says when a sale of
 *  this till happened by the server's clock, `bought` what it was.
 *
 *  `seen` has the last record that was surely in the snapshot (`from`), and the last one that may be
 *  in it (`until`): what this till recorded in between, nobody can say of. `moved` says where their
 *  tier may be by now: "up" after what they bought here, "anywhere" after what came back. */
export async function standsNow(member, had, at, bought) {
  const seen = await read("device", "seen");
  const turned = (await read("device", "turned")) ?? {};
  if (!seen || turned[member.id] > seen.from) return { moved: "anywhere" };
  const mine = (await all("sales")).filter((one) => one.member === member.id && one.sequence > seen.from);
  const moved = mine.some((one) => !one.undone) ? "up" : undefined;
  return { counted: countedNow(member, had, seen, mine, at, bought), moved };
}

function countedNow(member, { program, version, store }, seen, mine, at, bought) {
  const { counted } = member;
  if (!counted || counted.version !== version) return undefined;
  // What another currency counted, nobody said here.
  if (mine.some((one) => one.currency && !one.undone)) return undefined;
  if (mine.some((one) => one.sequence <= seen.until || wasFollowed(one, mine))) return undefined;
  let [now, moved] = [counted, undefined];
  for (const sale of mine.filter((one) => !one.undone).sort((one, other) => one.sequence - other.sequence)) {
    now = preview(program, { activity: bought(sale), at: at(sale), store, member: { ...member, counted: now, moved } }).then;
    if (!now) return undefined;
    moved = "up";
  }
  return now;
}

/** Whether something was bought between this and its being undone: it was decided with this there. */
const wasFollowed = (sale, others) =>
  sale.undone && others.some((one) => one.sequence > sale.sequence && one.sequence < sale.undone);
