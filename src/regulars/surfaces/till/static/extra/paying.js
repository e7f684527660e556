// A part of a basket is paid with points: how much at most, what it takes, and what it leaves to pay.

import { amountOf, apart, moneyOf, noOf, saying, words } from "../say.js";
import { payFor, quotePayment } from "../serve.js";
import { Away, isThere, onChange } from "../talk.js";

/** The screen of paying with points; `desk` is what every screen of the till has. */
export function paying(desk) {
  const { go, here, main, refuse, shop, slot, trying, walletOf } = desk;
  const mine = {}; // the basket, how much is typed, what the server said of it, the key of the wish

  /** Whether points pay here for what is typed now; where nobody answers, nothing is promised. */
  const may = (currency) => isThere() && Boolean(shop.pays?.includes(currency ?? "")) && !here.stand?.offline && here.minor > 0;

  /** Whoever comes back to this screen finds it as they left it, as long as it is the same purchase. */
  function fill() {
    const paid = desk.money.paid();
    const same = mine.stand === here.stand && mine.basket === here.minor && mine.paid.currency === paid.currency;
    if (!same) Object.assign(mine, { minor: undefined, together: false, lost: undefined, paid, basket: here.minor, key: crypto.randomUUID(), stand: here.stand });
    slot("who").textContent = desk.helloOf(here.stand.member);
    slot("basket").textContent = moneyOf(mine.basket, paid);
    slot("together").hidden = !shop.shares;
    slot("together").setAttribute("aria-pressed", String(mine.together));
    if (here.found.proved) slot("confirm").textContent = words.proved;
    else if (here.stand.member.given_name) slot("confirm").textContent = saying("name", here.stand.member.given_name);
    return show();
  }

  const amount = (minor) => ({ minor, currency: mine.paid.currency });
  const asked = () => ({ basket: amount(mine.basket), ...(mine.minor !== undefined && { want: amount(mine.minor) }) });

  /** What the server says of it now; an answer to what was typed before is none. */
  async function show() {
    const { minor, key } = mine;
    const [take, says, no] = [slot("take"), slot("says"), slot("no")];
    mine.quote = undefined;
    take.disabled = true;
    no.hidden = true;
    slot("amount").textContent = moneyOf(minor ?? 0, mine.paid);
    if (minor === 0) return blank();
    let quote;
    let wrong;
    try {
      // Nobody heard the answer: what was asked for may be reserved, and is asked for once more as it was.
      quote = mine.lost?.key === key ? mine.lost.quote : await quotePayment(here.found, asked(), mine.together);
    } catch (error) {
      if (mine.together && error.status === 404) wrong = words.noHousehold;
      else wrong = error instanceof Away ? words.payAway : noOf(error.code, error.said?.facts, error.message);
    }
    if (mine.key !== key || mine.minor !== minor || slot("take") !== take) return undefined;
    if (wrong) {
      blank();
      return refuse(wrong);
    }
    mine.quote = quote;
    take.disabled = false;
    slot("amount").textContent = moneyOf(quote.value.minor, mine.paid);
    slot("points").textContent = amountOf(walletOf(quote.wallet), quote.points);
    slot("left").textContent = moneyOf(quote.left.minor, mine.paid);
    says.textContent = quote.partly ? words.payPartly : "";
    shows(quote.parts ?? [], walletOf(quote.wallet));
    return undefined;
  }

  /** Whose points pay how much, where several pay; of one alone it goes without saying. */
  function shows(parts, wallet) {
    slot("parts").hidden = parts.length < 2;
    slot("parts").replaceChildren(...(parts.length < 2 ? [] : parts.map((one) => {
      const [line, who, much] = [document.createElement("li"), document.createElement("bdi"), document.createElement("span")];
      line.className = "line";
      who.textContent = one.name;
      much.className = "number nowrap";
      much.textContent = `${amountOf(wallet, one.points)} · ${moneyOf(one.value.minor, mine.paid)}`;
      line.append(who, much);
      return line;
    })));
  }

  function blank() {
    shows([]);
    slot("points").textContent = slot("says").textContent = "";
    slot("left").textContent = moneyOf(mine.basket, mine.paid);
  }

  /** The network goes or comes back while somebody looks at it. */
  function turned(there) {
    if (main.dataset.screen === "earn") slot("pay-link").hidden = !may(here.currency);
    if (main.dataset.screen !== "pay" || mine.stand !== here.stand) return;
    if (there) return void show();
    mine.quote = undefined;
    slot("take").disabled = true;
    refuse(words.payAway);
  }
  onChange(turned);

  /** A digit of how much is paid with points; the first takes the place of what is shown. */
  function types(key, typed) {
    mine.minor = typed(mine.minor ?? 0, key);
    mine.key = crypto.randomUUID();
    slot("amount").textContent = moneyOf(mine.minor, mine.paid);
    slot("take").disabled = true;
    clearTimeout(mine.timer);
    mine.timer = setTimeout(() => void show(), 200);
  }

  /** The points are reserved, and the sale that takes them is recorded at once. */
  async function takes(manager) {
    if (!mine.quote || mine.stand !== here.stand) return undefined;
    const { quote, paid, basket, together } = mine;
    const want = amount(quote.value.minor);
    let done;
    try {
      done = await payFor(here.found, { basket: amount(basket), want }, { shop: paid, receipt: here.receipt, points: quote.points, together, manager, key: mine.key });
    } catch (error) {
      mine.lost = error.status < 500 ? undefined : { key: mine.key, quote };
      if (error.code === "card_needed") return go("proof");
      if (error.code === "manager_needed" && !manager) return go("approve");
      if (error.status < 500) mine.key = crypto.randomUUID();
      if (error.code === "payment_changed") {
        await go("pay"); // what it takes by now is shown, and asked for only if they still want it
        return refuse(noOf(error.code, error.said?.facts, error.message));
      }
      if (error instanceof Away) return refuse(words.payAway);
      throw error;
    }
    mine.stand = undefined;
    const says = saying("paidWith", apart(moneyOf(quote.value.minor, paid)));
    return desk.ended(done.refused ? done : { ...done, says, balance: saying("leftToPay", apart(moneyOf(quote.left.minor, paid))) });
  }

  return {
    may,
    types,
    takes,
    screens: { pay: fill },
    acts: { pay: () => trying(() => takes()) },
    taps: {
      pay: () => {
        here.offer = { id: "", name: words.payWith, takes };
        return go("pay");
      },
      "pay-together": () => {
        Object.assign(mine, { together: !mine.together, minor: undefined, key: crypto.randomUUID() });
        slot("together").setAttribute("aria-pressed", String(mine.together));
        return show();
      },
      "pay-most": () => {
        Object.assign(mine, { minor: undefined, key: crypto.randomUUID() });
        return show();
      },
    },
  };
}
