// What a program asks of whoever joins, as the page knows it: what was told of it, and what is missing.
// The server says it, too; without the network this keeps nobody waiting for a no that is known by now.

import { Refused } from "../../device.js";
import { meanings } from "../../find.js";
import { isNumber } from "./phones.js";

/** What was typed into the form beside how they are found; nothing where nobody is asked. */
export function told(typed, asks, dialling) {
  if (!asks) return {};
  const said = (name) => (typed[name] ?? "").trim();
  const attributes = Object.fromEntries(asks.needs.map((one) => [one, said(`need-${one}`)]).filter(([, value]) => value));
  const [guardian, friend] = [who(said("guardian"), dialling), who(said("friend"), dialling)];
  return {
    ...(asks.birthday && said("birthday") && { birthday: said("birthday") }),
    ...(asks.countries.length && { country: said("country") }),
    ...(asks.needs.length && { attributes }),
    ...(asks.guardian && guardian && { guardian }),
    ...(asks.by === "invitation" && friend && { invited_by: friend }),
  };
}

/** A member by their number, else by what else was typed. */
function who(typed, dialling) {
  if (!typed) return undefined;
  const [kind, value] = meanings(typed, dialling).find(([one, said]) => one !== "number" || isNumber(said));
  return { [kind]: value };
}

/** Throws Refused with why they may not join, in the server's order; `today` is the shop's day. */
export function mayJoin(person, asks, today) {
  if (!asks) return;
  const no = (code, facts = {}) => { throw new Refused(422, { code, facts }); };
  if (asks.by === "staff" && !person.actor) no("staff_only");
  if (asks.by === "invitation" && !person.invited_by) no("invitation_needed");
  if (asks.countries.length && !asks.countries.some(([code]) => code === person.country)) no("country_closed");
  const needs = asks.needs.filter((one) => !person.attributes[one]);
  if (asks.birthday && !person.birthday) needs.push("birthday");
  if (needs.length) no("detail_needed", { needs });
  if (!asks.birthday) return;
  const age = ageOn(today, person.birthday);
  if (asks.minimum_age && age < asks.minimum_age) no("too_young", { minimum_age: asks.minimum_age });
  if (asks.guardian && age < asks.of_age && !person.guardian) no("guardian_needed", { of_age: asks.of_age });
}

/** Whole years; who was born on 29 February has their birthday on 1 March in common years. */
const ageOn = (today, born) => Number(today.slice(0, 4)) - Number(born.slice(0, 4)) - (today.slice(5) < born.slice(5) ? 1 : 0);
