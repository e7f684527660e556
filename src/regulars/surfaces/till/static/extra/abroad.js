// In which currency somebody pays: the shop's, or another one that counts here.

import { apart, moneyOf, saying } from "../say.js";

/** `paid()` is the shop as it is in the currency that was chosen; `fill` puts the choice on a screen
 *  where there is one, `changed` hears of another choice. It is the next member's no more. */
export function abroad({ here, shop, slot }) {
  const chosen = () => shop.currencies.find((one) => one.code === here.currency);

  function paid() {
    const one = chosen();
    return one ? { ...shop, currency: one.code, decimals: one.decimals, abroad: true } : shop;
  }

  function fill(codes, changed) {
    const part = slot("currency-part");
    const there = shop.currencies.filter((one) => codes.includes(one.code));
    part.hidden = !there.length;
    if (!there.some((one) => one.code === here.currency)) here.currency = "";
    const select = slot("currency", part);
    select.replaceChildren(...[{ code: "", name: shop.home }, ...there].map((one) => new Option(one.name, one.code, false, one.code === (here.currency ?? ""))));
    select.onchange = () => {
      here.currency = select.value;
      changed();
    };
  }

  /** What a reward is worth there, and what is paid besides, in words; nothing at home. */
  function worth(offer) {
    const [one, said] = [chosen(), shop.rewards[offer.id]?.[here.currency]];
    if (!one || !said) return "";
    const there = { currency: one.code, decimals: one.decimals };
    const told = [];
    if (said.worth) told.push(saying("worthThere", apart(moneyOf(said.worth, there))));
    if (said.money) told.push(saying("besides", apart(moneyOf(said.money, there))));
    return told.join(" · ");
  }

  return { paid, fill, worth, all: () => shop.currencies.map((one) => one.code), of: (offer) => Object.keys(shop.rewards[offer.id] ?? {}) };
}

/** The shop as it is in the currency of this money; one that does not count here any more is written
 *  as the world writes it. */
export function inCurrency({ currency }, shop) {
  if (currency === shop.currency) return shop;
  const world = () => new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits;
  return { ...shop, currency, decimals: shop.currencies.find((one) => one.code === currency)?.decimals ?? world() };
}

/** A sale of this till in the currency in which it was. */
export const inItsOwn = (sale, shop) => (sale.currency ? { ...shop, currency: sale.currency, decimals: sale.decimals } : shop);
