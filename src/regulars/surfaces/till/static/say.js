// The words of the page, and how money and points are written in its language.

/** Sentences by name; `%s` and `%t` are where things are put in. */
export const words = document.getElementById("words").dataset;

export function saying(name, first = "", second = "") {
  return words[name].replace("%s", () => first).replace("%t", () => second);
}

const language = document.documentElement.lang;
const plurals = new Intl.PluralRules(language);

/** What a program named keeps its own direction among words of another (U+2068 and U+2069). */
export const apart = (text) => (document.documentElement.dir === "rtl" ? `\u2068${text}\u2069` : text);
const { refusals, rules, wallets, zone } = JSON.parse(document.getElementById("shop").textContent);

/** The clock on the wall: the store's, once the device knows its store. */
export const wall = { zone };

/** An instant on the store's own wall, whatever clock the device goes by. */
export function whenOf(at, how) {
  return new Date(at).toLocaleString(language, { ...how, timeZone: wall.zone });
}
const clocks = new Map();

/** How much of its day an instant has behind it on the wall of a zone. */
function passed(at, zone) {
  if (!clocks.has(zone)) clocks.set(zone, new Intl.DateTimeFormat("en-GB", { timeZone: zone, hourCycle: "h23", hour: "numeric", minute: "numeric", second: "numeric" }));
  const parts = Object.fromEntries(clocks.get(zone).formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  return ((parts.hour * 60 + parts.minute) * 60 + parts.second) * 1000 + (at % 1000);
}

/** When the day of this instant began on the wall of a zone; also where its clock was turned since. */
export function midnight(at, zone) {
  const about = at - passed(at, zone);
  const off = passed(about, zone);
  return off > 43_200_000 ? about + 86_400_000 - off : about - off;
}

/** The day on the wall of a zone, as 2026-03-01. */
export function dayOn(at, zone) {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).formatToParts(at);
  const one = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return `${one.year.padStart(4, "0")}-${one.month}-${one.day}`;
}

const POINTS = new Set(["available", "limit", "left", "at_least", "at_most"]);

/** Why something was not done, in the page's language: by its code, with the numbers it tells. */
export function noOf(code, facts = {}, otherwise = "") {
  const places = { ...facts };
  if (facts.retry_after_seconds) places.minutes = Math.max(1, Math.ceil(facts.retry_after_seconds / 60));
  for (const sentence of refusals[code] ?? []) {
    const names = [...sentence.matchAll(/%\((\w+)\)s/g)].map((found) => found[1]);
    if (names.some((name) => places[name] === undefined)) continue;
    return sentence.replace(/%\((\w+)\)s/g, (_, name) => factOf(name, places[name], facts.wallet));
  }
  return otherwise;
}

function factOf(name, told, wallet) {
  if (/_(at|on)$/.test(name)) return whenOf(told, { dateStyle: "medium" });
  if (typeof told !== "number") return `${told}`;
  const scale = POINTS.has(name) ? (wallets.find((one) => one.id === wallet)?.scale ?? 0) : 0;
  return new Intl.NumberFormat(language, { maximumFractionDigits: scale }).format(told / 10 ** scale);
}

/** So much of a wallet with its name: `42 Points`. A sign stays at its number whichever way the name
 *  is read: the number with it is apart from left to right (U+2066), so that `apart` goes by the name. */
export function amountOf(wallet, units, sign = "") {
  const rtl = document.documentElement.dir === "rtl";
  const signed = (text) => (sign && rtl ? `\u2066${sign}${text}\u2069` : sign + text);
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: wallet.scale }).format(units / 10 ** wallet.scale);
  const form = plurals.select(Math.abs(units) / 10 ** wallet.scale);
  const name = Math.abs(units) === 10 ** wallet.scale ? wallet.one || wallet.name : wallet.forms?.[form] || wallet.name;
  // The word for two says its number itself.
  if (form === "two" && wallet.forms?.two && !wallet.scale && units > 0) return apart(signed("") + name);
  return apart(`${signed(number)} ${name}`.trim());
}

/** How many of a wallet, for where its name stands beside the number. */
export const numberOf = (wallet, units) => amountOf({ ...wallet, name: "", one: "", forms: undefined }, units);

/** What a rule promises, in the page's language; nothing of a rule the page does not know yet. */
export const shopSays = (rule) => rules?.[rule]?.says ?? "";

/** An amount in the shop's currency. */
export function moneyOf(minor, shop) {
  return new Intl.NumberFormat(language, { style: "currency", currency: shop.currency }).format(minor / 10 ** shop.decimals);
}

/** The last day of something that ends at this instant, on the shop's own wall. */
export function lastDay(at, shop) {
  const last = new Date(Date.parse(at) - 1);
  return last.toLocaleDateString(language, { dateStyle: "long", timeZone: shop.zone });
}
