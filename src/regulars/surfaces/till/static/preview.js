// What an activity earns, worked out on the device while nobody answers: the rules of the program as
// the snapshot brought them, walked the plain and slow way in whole numbers and exact ratios. It
// mirrors engine/qualify.py and engine/reference; tests decide the same cases there and here.
//
// What limits have left, what was kept of a fraction and what is known of a member it goes by as the
// snapshot has it. What it cannot know it does not guess: then `sure` is false, and `why` says what
// was missing.

const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const DECIMALS = {
  0: ["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"],
  3: ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"],
  4: ["CLF", "UYW"],
};
const MOST = BigInt(Number.MAX_SAFE_INTEGER);

/** What an activity would earn: `{earned: {wallet: units}, rules: [{rule, points}], sure, why}`.
 *
 *  `facts` is `{activity, at, store, member}`: the activity as it is sent, its instant, the store of
 *  the till, and the member as the snapshot has them (`tier`, `state`, and `counted`: attributes,
 *  what is used of limits, what rounding kept; nothing where that is not known; and `moved`, whether
 *  the tier may be another by now, "up" or "anywhere").
 *  With `sure` the answer is the server's to the last point, and `then` is `counted` after it; else
 *  it is an estimate, and `why` has what is missing: limit, rest, budget, kept, member, plan, tier,
 *  ladder, proof, state, kind, range, words. */
export function preview(program, facts) {
  const unknown = new Set();
  const seen = seenOf(program, facts, unknown);
  if (unknown.has("state") || unknown.has("kind")) return { earned: {}, rules: [], sure: false, why: [...unknown] };
  const told = program.rules.map((rule) => match(program, rule, seen, unknown));
  const wallets = Object.keys(program.wallets);
  for (const wallet of wallets) addUp(program, wallet, told);
  limit(program, told, seen, unknown);
  const earned = {};
  const kept = [];
  const parts = told.map(() => 0n);
  for (const wallet of wallets) {
    const own = told.map((one) => (one.rule.wallet === wallet ? one.given : NONE));
    if (own.every((given) => given.n === 0n)) continue;
    const { units, shares, rest, cut } = atOnce(program, wallet, settle(program, wallet, own, keptOf(program, wallet, seen, unknown)));
    if (keeps(program, wallet) && !cut) kept.push({ wallet, period: keptFor(program, wallet, seen), rest: `${rest.n}/${rest.d}` });
    if (units && program.budgets?.some((one) => one.wallet === wallet && one.per !== "activity")) unknown.add("budget");
    if (units > MOST) unknown.add("range");
    if (units) earned[wallet] = Number(units);
    shares.forEach((share, place) => { parts[place] += share; });
  }
  const rules = told.map((one, place) => ({ rule: one.rule.id, points: Number(parts[place]) }));
  const sure = unknown.size === 0;
  const then = sure && seen.counted ? countedThen(program, seen, parts, kept) : undefined;
  return { earned, rules: rules.filter((one) => one.points), sure, why: [...unknown].sort(), ...(then && { then }) };
}

// --- exact ratios ------------------------------------------------------------------------------

const NONE = { n: 0n, d: 1n };

function ratio(n, d = 1n) {
  let [one, other] = [n < 0n ? -n : n, d < 0n ? -d : d];
  while (other) [one, other] = [other, one % other];
  const by = (one || 1n) * (d < 0n ? -1n : 1n);
  return { n: n / by, d: d / by };
}

const plus = (a, b) => ratio(a.n * b.d + b.n * a.d, a.d * b.d);
const less = (a, b) => ratio(a.n * b.d - b.n * a.d, a.d * b.d);
const times = (a, b) => ratio(a.n * b.n, a.d * b.d);
const order = (a, b) => sign(a.n * b.d - b.n * a.d);
const sign = (n) => (n > 0n ? 1 : n < 0n ? -1 : 0);
const byName = (one, other) => (one < other ? -1 : one > other ? 1 : 0);
const total = (ratios) => ratios.reduce(plus, NONE);
const sum = (numbers) => numbers.reduce((one, other) => one + other, 0n);

function floor({ n, d }) {
  const cut = n / d;
  return n < 0n && cut * d !== n ? cut - 1n : cut;
}

const ceil = ({ n, d }) => -floor({ n: -n, d });

/** The ratio that decimal text or a whole number says. */
function decimal(said) {
  const [whole, part = ""] = String(said).split(".");
  return ratio(BigInt(whole + part), 10n ** BigInt(part.length));
}

/** How many of the smallest unit an amount is; amounts of a program are never finer. */
const unitsOf = (said, scale) => floor(times(decimal(said), ratio(10n ** BigInt(scale))));
const moneyScale = (currency) => Number(Object.keys(DECIMALS).find((scale) => DECIMALS[scale].includes(currency)) ?? 2);

/** The exact points as a whole multiple of the step: the one rounding. */
function rounded(exact, rounding) {
  const step = BigInt(rounding.step);
  const steps = ratio(exact.n, exact.d * step);
  if (rounding.mode === "floor") return floor(steps) * step;
  if (rounding.mode === "ceil") return ceil(steps) * step;
  const half = floor(plus(steps, ratio(1n, 2n)));
  if (rounding.mode === "half_up") return half * step;
  const tie = order(less(ratio(half), steps), ratio(1n, 2n)) === 0;
  return (tie && half % 2n ? half - 1n : half) * step;
}

// --- what the rules see --------------------------------------------------------------------------

function seenOf(program, { activity, at, store, member = {} }, unknown) {
  if (activity.kind === "return") unknown.add("kind");
  if (member.state === "blocked" && !program.blocked?.may_earn) unknown.add("state");
  if (program.advocacy?.some((one) => one.on === activity.kind && (one.about || one.proof))) unknown.add("proof");
  const lines = (activity.lines ?? []).length
    ? activity.lines.map(soldLine)
    : activity.kind === "purchase" ? [soldLine({ amount: activity.amount })] : [];
  const names = Object.keys(program.qualifying);
  const counted = names.map((name) => qualify(program.qualifying[name], activity, lines));
  return {
    kind: activity.kind, ...clock(at ?? activity.occurred_at ?? Date.now(), program.zone),
    channel: activity.channel ?? "", store: activity.store || store || "", details: activity.details ?? {},
    names, standard: Math.max(names.indexOf("standard"), 0), member, counted: member.counted, scale: moneyScale(program.currency),
    lines: lines.map((line, place) => ({ ...line, amounts: counted.map((one) => one.lines[place]) })),
    extras: counted.map((one) => one.extras), program,
  };
}

const minor = (money) => BigInt(money?.minor ?? 0);

function soldLine(line) {
  return {
    sku: line.sku ?? "", category: line.category ?? "", quantity: BigInt(line.quantity ?? 1), free: BigInt(line.free ?? 0),
    amount: minor(line.amount), discount: minor(line.discount), tax: minor(line.tax),
  };
}

const clocks = new Map(); // one for each zone: it takes long to make one

/** Day, weekday and hour as clock and calendar show them in the program's zone. */
function clock(at, timeZone) {
  const how = { timeZone, calendar: "iso8601", numberingSystem: "latn", hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit" };
  if (!clocks.has(timeZone)) clocks.set(timeZone, new Intl.DateTimeFormat("en", how));
  const found = Object.fromEntries(clocks.get(timeZone).formatToParts(new Date(at)).map((one) => [one.type, one.value]));
  const day = `${found.year.padStart(4, "0")}-${found.month}-${found.day}`;
  const minute = Math.floor(new Date(at).getTime() / 60_000);
  return { day, minute, at: new Date(at), weekday: WEEKDAYS[(dayNumber(day) + 3) % 7], hour: Number(found.hour) };
}

/** Days since 1970-01-01 (a Thursday), or nothing where the text is no day. */
function dayNumber(text) {
  if (typeof text !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(text) || text < "0001") return undefined;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text ? undefined : ms / 86_400_000;
}

const dayText = (number) => new Date(number * 86_400_000).toISOString().slice(0, 10);

/** What of a purchase counts by one definition: of each line, and of shipping and tips. */
function qualify(definition, activity, lines) {
  const net = lines.map((line) => most(line.amount - line.discount, 0n));
  const only = definition.only_skus || [];
  const counts = lines.map((line) => ((!definition.only_categories.length && !only.length) || definition.only_categories.includes(line.category) || only.includes(line.sku))
    && !definition.except_categories.includes(line.category) && !definition.except_skus.includes(line.sku));
  const off = discounts(definition, minor(activity.order_discount), net, counts);
  const amounts = lines.map((line, place) => (counts[place] ? most(net[place] - off[place] - (definition.tax === "out" ? line.tax : 0n), 0n) : 0n));
  const shipping = definition.shipping === "in" ? minor(activity.shipping) : 0n;
  amounts.push(shipping + (definition.tips === "in" ? minor(activity.tips) : 0n));
  const inPoints = sum((activity.payments ?? []).filter((one) => one.kind === "points").map((one) => minor(one.amount)));
  const paid = definition.points_paid === "in" ? amounts.map(() => 0n) : spread(least(inPoints, sum(amounts)), amounts);
  const left = amounts.map((amount, place) => amount - paid[place]);
  return { extras: left.pop(), lines: left };
}

function discounts(definition, discount, net, counts) {
  if (definition.order_discounts === "none" || !discount) return net.map(() => 0n);
  const weights = net.map((amount, place) => (counts[place] || definition.order_discounts !== "full" ? amount : 0n));
  return spread(least(discount, sum(weights)), weights);
}

/** Splits an amount in proportion by largest remainder; earlier ones win ties. */
function spread(amount, weights) {
  const whole = sum(weights);
  if (!whole || !amount) return weights.map(() => 0n);
  const parts = weights.map((weight) => (amount * weight) / whole);
  const rests = weights.map((weight) => (amount * weight) % whole);
  const first = rests.map((_, place) => place).sort((i, j) => sign(rests[j] - rests[i]) || i - j);
  for (const place of first.slice(0, Number(amount - sum(parts)))) parts[place] += 1n;
  return parts;
}

const most = (one, other) => (one > other ? one : other);
const least = (one, other) => (one < other ? one : other);

function matching(lines, categories, skus) {
  if (!categories.length && !skus.length) return lines;
  return lines.filter((line) => categories.includes(line.category) || skus.includes(line.sku));
}

const within = (day, from, until) => (from == null || day >= from) && (until == null || day < until);

// --- conditions: true, false, or the word for what is not known -------------------------------------

function holds(asked, seen) {
  const judge = JUDGES[asked.if];
  return judge ? judge(asked, seen) : "words";
}

const unknownIn = (found) => found.find((one) => typeof one === "string");

const JUDGES = {
  all({ of }, seen) {
    const found = of.map((one) => holds(one, seen));
    return !found.includes(false) && (unknownIn(found) ?? true);
  },
  any({ of }, seen) {
    const found = of.map((one) => holds(one, seen));
    return found.includes(true) || (unknownIn(found) ?? false);
  },
  not({ that }, seen) {
    const found = holds(that, seen);
    return typeof found === "string" ? found : !found;
  },
  amount({ at_least: low, at_most: high }, seen) {
    const found = sum(seen.lines.map((line) => line.amounts[seen.standard])) + seen.extras[seen.standard];
    return (low == null || found >= unitsOf(low, seen.scale)) && (high == null || found <= unitsOf(high, seen.scale));
  },
  basket_has(asked, seen) {
    const lines = matching(seen.lines, asked.categories, asked.skus);
    const pieces = sum(lines.map((line) => line.quantity - line.free));
    const amount = sum(lines.map((line) => line.amounts[seen.standard]));
    const wanted = asked.quantity ?? (asked.amount == null ? 1 : 0);
    const enough = (asked.quantity == null && asked.amount != null) || pieces >= BigInt(wanted);
    return enough && (asked.amount == null || amount >= unitsOf(asked.amount, seen.scale));
  },
  tier({ at_least: asked }, seen) {
    const { tiers, ladders = {} } = seen.program;
    if (Object.values(ladders).some((one) => one.steps.some((step) => step.id === asked))) return "ladder";
    const steps = (tiers?.steps ?? []).map((step) => step.id);
    if (!steps.includes(asked)) return false;
    const { moved } = seen.member;
    const here = stepOf(tiers, seen.member.tier);
    const until = seen.counted?.tier_until;
    if (here === undefined || moved === "anywhere" || (until && seen.at >= new Date(until))) return "tier";
    if (here >= steps.indexOf(asked)) return true;
    return moved || tiers.crossing_earns === "new_tier" ? "tier" : false;
  },
  channel: (asked, seen) => asked.in.includes(seen.channel),
  store: (asked, seen) => asked.in.includes(seen.store),
  weekday: (asked, seen) => asked.in.includes(seen.weekday),
  hour: (asked, seen) => asked.from <= seen.hour && seen.hour < asked.until,
  dates: (asked, seen) => within(seen.day, asked.from_on, asked.until_on),
  code: ({ in: words, of }, seen) => (of ? "code" : words.map(foldedCode).includes(own(seen.details, "code"))),
  detail: (asked, seen) => asked.in.includes(own(seen.details, asked.detail)),
  member: ({ attribute, in: wanted }, seen) => known(seen, attribute, (value) => wanted.includes(value)),
  plan: (asked, { counted, at }) => {
    if (!counted) return "member";
    const stands = (counted.plans ?? []).find((one) => one.plan === asked.runs);
    return stands && at >= new Date(stands.until) ? "plan" : Boolean(stands?.runs);
  },
  anniversary: (asked, seen) => known(seen, asked.attribute, (value) => near(asked, value, seen.day)),
  days_since: ({ attribute, at_least: from, before }, seen) => known(seen, attribute, (value) => {
    const begun = dayNumber(value);
    const gone = begun === undefined ? undefined : dayNumber(seen.day) - begun;
    return gone !== undefined && gone >= from && (before == null || gone < before);
  }),
};

/** What a question to an attribute answers; what was not sent is nothing that a rule asks for. */
function known({ counted }, attribute, question) {
  return counted ? question(own(counted.attributes ?? {}, attribute)) : "member";
}

/** A code as it is looked up: capitals, without spaces and hyphens. */
const foldedCode = (text) => text.toUpperCase().replace(/[ \t-]/g, "");

/** What stands under a name in what somebody sent; never what every object has. */
const own = (values, name) => (Object.hasOwn(values, name) ? values[name] : undefined);

/** Where a tier stands on the ladder, from 0; -1 for none, nothing for one that is not on it. */
function stepOf(tiers, tier) {
  const place = tiers.steps.findIndex((step) => step.id === tier);
  if (place >= 0) return place;
  if (tier != null) return undefined;
  // A step at 0 is everybody's, whether or not it was written down yet.
  return tiers.steps.findLastIndex((step) => step.by !== "invitation" && decimal(step.at).n === 0n);
}

function near({ days_before: before, days_after: after }, value, today) {
  const text = typeof value === "string" ? value : "";
  if (dayNumber(text.length === 5 ? `2000-${text}` : text) === undefined) return false;
  const here = dayNumber(today);
  for (let day = here - after; day <= here + before; day += 1) {
    const date = dayText(day).slice(5);
    const lastOfFebruary = date === "02-28" && dayText(day + 1).slice(5) === "03-01";
    if (text.slice(-5) === date || (lastOfFebruary && text.slice(-5) === "02-29")) return true;
  }
  return false;
}

// --- 0: which rules match, and what they would give ----------------------------------------------------

const isTimes = (rule) => rule.award.give === "multiply";
const stage = (rule) => (isTimes(rule) ? "multiply" : rule.award.stage);

function match(program, rule, seen, unknown) {
  const one = { rule, why: "no", worth: NONE, given: NONE, rooms: roomsOf(program, rule, seen) };
  if (rule.on !== seen.kind || !within(seen.day, rule.from_on, rule.until_on)) return one;
  const found = rule.when ? holds(rule.when, seen) : true;
  if (found === false) return one;
  const worth = isTimes(rule) ? NONE : (AWARDS[rule.award.give] ?? nobodyKnows(unknown))(rule.award, seen, program.wallets[rule.wallet]);
  // Times one gives nothing either, so that in its group it keeps nobody from giving.
  if (isTimes(rule) ? order(decimal(rule.award.by), ratio(1n)) === 0 : worth.n === 0n) return one;
  if (found !== true) unknown.add(found);
  return found === true ? { ...one, why: "given", worth } : one;
}

/** An award of a later edition: this page knows nothing of it. */
function nobodyKnows(unknown) {
  unknown.add("words");
  return () => NONE;
}

const AWARDS = {
  per_amount(award, seen, wallet) {
    const rate = ratio(unitsOf(award.points, wallet.scale), unitsOf(award.per, seen.scale));
    const place = seen.names.indexOf(award.qualifying);
    const amounts = matching(seen.lines, award.only_categories, award.only_skus).map((line) => line.amounts[place]);
    if (!award.only_categories.length && !award.only_skus.length) amounts.push(seen.extras[place]);
    if (wallet.rounding.scope === "line") return ratio(sum(amounts.map((one) => rounded(times(rate, ratio(one)), wallet.rounding))));
    return times(rate, ratio(sum(amounts)));
  },
  per_item(award, seen, wallet) {
    const pieces = sum(matching(seen.lines, award.categories, award.skus).map((line) => line.quantity - line.free));
    return ratio((pieces / BigInt(award.every)) * unitsOf(award.points, wallet.scale));
  },
  fixed: (award, _, wallet) => ratio(unitsOf(award.points, wallet.scale)),
  by_table(award, seen, wallet) {
    const count = award.of == null ? 1 : own(seen.details, award.of);
    if (typeof count !== "number" || !Number.isInteger(count) || count < 0 || count > 1e9) return NONE;
    const told = award.by.map((name) => String(own(seen.details, name) ?? ""));
    const row = award.rows.find((one) => one.is.every((asked, place) => asked === "*" || asked === told[place]) && within(seen.day, one.from_on, one.until_on));
    return row ? times(decimal(row.points), ratio(10n ** BigInt(wallet.scale) * BigInt(count), BigInt(award.per))) : NONE;
  },
};

// --- 1 to 3: base, multipliers, bonuses --------------------------------------------------------------------

function addUp(program, wallet, told) {
  const mine = told.filter((one) => one.rule.wallet === wallet && one.why === "given");
  const chosen = chooseBase(program, mine.filter((one) => stage(one.rule) === "base"));
  const base = total(chosen.map((one) => one.worth));
  const adding = { multiply: [], bonus: [] };
  for (const one of mine) {
    const at = stage(one.rule);
    if (at === "base") continue;
    if (base.n === 0n && (one.rule.needs_base || at === "multiply")) one.why = "no";
    else adding[at].push(one);
  }
  multiply(program, oneOfEachGroup(adding.multiply), base);
  for (const one of [...chosen, ...oneOfEachGroup(adding.bonus)]) one.given = one.worth;
}

const weight = ({ rule, worth }) => (isTimes(rule) ? decimal(rule.award.by) : worth);
const goesFirst = (one, other) =>
  other.rule.priority - one.rule.priority || order(weight(other), weight(one)) || byName(one.rule.id, other.rule.id);

/** Who is left when of each group only the first gives: by priority, worth and id. */
function oneOfEachGroup(matched) {
  const first = (one) => matched.filter((rival) => rival.rule.group === one.rule.group).sort(goesFirst)[0];
  const left = matched.filter((one) => one.rule.group == null || first(one) === one);
  for (const one of matched) if (!left.includes(one)) one.why = "no";
  return left;
}

function chooseBase(program, matched) {
  const full = matched.filter(fallsThrough);
  for (const one of full) one.why = "no";
  const standing = oneOfEachGroup(matched.filter((one) => !full.includes(one)));
  if (!standing.length || program.stacking.base === "sum") return standing;
  const best = (one, other) => order(other.worth, one.worth) || byName(one.rule.id, other.rule.id);
  const winner = program.stacking.base === "first" ? standing[0] : [...standing].sort(best)[0];
  for (const one of standing) if (one !== winner) one.why = "no";
  return [winner];
}

/** It rests, or what is left of a limit is too little: it steps aside for another. Where nobody knows
 *  what is left, only what is worth more than the whole limit does so for certain. */
function fallsThrough({ rule, worth, rooms }) {
  const full = rule.limits.some((one, place) => one.on_exceed === "fall_through"
    && (one.points != null ? order(worth, ratio(rooms[place].free)) > 0 : rooms[place].free === 0n));
  return full || rests(rule, rooms);
}

const rests = (rule, rooms) => Boolean(rule.cooldown) && rooms[rule.limits.length].free === 0n;

function multiply(program, multipliers, base) {
  let running = base;
  for (const one of [...multipliers].sort((a, b) => byName(a.rule.id, b.rule.id))) {
    const extra = times(running, less(decimal(one.rule.award.by), ratio(1n)));
    if (program.stacking.multipliers === "multiplicative") running = plus(running, extra);
    Object.assign(one, { worth: extra, given: extra });
  }
}

// --- 4: limits ------------------------------------------------------------------------------------------------

/** What each limit of a rule has left, and whether its rest is over, behind them: `{place, period,
 *  free, known}`, places as in the snapshot. What all members share, only the server knows. */
function roomsOf(program, rule, seen) {
  const first = placeOf(program, rule);
  const rooms = rule.limits.map((one, at) => {
    const full = one.points == null ? BigInt(one.times ?? 0) : unitsOf(one.points, program.wallets[rule.wallet].scale);
    const mine = { place: first + at, period: periodOf(one.per, seen.day), free: full, known: one.of !== "everyone" };
    if (one.per === "activity" || !mine.known) return mine;
    const used = usedOf(seen, mine.place);
    if (!seen.counted || used?.period > mine.period) return { ...mine, known: false };
    return { ...mine, counts: true, free: used?.period === mine.period ? most(full - BigInt(used.used), 0n) : full };
  });
  return rule.cooldown ? [...rooms, restOf(rule.cooldown, first + rooms.length, seen)] : rooms;
}

const usedOf = ({ counted }, place) => counted?.used?.find((one) => one.place === place);

function restOf({ hours, days }, place, seen) {
  const period = days ? ordinal(seen.day) : seen.minute;
  const last = usedOf(seen, place);
  const near = last !== undefined && Math.abs(period - last.period) < (days || hours * 60);
  return { place, period, free: near ? 0n : 1n, known: Boolean(seen.counted), counts: Boolean(seen.counted) };
}

/** The place of a rule's first limit among those of all rules. */
function placeOf(program, rule) {
  const before = program.rules.slice(0, program.rules.indexOf(rule));
  return before.reduce((sum, one) => sum + one.limits.length + (one.cooldown ? 1 : 0), 0);
}

const EPOCH = 719_163; // 1970-01-01, where 1 is the first day of the year 1
const ordinal = (day) => dayNumber(day) + EPOCH;

/** The number under which a limit counts on this day. */
function periodOf(per, day) {
  const [year, month] = day.split("-").map(Number);
  if (per === "day") return ordinal(day);
  if (per === "month") return year * 100 + month;
  if (per === "year") return year;
  if (per !== "week") return 0;
  const here = dayNumber(day);
  const thursday = here - ((here + 3) % 7) + 3; // its year is the week's
  const [of] = dayText(thursday).split("-").map(Number);
  return of * 100 + Math.floor((thursday - dayNumber(`${String(of).padStart(4, "0")}-01-01`)) / 7) + 1;
}

/** As only what gives something can be limited, or step aside for another, nobody else matters. */
function limit(program, told, seen, unknown) {
  for (const one of told) {
    if (one.why !== "given" || one.worth.n === 0n) continue;
    if (rests(one.rule, one.rooms)) one.given = NONE;
    one.rule.limits.forEach((bound, at) => {
      const { free, known } = one.rooms[at];
      if (!known) unknown.add("limit");
      if (bound.points == null) {
        if (free === 0n) one.given = NONE;
      } else if (order(one.worth, ratio(free)) > 0) {
        if (bound.on_exceed !== "clip") one.given = NONE;
        else if (order(ratio(free), one.given) < 0) one.given = ratio(free);
      }
    });
    if (one.rule.cooldown && !one.rooms.at(-1).known) unknown.add("rest");
  }
}

/** What is counted of the member once this was given. */
function countedThen(program, seen, parts, kept) {
  const used = [...(seen.counted.used ?? [])];
  const count = ({ place, period }, by) => {
    const at = used.findIndex((one) => one.place === place);
    const had = at >= 0 && used[at].period === period ? used[at].used : 0;
    used.splice(at >= 0 ? at : used.length, 1, { place, period, used: had + by });
  };
  program.rules.forEach((rule, at) => {
    if (!parts[at]) return;
    for (const [nth, one] of roomsOf(program, rule, seen).entries()) {
      if (one.counts) count(one, rule.limits[nth]?.points == null ? 1 : Number(parts[at]));
    }
  });
  const rest = (seen.counted.kept ?? []).filter((one) => !kept.some((mine) => mine.wallet === one.wallet));
  return { ...seen.counted, used, kept: [...rest, ...kept] };
}

// --- 5: whole points, and whose they are ---------------------------------------------------------------------

const keeps = (program, wallet) => program.wallets[wallet].rounding.carry || program.wallets[wallet].rounding.scope === "day";

const keptFor = (program, wallet, seen) => (program.wallets[wallet].rounding.carry ? 0 : ordinal(seen.day));

/** What rounding kept for this member and this time. */
function keptOf(program, wallet, seen, unknown) {
  if (!keeps(program, wallet)) return NONE;
  const kept = seen.counted?.kept?.find((one) => one.wallet === wallet);
  const here = keptFor(program, wallet, seen);
  if (!seen.counted || kept?.period > here) unknown.add("kept");
  return kept?.period === here ? ratio(...kept.rest.split("/").map(BigInt)) : NONE;
}

/** Whole points of what the rules gave and what was kept; whose they are, and what is kept now. */
function settle(program, wallet, own, carried) {
  const { rounding } = program.wallets[wallet];
  const exact = plus(total(own), carried);
  const units = rounded(exact, rounding);
  const given = [...own, carried.n > 0n ? carried : NONE];
  const whole = total(given);
  const factor = ratio(units * whole.d, whole.n || 1n);
  const targets = given.map((target) => (rounding.step > 1 || carried.n < 0n ? times(target, factor) : target));
  const parts = targets.map(floor);
  const names = [...program.rules.map((rule) => rule.id), "\uffff"];
  const rest = targets.map((target, place) => less(target, ratio(parts[place])));
  const first = targets.map((_, place) => place).sort((i, j) => order(rest[j], rest[i]) || byName(names[i], names[j]));
  for (const place of first.slice(0, Number(units - sum(parts)))) parts[place] += 1n;
  return { units, shares: own.map((share, place) => least(parts[place], ceil(share))), rest: less(exact, ratio(units)) };
}

/** What the budgets of one activity leave of what the rules give; the last rules give way, and
 *  nothing of what is cut off is kept. */
function atOnce(program, wallet, settled) {
  const scale = program.wallets[wallet].scale ?? 0;
  let left = settled.units;
  for (const { wallet: mine, per, points, on_exceed: way } of program.budgets ?? []) {
    const most = mine === wallet && per === "activity" ? unitsOf(points, scale) : left;
    if (left > most) left = way === "reject" ? 0n : most;
  }
  if (left === settled.units) return settled;
  let rest = left;
  const shares = settled.shares.map((share) => { const part = least(share, rest); rest -= part; return part; });
  return { ...settled, units: left, shares, cut: true };
}
