"""The till without network and the server tell the same points for the same activity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from fractions import Fraction
from importlib.resources import files
from random import Random
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
import pytest
from msgspec.structs import replace
from playwright.sync_api import Browser
from tests.browser.till.apart import at_once
from tests.engine.random_programs import CATEGORIES, SKUS, random_facts, random_program
from tests.flows.plans.lives import running

from regulars.base.decimals import units
from regulars.engine.calendar import local, minute_of, period_of
from regulars.engine.checking.cases import Trial
from regulars.engine.checking.written import activity_of
from regulars.engine.compiling.asked import known_to_run, not_of_plans, plans_asked
from regulars.engine.compiling.compile import compile_program
from regulars.engine.deciding.budgets import moment_at, room_of
from regulars.engine.deciding.earn import kept_period, scene_of
from regulars.engine.deciding.settle import carry
from regulars.engine.facts import FactLine, Facts
from regulars.engine.ladder.credit import step_of
from regulars.engine.reference.interpreter import Reference
from regulars.engine.rewarding.plans.then import plans_at
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Version
from regulars.records.activity.types import NOBODY, Activity
from regulars.records.program import types as t
from regulars.records.program.reading import read_program
from regulars.records.program.templates import load_template, template_names
from regulars.surfaces.till.sync.counted import counted

MODULE = files("regulars.surfaces").joinpath("till", "static", "preview.js").read_text("utf-8")
ZONES = ("Europe/Berlin", "Europe/Berlin", "America/St_Johns", "Pacific/Auckland")
PROGRAMS = range(140)
EACH = 8
DECIDE = """async (everything) => {
  const { module, slips, programs, cases } = JSON.parse(everything);
  const parsed = programs.map((one) => JSON.parse(one));
  const load = (text) => import(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
  const { preview } = await load(module);
  const told = cases.map(([program, facts]) => preview(parsed[program], facts));
  const unnoticed = [];
  for (const [name, text] of Object.entries(slips)) {
    const slipped = (await load(text)).preview;
    const noticed = cases.some(([program, facts, expected]) => {
      const { sure, earned, rules } = slipped(parsed[program], facts);
      return sure && JSON.stringify({ earned, rules }) !== JSON.stringify(expected);
    });
    if (!noticed) unnoticed.push(name);
  }
  return JSON.stringify({ told, unnoticed });
}"""
SURE_EXAMPLES = 109
"""Of 162: each example of the ready-made programs, of a member as cached, and as met just now."""
SURE_OTHERS = 550
"""Of some 640 invented activities that earn something."""
REASONS = {"limit", "rest", "budget", "kept", "member", "tier", "plan", "code"}
SLIPS = at_once.SLIPS | {
    "rounds up where it rounds down": ('"floor") return floor(', '"floor") return ceil('),
    "halves go up, not to even": ("tie && half % 2n", "false"),
    "rounds each rule, not the whole": (
        "plus(total(own), carried);",
        "plus(total(own.map((one) => ratio(floor(one)))), carried);",
    ),
    "the step is forgotten": ("const step = BigInt(rounding.step);", "const step = 1n;"),
    "equal rests go to the last rule": ("names[i], names[j]", "names[j], names[i]"),
    "the last of equal ones is the best": (
        "order(other.worth, one.worth) || byName(one",
        "order(other.worth, one.worth) || -byName(one",
    ),
    "a lower priority goes first": ("other.rule.priority - one.rule", "0 * one.rule"),
    "multipliers always add up": ('=== "multiplicative"', '=== ""'),
    "weekdays are shifted by one": ("(dayNumber(day) + 3)", "(dayNumber(day) + 4)"),
    "the clock of the device, not of the shop": (
        "{ timeZone, calendar",
        '{ timeZone: "UTC", calendar',
    ),
    "a spare cent goes to the last line": ("|| i - j", "|| j - i"),
    "tax always counts": ('definition.tax === "out"', "false"),
    "what was paid with points counts": ('one.kind === "points"', "false"),
    "a tier must be exceeded": ("here >= steps.indexOf", "here > steps.indexOf"),
    "broken sets count": (
        "pieces / BigInt(award.every)",
        "(pieces + BigInt(award.every) - 1n) / BigInt(award.every)",
    ),
    "shares may pass a limit": ("least(parts[place], ceil(share))", "parts[place]"),
    "what limits have left is guessed": ('unknown.add("limit")', "void 0"),
    "that nothing rests is guessed": ('unknown.add("rest")', "void 0"),
    "that nothing was kept is guessed": ('unknown.add("kept")', "void 0"),
    "what is known of a member is guessed": (': "member"', ": false"),
    "a plan that may be over by now runs": ('? "plan" : Boolean', "? true : Boolean"),
    "a plan that runs does not": ("Boolean(stands?.runs)", "false"),
    "what was used of a limit is forgotten": ("full - BigInt(used.used)", "full"),
    "what was used in another period counts": ("used?.period === mine.period", "used"),
    "the week is that of the calendar year": ("+ 3; // its year", "; // its year"),
    "it rests a moment longer": (
        "Math.abs(period - last.period) <",
        "Math.abs(period - last.period) <=",
    ),
    "what rests gives all the same": (
        "if (rests(one.rule, one.rooms)) one.given",
        "if (false) one.given",
    ),
    "what rests keeps others from giving": ("return full || rests(rule, rooms)", "return full"),
    "a limit that is used up keeps others from giving": (
        ": rooms[place].free === 0n))",
        ": false))",
    ),
    "limits of other rules are taken": ("const first = placeOf(program, rule)", "const first = 0"),
    "what was kept goes on to the next day": ("kept?.period === here", "kept"),
    "what was kept is forgotten": ("plus(total(own), carried)", "plus(total(own), NONE)"),
}


class Case(NamedTuple):
    """What a device is asked, and what the reference says of it."""

    program: int
    sent: dict[str, Any]
    expected: dict[str, Any]


class Cases:
    """Programs as a snapshot sends them, and activities for them."""

    def __init__(self) -> None:
        self.programs: list[str] = []
        self.all: list[Case] = []
        self.told: list[dict[str, Any]] = []
        self.unnoticed: list[str] = []
        self.says: list[dict[str, int]] = []
        """What the examples, which come first, say that they earn."""

    def examples(self) -> None:
        """The examples of the ready-made programs: of a member the device knows all of, and of one
        it knows as the snapshot has them."""
        for name in template_names():
            program = read_program(load_template(name))
            version = Trial(compile_program(program)).terms.versions[0]
            asked = []
            for case in program.cases:
                activity = activity_of(version, case.given, NOBODY)
                facts = scene_of(version, activity).facts
                turns = running(case.plans, activity.occurred_at)
                state = MemberState(NOBODY, activity.occurred_at, case.member, turns=turns)
                known = {**case.member, **known_to_run(case.plans)}
                facts = replace(facts, tier=step_of(version, case.tier), member=known)
                expected = judged(version, facts, state, activity.occurred_at)
                earns = {w: units(n, program.wallets[w].scale) for w, n in case.earns.items()}
                for more in ({}, {"counted": cached(version, state, activity.occurred_at)}):
                    member = {"tier": case.tier, **more}
                    sent = sent_of(activity, program.currency)
                    asked.append(({"activity": sent, "member": member}, expected))
                    self.says.append({w: n for w, n in earns.items() if n})
            self.add(program, iter(asked))

    def invented(self, seeds: range) -> None:
        """Random programs, and activities for them."""
        for seed in seeds:
            rng = Random(seed)
            program = at_once.capped(seed, _varied(rng, random_program(rng)))
            version = Trial(compile_program(program)).terms.versions[0]
            self.add(program, (_one(rng, version) for _ in range(EACH)))

    def add(
        self, program: t.Program, cases: Iterator[tuple[dict[str, Any], dict[str, Any]]]
    ) -> None:
        self.programs.append(msgspec.json.encode(program).decode())
        self.all += [Case(len(self.programs) - 1, *case) for case in cases]

    def decided(self, browser: Browser) -> None:
        """Lets the module say something of every case, and each slip until it is noticed."""
        slips = {name: MODULE.replace(text, by) for name, (text, by) in SLIPS.items()}
        everything = {
            "module": MODULE,
            "slips": slips,
            "programs": self.programs,
            "cases": self.all,
        }
        page = browser.new_page()
        said = msgspec.json.decode(page.evaluate(DECIDE, msgspec.json.encode(everything).decode()))
        page.close()
        self.told, self.unnoticed = said["told"], said["unnoticed"]

    def wrong(self) -> list[tuple[Case, dict[str, Any]]]:
        """The cases of which a device would say for sure what is not so."""
        return [
            (case, one)
            for case, one in zip(self.all, self.told, strict=True)
            if one["sure"] and {"earned": one["earned"], "rules": one["rules"]} != case.expected
        ]


def judged(version: Version, facts: Facts, state: MemberState, at: datetime) -> dict[str, Any]:
    """What the reference gives to a member who used some of the limits, and of whom rounding kept
    something."""
    program, judge = version.program, Reference(version.program)
    changes = Changes(lambda: NOBODY, budgets=defaultdict(int))
    when = facts.kind, moment_at(version, facts.day, at)
    room = room_of(changes, state, version, when)[: judge.rooms]
    exact = judge.evaluate(facts, room)
    earned, parts = {}, [0] * len(exact)
    for place, wallet in enumerate(version.compiled.wallets):
        if not any(exact[rule] for rule in wallet.rules):
            continue
        key = version.remainder_counters[place], kept_period(wallet.keeps, facts.day)
        kept = Fraction(state.counters.get(key, 0), wallet.grid)
        settled = at_once.within(program, wallet.id, judge.settle(wallet.id, exact, kept))
        if settled.units:
            earned[wallet.id] = settled.units
        parts = [one + more for one, more in zip(parts, settled.per_rule, strict=True)]
    given = zip(program.rules, parts, strict=True)
    return {"earned": earned, "rules": [{"rule": r.id, "points": n} for r, n in given if n]}


def cached(version: Version, state: MemberState, at: datetime) -> Any:
    """What lies on the device of a member since then."""
    return msgspec.to_builtins(counted(version, state, at))


def lived(rng: Random, version: Version, facts: Facts, at: datetime) -> MemberState:
    """A member who used some of the limits by then, and of whom rounding kept something."""
    today, counters = local(version.zone, at).day, {}
    for place, limit in enumerate(version.compiled.limits):
        if limit.rest:
            here = minute_of(at) if limit.by_minutes else today
            period, used = here - rng.choice((0, limit.rest // 2, limit.rest + 3)), 1
        else:
            period = period_of(limit.per, today)
            used = rng.choice((0, 1, limit.full // 2, max(limit.full - 1, 0), limit.full))
        if used and not limit.shared and rng.random() < 0.7:
            counters[version.limit_counters[place], period] = used
    for place, wallet in enumerate(version.compiled.wallets):
        _, rest = carry(wallet, rng.randint(0, 10**6) * wallet.grid // 7)
        key = version.remainder_counters[place], kept_period(wallet.keeps, today)
        if wallet.keeps != "no" and rest and rng.random() < 0.7:
            counters[key] = rest
    joined = at - timedelta(days=rng.choice((0, 100)))
    turns = running(plans_asked(facts.member), at, Random(repr(facts.member)).choice((4, 30)))
    return MemberState(NOBODY, joined, facts.member, counters=counters, turns=turns)


EDGES = t.Program(
    regulars=1,
    program="edges",
    name="Edges",
    currency="EUR",
    zone="Europe/Berlin",
    wallets={
        "halves": t.Wallet(rounding=t.Rounding("half_even")),
        "equals": t.Wallet(),
        "cents": t.Wallet(),
    },
    qualifying={"standard": t.Qualifying(order_discounts="pro_rata", tips="in")},
    rules=(
        t.Rule("halves", "purchase", "halves", t.PerAmount(1, 2)),
        t.Rule("late-name", "purchase", "equals", t.Fixed(5)),
        t.Rule("early-name", "purchase", "equals", t.Fixed(5)),
        t.Rule("cents", "purchase", "cents", t.PerAmount(1, "0.01", only_skus=("c1",))),
    ),
)
"""A half that goes down, two rules that give the same, a cent that two lines share."""
CLIMBING = replace(
    EDGES,
    tiers=t.Tiers((t.Tier("silver", 1), t.Tier("gold", 5)), crossing_earns="new_tier"),
    rules=(t.Rule("gold", "purchase", "equals", t.Fixed(5), when=t.TierIs("gold")),),
)
"""The purchase that reaches a tier earns by it already."""


ONCE = t.Limit("day", times=1, on_exceed="fall_through")
SECOND = replace(
    EDGES,
    rules=(
        t.Rule("once", "purchase", "equals", t.Fixed(9), limits=(ONCE,)),
        t.Rule("again", "purchase", "equals", t.Fixed(5)),
    ),
)
"""What gives once a day makes room for another rule afterwards."""


LATE = replace(
    EDGES,
    plans=(t.Plan("club", "Club", "10.00", "month", grace="9 days", meanwhile="frozen"),),
    rules=(t.Rule("club", "purchase", "equals", t.Fixed(5), when=t.PlanIs("club")),),
)
"""A plan that ran when the device was told, and may be over by now."""


def _late() -> tuple[dict[str, Any], dict[str, Any]]:
    """The same as at the edges, of somebody whose term ended between the snapshot and the sale."""
    version, (sent, nothing) = Trial(compile_program(LATE)).terms.versions[0], _edge(LATE)
    told = datetime.fromisoformat(sent["activity"]["occurred_at"]) - timedelta(days=9)
    state = MemberState(NOBODY, told, {}, turns=running(["club"], told, 4))
    sent["member"]["counted"] = cached(version, state, told)
    return sent, nothing


def _edge(
    program: t.Program, tier: int = 0, used: int = 0
) -> tuple[dict[str, Any], dict[str, Any]]:
    """5.00 with a cent of tip, of two lines that cost the same, less a cent for the order."""
    version = Trial(compile_program(program)).terms.versions[0]
    lines = [{"sku": sku, "amount": "2.50"} for sku in ("c1", "c2")]
    given = {"kind": "purchase", "at": "2026-03-02T08:15", "lines": lines}
    activity = activity_of(version, given | {"order_discount": "0.01", "tips": "0.01"}, NOBODY)
    at = activity.occurred_at
    counters = {(version.limit_counters[0], local(version.zone, at).day): 1} if used else {}
    state = MemberState(NOBODY, at, {}, counters=counters)
    member = {"tier": None, "counted": cached(version, state, at)}
    facts = replace(scene_of(version, activity).facts, tier=tier)
    sent = {"activity": sent_of(activity, "EUR"), "member": member}
    return sent, judged(version, facts, state, at)


def _one(rng: Random, version: Version) -> tuple[dict[str, Any], dict[str, Any]]:
    program = version.program
    facts = random_facts(rng, program)
    activity = activity_of(version, _given(rng, program, facts), NOBODY)
    seen = scene_of(version, activity).facts
    told = program.tiers.steps[facts.tier - 1].id if program.tiers and facts.tier else None
    tier = step_of(version, told)
    if program.tiers and program.tiers.crossing_earns == "new_tier":
        tier = rng.randint(tier, 3)  # this very purchase may reach a higher one
    member: dict[str, Any] = {"tier": told, "state": "active"}
    at = activity.occurred_at
    since = at - timedelta(minutes=rng.choice((0, 0, 7, 24 * 60, 9 * 24 * 60)))
    state = lived(rng, version, facts, since)
    if rng.random() < 0.7:
        member["counted"] = cached(version, state, since)
    sent = {"activity": sent_of(activity, program.currency), "member": member}
    runs = known_to_run(plans_at(version, state.turns, at))
    facts = replace(seen, tier=tier, member={**not_of_plans(facts.member), **runs})
    return sent, judged(version, facts, state, at)


def _varied(rng: Random, program: t.Program) -> t.Program:
    """Other zones, other ways in which something counts, and fewer limits."""
    counts = {name: _counts(rng) for name in program.qualifying}
    tiers = program.tiers and replace(
        program.tiers, crossing_earns=rng.choice(("old_tier", "old_tier", "new_tier"))
    )
    rules = tuple(_eased(rng, rule) for rule in program.rules)
    wallets = {name: _forgetful(rng, wallet) for name, wallet in program.wallets.items()}
    zone = rng.choice(ZONES)
    return replace(program, zone=zone, qualifying=counts, tiers=tiers, rules=rules, wallets=wallets)


def _eased(rng: Random, rule: t.Rule) -> t.Rule:
    """Most rules meet: they are about purchases, of any day, and bound within one activity."""
    if rng.random() < 0.2:
        return rule
    limits = tuple(replace(limit, per="activity") for limit in rule.limits)
    rested = rule.cooldown if rng.random() < 0.3 else None
    when = rule.when if rng.random() < 0.6 else None
    return replace(
        rule, on="purchase", from_on=None, until_on=None, when=when, limits=limits, cooldown=rested
    )


def _forgetful(rng: Random, wallet: t.Wallet) -> t.Wallet:
    """Most wallets keep nothing of a fraction for the next time."""
    how = wallet.rounding
    if rng.random() < 0.2:
        return wallet
    scope = "basket" if how.scope == "day" else how.scope
    return replace(wallet, rounding=replace(how, scope=scope, carry=False))


def _counts(rng: Random) -> t.Qualifying:
    few: list[tuple[str, ...]] = [(), (), (), tuple(rng.sample(CATEGORIES, 2))]
    only, without = rng.choice(few), rng.choice(few)
    return t.Qualifying(
        only_categories=only,
        except_categories=without,
        except_skus=rng.choice(((), (), SKUS[:2])),
        only_skus=SKUS[1:3] if without else (),
        order_discounts=rng.choice(("none", "pro_rata", "full")),
        tax=rng.choice(("in", "out")),
        shipping=rng.choice(("in", "out")),
        tips=rng.choice(("in", "out")),
        points_paid=rng.choice(("in", "out")),
    )


def _given(rng: Random, program: t.Program, facts: Facts) -> dict[str, Any]:
    """An activity that is legal, with the lines of these facts or the sum of them alone."""
    at = datetime.fromordinal(facts.day) + timedelta(hours=facts.hour, minutes=rng.randrange(60))
    given = {
        "kind": facts.kind,
        "occurred_at": at.replace(tzinfo=ZoneInfo(program.zone)).isoformat(),
        "channel": facts.channel,
        "store": facts.store,
        "details": facts.details,
    }
    if facts.kind != "purchase":
        return given
    lines = [_line(rng, program, line) for line in facts.lines]
    if not lines or rng.random() < 0.3:
        return given | {"amount": _money(program, sum(line.amounts[0] for line in facts.lines))}
    net = sum(line["amount"]["minor"] - line["discount"]["minor"] for line in lines)
    off, shipping, tips = (
        rng.choice((0, rng.randint(0, net))),
        rng.choice((0, 490)),
        rng.choice((0, 77)),
    )
    paid = rng.choice((0, 0, rng.randint(0, net - off + shipping)))
    return given | {
        "lines": lines,
        "order_discount": _money(program, off),
        "shipping": _money(program, shipping),
        "tips": _money(program, tips),
        "payments": [{"kind": rng.choice(("points", "money")), "amount": _money(program, paid)}],
    }


def _line(rng: Random, program: t.Program, line: FactLine) -> dict[str, Any]:
    amount = line.amounts[0]
    off = rng.choice((0, 0, rng.randint(0, amount)))
    return {
        "sku": line.sku,
        "category": line.category,
        "quantity": max(line.quantity, 1),
        "amount": _money(program, amount),
        "discount": _money(program, off),
        "tax": _money(program, rng.randint(0, amount - off)),
    }


def _money(program: t.Program, minor: int) -> dict[str, Any]:
    return {"minor": minor, "currency": program.currency}


def sent_of(activity: Activity, currency: str) -> dict[str, Any]:
    """An activity as a till would send it."""

    def money(minor: int) -> dict[str, Any]:
        return {"minor": minor, "currency": currency}

    body = activity.body
    lines = [
        {
            "sku": line.sku,
            "category": line.category,
            "quantity": line.quantity,
            "amount": money(line.amount_minor),
            "discount": money(line.discount_minor),
            "tax": money(line.tax_minor),
        }
        for line in body.lines
    ]
    return {
        "kind": activity.kind,
        "occurred_at": activity.occurred_at.isoformat(),
        "channel": activity.channel,
        "store": activity.store,
        "amount": money(activity.amount_minor),
        "lines": lines,
        "order_discount": money(body.order_discount_minor),
        "shipping": money(body.shipping_minor),
        "tips": money(body.tips_minor),
        "payments": [{"kind": p.kind, "amount": money(p.amount_minor)} for p in body.payments],
        "details": body.details,
    }


def test_what_the_device_says_for_sure_is_what_the_server_gives(browser: Browser) -> None:
    cases = Cases()
    cases.examples()
    cases.add(EDGES, iter([_edge(EDGES)]))
    cases.add(CLIMBING, iter([_edge(CLIMBING, tier=2)]))
    cases.add(LATE, iter([_late()]))
    cases.add(SECOND, iter([_edge(SECOND), _edge(SECOND, used=1)]))
    cases.invented(PROGRAMS)
    cases.decided(browser)
    assert cases.wrong() == []
    examples, others = cases.told[: len(cases.says)], cases.told[len(cases.says) :]
    promised = zip(examples, cases.says, strict=True)
    assert [one for one, says in promised if one["sure"] and one["earned"] != says] == []
    # Who says "I do not know" is never wrong: so it is counted how often the device does know.
    assert sum(one["sure"] for one in examples) >= SURE_EXAMPLES
    assert sum(one["sure"] for one in others if one["earned"]) >= SURE_OTHERS
    assert {why for one in cases.told for why in one["why"]} == REASONS
    assert cases.unnoticed == []


@pytest.mark.parametrize("slip", SLIPS)
def test_each_slip_fits_the_text(slip: str) -> None:
    assert MODULE.count(SLIPS[slip][0]) == 1
