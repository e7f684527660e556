/* Regulars on the pages of a web shop: sign-in, balance, what a basket earns, rewards, prices for
   members. One file, nothing else is loaded. What it shows was decided by the server of the club;
   what a shop gives away for it is for the shop's own server to check with its secret key. */
(() => {
  "use strict";
  const tag = document.currentScript;
  if (!tag || window.Regulars) return;
  const told = tag.dataset, key = told.key || "";
  const home = new URL(tag.src).origin;
  const place = `regulars:${key}`;
  const store = () => told.remember === "tab" ? sessionStorage : localStorage;
  const listeners = new Map();
  let token = recall(), shop = null, member = null, beginning = null;

  function recall() {
    try { return store().getItem(place) || ""; } catch { return ""; }
  }
  function remember(held) {
    token = held;
    try { held ? store().setItem(place, held) : store().removeItem(place); } catch { /* for now */ }
  }

  // ── the server ─────────────────────────────────────────────────────────────────────────────
  class Problem extends Error {
    constructor(said, status) {
      super(said.detail || "");
      Object.assign(this, { name: "RegularsProblem", code: said.code || "away", status,
        facts: said.facts || {} });
    }
  }
  async function ask(deed, sent = {}) {
    const language = told.lang || document.documentElement.lang.slice(0, 2);
    const query = language ? `?lang=${encodeURIComponent(language)}` : "";
    const headers = { "content-type": "application/json" }, with_ = token;
    if (with_) headers.authorization = `Bearer ${with_}`;
    let answer, said;
    try {
      answer = await fetch(`${home}/shop/v1/${encodeURIComponent(key)}/${deed}${query}`, {
        method: "POST", mode: "cors", credentials: "omit", cache: "no-store",
        referrerPolicy: "no-referrer", headers, body: JSON.stringify(sent) });
      said = await answer.json();
    } catch { throw new Problem({ code: "away" }, 0); }
    if (answer.ok) return said;
    if (answer.status === 401 && with_ && token === with_) left("ended");
    throw new Problem(said, answer.status);
  }
  function heard(said) {
    member = said;
    if (!member && token) remember("");
    emit("member", member);
    paint();
    scan();
    return member;
  }
  function left(why) {
    remember("");
    member = null;
    emit("signout", why);
    heard(null);
    say(word(why));
  }
  function begin() {
    beginning ||= ask("hello").then((said) => {
      shop = said;
      build();
      heard(said.member);
      emit("ready", api);
      return api;
    });
    return beginning;
  }
  const refresh = () => ask("member").then((said) => heard(said.member));
  function on(event, fn) {
    listeners.set(event, [...listeners.get(event) || [], fn]);
    if (event === "ready" && shop) fn(api);
    return () => listeners.set(event, listeners.get(event).filter((one) => one !== fn));
  }
  function emit(event, detail) {
    for (const fn of listeners.get(event) || []) try { fn(detail); } catch (slip) { report(slip); }
  }
  const report = (slip) => setTimeout(() => { throw slip; });
  const fresh = () => Array.from(crypto.getRandomValues(new Uint8Array(16)),
    (one) => one.toString(16).padStart(2, "0")).join("");
  const text = (amount) => amount === undefined || amount === null ? null : String(amount);
  const line = (one) => ({ sku: one.sku || "", category: one.category || "",
    quantity: one.quantity || 1, amount: text(one.amount) });

  // ── what a shop's own scripts use ──────────────────────────────────────────────────────────
  const api = {
    /** Resolves once the shop is known; rejects where the key is not good on this page. */
    ready: null,
    /** Who is signed in and where they stand, or null. */
    member: () => begin().then(() => member),
    /** What proves to your own server who is signed in (`POST /v1/shop-visits`), or "". */
    token: () => begin().then(() => member ? token : ""),
    /** What a basket earns: `{lines: [{sku, category, quantity, amount: "9.50"}]}` or `{total}`. */
    preview: (basket) => ask("preview", { baskets: [sentBasket(basket)] }).then((said) =>
      ({ earned: said.baskets[0], says: sum(said.baskets[0]),
        member: said.member })),
    /** What each of `[{sku, category, price, memberPrice, benefit}]` costs whoever looks. */
    prices: (items) => ask("prices", { items: items.map((one) => ({ sku: one.sku || "",
      category: one.category || "", price: text(one.price), member_price: text(one.memberPrice),
      benefit: one.benefit })) }).then((said) => said.items),
    /** May whoever is signed in use this benefit? `{may, why, left, opens}`. */
    may: (benefit, { sku = "", category = "" } = {}) => ask("may", { benefit, sku, category }),
    /** Reserve a reward; `{code, reward, until}`, the code being for your server. */
    redeem: async (reward) => {
      const had = await ask("redeem", { reward, key: fresh() });
      emit("redeem", had);
      await refresh();
      return had;
    },
    /** Give a reserved reward back. */
    giveBack: async (code) => {
      await ask("give-back", { code });
      emit("giveback", code);
      await refresh();
    },
    /** Look again where the member stands, as after an order. */
    refresh,
    /** Look again at the page's `data-regulars-…`. */
    scan: () => scan(),
    /** `ready`, `member`, `signin`, `signout`, `redeem`, `giveback`, `open`, `close`; gives back
        how to stop listening. */
    on,
    open: () => begin().then(open),
    close: () => dialog && dialog.close(),
    signOut: async () => {
      if (!token) return;
      try { await ask("sign-out"); } finally { if (token) left("bye"); }
    },
  };
  const sentBasket = (basket) => ({ lines: (basket.lines || []).map(line),
    total: text(basket.total) });
  window.Regulars = api;

  // ── attributes, for shops without a programmer ─────────────────────────────────────────────
  const MARKS = ["price", "earn", "may", "unless", "points", "name", "code", "open"]
    .map((one) => `data-regulars-${one}`);
  const SOUGHT = MARKS.map((one) => `[${one}]`).join();
  const about = (node) => ({ sku: node.dataset.regularsSku || "",
    category: node.dataset.regularsCategory || "" });
  const all = (mark) => [...document.querySelectorAll(`[data-regulars-${mark}]`)];
  let due = 0, turn = 0;
  function scan() {
    clearTimeout(due);
    due = setTimeout(() => shop && look().catch((slip) => slip.status || report(slip)), 30);
  }
  async function look() {
    const mine = ++turn, current = () => mine === turn;
    for (const node of all("points")) write(node, member ? balance() : "");
    for (const node of all("name")) write(node, member ? member.name : "");
    for (const node of all("code")) fill(node, member && member.held[0] ? member.held[0].code : "");
    const gates = lookAtGates(current), prices = await lookAtPrices();
    if (!current()) return;
    all("price").forEach((node) => show(node, prices.get(node)));
    await Promise.all([lookAtEarned(current, prices), gates]);
  }
  /** What each node that names a price for members and its benefit costs whoever looks. */
  async function lookAtPrices() {
    const nodes = [...all("price"), ...all("earn")].filter((one) => one.dataset.regularsBenefit &&
      one.dataset.regularsPrice).slice(0, 200);
    if (!member || !nodes.length) return new Map();
    const found = await api.prices(nodes.map((node) => ({ ...about(node),
      benefit: node.dataset.regularsBenefit, price: node.dataset.regularsEarn || usual(node),
      memberPrice: node.dataset.regularsPrice })));
    return new Map(nodes.map((node, place) => [node, found[place]]));
  }
  const kept = new WeakMap();
  const usual = (node) => node.dataset.regularsUsual ||
    (kept.get(node) || node.textContent).replace(/[^0-9.,]/g, "").replace(",", ".");
  function show(node, price) {
    if ("regularsEarn" in node.dataset) return;
    if (!kept.has(node)) kept.set(node, node.textContent);
    if (!price || !price.member) { write(node, kept.get(node)); return; }
    const before = el("s", { text: price.usual }), now = el("strong", { text: price.says });
    node.replaceChildren(before, " ", now, " ", el("small", { text: word("member_price") }));
  }
  async function lookAtEarned(current, prices) {
    const nodes = all("earn").slice(0, 40);
    const baskets = nodes.map((node) => {
      const { regularsEarn: usually, regularsLines: lines, regularsQuantity: many } = node.dataset;
      if (lines) return sentBasket({ lines: JSON.parse(lines) });
      const amount = prices.has(node) ? prices.get(node).price : usually;
      return sentBasket({ lines: [{ ...about(node), amount, quantity: Number(many) || 1 }] });
    });
    if (!nodes.length) return;
    const found = await ask("preview", { baskets });
    if (!current()) return;
    nodes.forEach((node, at) => {
      const says = sum(found.baskets[at]);
      write(node, says && `${word(found.member ? "you_earn" : "guest_earns")} ${says}`);
    });
  }
  async function lookAtGates(current) {
    const nodes = [...all("may"), ...all("unless")], asked = new Map();
    for (const node of nodes) {
      const what = node.dataset.regularsMay || node.dataset.regularsUnless;
      const where = about(node), name = JSON.stringify([what, where]);
      if (!asked.has(name)) {
        asked.set(name, member ? api.may(what, where).catch(() => ({ may: false }))
          : Promise.resolve({ may: false }));
      }
      const { may } = await asked.get(name);
      if (current()) node.hidden = "regularsMay" in node.dataset ? !may : may;
    }
  }
  function write(node, said) {
    if (node.textContent !== said) node.textContent = said;
  }
  function fill(node, said) {
    if (node.value === said) return;
    node.value = said;
    node.dispatchEvent(new Event("input", { bubbles: true }));
  }
  /** A number and its unit stay together among words of another direction. */
  const apart = (said) => said && shop && shop.direction === "rtl" ? `\u2068${said}\u2069` : said;
  const sum = (earned) => earned.map((one) => apart(one.says)).join(" · ");
  const balance = () => member.purses[0] ? apart(`${member.purses[0].amount} ${
    member.purses[0].unit}`.trim()) : "";
  document.addEventListener("click", (event) => {
    const near = event.target.closest && event.target.closest("[data-regulars-open]");
    if (near) { event.preventDefault(); api.open(); }
  });
  new MutationObserver((changes) => {
    const ours = (node) => node.nodeType === 1 && (node.matches(SOUGHT) ||
      node.querySelector(SOUGHT));
    if (changes.some((one) => one.type === "attributes" || [...one.addedNodes].some(ours))) scan();
  }).observe(document.documentElement, { childList: true, subtree: true, attributes: true,
    attributeFilter: ["price", "usual", "benefit", "earn", "lines", "quantity", "may", "unless"]
      .map((one) => `data-regulars-${one}`) });
  addEventListener("storage", (event) => {
    if (event.key !== place || recall() === token) return;
    token = recall();
    if (shop) refresh().catch(() => {});
  });

  // ── the panel ──────────────────────────────────────────────────────────────────────────────
  const word = (name) => shop ? shop.words[name] : "";
  let host, root, dialog, main, live, launcher, view = "door", form = {}, wrong = {}, busy = false;

  function el(name, props = {}, ...inside) {
    const { text: said, on: does, ...rest } = props;
    const made = document.createElement(name);
    for (const [each, value] of Object.entries(rest)) {
      if (value === true) made.setAttribute(each, "");
      else if (value !== false && value !== undefined && value !== null) {
        made.setAttribute(each, value);
      }
    }
    for (const [event, fn] of Object.entries(does || {})) made.addEventListener(event, fn);
    if (said !== undefined) made.textContent = said;
    made.append(...inside.flat().filter((one) => one || one === 0));
    return made;
  }
  const ICONS = {
    star: "M12 3l2.7 5.6 6.1.8-4.5 4.3 1.1 6.1L12 16.9l-5.4 2.9 1.1-6.1L3.2 9.4l6.1-.8z",
    close: "M6 6l12 12M18 6L6 18",
  };
  function icon(name) {
    const NS = "http://www.w3.org/2000/svg", svg = document.createElementNS(NS, "svg");
    const path = document.createElementNS(NS, "path");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    path.setAttribute("d", ICONS[name]);
    svg.append(path);
    return svg;
  }
  function build() {
    host = el("regulars-panel", { lang: shop.language, dir: shop.direction });
    if (told.theme) host.dataset.theme = told.theme;
    if (told.side) host.dataset.side = told.side;
    root = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    launcher = el("button", { class: "launcher", type: "button", "aria-haspopup": "dialog",
      hidden: told.launcher === "off", on: { click: open } });
    live = el("p", { class: "live", role: "status" });
    main = el("div", { class: "main" });
    dialog = el("dialog", { "aria-labelledby": "title", on: {
      close: () => { live.textContent = ""; emit("close"); },
      click: (event) => { if (event.target === dialog) dialog.close(); } } },
      // A banner would be a second one beside the page's own.
      el("div", { class: "head" }, el("h2", { id: "title", tabindex: "-1", autofocus: true, text: shop.shop }),
        el("button", { class: "plain round", type: "button", "aria-label": word("close"),
          on: { click: () => dialog.close() } }, icon("close"))), live, main);
    root.append(launcher, dialog);
    document.body.append(host);
  }
  function open() {
    if (dialog.open) return;
    paint();
    dialog.showModal();
    emit("open");
  }
  function say(said) {
    if (live) live.textContent = said;
  }
  function paint() {
    if (!main) return;
    if (member && view !== "member") { view = "member"; form = {}; wrong = {}; }
    if (!member && view === "member") view = "door";
    launcher.classList.toggle("quiet", !(member && balance()));
    launcher.replaceChildren(icon("star"), el("span", { text: member && balance() ||
      word("open") }));
    const within = main.contains(root.activeElement) && root.activeElement.id;
    main.replaceChildren(...VIEWS[view]().filter(Boolean));
    if (within) (root.getElementById(within) || dialog).focus();
  }
  function go(to) {
    [view, wrong] = [to, {}];
    say("");
    paint();
    const first = main.querySelector("input");
    if (first) first.focus();
  }
  async function work(deed) {
    if (busy) return;
    busy = true;
    dialog.setAttribute("aria-busy", "true");
    say(word("waits"));
    try { say(await deed() || ""); } catch (slip) {
      if (!(slip instanceof Problem)) report(slip);
      say(SLIPS[slip.code] ? word(SLIPS[slip.code]) : slip.status ? word("not_now") : word("away"));
    } finally {
      busy = false;
      dialog.removeAttribute("aria-busy");
    }
  }
  const SLIPS = { too_many_codes: "too_many", code_wrong: "wrong_digits", code_over: "over_digits",
    away: "away", signed_out: "ended", unavailable: "away" };

  function field(name, label, attrs = {}) {
    const said = wrong[name], id = `f-${name}`;
    return el("label", { class: "field", for: id }, el("span", { text: label }),
      el("input", { id, name, value: form[name] || "", required: true, autocomplete: "off",
        "aria-invalid": said ? "true" : null, "aria-describedby": said ? `${id}-w` : null,
        on: { input: (event) => { form[name] = event.target.value; } }, ...attrs }),
      said && el("span", { class: "wrong", id: `${id}-w`, text: said }));
  }
  function tick(name, label, hint, needed) {
    const said = wrong[name], id = `f-${name}`;
    return el("label", { class: "tick", for: id },
      el("input", { type: "checkbox", id, name, checked: form[name] || false, required: needed,
        on: { change: (event) => { form[name] = event.target.checked; } } }),
      el("span", {}, label, hint && el("small", { text: hint }),
        said && el("span", { class: "wrong", text: said })));
  }
  const button = (said, fn, kind = "") => el("button", { type: fn ? "button" : "submit",
    class: kind, text: said, on: fn ? { click: fn } : {} });
  const sends = (deed, ...inside) => el("form", { novalidate: true, on: { submit: (event) => {
    event.preventDefault();
    wrong = {};
    work(deed);
  } } }, ...inside);
  function slipped(slip, name) {
    if (slip.status !== 422 && slip.status !== 409) throw slip;
    wrong = slip.facts.wrong || { [name]: word(SLIPS[slip.code] || "bad_address") };
    paint();
    const first = main.querySelector("[aria-invalid]");
    if (first) first.focus();
  }
  const address = () => field("address", word("address"), { autocomplete: "username",
    inputmode: shop.codes.includes("email") ? "email" : "tel", autocapitalize: "none",
    spellcheck: "false" });

  const VIEWS = {
    door: () => [
      el("p", { class: "lead", text: word("lead") }),
      shop.codes.length ? sends(askForCode, address(), el("small", { text: word("no_password") }),
        button(word("send"), null, "main-button"))
        : el("p", { class: "note", text: word("no_codes") }),
      shop.codes.length && el("p", {}, word("new_here"), " ", shop.join.here
        ? button(word("join"), () => go("join"), "link")
        : el("a", { href: `${home}/join`, text: word("join") })),
      ways(),
    ],
    code: () => [
      el("p", { class: "lead", text: word("sent") }),
      sends(signIn, field("code", word("digits"), { inputmode: "numeric", maxlength: 20,
        autocomplete: "one-time-code", class: "digits" }),
        button(word("sign_in"), null, "main-button")),
      el("p", {}, button(word("again"), () => go("door"), "link")),
    ],
    join: () => [
      el("p", { class: "lead", text: word("join_lead") }),
      sends(join, field("given_name", word("given_name"), { autocomplete: "given-name",
        maxlength: 100 }), address(),
        shop.join.birthday && field("birthday", word("birthday"), { type: "date",
          autocomplete: "bday" }),
        shop.join.countries.length > 0 && countries(),
        tick("terms", word("keep"), "", true), tick("agrees", word("write"), word("write_hint")),
        button(word("join"), null, "main-button")),
      el("p", {}, word("member_already"), " ", button(word("sign_in"), () => go("door"), "link")),
    ],
    member: () => [head(), ...member.held.map(held), rewards(), friends(), ways(), foot()],
  };
  function countries() {
    const said = wrong.country;
    return el("label", { class: "field", for: "f-country" },
      el("span", { text: word("country") }),
      el("select", { id: "f-country", "aria-invalid": said ? "true" : null,
        on: { change: (event) => { form.country = event.target.value; } } },
        [["", word("choose")], ...shop.join.countries].map(([code, name]) =>
          el("option", { value: code, text: name, selected: form.country === code }))),
      said && el("span", { class: "wrong", text: said }));
  }
  async function askForCode() {
    try {
      const asked = await ask("code", { address: form.address || "" });
      form.id = asked.id;
      form.agrees = "";
      go("code");
    } catch (slip) { slipped(slip, "address"); }
  }
  async function join() {
    const { given_name = "", address: where = "", terms = false, agrees = false, birthday = "",
      country = "" } = form;
    try {
      const asked = await ask("join", { given_name, address: where, terms, agrees: agrees === true,
        birthday, country });
      form = { ...asked };
      go("code");
    } catch (slip) { slipped(slip, "address"); }
  }
  async function signIn() {
    try {
      const { id = "", code = "", agrees } = form;
      const had = await ask("sign-in", { id, code, agrees: agrees || "" });
      remember(had.token);
    } catch (slip) { slipped(slip, "code"); return ""; }
    await refresh();
    emit("signin", member);
    main.querySelector("h3").focus();
    return word("welcome");
  }

  function head() {
    const [first, ...more] = member.purses;
    return el("section", { class: "standing" },
      el("h3", { tabindex: "-1" }, member.name, member.tier &&
        el("span", { class: "tier", text: member.tier })),
      first && el("p", { class: "balance" }, el("bdi", {}, el("strong", { text: first.amount }), " ",
        el("span", { text: first.unit }))),
      first && first.worth && el("p", { class: "soft", text: `${word("worth")} ${first.worth}` }),
      first && first.pending && el("p", { class: "soft",
        text: `${word("pending")}: ${first.pending}` }),
      more.filter((one) => one.units).map((one) => el("p", { class: "soft",
        text: apart(`${one.amount} ${one.unit}`) })),
      member.endings.map((one) => el("p", { class: "soft", text: one })),
      member.ladders.filter((one) => one.next).map((one) => el("div", { class: "way" },
        bar(one.next.reached, one.next.needed, one.next.says),
        el("p", { class: "soft", text: one.next.says }))));
  }
  const bar = (value, max, label) => el("progress", { value, max: max || 1, "aria-label": label });
  function held(one) {
    return el("section", { class: "held" },
      el("p", { class: "soft", text: word("reserved") }), el("h3", { text: one.name }),
      el("label", { class: "field", for: `c-${one.code}` }, el("span", { text: word("code") }),
        el("input", { id: `c-${one.code}`, value: one.code, readonly: true, dir: "ltr",
          on: { focus: (event) => event.target.select() } })),
      el("p", { class: "soft", text: `${word("good_until")} ${one.until}` }),
      el("div", { class: "row" }, button(word("copy"), () => work(async () => {
        await navigator.clipboard.writeText(one.code);
        return word("copied");
      })), button(word("give_back"), () => work(async () => {
        await api.giveBack(one.code);
        return word("given_back");
      }), "plain")));
  }
  function rewards() {
    return el("section", {}, el("h3", { text: word("rewards") }),
      member.rewards.length ? el("ul", { class: "list" }, member.rewards.map((one) =>
        el("li", {}, el("div", {}, el("p", { class: "name", text: one.name }),
          el("p", { class: "soft", text: one.state === "now" ? one.price
            : one.why || one.price }),
          one.state !== "now" && one.needed > 0 && bar(one.reached, one.needed,
            one.why || one.name)),
          one.state === "now" && el("button", { type: "button", id: `r-${one.id}`,
            "aria-label": `${word("redeem")}: ${one.name}`, text: word("redeem"),
            on: { click: () => work(async () => {
              const had = await api.redeem(one.id);
              const code = root.getElementById(`c-${had.code}`);
              if (code) { code.scrollIntoView({ block: "center" }); code.focus(); }
              return word("reserved");
            }) } }))))
        : el("p", { class: "soft", text: word("no_rewards") }));
  }
  function friends() {
    const told_ = member.friends;
    if (!told_) return null;
    return el("section", {}, el("h3", { text: word("friends") }),
      told_.theirs && el("p", { class: "soft", text: `${word("they_get")}: ${told_.theirs}` }),
      told_.mine && el("p", { class: "soft", text: `${word("you_get")}: ${told_.mine}` }),
      told_.link ? el("div", { class: "row" }, el("input", { value: told_.link, readonly: true,
        dir: "ltr", "aria-label": word("friends"), on: {
          focus: (event) => event.target.select() } }),
        button(word("copy"), () => work(async () => {
          await navigator.clipboard.writeText(told_.link);
          return word("copied");
        })))
        : button(word("make_link"), () => work(async () => {
          await ask("friend-link");
          await refresh();
        })));
  }
  function ways() {
    return shop.ways.length > 0 && el("section", {}, el("h3", { text: word("ways") }),
      el("ul", { class: "ways" }, shop.ways.map((one) => el("li", {}, el("bdi", { text: one })))));
  }
  const foot = () => el("section", { class: "foot row" },
    el("a", { href: `${home}/card`, target: "_blank", rel: "noopener", text: word("my_card") }),
    button(word("sign_out"), () => work(async () => {
      await api.signOut();
      return word("bye");
    }), "link"));

  const STYLE = `
:host{all:initial;color-scheme:inherit;
--r-accent:var(--regulars-accent,light-dark(#0f5c4d,#7fd0bb));
--r-on:var(--regulars-on-accent,light-dark(#fff,#0b231d));
--r-paper:var(--regulars-paper,light-dark(#fffdfa,#1f1b18));
--r-sunk:var(--regulars-sunk,light-dark(#f3eee6,#2a2521));
--r-ink:var(--regulars-ink,light-dark(#241f1a,#f2ece4));
--r-soft:var(--regulars-soft,light-dark(#63594e,#b8ada0));
--r-line:var(--regulars-line,light-dark(#e0d8cb,#3c352f));
--r-edge:var(--regulars-edge,light-dark(#8a7e70,#857a6d));
--r-refuse:var(--regulars-refuse,light-dark(#a8261f,#ff9c92));
--r-radius:var(--regulars-radius,.625rem);
--r-font:var(--regulars-font,system-ui,-apple-system,"Segoe UI",sans-serif)}
:host([data-theme=light]){color-scheme:light}:host([data-theme=dark]){color-scheme:dark}
*{box-sizing:border-box;margin:0;font:inherit;color:inherit}
[hidden]{display:none!important}
.launcher,dialog{font:400 1rem/1.45 var(--r-font);color:var(--r-ink)}
button{min-block-size:2.75rem;padding:.5rem 1rem;border:1px solid var(--r-edge);
border-radius:var(--r-radius);background:none;cursor:pointer;font-weight:600}
button:hover{background:var(--r-sunk)}
:focus-visible{outline:3px solid var(--r-accent);outline-offset:2px}
h2:focus,h3:focus,dialog:focus{outline:none}
.launcher{position:fixed;inset-block-end:1rem;inset-inline-end:1rem;z-index:2147483000;
display:flex;gap:.5rem;align-items:center;min-block-size:3rem;padding:.625rem 1.125rem;
border:0;border-radius:2rem;background:var(--r-accent);color:var(--r-on);
font-weight:600;font-variant-numeric:tabular-nums}
.launcher:hover{background:color-mix(in srgb,var(--r-accent) 88%,var(--r-ink))}
:host([data-side=start]) .launcher{inset-inline:1rem auto}
@media (max-width:30rem){.launcher.quiet{inline-size:3rem;padding:0;justify-content:center}
.launcher.quiet span{position:absolute;inline-size:1px;block-size:1px;overflow:hidden;
clip-path:inset(50%);white-space:nowrap}}
svg{inline-size:1.25rem;block-size:1.25rem;flex:none;fill:none;stroke:currentColor;
stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
dialog{position:fixed;inset:auto 1rem 1rem auto;inline-size:24rem;max-inline-size:calc(100vw - 2rem);
max-block-size:min(44rem,calc(100dvh - 2rem));padding:0;border:1px solid var(--r-line);
border-radius:calc(var(--r-radius)*1.6);background:var(--r-paper);overflow:auto;
overscroll-behavior:contain}
:host([dir=rtl]) dialog{inset:auto auto 1rem 1rem}
:host([data-side=start]) dialog{inset:auto auto 1rem 1rem}
:host([data-side=start][dir=rtl]) dialog{inset:auto 1rem 1rem auto}
dialog::backdrop{background:rgb(20 17 15/.42)}
@media (max-width:30rem){dialog,:host([dir=rtl]) dialog,:host([data-side]) dialog{
inset:auto 0 0;inline-size:100%;max-inline-size:100%;max-block-size:92dvh;border-width:1px 0 0;
border-end-start-radius:0;border-end-end-radius:0}}
@media (prefers-reduced-motion:no-preference){dialog[open]{animation:up .15s ease-out}
@keyframes up{from{opacity:0;transform:translateY(.75rem)}}}
.head{position:sticky;inset-block-start:0;z-index:1;display:flex;justify-content:space-between;
align-items:center;gap:1rem;padding:.75rem .75rem .75rem 1.25rem;background:var(--r-paper);
border-block-end:1px solid var(--r-line)}
:host([dir=rtl]) .head{padding:.75rem 1.25rem .75rem .75rem}
h2{font-size:1.0625rem;font-weight:650}
h3{font-size:1rem;font-weight:650}
.plain,.link{border-color:transparent}
.round{inline-size:2.75rem;padding:0;display:grid;place-items:center;border-radius:50%}
.live{padding-inline:1.25rem;font-weight:600;color:var(--r-accent)}
.live:not(:empty){padding-block:.75rem 0}
.main{display:grid;gap:1.25rem;padding:1.25rem}
.main p:has(>.link){display:flex;flex-wrap:wrap;gap:.25rem .5rem;align-items:center}
section,form{display:grid;gap:.75rem}
section+section,form+section,p+section{padding-block-start:1.25rem;
border-block-start:1px solid var(--r-line)}
.soft,small{color:var(--r-soft);font-size:.9375rem}
small{display:block}
.lead{text-wrap:pretty}
.field{display:grid;gap:.25rem}
.field>span:first-child{font-weight:600;font-size:.9375rem}
input,select{inline-size:100%;min-inline-size:0;min-block-size:2.75rem;padding:.5rem .75rem;
border:1px solid var(--r-edge);border-radius:var(--r-radius);background:var(--r-paper)}
input[readonly]{background:var(--r-sunk);border-color:var(--r-line);font-size:.875rem;
font-family:ui-monospace,Menlo,Consolas,monospace;text-overflow:ellipsis}
input[aria-invalid]{border-color:var(--r-refuse)}
.digits{font-size:1.5rem;letter-spacing:.25em;font-variant-numeric:tabular-nums}
.wrong{color:var(--r-refuse);font-size:.9375rem}
.tick{display:grid;grid-template-columns:auto 1fr;gap:.75rem;align-items:start}
.tick input{inline-size:1.375rem;min-block-size:1.375rem;block-size:1.375rem;margin:0;
accent-color:var(--r-accent)}
.tick>span>*{display:block}
.main-button{inline-size:100%;border-color:var(--r-accent);background:var(--r-accent);
color:var(--r-on)}
.main-button:hover{background:color-mix(in srgb,var(--r-accent) 88%,var(--r-ink))}
.link,a{color:var(--r-accent);font-weight:600;text-decoration:underline;text-underline-offset:.2em}
.link{padding:.5rem 0}
.standing{gap:.25rem}
.standing h3{display:flex;gap:.625rem;align-items:center}
.tier{padding:.0625rem .625rem;border:1px solid currentColor;border-radius:1rem;
color:var(--r-accent);font-size:.875rem}
.balance strong{font-size:2.5rem;line-height:1.1;font-weight:650;letter-spacing:-.02em;
font-variant-numeric:tabular-nums}
.way{display:grid;gap:.375rem;margin-block-start:.5rem}
progress{appearance:none;display:block;inline-size:100%;block-size:.5rem;border:0;
border-radius:1rem;background:var(--r-sunk);overflow:hidden;color:var(--r-accent)}
progress::-webkit-progress-bar{background:var(--r-sunk)}
progress::-webkit-progress-value{background:var(--r-accent);border-radius:1rem}
progress::-moz-progress-bar{background:var(--r-accent);border-radius:1rem}
.held{padding:1rem;border:1px solid var(--r-accent);border-radius:var(--r-radius)}
section.held+section{border:0;padding-block-start:0}
.row{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center}
.row>input{flex:1 1 10rem;inline-size:auto}
.foot{justify-content:space-between}
ul{padding:0;list-style:none}
.list{display:grid}
.list li{display:grid;grid-template-columns:1fr auto;gap:.75rem;align-items:center;
padding-block:.625rem}
.list li+li{border-block-start:1px solid var(--r-line)}
.list li>div{display:grid;gap:.25rem}
.name{font-weight:600}
.ways{display:grid;gap:.5rem}
.ways li{padding-inline-start:1rem;border-inline-start:3px solid var(--r-accent)}
.note{padding:.75rem 1rem;border-radius:var(--r-radius);background:var(--r-sunk)}
[aria-busy] button{cursor:progress}
@media (forced-colors:active){.launcher,.main-button,.held{border:1px solid}}
`;

  api.ready = document.body ? begin() : new Promise((ready) =>
    addEventListener("DOMContentLoaded", ready, { once: true })).then(begin);
  api.ready.catch((slip) => console.warn(`Regulars: ${slip.message || "cannot be reached"}`));
})();
