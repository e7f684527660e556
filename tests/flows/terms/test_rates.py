"""A rate table holds for what happened already: said beforehand, done once, and undone exactly."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import permutations
from random import Random
from typing import Any

import pytest
from tests.books import assert_books_right
from tests.flows.points.sharing import member_id, merge
from tests.flows.test_midnight import Dying, Killed
from tests.makers import Shop, brings_back, by, line, named
from tests.planted.replay.checks import differences

from regulars.flows.batch.stuck import Stuck
from regulars.flows.commands import RecordActivity, Redeem, Settle
from regulars.flows.membership.commands import UnmergeMember
from regulars.flows.membership.unmerge_members import unmerge_members
from regulars.flows.terms.plan_version import Plan, plan_version
from regulars.flows.terms.publish_program import WarningsOpen
from regulars.flows.terms.rates.rate_again import rate_again
from regulars.records.access.staff.types import By
from regulars.records.access.staff.write import Done, acted
from regulars.records.activity.types import Body
from regulars.records.night import write as night
from regulars.records.program.problems import ProgramFault

Open = Callable[[str], Shop]
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
MILES = """
regulars: 1
program: miles
name: Miles
currency: EUR
zone: Europe/Berlin
wallets:
  miles: {expiry: {after: 2 years}, negative: NEGATIVE}
  status: {kind: status}
rules:
  - id: flown
    on: flight
    wallet: miles
    award:
      give: by_table
      of: miles
      by: [carrier, fare]
      rows:
        - {is: [MA, J], points: 2}
        - {is: [MA, "*"], points: FULL}
        - {is: [PX, "*"], points: "0.5"}
  - {id: higher, on: flight, wallet: miles, award: {give: multiply, by: 2},
     when: {if: tier, at_least: silver}}
  - id: for-status
    on: flight
    wallet: status
    award: {give: by_table, of: miles, by: [carrier], rows: [{is: [MA], points: STATUS}]}
  - {id: board, on: purchase, wallet: miles, award: {give: per_amount, points: BOARD, per: "1.00"}}
tiers:
  measure: status
  wallet: status
  steps: [{id: silver, at: 3000}]
PLAN
"""


def miles(plan: str = "", **said: str) -> str:
    put = {"FULL": "1", "STATUS": "1", "BOARD": "1", "NEGATIVE": "debt", **said}
    text = MILES.replace("PLAN", plan)
    for name, value in put.items():
        text = text.replace(name, value)
    return text


def since(on: str) -> str:
    return f'changeover: {{rates_from_on: "{on}"}}'


def flies(who: str, often: int = 1000, receipt: str = "", **more: Any) -> RecordActivity:
    details = {"miles": often, "carrier": "MA", "fare": "Y", **more.pop("told", {})}
    body = Body(details=details)
    return RecordActivity(
        source="agency",
        external_id=receipt,
        kind="flight",
        member=by(external=who),
        body=body,
        **more,
    )


HERE = miles()
UPGRADE = """
rewards: [{id: upgrade, name: Upgrade, price: {miles: 1000}, hold_for: 9 days}]"""


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    shop = open_shop(miles())
    shop.joined("ada", "ben")
    return shop


def has(shop: Shop, who: str = "ada") -> dict[str, int]:
    sql = """select c.name, b.available::int from balance b
               join program_code c on c.program_id = b.program_id and c.kind = 'wallet'
                                  and c.code = b.wallet
              where b.program_id = $1 and b.member_id = $2 and b.available <> 0"""
    return dict(tuple(row) for row in shop.rows(sql, member_id(shop, who)))


def tier(shop: Shop, who: str = "ada") -> str | None:
    sql = "select tier from standing where program_id = $1 and member_id = $2"
    ((found,),) = shop.rows(sql, member_id(shop, who))
    return found


def publish(shop: Shop, text: str, on: str = "2026-03-01") -> None:
    shop.publish(named(text, shop.terms.slug), accept=(f"rates:{on}",))


def plan(shop: Shop, text: str) -> Plan:
    text = named(text, shop.terms.slug)
    return shop.do(lambda tx, _terms: plan_version(tx, text))


def books(shop: Shop) -> None:
    """The books are right, and a replay of what was told comes to them."""
    assert differences(shop) == []
    asyncio.run(assert_books_right(shop.made.owner_dsn))


def test_flights_since_then_are_rated_by_the_table_that_holds_now(shop: Shop) -> None:
    shop.record(flies("ada"), flies("ben", told={"carrier": "PX"}))
    shop.now += DAY
    news = miles(since("2026-03-01"), FULL='"1.25"')
    rates = plan(shop, news).rates
    assert rates is not None
    assert (rates.members, rates.activities, rates.more, rates.less) == (2, 2, {"miles": 250}, {})
    publish(shop, news)
    assert has(shop) == {"miles": 1000, "status": 1000}
    shop.now += MINUTE
    assert shop.night()["rate_again"] == 2
    assert has(shop) == {"miles": 1250, "status": 1000}
    assert has(shop, "ben") == {"miles": 500}
    assert shop.night()["rate_again"] == 0
    assert shop.told().count("points.restated") == 1
    books(shop)


def test_whoever_tells_of_it_later_finds_the_new_rates(shop: Shop) -> None:
    then = shop.now
    shop.now += DAY
    publish(shop, miles(since("2026-03-01"), FULL='"1.25"'))
    shop.now += MINUTE
    shop.night()
    (late,) = shop.record(flies("ada", occurred_at=then))
    assert late.earned == {"miles": 1250, "status": 1000}
    shop.night()
    assert has(shop) == {"miles": 1250, "status": 1000}
    books(shop)


def test_what_happened_before_that_day_stays_as_it_was(shop: Shop) -> None:
    shop.record(flies("ada"))
    shop.now += 2 * DAY
    shop.record(flies("ada", 500))
    shop.now += DAY
    news = miles(since("2026-03-04"), FULL="3")
    publish(shop, news, "2026-03-04")
    shop.now += MINUTE
    shop.night()
    assert has(shop)["miles"] == 1000 + 1500
    books(shop)


def test_only_the_table_changes_and_no_other_rule_of_the_new_terms(shop: Shop) -> None:
    shop.record(flies("ada"))
    shop.now += DAY
    news = miles(since("2026-03-01"), FULL="2", BOARD="7").replace("by: 2}", "by: 9}")
    publish(shop, news.replace(",\n     when: {if: tier, at_least: silver}}", "}"))
    shop.now += MINUTE
    shop.night()
    assert has(shop)["miles"] == 2000
    (sold,) = shop.record(
        RecordActivity(source="till", kind="purchase", member=by(external="ada"), amount_minor=100)
    )
    assert sold.earned == {"miles": 7}
    books(shop)


def test_status_that_came_of_it_lifts_and_what_followed_is_decided_anew(shop: Shop) -> None:
    shop.record(flies("ada", 2000))
    shop.now += DAY
    shop.record(flies("ada", 100))
    shop.now += DAY
    assert (tier(shop), has(shop)["miles"]) == (None, 2100)
    news = miles(since("2026-03-01"), STATUS='"1.5"')
    publish(shop, news)
    shop.now += MINUTE
    shop.night()
    assert (tier(shop), has(shop)) == ("silver", {"miles": 2200, "status": 3150})
    books(shop)


def test_it_is_undone_by_the_table_of_before(shop: Shop) -> None:
    shop.record(flies("ada", 2000), flies("ben", 700))
    shop.now += DAY
    shop.record(flies("ada", 100))
    before = has(shop), has(shop, "ben"), tier(shop)
    shop.now += DAY
    publish(shop, miles(since("2026-03-01"), STATUS='"1.5"', FULL="3"))
    shop.now += MINUTE
    shop.night()
    assert (has(shop), tier(shop)) != (before[0], before[2])
    shop.now += DAY
    publish(shop, miles(since("2026-03-01")))
    shop.now += MINUTE
    shop.night()
    assert (has(shop), has(shop, "ben"), tier(shop)) == before
    books(shop)


def test_points_that_were_too_many_are_owed_or_left_as_the_wallet_says(open_shop: Open) -> None:
    found = {}
    for says in ("debt", "never"):
        shop = open_shop(miles(UPGRADE, NEGATIVE=says))
        shop.joined("ada", "ben")
        shop.record(flies("ada"), flies("ben"))
        (held,) = shop.redeem(Redeem(by(external="ben"), "upgrade"))
        shop.now += DAY
        publish(shop, miles(since("2026-03-01") + UPGRADE, FULL='"0.25"', NEGATIVE=says))
        shop.now += MINUTE
        shop.night()
        shop.settle(Settle(held.redemption_id, "voided"))
        found[says] = (has(shop)["miles"], has(shop, "ben")["miles"])
    # What is reserved was there: under `never` it is taken as it comes free.
    assert found == {"debt": (250, 1000), "never": (250, 250)}


def test_its_author_has_to_mean_it(shop: Shop) -> None:
    shop.record(flies("ada"))
    shop.now += DAY
    with pytest.raises(WarningsOpen) as fault:
        shop.publish(named(miles(since("2026-03-01"), FULL="2"), shop.terms.slug))
    assert fault.value.facts["warnings"] == ["rates:2026-03-01"]


@pytest.mark.parametrize(
    ("on", "said", "says"),
    [
        ("2026-03-01", {}, "no table rates otherwise"),
        ("2026-03-04", {"FULL": "2"}, "is not before this version begins"),
        ("2023-03-03", {"FULL": "2"}, "more than 730 days ago"),
    ],
)
def test_a_day_that_rates_nothing_is_refused(
    shop: Shop, on: str, said: dict[str, str], says: str
) -> None:
    shop.now += DAY
    with pytest.raises(ProgramFault) as fault:
        publish(shop, miles(since(on), **said), on)
    (problem,) = fault.value.problems
    assert says in problem.says
    assert problem.path == "changeover.rates_from_on"


def test_a_wallet_that_keeps_remainders_is_refused(open_shop: Open) -> None:
    carry = {"NEGATIVE": "debt, rounding: {carry: true}"}
    shop = open_shop(miles(**carry))
    shop.now += DAY
    with pytest.raises(ProgramFault, match="keeps what rounding leaves"):
        publish(shop, miles(since("2026-03-01"), FULL="2", **carry))


def test_a_month_that_is_closed_is_settled(shop: Shop) -> None:
    shop.record(flies("ada"))
    shop.now += 40 * DAY
    act = Done(By(words="Olga"), "month.closed", "month", "2026-03/miles", after={})

    async def closed(tx: Any, _terms: Any) -> None:
        await tx.write(acted(tx, [act]))

    shop.do(closed)
    news = miles(since("2026-03-01"), FULL="2")
    assert [one.path for one in plan(shop, news).errors] == ["changeover.rates_from_on"]
    with pytest.raises(ProgramFault, match="the books of 2026-03 are closed"):
        publish(shop, news)
    publish(shop, miles(since("2026-04-01"), FULL="2"), "2026-04-01")
    shop.now += MINUTE
    shop.night()
    assert has(shop)["miles"] == 1000


COURIER = """
regulars: 1
program: courier
name: Courier
currency: EUR
zone: Europe/Berlin
wallets: {points: {}}
rules:
  - id: sent
    on: purchase
    wallet: points
    award: {give: by_table, by: [way], rows: [{is: [bike], points: BIKE}]}
PLAN
"""


def test_a_return_takes_back_what_the_new_table_gave(open_shop: Open) -> None:
    before = COURIER.replace("BIKE", "10").replace("PLAN", "")
    shop = open_shop(before)
    (ada,) = shop.joined("ada")
    sent = Body(details={"way": "bike"}, lines=(line(500), line(700)))
    told = {"source": "till", "body": sent}
    shop.record(*(RecordActivity("purchase", ada, external_id=f"R{n}", **told) for n in range(2)))
    shop.now += DAY
    publish(shop, COURIER.replace("BIKE", "25").replace("PLAN", since("2026-03-01")))
    shop.now += MINUTE
    shop.night()
    assert has(shop) == {"points": 50}
    shop.record(brings_back("R0", (0, 1)))
    assert has(shop) == {"points": 50}
    shop.record(brings_back("R0"))
    assert has(shop) == {"points": 25}
    books(shop)


def test_who_was_ever_merged_is_left_as_they_are(shop: Shop) -> None:
    shop.record(flies("ada"), flies("ben"))
    merge(shop, by(external="ben"), by(external="ada"))
    shop.now += DAY
    publish(shop, miles(since("2026-03-01"), FULL="2"))
    shop.now += MINUTE
    shop.night()
    assert has(shop)["miles"] == 2000
    books(shop)


def without_tiers(plan: str = "", **said: str) -> str:
    text = miles("", **said)
    here, there = text.index("  - {id: higher"), text.index("  - id: for-status")
    text = text[:here] + text[there:]
    return text[: text.index("tiers:")] + plan + "\n"


def test_who_was_merged_is_left_where_there_are_no_tiers(open_shop: Open) -> None:
    left_as_they_are(open_shop, parts_again=False)


def test_also_where_the_merge_was_undone(open_shop: Open) -> None:
    left_as_they_are(open_shop, parts_again=True)


def left_as_they_are(open_shop: Open, *, parts_again: bool) -> None:
    shop = open_shop(without_tiers())
    shop.joined("ada", "ben", "cyd")
    shop.record(flies("ada"), flies("ben"), flies("cyd"))
    ben = member_id(shop, "ben")
    merge(shop, by(external="ben"), by(external="ada"))
    if parts_again:
        wish = UnmergeMember(ben, "two after all", "Olga")
        shop.do(lambda tx, terms: unmerge_members(tx, terms, [wish]))
    shop.now += DAY
    text = without_tiers(since("2026-03-01"), FULL="2")
    rates = plan(shop, text).rates
    assert rates is not None
    assert (rates.members, rates.more) == (1, {"miles": 1000})
    publish(shop, text)
    shop.now += MINUTE
    shop.night()
    assert has(shop)["miles"] == (1000 if parts_again else 2000)
    assert has(shop, "cyd")["miles"] == 2000
    books(shop)


@pytest.mark.parametrize("order", [*permutations(range(3))])
def test_whatever_comes_first_ends_in_the_same_place(shop: Shop, order: tuple[int, ...]) -> None:
    """Two flights and the new table, in any order of arrival."""
    first, second = shop.now, shop.now + MINUTE
    shop.now += DAY

    def step(what: int) -> None:
        if what == 0:
            shop.record(flies("ada", 2000, occurred_at=first))
        elif what == 1:
            shop.record(flies("ada", 100, occurred_at=second))
        else:
            publish(shop, miles(since("2026-03-01"), STATUS='"1.5"', FULL="3"))
        shop.now += MINUTE
        shop.night()

    for what in order:
        step(what)
    assert (has(shop), tier(shop)) == ({"miles": 6600, "status": 3150}, "silver")
    books(shop)


@pytest.mark.parametrize("seed", range(3))
def test_however_often_it_changes_all_is_as_if_it_had_always_been_so(
    open_shop: Open, seed: int
) -> None:
    """Points after any changes of the tables are those of a shop that began with the last ones."""
    chance, said = Random(seed), {}
    shop, other = open_shop(miles()), None
    shop.joined("ada", "ben")
    told: list[tuple[datetime, str, int, str]] = []
    start = shop.now
    for number in range(14):
        shop.now += timedelta(hours=chance.choice((1, 30, 90)))
        if number % 5 == 4:
            new = {"FULL": chance.choice(("2", "3", '"0.75"')), "STATUS": chance.choice(("1", "2"))}
            if new != said:
                said = new
                publish(shop, miles(since("2026-03-01"), **said))
                shop.now += MINUTE
                shop.night()
            continue
        who, often = chance.choice(("ada", "ben")), chance.choice((100, 900, 1501))
        at = max(start, shop.now - timedelta(hours=chance.choice((0, 0, 20))))
        told.append((at, who, often, chance.choice(("J", "Y"))))
        shop.record(flies(who, often, told={"fare": told[-1][3]}, occurred_at=at))
    other = open_shop(miles(**said))
    other.joined("ada", "ben")
    for at, who, often, fare in sorted(told, key=lambda one: one[0]):
        other.now = at
        other.record(flies(who, often, told={"fare": fare}, occurred_at=at))
    for who in ("ada", "ben"):
        assert (has(shop, who), tier(shop, who)) == (has(other, who), tier(other, who)), (seed, who)
    books(shop)


@pytest.mark.parametrize("statement", range(1, 12))
def test_a_walk_that_is_killed_at_any_statement_goes_on_where_it_was(
    open_shop: Open, statement: int
) -> None:
    shop = open_shop(miles())
    shop.joined("ada", "ben", "cid")
    shop.record(*(flies(who) for who in ("ada", "ben", "cid")))
    shop.now += DAY
    publish(shop, miles(since("2026-03-01"), FULL="2"))
    shop.now += MINUTE

    async def dies(tx: Any, terms: Any) -> int:
        return await rate_again(Dying(tx, statement - 1), terms, 2)  # type: ignore[arg-type]

    with suppress(Killed, Stuck):
        shop.do(dies)
    shop.night()
    assert [has(shop, who)["miles"] for who in ("ada", "ben", "cid")] == [2000] * 3
    sql = "select moved, done_at is not null from changeover_walk where program_id = $1"
    assert shop.rows(sql) == [(3, True)]


def test_who_had_to_be_left_out_is_rated_another_night(shop: Shop) -> None:
    """The walk goes past whoever is parked; their turn comes once they are tried again."""
    shop.record(flies("ada", receipt="f1"), flies("ben", receipt="f2"))
    day = f"{shop.now:%Y-%m-%d}"
    shop.now += DAY
    new = named(miles(since(day), FULL="1.25"), shop.terms.slug)
    shop.publish(new, accept=(f"rates:{day}",))
    shop.now += 2 * MINUTE
    out = member_id(shop, "ada")
    shop.do(lambda tx, _: tx.write(night.park(tx, "rate_again", out, "a fault of ours")))
    shop.night("rate_again")
    assert (has(shop)["miles"], has(shop, "ben")["miles"]) == (1000, 1250)
    left = "select settled_at from parked_member where program_id = $1"
    assert shop.rows(left) == [(None,)]

    shop.now += DAY
    shop.night("rate_again")
    assert has(shop)["miles"] == 1250
    assert shop.rows(left) == [(shop.now,)]
    shop.night("rate_again")
    assert has(shop)["miles"] == 1250
    shop.run(assert_books_right(shop.made.owner_dsn))
