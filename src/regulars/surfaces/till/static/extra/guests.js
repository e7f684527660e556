// The second view, turned to the guest: what it may show is told to it, and nothing else ever is.
// What the guest touches there comes back as a wish; this till decides.

import { words } from "../say.js";

const CHANNEL = "regulars-guest";
const STILL_MS = 10_000;

/** Keeps the guest's view beside this page; `desk` is what every screen of the till has. */
export function guests(desk) {
  const { here, shop } = desk;
  const channel = new BroadcastChannel(CHANNEL);
  let joining; // what a guest typed whom nobody knows yet
  let told = { screen: "closed" };
  let thanks;

  // One view belongs to one page: another till of this browser shows nothing in it.
  const id = sessionStorage.getItem("guest") ?? crypto.randomUUID();
  sessionStorage.setItem("guest", id);

  const say = (what) => {
    told = what;
    channel.postMessage({ to: id, ...told });
  };

  /** What the guest may see while the till is at a screen. */
  function about(screen) {
    if (["pair", "locked", "ended", "shift", undefined].includes(screen)) return { screen: "closed" };
    if (screen === "unknown") return { screen: joining ? "join" : "idle", typed: joining };
    if (screen === "earned") return thanks ?? { screen: "idle" };
    if (!here.stand || ["identify", "join", "names", "scan", "give-back", "back"].includes(screen)) return { screen: "idle" };
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
    hello: () => channel.postMessage({ to: id, ...told }),
    async typed({ text }) {
      if (desk.main.dataset.screen !== "identify") return say({ screen: "busy" });
      joining = text;
      await desk.look(text);
      return undefined;
    },
    async join({ phone, name, locale }) {
      if (desk.main.dataset.screen !== "unknown" || phone !== joining) return;
      await desk.trying(() => desk.joins({ phone, email: "", card: "", given_name: name, locale }, "guest-view"));
    },
    async choose({ reward }) {
      const offer = (here.offers ?? []).find((one) => one.id === reward && one.can);
      if (!offer || !here.stand || !["member", "redeem", "earn", "sure"].includes(desk.main.dataset.screen)) return;
      desk.toast(words.guestChose.replace("%s", () => offer.name));
      await desk.ask(offer);
    },
    async away() {
      if (desk.main.dataset.screen === "unknown") await desk.go("identify");
      else desk.mirror();
    },
  };

  channel.onmessage = ({ data }) => {
    if (data.from === id && Object.hasOwn(wishes, data.wish)) void wishes[data.wish](data);
  };
  setInterval(() => channel.postMessage({ to: id, ...told }), STILL_MS);
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
    open() {
      window.open(`/till/guest${location.search}#${id}`, `guest-${id}`, "popup,width=1024,height=768");
    },
  };
}
