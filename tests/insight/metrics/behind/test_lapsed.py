"""Who has been away longer than usual: on a day, for the shop, and for themselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from math import ceil
from random import Random
from typing import Any
from uuid import UUID

import pytest
from tests.flows.night.counted.following import SHOP
from tests.insight.home.test_returned import _BEGUN, _LOOK
from tests.makers import Shop

from regulars.base.faults import Invalid
from regulars.base.tx import Tx
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.estimators.staying.lapsing import usual_gap
from regulars.insight.metrics.catalogue import METRICS
from regulars.insight.metrics.defined.staying import back_figure
from regulars.insight.metrics.reading import rows as behind
from regulars.insight.metrics.spans import Span
from regulars.insight.people.lapsed import Lapsed, lapsed, usual, who
from regulars.records.prepared.write import count_gaps
from regulars.surfaces.in_words.reports.asking import OF_A_STORE, question

Open = Callable[[str], Shop]
ON = date(2026, 6, 1)
_DAY = """
insert into member_day values ($1::int, $2::uuid, $3::date, $4::text, 1, 1, 500, 500, 1, 0, 0)
"""
_ORDERS = """
insert into member_orders
select program_id, member_id, min(day), max(day), count(distinct day), sum(net_minor),
       (array_agg(distinct day order by day))[2]
  from member_day where program_id = $1::int group by 1, 2
"""


def ago(last: int, *gaps: int) -> list[date]:
    """Days of orders: the last so many days before the day, the others so far apart before it."""
    found = [ON - timedelta(last)]
    for gap in gaps:
        found.append(found[-1] - timedelta(gap))
    return found


USUAL = {f"usual {n}": ago(2, *[7] * 10) for n in range(12)}
AWAY = {
    "once, a month ago": ago(30),
    "ten gaps, one of them long": ago(40, *[7] * 9, 100),
    "came back since": [*ago(31), ON + timedelta(9)],
    "away one day longer than usual": ago(8),
}
THERE = {
    "as slow as always": ago(60, 60, 60, 60),
    "nine gaps, one of them long": ago(40, *[7] * 8, 100),
    "within what is usual": ago(7),
    "first order after the day": [ON + timedelta(1)],
}

_VALUE = (
    "insert into member_value values ($1::int, $2::uuid, '2026-05-31', $3::int, 30, 900, 9, 14,"
    " 'steady', 'upper')"
)


def filled(shop: Shop, people: dict[str, list[date]]) -> dict[UUID, str]:
    """A shop in which these bought on these days, each time in two stores."""
    ids = {UUID(int=n + 1): name for n, name in enumerate(people)}

    async def fill(tx: Tx, _: Any) -> None:
        for one, name in ids.items():
            for day in people[name]:
                for store in ("", "mitte"):
                    await tx.fetch(_DAY, tx.program_id, one, day, store)
        await tx.fetch(_ORDERS, tx.program_id)
        await count_gaps(tx)

    shop.do(fill)
    return ids


def test_away_longer_than_usual_is_longer_than_the_shops_and_ones_own(open_shop: Open) -> None:
    shop = open_shop(SHOP)
    ids = filled(shop, USUAL | AWAY | THERE)
    assert shop.do(lambda tx, _: usual(tx, ON)) == 7
    whole = len(ids) - 1
    assert shop.do(lambda tx, _: lapsed(tx, ON)) == Lapsed(len(AWAY), whole)
    days = (ON - timedelta(30), ON + timedelta(1))
    rows = shop.do(lambda tx, _: who(tx, ON, days, (UUID(int=0), 100)))
    assert {ids[row[0]] for row in rows if row[-1]} == set(AWAY)
    assert len(rows) == whole
    half = shop.do(lambda tx, _: who(tx, ON, days, (UUID(int=0), 9)))
    rest = shop.do(lambda tx, _: who(tx, ON, days, (half[-1][0], 100)))
    assert [*half, *rest] == rows
    told = {one: 100 + n for n, one in enumerate(ids) if ids[one] in (*AWAY, *THERE) and n % 2}
    for one, chance in told.items():
        shop.rows(_VALUE, one, chance)
    away = [chance for one, chance in told.items() if ids[one] in AWAY]
    found = shop.do(lambda tx, _: lapsed(tx, ON))
    assert found[2:] == (len(away), sum(away)), "of who is there nobody is expected back"
    back = back_figure(Span(*days), *found[2:])
    assert back.value == pytest.approx(sum(away) / 1_000 / len(away))
    assert back_figure(Span(*days), 0, 0).lacking == "members"


def test_too_few_gaps_say_what_is_missing_and_list_nobody(open_shop: Open) -> None:
    shop = open_shop(SHOP)
    filled(shop, AWAY | THERE)
    found = shop.do(lambda tx, _: lapsed(tx, ON))
    assert found == NotEnough("repeat_orders", 22, 100)
    assert shop.do(lambda tx, _: who(tx, ON, (ON, ON), (UUID(int=0), 100))) == []


@pytest.mark.parametrize(
    ("gaps", "seen", "due"),
    [
        ([(7, 90), (30, 10)], 400, 7),
        ([(7, 89), (30, 11)], 400, 30),
        ([(7, 89), (30, 11)], 60, 30),
        ([(7, 89), (30, 11)], 59, NotEnough("history", 59, 60)),
        ([(7, 99)], 400, NotEnough("repeat_orders", 99, 100)),
        ([], 0, NotEnough("repeat_orders", 0, 100)),
    ],
)
def test_the_usual_gap_is_one_that_was_seen(
    gaps: list[tuple[int, int]], seen: int, due: int | NotEnough
) -> None:
    assert usual_gap(gaps, seen) == due


def ninth_in_ten(gaps: list[int]) -> int:
    """The 90th percentile by nearest rank, as a book has it."""
    return sorted(gaps)[ceil(len(gaps) * 0.9) - 1]


def late(days: list[date], usual_days: int) -> bool:
    """By the definition, word by word."""
    then = sorted({day for day in days if day <= ON})
    gaps = [(later - day).days for day, later in pairwise(then)]
    away = (ON - then[-1]).days
    return away > max([usual_days, *([ninth_in_ten(gaps)] if gaps else [])])


@pytest.mark.parametrize("seed", range(3))
def test_of_anybody_it_is_what_the_definition_says_word_by_word(open_shop: Open, seed: int) -> None:
    """Some order every day, some twice in years, some only later; every day is a boundary."""
    lot = Random(seed)
    people = {
        f"member {n}": [
            ON + timedelta(3 - one)
            for one in {round(lot.expovariate(1 / width)) for _ in range(lot.randint(1, 14))}
        ]
        for n, width in enumerate([3, 9, 20, 45, 90, 160] * 9)
    }
    shop = open_shop(SHOP)
    ids = filled(shop, people)
    known = [days for days in people.values() if min(days) <= ON]
    gaps = [
        (later - day).days
        for days in known
        for then in [sorted({one for one in days if one <= ON})]
        for day, later in pairwise(then)
    ]
    usual_days = ninth_in_ten(gaps)
    assert shop.do(lambda tx, _: usual(tx, ON)) == usual_days
    due = {name for name, days in people.items() if min(days) <= ON and late(days, usual_days)}
    assert 0 < len(due) < len(known)
    assert shop.do(lambda tx, _: lapsed(tx, ON)) == Lapsed(len(due), len(known))
    rows = shop.do(lambda tx, _: who(tx, ON, (ON, ON + timedelta(1)), (UUID(int=0), 100)))
    assert {ids[row[0]] for row in rows if row[-1]} == due
    assert len(rows) == len(known)


def held_out(shop: Shop) -> None:
    """Two of them are in an experiment at everybody, which was looked at."""
    shop.rows(_BEGUN, "everybody")
    shop.rows(_LOOK, "2026-05-20", "{}")
    for n in (1, 2):
        shop.rows("""insert into experiment_member
                     select $1, experiment_id, $2, 1, '2026-03-01' from experiment
                      where program_id = $1""", UUID(int=n))  # fmt: skip


def test_of_one_store_rows_are_those_of_it_or_are_refused(open_shop: Open) -> None:
    """Of whatever is shown of one store: nobody was in this one, so nobody is behind a figure."""
    shop = open_shop(SHOP)
    filled(shop, USUAL | AWAY | THERE)
    held_out(shop)
    shop.at("2026-06-01 12:00")

    async def look(tx: Any, terms: Any) -> None:
        days = {"from": "2026-01-01", "until": "2026-06-02"}
        page = behind.Page(behind.NOBODY, 10)
        whole, here = (
            question(terms, shop.now, one) for one in (days, days | {"store": "nowhere"})
        )
        for one in METRICS.values():
            if one.rows != "members" or one.report not in OF_A_STORE:
                continue
            group = {"hour_share": "1-9", "basket_pair": "a>b"}.get(one.id, "")
            cell = behind.Cell(whole.span, group)
            try:
                some = await behind.behind(tx, one.id, here, page, cell)
            except Invalid as refused:
                fields.add(refused.field)
            else:
                if any(who.counted for who in some):
                    of_all.add(one.id)
                narrowed[one.id] = bool(await behind.behind(tx, one.id, whole, page, cell))

    narrowed, fields, of_all = dict[str, bool](), set[str](), set[str]()
    shop.do(look)
    assert (fields, of_all) == ({"store", "group"}, set())
    assert {one for one, how in narrowed.items() if how} >= {"active_members", "repeat_rate"}
    whole = {"habits_of", "reward_reached", "first_reward_wait", "offers_given", "accounts_staying"}
    assert whole <= behind.OF_THE_WHOLE_SHOP
