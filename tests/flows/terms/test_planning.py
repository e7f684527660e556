"""What a version would change is known before: what forbids it, what differs, whom it touches."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from tests.flows.terms.ladders import HARDER, OLD, ladder, named, tier
from tests.makers import Shop, buys

from regulars.base.faults import Invalid
from regulars.engine.changing.objections import objections
from regulars.flows.membership.benefits.grant_benefits import grant_benefits
from regulars.flows.membership.commands import GrantBenefit
from regulars.flows.terms.plan_version import Plan, people_of_plan, plan_version
from regulars.flows.terms.publish_program import Said, WarningsOpen, publish_program
from regulars.records.members.types import MemberRef
from regulars.records.program.problems import ProgramFault
from regulars.records.program.reading import read_program

Open = Callable[[str], Shop]
REWARDS = 'rewards:\n  - {id: cup, name: Cup, price: {points: PRICE}, worth: "6.00"}\n'


def planned(shop: Shop, text: str, days: int = 0) -> Plan:
    start = shop.now + timedelta(days=days) if days else None
    file = named(shop, text)
    return shop.do(lambda tx, _terms: plan_version(tx, file, start))


def groups(plan: Plan) -> set[tuple[str, str | None, str | None, str | None, int]]:
    return {(g.what, g.tier, g.becomes, g.by_itself, g.members) for g in plan.groups}


def crowd(open_shop: Open, **how: str) -> Shop:
    shop = open_shop(ladder(**how))
    spent = {"none": 0, "low": 5_000, "mid": 15_000, "high": 35_000, "top": 60_000}
    for (name, minor), who in zip(spent.items(), shop.joined(*spent), strict=True):
        if minor:
            shop.record(buys(who, minor, receipt=name))
    shop.now += timedelta(hours=1)
    return shop


WINDOWS = pytest.mark.parametrize("window", ["calendar_year", "rolling", "anniversary", "ever"])


@WINDOWS
def test_in_full_the_plan_counts_exactly_whom_the_change_moves(
    open_shop: Open, window: str
) -> None:
    shop = crowd(open_shop, window=window)
    file = ladder(HARDER, "{members: full}", window=window)
    before = shop.counts()
    assert groups(planned(shop, file)) == {
        ("same", None, None, None, 2),
        ("loses", "silver", None, None, 1),
        ("loses", "gold", "silver", "silver", 1),
        ("same", "gold", "gold", "gold", 1),
    }
    assert shop.counts() == before
    shop.publish(named(shop, file))
    shop.now += timedelta(hours=1)
    shop.night()
    stands = [tier(shop, who)[0] for who in ("none", "low", "mid", "high", "top")]
    assert stands == [None, None, None, "silver", "gold"]


def test_kept_says_what_the_new_ladder_alone_would_give(open_shop: Open) -> None:
    shop = crowd(open_shop)
    plan = planned(shop, ladder(HARDER))
    assert ("kept", "gold", "gold", "silver", 1) in groups(plan)
    assert ("kept", "silver", "silver", None, 1) in groups(plan)
    assert not [g for g in plan.groups if g.what == "loses"]


def test_people_come_by_name_in_pages(open_shop: Open) -> None:
    shop = crowd(open_shop)
    file = named(shop, ladder(HARDER, "{members: full}"))
    seen, after = [], None
    while True:
        page, after = shop.do(
            lambda tx, _t, a=after: people_of_plan(tx, file, None, (("loses",), a, 1))
        )
        seen += [(one.tier, one.becomes) for one in page]
        if after is None:
            break
    assert seen == [("silver", None), ("gold", "silver")]


def test_where_windows_roll_step_by_step_says_until_when() -> None:
    """The window that runs is over with its day: the old ladder counted until midnight."""
    before, now = read_program(ladder(window="rolling")), datetime(2026, 3, 2, 12, tzinfo=UTC)
    for plan, path in (
        ("{members: step_by_step}", [("changeover", "members")]),
        ("{members: step_by_step, until_on: 2026-06-01}", []),
    ):
        after = read_program(ladder(HARDER, plan, window="rolling"))
        assert [one.path for one in objections(before, after, (now, now))] == path


@pytest.mark.parametrize(
    ("steps", "plan", "how", "path", "says"),
    [
        ('[{id: silver, at: "100.00"}]', "", {}, "tiers.steps", 'the tier "gold" is not on'),
        (HARDER, "{members: full}", {"window": "rolling"}, "changeover.members", "there is none"),
        (HARDER, "{members: keep, until_on: 2026-03-02}", {}, "changeover.until_on", "is over"),
        (OLD, "{notice_days: 30}", {}, "changeover.notice_days", "30 days of notice"),
    ],
)
def test_what_would_strip_somebody_silently_is_refused_with_its_line(
    open_shop: Open, steps: str, plan: str, how: dict[str, str], path: str, says: str
) -> None:
    shop = crowd(open_shop)
    before = shop.counts()
    file = ladder(steps, plan, **how)
    found = planned(shop, file).errors
    assert [(p.path, says in p.says, p.line > 1, bool(p.mend)) for p in found] == [
        (path, True, True, True)
    ]
    with pytest.raises(ProgramFault):
        shop.publish(named(shop, file))
    assert shop.counts() == before


@pytest.mark.parametrize(
    ("plan", "path"),
    [
        ("{members: full, until_on: 2027-01-01}", "changeover.until_on"),
        ("{until_on: 2027-02-30}", "changeover.until_on"),
        ("{removed: {black: platinum}}", "changeover.removed.black"),
        ("{removed: {gold: silver}}", "changeover.removed.gold"),
    ],
)
def test_a_changeover_that_says_nothing_possible_is_refused(
    open_shop: Open, plan: str, path: str
) -> None:
    shop = open_shop(ladder())
    assert [p.path for p in planned(shop, ladder(OLD, plan)).errors] == [path]


def test_another_programs_file_is_refused(open_shop: Open) -> None:
    shop = open_shop(ladder())
    with pytest.raises(Invalid):
        shop.do(lambda tx, _t: plan_version(tx, ladder(HARDER)))


def test_a_dearer_reward_says_how_many_had_enough(open_shop: Open) -> None:
    shop = open_shop(ladder() + REWARDS.replace("PRICE", "100"))
    for who, minor in zip(shop.joined("a", "b", "c"), (9_000, 12_000, 40_000), strict=True):
        shop.record(buys(who, minor, receipt=str(minor)))
    shop.now += timedelta(hours=1)
    plan = planned(shop, ladder() + REWARDS.replace("PRICE", "200"))
    assert plan.out_of_reach == {"cup": 1}
    assert [(c.kind, c.turn) for c in plan.changes] == [("reward_price", "worse")]
    assert planned(shop, ladder()).out_of_reach == {"cup": 2}


def test_points_that_become_worth_much_more_have_to_be_meant(open_shop: Open) -> None:
    shop = open_shop(ladder() + REWARDS.replace("PRICE", "100"))
    (who,) = shop.joined("ada")
    shop.record(buys(who, 10_000))
    shop.now += timedelta(hours=1)
    cheaper = named(shop, ladder() + REWARDS.replace("PRICE", "50"))
    plan = shop.do(lambda tx, _t: plan_version(tx, cheaper))
    assert [p.code for p in plan.problems] == ["liability"]
    assert plan.owed is not None
    assert tuple(plan.owed) == (600, 1200)
    before = shop.counts()
    with pytest.raises(WarningsOpen, match="liability"):
        shop.publish(cheaper)
    assert shop.counts() == before
    said = Said(accept=("liability",))
    done = shop.do(lambda tx, _t: publish_program(tx, cheaper, by="owner", said=said))
    assert done.version == 2


def test_each_change_says_how_many_it_touches(open_shop: Open) -> None:
    """Of five who joined two stand on silver and two on gold; four have points."""
    plan_of = "plans: [{id: plus, name: Plus, fee: 'FEE'}]\n"
    before = ladder() + REWARDS.replace("PRICE", "40") + plan_of.replace("FEE", "9")
    shop = open_shop(before)
    spent = {"none": 0, "low": 15_000, "mid": 16_000, "high": 35_000, "top": 60_000}
    for (name, minor), who in zip(spent.items(), shop.joined(*spent), strict=True):
        if minor:
            shop.record(buys(who, minor, receipt=name))
    shop.now += timedelta(hours=1)
    after = ladder(HARDER).replace("{id: gold,", "{id: gold, perks: [Tea],")
    after += REWARDS.replace("PRICE", "50") + plan_of.replace("FEE", "10")
    plan = planned(shop, after.replace("points: 1, per", "points: 2, per"))
    assert plan.errors == []
    told = {(one.kind, one.what): plan.touched.get(one.whom) for one in plan.changes}
    assert told == {
        ("rule_gives", "euro"): 4,
        ("tier_at", "silver"): 2,
        ("tier_at", "gold"): 2,
        ("perk_added", "gold"): 2,
        ("reward_price", "cup"): 4,
        ("plan_fee", "plus"): 0,
    }


def test_what_was_granted_by_hand_is_counted_while_it_lasts(open_shop: Open) -> None:
    """Two have a shopper of their own; of one the grant is over."""
    before = ladder() + "benefits: [{id: shopper, name: A shopper, by: grant}]\n"
    shop = open_shop(before)
    shop.joined("ada", "ben", "cem")
    ada, ben, cem = (MemberRef(external=name) for name in ("ada", "ben", "cem"))
    soon = shop.now + timedelta(hours=1)
    for who, until in ((ada, None), (ada, None), (ben, None), (cem, soon)):
        (done,) = shop.ask(
            grant_benefits, GrantBenefit(who, "shopper", until_at=until, reason="x", actor="owner")
        )
        assert done.benefit == "shopper", done
    shop.now += timedelta(hours=2)
    plan = planned(shop, before.partition("benefits:")[0])
    assert [(one.kind, plan.touched[one.whom]) for one in plan.changes] == [("benefit_gone", 2)]


def test_taking_all_tiers_away_strips_nobody_silently(open_shop: Open) -> None:
    shop = crowd(open_shop)
    without = ladder().partition("tiers:")[0]
    plan = planned(shop, without)
    assert [one.code for one in plan.problems if one.code] == ["ladder:tiers"]
    assert [(one.kind, plan.touched[one.whom]) for one in plan.changes] == [("ladder_gone", 3)]
    file = named(shop, without)
    with pytest.raises(WarningsOpen):
        shop.publish(file)
    assert shop.publish(file, accept=("ladder:tiers",)).version == 2


_TWO_WALLETS = """\
regulars: 1
program: two
name: Two
currency: EUR
zone: Europe/Berlin
wallets: {points: {}, stars: {}}
"""
_CAPPED = "{{id: cap, per: month, points: 10, wallet: {wallet}}}"
_LIMITED = (
    "{{id: five, on: visit, wallet: {wallet}, award: {{give: fixed, points: 5}},"
    " limits: [{{per: ever, points: 50}}]}}"
)


COUNTED = [("budgets", _CAPPED), ("rules", _LIMITED)]


@pytest.mark.parametrize(("part", "one"), COUNTED)
def test_points_of_one_wallet_never_use_up_what_there_is_of_another(part: str, one: str) -> None:
    before, after = (
        read_program(f"{_TWO_WALLETS}{part}: [{one.format(wallet=wallet)}]\n")
        for wallet in ("points", "stars")
    )
    now = datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert [x.path for x in objections(before, after, (now, now))] == [(part, 0, "wallet")]
    assert objections(before, before, (now, now)) == []
