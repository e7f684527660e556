// The second view, turned to the guest: what it may show is told to it, and nothing else ever is.
// What the guest touches there comes back as a wish; this till decides.

import { words } from "../say.js";

const CHANNEL = "regulars-guest";
const STILL_MS = 10_000;
const WAITED_MS = 1_500;

/** Whether this page alone has this name, from now until it is closed. A page that is loaded again
 *  waits for what it was before. */
const holds = (name) =>
  new Promise((told) => {
    const forGood = () => {
      told(true);
      return new Promise(() => undefined);
    };
    navigator.locks.request(`${CHANNEL} ${name}`, { signal: AbortSignal.timeout(WAITED_MS) }, forGood).catch(() => told(false));
  });

/** Keeps the guest's view beside this page; `desk` is what every screen of the till has. */
export function guests(desk) {
  const { here, shop } = desk;
  const channel = new BroadcastChannel(CHANNEL);
  let joining; // what a guest typed whom nobody knows yet
  let told = { screen: "closed" };
  let thanks;

  // One view belongs to one page: another till of this browser shows nothing in it. A tab that was
  // doubled has the name of the first one, too; whoever holds the lock keeps it.
  let id;
  const named = (async () => {
    const had = sessionStorage.getItem("guest");
    const mine = had && (await holds(had)) ? had : crypto.randomUUID();
    if (mine !== had) await holds(mine);
    sessionStorage.setItem("guest", mine);
    id = mine;
    again();
  })();

  const again = () => id && channel.postMessage({ to: id, ...told });
  const say = (what) => {
    told = what;
    again();
  };

  /** What the guest may see while the till is at a screen. */
  function about(screen) {
    if (["pair", "locked", "ended", "shift", undefined].includes(screen)) return { screen: "closed" };
    // Where the program asks who joins, it is asked at the till, beside who works there.
    if (screen === "unknown" && shop.joins) return { screen: "idle" };
    if (screen === "unknown") return joining && here.typed === joining ? { screen: "join", typed: joining } : { screen: "idle" };
    if (screen === "earned") return thanks ?? { screen: "idle" };
    if (!here.stand || here.found?.unseen || ["identify", "join", "names", "scan", "give-back", "back"].includes(screen)) return { screen: "idle" };
    return card();
  }

  /** First name, tier, what they have and what they can have: theirs, and while they stand here. */
  function card() {
    const { member } = here.stand;
    return {
      screen: "card",
      name: member.given_name,
      tier: shop.tiers.find((one) => one.id === (here.stand.standing ? here.stand.standing.tier?.id : member.tier))?.name ?? "",
      balances: shop.wallets.map((one) => [one.id, member.balances?.[one.id] ?? 0]),
      offers: (here.offers ?? []).filter((one) => one.can).map(({ id: reward, name, cost, reserved }) => ({ id: reward, name, cost: reserved ? {} : cost })),
      offline: here.stand.offline,
    };
  }

  const wishes = {
    hello: again,
    async typed({ text }) {
      if (desk.main.dataset.screen !== "identify") return say({ screen: "busy" });
      joining = text;
      await desk.look(text);
      return undefined;
    },
    async join({ phone, name, locale }) {
      if (desk.main.dataset.screen !== "unknown" || phone !== joining || shop.joins) return;
      await desk.trying(() => desk.joins({ phone, email: "", card: "", given_name: name, locale }, "guest-view"));
    },
    async choose({ reward }) {
      if (here.busy) return; // what is being handed over stays what it is
      const offer = (here.offers ?? []).find((one) => one.id === reward && one.can);
      if (!offer || !here.stand || !["member", "redeem", "earn", "sure"].includes(desk.main.dataset.screen)) return;
      desk.toast(words.guestChose.replace("%s", () => offer.name));
      await desk.ask(offer);
    },
    async away() {
      if (desk.main.dataset.screen === "unknown") await desk.go("identify");
      else {
        thanks = undefined; // said once; whoever comes next does not read it
        desk.mirror();
      }
    },
  };

  channel.onmessage = ({ data }) => {
    if (id && data.from === id && Object.hasOwn(wishes, data.wish)) void wishes[data.wish](data);
  };
  setInterval(again, STILL_MS);
  addEventListener("pagehide", () => say({ screen: "closed" }));

  return {
    /** The till went to a screen. */
    mirror(screen) {
      if (screen === "identify") [joining, thanks] = [undefined, undefined];
      say(about(screen));
    },
    /** What the guest is told at the end. */
    thank(says, balance) {
      thanks = { screen: "thanks", says, balance };
    },
    async open() {
      await named;
      window.open(`/till/guest${location.search}#${id}`, `guest-${id}`, "popup,width=1024,height=768");
    },
  };
}
