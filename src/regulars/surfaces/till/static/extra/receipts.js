// Purchases that were made: pieces of them come back, and one that named nobody is credited late.

import { write } from "../keep.js";
import { amountOf, apart, moneyOf, saying, whenOf, words } from "../say.js";
import { inCurrency, inItsOwn } from "./abroad.js";
import { creditLate, giveBack, previewBack, sales, today } from "../serve.js";
import { Away } from "../talk.js";

const when = (at) => whenOf(at, { dateStyle: "medium", timeStyle: "short" });
const MADE_UP = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/; // by a device, where no receipt was typed
const receiptOf = (sale) => (MADE_UP.test(sale.receipt ?? "") ? "" : sale.receipt);

/** The screens of purchases; `desk` is what every screen of the till has. */
export function receipts(desk) {
  const { go, here, line, refuse, shop, slot, toast, trying, walletOf } = desk;
  const back = {}; // the purchase that comes back: as it is named, what the server knows, which pieces

  const each = (units, sign) => Object.entries(units).filter(([, one]) => one).map(([id, one]) => amountOf(walletOf(id), Math.abs(one), sign));
  const points = (units, sign) => each(units, sign).join(", ");

  /** Opens a purchase to be taken back; without the network only whole, and without its points. */
  async function open(name, local) {
    Object.assign(back, { name, local, sale: undefined, pieces: new Map(), from: here.found ? "sales" : "give-back" });
    try {
      const found = await sales({ receipt: name.external_id });
      const meant = name.source ? found.filter((one) => one.source === name.source) : found;
      if (meant.length > 1) return several(meant, (one) => void openSale(one));
      [back.sale] = meant;
      if (!back.sale) return refuse(words.noReceipt);
      // By our own id: the shop's till system may have printed the receipt, not this till.
      back.name = { id: back.sale.id, external_id: name.external_id };
    } catch (error) {
      if (!(error instanceof Away)) throw error;
    }
    await go("back");
  }

  async function openSale(sale) {
    Object.assign(back, { name: { id: sale.id }, local: undefined, sale, pieces: new Map(), from: here.found ? "sales" : "give-back" });
    await go("back");
  }

  /** A number that several till systems of the store printed: whoever holds the receipt chooses. */
  function several(list, act) {
    const rows = list.map((one) => bought({ ...paidFor(one), when: when(one.occurred_at), receipt: receiptOf(one), left: one.left }, () => act(one)));
    const choice = Object.assign(document.createElement("ul"), { className: "list" });
    choice.setAttribute("role", "list");
    choice.append(...rows);
    slot("found").replaceChildren(said(words.several), choice);
    choice.querySelector("button:not(:disabled)")?.focus();
  }

  /** A purchase in a list: what it came to and when, and whether something of it can come back. */
  function bought(one, act) {
    const item = document.createElement("li");
    const row = Object.assign(document.createElement("button"), { type: "button", className: "line bought", disabled: !one.left });
    const part = (text, kind) => row.append(Object.assign(document.createElement("span"), { textContent: text, className: kind }));
    part(moneyOf(one.minor, inItsOwn(one, shop)), "strong");
    part([one.when, one.receipt].filter(Boolean).map(apart).join(" · "), "soft");
    part(one.left ? words.choose : words.allBack, "button-like");
    row.addEventListener("click", act);
    item.append(row);
    return item;
  }

  /** What was paid for it is what comes back, in whichever currency that was. */
  function paidFor(one) {
    const money = one.paid ?? one.amount;
    return { minor: money.minor, ...inCurrency(money, shop) };
  }

  const moneyFor = (one) => moneyOf((one.paid ?? one.amount).minor, paidFor(one));
  const summary = (sale) => [when(sale.occurred_at), moneyFor(sale), receiptOf(sale)].filter(Boolean).map(apart).join(" · ");

  function fillBack() {
    const { sale, local, name } = back;
    slot("sale").textContent = sale ? summary(sale) : [local && moneyOf(local.minor, inItsOwn(local, shop)), name.external_id].filter(Boolean).join(" · ");
    const lines = sale?.lines ?? [];
    back.shop = sale ? paidFor(sale) : inItsOwn(local ?? {}, shop);
    back.most = lines.length ? 0 : mostOf(sale, local);
    back.minor = back.most;
    back.fresh = true; // the first digit takes the place of what is shown
    slot("whole").hidden = lines.length > 0 || back.most > 0;
    slot("part").hidden = !back.most;
    slot("all").hidden = back.most ? false : !sale?.left || lines.length < 2;
    showAmount();
    if (sale && !sale.left) {
      slot("preview").replaceChildren(said(words.allBack));
      desk.main.querySelector("[data-act=back] .primary").disabled = true;
    }
    slot("lines").replaceChildren(...lines.map(stepper));
    if (!lines.length) void showBack();
    else if (sale.left) slot("preview").replaceChildren(said(words.chooseLines, "soft"));
  }

  /** How much of a purchase that was told as one amount can come back; 0 where nobody knows. */
  function mostOf(sale, local) {
    if (sale) return sale.amount.minor ? sale.left : 0;
    return local ? local.minor - (local.back ?? 0) : 0;
  }

  function showAmount() {
    slot("amount").textContent = moneyOf(back.minor, back.shop);
  }

  /** A digit of the amount that comes back. */
  function types(key, typed) {
    if (!back.most) return;
    back.minor = typed(back.fresh && key !== "back" ? 0 : back.minor, key);
    back.fresh = false;
    showAmount();
    clearTimeout(back.timer);
    back.timer = setTimeout(() => void showBack(), 150);
  }

  /** What is wrong with the amount that comes back, if anything is. */
  function amountWrong() {
    if (!back.most) return undefined;
    if (!back.minor) return words.noAmount;
    return back.minor > back.most ? saying("backMost", moneyOf(back.most, back.shop)) : undefined;
  }

  function said(text, kind = "") {
    return Object.assign(document.createElement("p"), { textContent: text, className: kind });
  }

  /** One line of a purchase, and how many of its pieces come back. */
  function stepper(one) {
    const item = document.createElement("li");
    const [name, count] = [document.createElement("span"), document.createElement("output")];
    item.className = "line steps";
    name.textContent = `${one.name || words.piece} · ${moneyFor(one)}`;
    count.className = "number strong";
    const show = () => {
      const chosen = back.pieces.get(one.line) ?? 0;
      count.textContent = saying("of", chosen, one.left);
      less.disabled = !chosen;
      more.disabled = chosen >= one.left;
    };
    const step = (by, label, sign) => {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "step", textContent: sign });
      button.setAttribute("aria-label", saying(label, one.name || words.piece));
      button.addEventListener("click", () => {
        back.pieces.set(one.line, (back.pieces.get(one.line) ?? 0) + by);
        show();
        void showBack();
      });
      return button;
    };
    const [less, more] = [step(-1, "less", "−"), step(1, "more", "+")];
    show();
    item.append(name, less, count, more);
    return item;
  }

  function chosen() {
    if (back.most) return { wrong: amountWrong(), returned: back.minor === back.most ? [] : [{ line: 0, quantity: back.minor }] };
    const some = [...back.pieces].filter(([, quantity]) => quantity).map(([at, quantity]) => ({ line: at, quantity }));
    const left = back.sale?.lines.filter((one) => one.left) ?? [];
    const whole = left.length > 0 && left.every((one) => back.pieces.get(one.line) === one.left);
    return { wrong: back.sale?.lines.length > 0 && !some.length ? words.chooseLines : undefined, returned: whole ? [] : some };
  }

  let asking = 0;
  /** Before anybody confirms: the points that go, and those that come back because they paid. */
  async function showBack() {
    const place = slot("preview");
    const mine = ++asking;
    if (!place || desk.main.dataset.screen !== "back") return undefined; // a key was typed, and then they left
    const { wrong, returned } = chosen();
    if (wrong && (!back.sale || back.sale.left)) return place.replaceChildren(said(wrong, "soft"));
    if (!back.sale) return place.replaceChildren(said(back.most ? words.backThen : words.backLater));
    if (!back.sale.left) return undefined;
    if (!back.sale.member_id) return place.replaceChildren(said(words.nobodys));
    const found = await previewBack(back.sale.id, returned).catch(() => undefined);
    if (mine !== asking || desk.main.dataset.screen !== "back") return undefined;
    if (!found) return place.replaceChildren(said(words.backThen));
    const [gone, came] = [each(found.earned, "−"), points(found.refunded, "+")];
    return place.replaceChildren(
      ...(gone.length ? gone.map((one) => said(one, "sum loss")) : [said(words.nothingBack)]), ...(came ? [said(saying("cameBack", came), "gain strong")] : []),
      ...(found.paid_back?.minor ? [said(saying("paidBack", apart(moneyOf(found.paid_back.minor, inCurrency(found.paid_back, shop)))))] : []),
    );
  }

  async function takeBack() {
    const { wrong, returned } = chosen();
    if (wrong) return refuse(wrong);
    // Listed as it stands then with the record of it, so that after a crash nobody does it once more.
    const gone = back.local && { ...back.local, ...(returned.length ? { back: (back.local.back ?? 0) + back.minor } : { undone: true }) };
    const [{ found }, { from, local }] = [here, back];
    const no = await giveBack(back.name, returned, gone, back.sale?.member_id ?? local?.member);
    if (no && gone) await write("sales", local);
    toast(no ?? words.takenBack);
    if (desk.main.dataset.screen !== "back") return undefined; // they went on meanwhile
    return from === "sales" ? desk.meet(found) : go("identify");
  }

  /** What a member bought last; without the network what this till sold them today. */
  async function fillSales() {
    const [place, says] = [slot("sales"), slot("says")];
    slot("who").textContent = desk.helloOf(here.stand.member);
    const { id } = here.found;
    try {
      const list = await sales({ member: id });
      if (desk.main.dataset.screen !== "sales") return;
      place.replaceChildren(...(list.length ? list.map((one) => bought({ ...paidFor(one), when: when(one.occurred_at), receipt: receiptOf(one), left: one.left }, () => void openSale(one))) : [line(words.none, "")]));
    } catch (error) {
      if (!(error instanceof Away)) throw error;
      const mine = (await today()).filter((one) => one.member === id);
      says.textContent = words.onlyToday;
      place.replaceChildren(...mine.map(local), ...(mine.length ? [] : [line(words.none, "")]));
    }
  }

  const local = (one) => {
    const name = one.external_id ? { source: one.source, external_id: one.external_id } : { source: desk.till.id, external_id: one.key };
    const time = whenOf(one.at, { timeStyle: "short" });
    return bought({ minor: one.minor, currency: one.currency, decimals: one.decimals, when: time, receipt: one.external_id, left: one.minor - (one.back ?? 0) }, () => void trying(() => open(name, one)));
  };

  async function fillGiveBack() {
    here.found = undefined;
    const place = slot("sales");
    const list = await today();
    place.replaceChildren(...(list.length ? list.map(local) : [line(words.none, "")]));
  }

  const credit = {}; // the purchase that is to be credited

  async function findCredit(receipt) {
    const place = slot("found");
    Object.assign(credit, { name: undefined, brings: undefined });
    slot("sure").hidden = true;
    const found = await sales({ receipt, member: here.found.id }).catch((error) => {
      if (error instanceof Away) return undefined;
      throw error;
    });
    if (desk.main.dataset.screen !== "credit") return undefined;
    if (!found) {
      credit.name = { external_id: receipt };
      place.replaceChildren(said(words.creditLater));
    } else {
      if (!found.length) return place.replaceChildren(said(words.noReceipt));
      const nobodys = found.filter((one) => !one.member_id && one.left);
      if (!nobodys.length) return place.replaceChildren(said(words.credited));
      if (nobodys.length > 1) return several(nobodys, showCredit);
      return showCredit(nobodys[0]);
    }
    return askSure();
  }

  function showCredit(sale) {
    const place = slot("found");
    if (!sale.credits) return place.replaceChildren(said(words.noCredit));
    credit.name = { id: sale.id };
    credit.brings = points(sale.credits, "");
    const brings = each(sale.credits, "+");
    place.replaceChildren(said(summary(sale), "soft"), ...(brings.length ? brings : [words.noPoints]).map((one) => said(one, "sum")));
    return askSure();
  }

  function askSure() {
    slot("sure").hidden = false;
    slot("sure").focus();
  }

  async function creditIt() {
    if (!credit.name) return undefined;
    const [{ found }, { name, brings }] = [here, credit];
    const { no, later } = await creditLate(name, found);
    toast(no ?? (later ? words.countedLater : brings ? saying("given", brings) : words.noPoints));
    return desk.main.dataset.screen === "credit" ? desk.meet(found) : undefined;
  }

  return {
    screens: {
      "give-back": fillGiveBack,
      back: fillBack,
      sales: fillSales,
      credit() {
        slot("who").textContent = desk.helloOf(here.stand.member);
        credit.name = undefined;
      },
    },
    acts: {
      "give-back": (form) => trying(() => open({ external_id: form.get("receipt").trim() })),
      back: () => trying(takeBack),
      credit: (form) => trying(() => findCredit(form.get("receipt").trim())),
    },
    types,
    taps: {
      credit: () => trying(creditIt),
      "back-from": () => go(back.from),
      "all-lines": () => {
        for (const one of back.sale?.lines ?? []) back.pieces.set(one.line, one.left);
        fillBack();
        if (back.most) return;
        void showBack();
      },
    },
  };
}
