"""What the best do more than others, offered as rules; which rewards are within reach."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter

from regulars.insight.metrics.asked import Offer, Report, Way
from regulars.insight.metrics.reading.best import ANY, Did, Waited, priced, waited
from regulars.insight.metrics.reading.best import who as behind
from regulars.insight.metrics.reports.best import (
    first_reward,
    habits_table,
    looked_at,
    reach_table,
)
from regulars.insight.metrics.spans import Span
from regulars.records.program.changes.read import draft
from regulars.records.program.parsing.editing import add
from regulars.records.program.reading import read_program
from regulars.records.program.templates import load_template
from regulars.surfaces.in_words.reports.asking import REPORTS, question
from regulars.surfaces.in_words.reports.offering import rule_for

FIRST = date(2026, 1, 5)  # a Monday
_MEMBER = """
insert into member (program_id, member_id, number, state, joined_at, recorded_at)
values ($1, $2, $3, 'active', $4::date, now())
"""
_DAY = "insert into member_day values ($1, $2, $3, $4, 1, 1, $5, $5, $6, 0, 0)"
_ORDERS = """
insert into member_orders select program_id, member_id, min(day), max(day), count(*), sum(net_minor)
  from member_day where program_id = $1 group by 1, 2
"""
_POINTS = """
insert into points_day
select $1, $2, $3, '', (select code from program_code where program_id = $1 and kind = 'wallet'
                            and name = 'points'), $4, 0, 0, 0, 0
"""
MEMBERS, BEST = 300, 30


def lay(shop: Any) -> None:
    """Three hundred who came first on 5 January. Thirty spend much in the days from 30 on; 24 of
    these and 27 of the others came again within 30 days. Half of all bought on a second day in
    another store, best or not. Points: a hundred after ten days for a third, sixty for a third."""
    for n in range(MEMBERS):
        id_, best = UUID(int=n + 1), n < BEST
        shop.rows(_MEMBER, id_, f"N{n}", FIRST)
        shop.rows(_DAY, id_, FIRST, "mitte", 500, 1)
        if n < 24 or BEST <= n < BEST + 27:
            shop.rows(_DAY, id_, FIRST + timedelta(days=10), "mitte", 500, 1)
        if n % 2:
            shop.rows(_DAY, id_, FIRST + timedelta(days=14), "harbour", 100, 1)
        shop.rows(_DAY, id_, FIRST + timedelta(days=40), "mitte", 9_000 + n if best else 200, 1)
        if n % 3 < 2:
            shop.rows(_POINTS, id_, FIRST, 60)
        if n % 3 == 0:
            shop.rows(_POINTS, id_, FIRST + timedelta(days=10), 40)
    shop.rows(_ORDERS)
    shop.rows("insert into prepared_reach values ($1, 1, '', 1, null, null, now())")


@pytest.fixture(scope="module")
def counter(database: Any) -> Any:
    opened = Counter.open(database)
    opened.shop.at("2026-06-01 12:00")
    lay(opened.shop)
    yield opened
    opened.close()


def report(counter: Counter, **said: str) -> Report:
    async def look(tx: Any, terms: Any) -> Report:
        return await REPORTS["best"](tx, question(terms, counter.shop.now, said))

    found: Report = counter.shop.do(look)
    return found


def test_what_the_best_did_before_they_were_it_is_told_and_what_all_did_is_not(
    counter: Counter,
) -> None:
    found = report(counter)
    assert found.figures[0].value == MEMBERS
    rows = {str(row[0]): row[1:] for row in found.table("habits").rows}
    # With the second store: of the best 24 + 3 came again, of the others 27 + 121.
    assert rows.keys() == {"again"}
    best, of_best, _, others, of_others, _, more, low, high = rows["again"]
    assert (best, of_best, others, of_others) == (27, 30, 149, 270)
    assert isinstance(low, float)
    assert 0 < low < more < high  # type: ignore[operator]


def test_who_came_too_lately_is_not_looked_at(counter: Counter) -> None:
    assert report(counter, **{"from": "2026-02-01"}).figures[0].lacking == "members"
    assert report(counter, **{"from": "2026-02-01"}).table("habits").rows == ()


def test_a_reward_is_reached_when_all_that_was_earned_comes_to_its_price(counter: Counter) -> None:
    """A third has 60 and 40 more after ten days; the rest waits, and half never had it."""
    rows = {str(row[0]): row[1:] for row in report(counter).table("reach").rows}
    joined, reached, share, low, high, median, handed = rows["free-coffee"]
    assert (joined, reached, median, handed) == (300, 100, None, 0)
    assert low < share < high  # type: ignore[operator]
    assert rows["tenth-coffee-free"][1] == 0


def test_who_was_looked_at_and_who_reached_a_reward_can_be_listed(counter: Counter) -> None:
    def counted(metric: str, group: str = "") -> tuple[int, int]:
        some, path = list[dict[str, Any]](), f"/v1/insight/rows?metric={metric}&group={group}"
        cursor: str | None = ""
        while cursor is not None:
            page = counter.get(
                f"{path}&limit=100&cursor={cursor}" if cursor else f"{path}&limit=100"
            )
            some += page.json()["items"]
            cursor = page.json()["next_cursor"]
        assert len({one["member_id"] for one in some}) == len(some)
        return sum(one["counted"] for one in some), len(some)

    assert counted("habits_of") == (BEST, MEMBERS), "the best are the tenth who spent most later"
    reached = {one.group: one for one in report(counter).figures if one.metric == "reward_reached"}
    assert counted("reward_reached", "free-coffee") == (100, 300)
    assert (reached["free-coffee"].part, reached["free-coffee"].whole) == (100, 300)
    assert counted("reward_reached", "tenth-coffee-free") == (0, 300)


EARLY = date(2024, 1, 10)
DAY = Span(EARLY, EARLY + timedelta(1))
OFFERS = (
    Offer("mug", (Way({"1": 25}),)),
    Offer("pin", (Way({"1": 500}), Way({"1": 10}))),
    Offer("cap", (Way({"1": 500}), Way({"1": 5}, ("gold",)))),
    Offer("vip", (Way({"1": 10}),), ("gold",)),
    Offer("pro", (Way({"1": 10}),), None, {"job": ("cook",)}),
    Offer("gift", (Way({"1": 0}),)),
)


def ten_a_year(shop: Any) -> None:
    """Twenty-five who got ten points a year, of which those of the year before had lapsed; five of
    them on gold, three are cooks."""
    for n in range(25):
        id_ = UUID(int=1_000 + n)
        shop.rows(_MEMBER, id_, f"T{n}", EARLY)
        for year in range(3):
            shop.rows(_POINTS, id_, EARLY.replace(year=2024 + year), 10)
        if n < 5:
            shop.rows("insert into standing (program_id, member_id, tier) values ($1, $2, 'gold')",
                      id_)  # fmt: skip
        if n < 3:
            cook = """update member set attributes = '{"job": "cook"}'
                       where program_id = $1 and member_id = $2"""
            shop.rows(cook, id_)
    lapsed = """update points_day set expired = 10
                 where program_id = $1 and issued = 10 and day > '2024-12-31'"""
    shop.rows(lapsed)


def test_what_lapsed_reaches_nothing_and_any_price_of_a_reward_does(counter: Counter) -> None:
    ten_a_year(counter.shop)
    said = {"from": "2024-01-01", "until": "2024-02-01"}

    async def look(tx: Any, terms: Any) -> Any:
        asked = replace(question(terms, counter.shop.now, said), offers=OFFERS)
        listed = await behind(tx, "reward_reached", asked, (UUID(int=0), 99), "cap")
        return await waited(tx, asked, priced(asked.offers)), listed

    waits, listed = counter.shop.do(look)
    reached = {one.reward: 0 for one in waits}
    for one in waits:
        reached[one.reward] += one.members if one.got else 0
    assert reached == {"mug": 0, "pin": 25, "cap": 5, "vip": 5, "pro": 3, ANY: 25}
    assert sum(counts for *_, counts in listed) == 5
    (first,) = first_reward(DAY, waits)
    assert (first.metric, first.value, first.part, first.whole) == ("first_reward_wait", 0, 25, 25)
    assert first_reward(DAY, []) == [], "there are no rewards"
    waiting = [Waited(ANY, True, 10, 30, 0), Waited(ANY, False, 40, 50, 0)]
    (first,) = first_reward(DAY, waiting)
    assert (first.lacking, first.have, first.wanted) == ("members", 30, 40)


def test_of_few_a_tenth_is_a_handful_and_nothing_is_said() -> None:
    few = [Did("again", 15, 15, 135, 0)]
    assert habits_table(few).rows == ()
    assert looked_at(Span(FIRST, FIRST + timedelta(days=1)), few).lacking == "members"


def test_what_may_be_chance_is_not_said() -> None:
    assert habits_table([Did("again", 20, 12, 180, 90)]).rows == ()
    assert len(habits_table([Did("again", 200, 120, 1_800, 900)]).rows) == 1
    assert habits_table([Did("again", 200, 20, 1_800, 900)]).rows == (), "less is not more"


def test_of_many_habits_not_every_fourth_shop_is_told_what_is_chance() -> None:
    """Fourteen habits that say nothing, in four hundred made-up shops: at most one in twenty of
    these is told anything; with the bounds of one habit alone it was every fourth."""
    some = Random(607)
    told = 0
    for _ in range(400):
        found = []
        for n in range(14):
            likely = 0.2 + 0.04 * n
            best = sum(some.random() < likely for _ in range(100))
            others = round(some.gauss(900 * likely, (900 * likely * (1 - likely)) ** 0.5))
            found.append(Did(f"habit{n}", 100, best, 900, others))
        told += bool(habits_table(found).rows)
    assert told <= 20, told


def test_half_had_it_counts_those_who_still_wait() -> None:
    """20 after 10 days and 30 who wait since 40: less than half, so there is no median."""
    waits = [Waited("cup", True, 10, 20, 5), Waited("cup", False, 40, 30, 0)]
    ((_, joined, reached, *_, median, handed),) = reach_table(waits, ["cup"]).rows
    assert (joined, reached, median, handed) == (50, 20, None, 5)
    waits = [Waited("cup", True, 10, 40, 5), Waited("cup", False, 40, 10, 0)]
    assert reach_table(waits, ["cup"]).rows[0][6] == 10


@pytest.mark.parametrize("habit", ["again", "weekend", "category:cake & pie"])
def test_a_rule_for_it_is_one_that_can_be_published(habit: str) -> None:
    source = load_template("coffee-shop")
    rule = rule_for(read_program(source), habit)
    assert rule is not None
    written = read_program(add(source, ("rules",), rule))
    assert written.rules[-1].id == rule["id"]
    assert rule["award"] == {"give": "fixed", "points": 10, "stage": "bonus"}


@pytest.mark.parametrize("habit", ["reward", "stores", "visits", "pieces", "", "nonsense"])
def test_where_no_rule_can_ask_for_it_none_is_offered(habit: str) -> None:
    assert rule_for(read_program(load_template("coffee-shop")), habit) is None


def test_the_console_tells_it_and_writes_a_draft_and_publishes_nothing(counter: Counter) -> None:
    owner = Browser(counter)
    owner.sign_in(somebody(counter).email)
    text = owner.get("/console/reports/best").text
    assert "Ordered on a second day" in text
    assert "It says who stays, not why" in text
    assert "A free coffee" in text
    before = counter.shop.terms.at(counter.shop.now).number
    answer = owner.post("/console/reports/best/draft", {"habit": "again"})
    assert answer.headers["location"] == "/console/program/drafts/first-days-again"
    kept = counter.shop.do(lambda tx, _: draft(tx, "first-days-again"))
    assert read_program(kept.source).rules[-1].id == "first-days-again"
    assert counter.shop.terms.at(counter.shop.now).number == before
    assert owner.post("/console/reports/best/draft", {"habit": "again"}).status_code == 303
    assert owner.post("/console/reports/best/draft", {"habit": "nonsense"}).status_code == 404


def test_the_api_answers_the_report_and_its_rules(counter: Counter) -> None:
    answer = counter.get("/v1/insight/best")
    assert [one["id"] for one in answer.json()["tables"]] == ["habits", "reach"]
    (one,) = counter.get("/v1/insight/best/rules").json()["items"]
    assert (one["habit"], one["rule"]["id"]) == ("again", "first-days-again")
    csv = counter.get("/v1/insight/best?format=csv&table=reach")
    assert "reward,joined,reached" in csv.text.splitlines()[0]
