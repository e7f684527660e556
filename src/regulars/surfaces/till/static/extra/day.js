// Somebody's day: a birthday to greet, and what is booked, used and booked anew at this counter.

import { apart, noOf, saying, shopSays, whenOf, words } from "../say.js";
import { redeemer } from "../serve.js";
import { ask } from "../talk.js";

const AT = { weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit" };
const CLOCK = { hour: "numeric", minute: "2-digit" };

/** The screens of what is included and booked; `desk` is what every screen of the till has. */
export function day(desk) {
  const { go, here, line, main, refuse, slot, toast, trying } = desk;
  const mine = {}; // which appointment is looked at, what is used or booked, from which day on

  /** What the server says of today for whoever stands here; nothing once somebody else does. */
  async function heard() {
    const { found, stand } = here;
    const said = await ask("GET", `/v1/till/members/${found.id}/day`, undefined, { patience: 4000 });
    if (here.stand !== stand) return undefined;
    here.day = said;
    return said;
  }

  /** Fills the member's screen: nobody waits for it, and without the network there is none of it. */
  async function greet() {
    here.day = undefined;
    if (here.stand.offline) return;
    const parts = ["birthday", "booked-today", "included-link", "associates"].map((name) => slot(name));
    const said = await heard().catch(() => undefined);
    if (!said) return;
    const [birthday, today, link, associates] = parts;
    associates.hidden = !said.associates.length;
    slot("associates-list", associates).replaceChildren(...said.associates.map((one) => line(one.who, one.name)));
    const rules = said.birthday_rules.map((id) => shopSays(id)).filter(Boolean);
    const near = rules.length || said.included.some((one) => one.around);
    if (said.birthday || near) {
      birthday.hidden = false;
      slot("birthday-says", birthday).textContent = said.birthday ? words.birthday : words.birthdayNear;
      const gifts = said.included.filter((one) => one.for_birthday && !one.booked);
      slot("birthday-list", birthday).replaceChildren(...rules.map((one) => line(one, "")), ...gifts.map((one) => line(one.name, words.handOver, () => uses(one))));
    }
    const now = said.appointments.filter((one) => one.today);
    today.hidden = !now.length;
    slot("booked-today-list", today).replaceChildren(...now.map((one) => booked(one, CLOCK)));
    link.hidden = !said.included.length && !said.appointments.length && !said.waits.length;
  }

  function booked(one, how) {
    const left = apart(one.name) + (one.guests ? ` ${saying("withGuests", one.guests)}` : "");
    const right = one.came_at ? words.came : apart(whenOf(one.from_at, how));
    return line(left, right, () => opens(one));
  }

  function opens(one) {
    mine.booking = one;
    void go("booking");
  }

  function uses(one, moves) {
    Object.assign(mine, { use: one, moves, on: "", key: crypto.randomUUID() });
    void go("use");
  }

  async function fillIncluded() {
    slot("who").textContent = desk.helloOf(here.stand.member);
    const lists = ["booked", "uses", "books", "waits"].map((name) => [slot(`${name}-part`), slot(name)]);
    const said = await heard();
    if (!said || main.dataset.screen !== "included") return;
    const found = [
      said.appointments.map((one) => booked(one, AT)),
      said.included.filter((one) => !one.booked).map((one) => line(one.name, one.left === null ? "" : saying("usesLeft", one.left), () => uses(one))),
      said.included.filter((one) => one.booked).map((one) => line(one.name, words.chooseTime, () => uses(one))),
      said.waits.map((one) => line(one.name, one.why === "not_birthday" ? words.aroundBirthday : words.noBirthday)),
    ];
    for (const [place, [part, list]] of lists.entries()) {
      part.hidden = !found[place].length;
      list.replaceChildren(...found[place]);
    }
    slot("nothing").hidden = found.some((one) => one.length);
  }

  function fillBooking() {
    const one = mine.booking;
    slot("name").textContent = one.name;
    slot("when").textContent = apart(whenOf(one.from_at, AT));
    slot("came").hidden = !one.came_at;
    slot("elsewhere").hidden = one.may.length > 0 || Boolean(one.came_at);
    for (const button of main.querySelectorAll("[data-may]")) button.hidden = !one.may.includes(button.dataset.may);
  }

  /** What becomes of the appointment that is looked at. */
  async function changes(what, says) {
    const one = mine.booking;
    await ask("POST", `/v1/till/uses/${one.id}`, { do: what, cashier: await redeemer() }, { key: crypto.randomUUID() });
    toast(saying(says, one.name));
    await go("included");
  }

  async function fillUse() {
    const { use, moves } = mine;
    slot("name").textContent = use.name;
    slot("moves").hidden = !moves;
    if (moves) slot("moves").textContent = saying("movesFrom", apart(whenOf(moves.from_at, AT)));
    const told = moves ? [] : use.needs;
    slot("needs").replaceChildren(...told.map((name, place) => field(name, `tell-${place}`, name)));
    slot("guests-part").hidden = Boolean(moves) || !use.guests;
    slot("times-part").hidden = !use.booked;
    for (const button of main.querySelectorAll("[data-sure-to]")) button.hidden = button.dataset.sureTo !== (moves ? "move" : use.booked ? "book" : "use");
    if (use.booked) await fillTimes();
  }

  function field(name, id, label) {
    const box = Object.assign(document.createElement("div"), { className: "field" });
    const said = Object.assign(document.createElement("label"), { htmlFor: id, textContent: label });
    const input = Object.assign(document.createElement("input"), { id, name: `tell_${name}`, className: "input", required: true, maxLength: 200, autocomplete: "off" });
    box.append(said, input);
    return box;
  }

  /** The times of a week, by their days; full ones are seen and cannot be chosen. */
  async function fillTimes() {
    const [place, { use }] = [slot("times"), mine];
    const found = await ask("GET", `/v1/till/times?${new URLSearchParams({ benefit: use.benefit, ...(mine.on && { on: mine.on }) })}`);
    if (mine.use !== use || slot("times") !== place) return;
    mine.next = found.until_on;
    const days = new Map();
    for (const one of found.items) {
      const name = whenOf(one.from_at, { weekday: "long", day: "numeric", month: "long" });
      days.set(name, [...(days.get(name) ?? []), one]);
    }
    place.replaceChildren(...[...days].map(([name, times], at) => dayOf(name, times, at === 0)));
    slot("no-times").hidden = days.size > 0;
  }

  function dayOf(name, times, open) {
    const box = Object.assign(document.createElement("details"), { open });
    const grid = Object.assign(document.createElement("div"), { className: "times", role: "group", ariaLabel: name });
    box.append(Object.assign(document.createElement("summary"), { textContent: name, className: "strong" }), grid);
    grid.append(...times.map(timeOf));
    return box;
  }

  function timeOf(one) {
    const label = Object.assign(document.createElement("label"), { className: "choice who" });
    const radio = Object.assign(document.createElement("input"), { type: "radio", name: "time", value: one.from_at, disabled: !one.left });
    const says = document.createElement("span");
    const left = Object.assign(document.createElement("span"), { className: "soft small", textContent: one.left ? saying("placesLeft", one.left) : words.full });
    says.append(Object.assign(document.createElement("span"), { className: "strong number at", textContent: whenOf(one.from_at, CLOCK) }), left);
    label.append(radio, says);
    return label;
  }

  /** Uses it, books it or moves it. Where no answer came it is the same request when asked again. */
  async function does(form) {
    const { use, moves, key } = mine;
    const at = form.get("time");
    if (use.booked && !at) return refuse(words.chooseTime);
    const by = await redeemer();
    const guests = (form.get("guests") ?? "").split(",").map((one) => one.trim()).filter(Boolean);
    const details = Object.fromEntries(use.needs.filter((one) => form.get(`tell_${one}`)).map((one) => [one, form.get(`tell_${one}`).trim()]));
    const [path, sent] = moves
      ? [`/v1/till/uses/${moves.id}`, { do: "move", from_at: at, cashier: by }]
      : ["/v1/till/uses", { member: { id: here.found.id }, benefit: use.benefit, guests, details, cashier: by, ...(at && { from_at: at }) }];
    try {
      await ask("POST", path, sent, { key });
    } catch (error) {
      if (error.status < 500) mine.key = crypto.randomUUID();
      if (error.status < 500 && use.booked) await fillTimes().catch(() => undefined); // it went meanwhile
      throw error;
    }
    const says = at ? saying(moves ? "moved" : "bookedAt", apart(use.name), apart(whenOf(at, AT))) : saying("handed", use.name);
    await desk.meet(here.found);
    toast(says);
    return undefined;
  }

  const taps = {
    came: () => trying(() => changes("came", "saidCame")),
    missed: () => trying(() => changes("missed", "saidMissed")),
    cancel: () => trying(() => changes("cancel", "saidCancelled")),
    move: () => {
      const one = mine.booking;
      uses({ benefit: one.benefit, name: one.name, booked: true, needs: [], guests: 0 }, one);
    },
    "later-times": () => trying(async () => {
      mine.on = mine.next;
      await fillTimes();
      slot("times").querySelector("input:not(:disabled)")?.focus();
    }),
  };
  return {
    greet,
    screens: { included: () => fillIncluded().catch(lost), booking: fillBooking, use: () => fillUse().catch(lost) },
    acts: { use: (form) => trying(() => does(form)) },
    taps,
  };

  function lost(error) {
    refuse(error.status ? noOf(error.code, error.said?.facts, error.message) : words.offline);
  }
}
