// Telephones as the world writes them, read without the network. How they are dialled in the shop's
// country the page says (`typed.py`), out of the library that spells them on the server; what is done
// with it is what that library does. A test reads the numbers of every country here and there.

const DIGIT = /\p{Nd}/u;
const zeros = new Map();

/** The digit this sign is, in whatever script: each has its ten in a row, from 0 on. */
function digitOf(sign) {
  const at = sign.codePointAt(0);
  if (!zeros.has(at)) {
    let first = at;
    while (DIGIT.test(String.fromCodePoint(first - 1))) first -= 1;
    zeros.set(at, (at - first) % 10);
  }
  return zeros.get(at);
}

/** The same with the digits of every script written 0 to 9. */
export const inDigits = (text) => [...text].map((sign) => (DIGIT.test(sign) ? digitOf(sign) : sign)).join("").replaceAll("＋", "+");

const BETWEEN = /[\s()./\-\u00ad\u200b-\u200f\u2010-\u2015\u202a-\u202e\u2060-\u2069\u2212]/g;

/** Digits as they were typed or pasted, with nothing between them. */
export const joined = (text) => inDigits(text).replace(/^tel:/, "").replace(BETWEEN, "");

const whole = (pattern, text) => new RegExp(`^(?:${pattern})$`).test(text);

/** A telephone as the world writes it; the shop's own country where none was typed. Nothing where the
 *  shop has no country, and none was typed either. */
export function international(digits, dialling) {
  if (digits.startsWith("+")) return abroad(digits.slice(1), dialling);
  if (!dialling) return undefined;
  const led = dialling.abroad && new RegExp(`^(?:${dialling.abroad})(?!0)`).exec(digits);
  if (led) return abroad(digits.slice(led[0].length), dialling);
  return `+${dialling.code}${atHome(withoutCode(digits, dialling), dialling)}`;
}

/** With its country's code before it; of the shop's own country nobody writes the prefix after it. */
function abroad(digits, dialling) {
  if (!dialling || !digits.startsWith(dialling.code)) return `+${digits}`;
  return `+${dialling.code}${atHome(digits.slice(dialling.code.length), dialling)}`;
}

/** Somebody typed the country's code without anything before it. */
function withoutCode(digits, dialling) {
  if (!digits.startsWith(dialling.code)) return digits;
  const rest = bare(digits.slice(dialling.code.length), dialling);
  const fits = !whole(dialling.numbers, digits) && whole(dialling.numbers, rest);
  return fits || digits.length > dialling.lengths.at(-1) ? rest : digits;
}

/** A number of the country without what is dialled before it at home. */
function atHome(digits, dialling) {
  const rest = bare(digits, dialling);
  return dialling.lengths.includes(rest.length) || rest.length > dialling.lengths.at(-1) ? rest : digits;
}

function bare(digits, dialling) {
  const led = dialling.before && new RegExp(`^(?:${dialling.before})`).exec(digits);
  if (!led) return digits;
  const last = led.length > 1 ? led.at(-1) : undefined;
  const before = dialling.becomes && last !== undefined ? dialling.becomes.replace(/\\(\d)/g, (_, one) => led[one] ?? "") : "";
  const rest = before + digits.slice(led[0].length);
  return whole(dialling.numbers, digits) && !whole(dialling.numbers, rest) ? digits : rest;
}

// The loyalty number's check digit, by H. M. Damm: as `records/members/number.py`.
const DAMM = ["0317598642", "7092154863", "4206871359", "1750983426", "6123045978", "3674209581", "5869720134", "8945362017", "9438617205", "2581436790"];

/** Whether this can be a loyalty number of ours. */
export const isNumber = (digits) => /^[1-9][0-9]{11}$/.test(digits) && [...digits].reduce((so, digit) => DAMM[so][digit], "0") === "0";
