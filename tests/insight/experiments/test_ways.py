"""Several ways of a campaign: compared by sums, with bounds that may be looked at every day, and a
winner only where it is one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import pytest
from tests.insight.experiments.test_campaigns import sums
from tests.makers import Shop

from regulars.insight.estimators.comparing.effects import Effect, effect_with_before
from regulars.insight.estimators.comparing.guards import at_every_look as by_rows_always
from regulars.insight.estimators.comparing.sums import More, at_every_look, more
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.experiments.campaigns import brought
from regulars.insight.experiments.variants import Ways, by_way
from regulars.records.program.templates import load_template

_DAYS = """
insert into member_day select $1, who, $3::date, 'main', 1, 1, 500, 500, 1, 0, 0
  from unnest($2::uuid[]) as who
"""
_ROWS = """
insert into campaign_message (program_id, campaign_id, member_id, state, reason, try_at, taken_at,
                              settled_at, variant)
select $1, $2, who, case when $5::int is null then 'held_out' else 'sent' end,
       case when $5::int is null then 'here' else '' end, $4::timestamptz, $4, $4, $5::int
  from unnest($3::uuid[]) as who
"""


def test_bounds_of_every_look_are_those_by_rows() -> None:
    draw = np.random.default_rng(5)
    before = [draw.poisson(2, many) for many in (3_000, 2_500)]
    after = [draw.poisson(0.4 * one + more_) for one, more_ in zip(before, (0.6, 0.3), strict=True)]
    by_rows = by_rows_always(_effect(after, before))
    once = more(*(sums(one, other) for one, other in zip(after, before, strict=True)))
    assert isinstance(once, More)
    found = at_every_look(once, 5_500)
    assert isinstance(found, More)
    assert isinstance(by_rows, Effect)
    assert (found.low, found.high) == pytest.approx((by_rows.low, by_rows.high), rel=0.03)
    assert found.high - found.low > 1.3 * (once.high - once.low)


def _effect(after: Any, before: Any) -> Effect:
    found = effect_with_before(*after, *before)
    assert isinstance(found, Effect)
    return found


def test_whoever_stops_by_them_is_seldom_wrong() -> None:
    """Looked at on twenty days without any difference: the plain bounds are passed by far more."""
    draw, wrong, plain = np.random.default_rng(17), 0, 0
    for _ in range(200):
        one, other = (draw.poisson(0.3, 4_000) for _ in range(2))
        looks = []
        for many in range(200, 4_001, 200):
            none = np.zeros(many, dtype=int)
            once = more(sums(one[:many], none), sums(other[:many], none))
            assert isinstance(once, More)
            looks.append((once.sure, at_every_look(once, 2 * many)))
        plain += any(sure for sure, _ in looks)
        wrong += any(isinstance(one, More) and one.sure for _, one in looks)
    assert wrong <= 10 < plain


@pytest.fixture(scope="module")
def street(database: Any) -> Iterator[Shop]:
    made = Shop.open(database, load_template("coffee-shop"))
    yield made
    made.close()


def sent(shop: Shop, per_way: tuple[float, ...], members: int, held: float | None = None) -> UUID:
    """A campaign whose ways make members buy with these chances within its ten days."""
    campaign, draw = uuid4(), Random(3)
    begun = shop.now.date() - timedelta(days=10)
    groups = [(at, chance) for at, chance in enumerate(per_way)]
    rows = groups if held is None else [*groups, (None, held)]
    for way, chance in rows:
        who = [uuid4() for _ in range(members)]
        shop.rows(_ROWS, campaign, who, shop.now, way)
        buyers = [one for one in who if draw.random() < chance]
        shop.rows(_DAYS, buyers, begun + timedelta(days=2))
    return campaign


def seen(shop: Shop, campaign: UUID, ways: int, days: int = 10) -> Ways | None:
    today = shop.now.date()
    begun = today - timedelta(days=days)
    asked_at = time.monotonic()
    found = shop.do(lambda tx, _: by_way(tx, campaign, begun, today, ways))
    # PostgreSQL has not counted these rows yet, as in a shop right after it sent; where it went
    # through all of them again for each member, these took 6 to 27 seconds.
    assert time.monotonic() - asked_at < 4
    return found


def test_the_better_way_is_found_and_beside_who_was_held_out(street: Shop) -> None:
    campaign = sent(street, (0.10, 0.60), 300, held=0.05)
    found = seen(street, campaign, 2)
    assert found is not None
    assert (found.best, found.stop) == (1, "sure")
    first, second = found.ways
    assert (first.side.members, first.orders, second.side.members) == (300, None, 300)
    assert isinstance(second.orders_always, More)
    assert second.orders_always.sure
    assert isinstance(second.held_orders, More)
    assert second.held_orders.value > 0.4


def test_without_a_difference_there_is_no_winner_until_it_is_over(street: Shop) -> None:
    campaign = sent(street, (0.3, 0.3, 0.3), 120)
    found = seen(street, campaign, 3)
    assert found is not None
    assert (found.best, found.stop) == (None, "")
    assert all(one.held_orders is None for one in found.ways)
    over = seen(street, campaign, 3, days=28)
    assert over is not None
    assert over.stop == "over"


def test_a_way_that_surely_loses_is_named_though_none_wins(street: Shop) -> None:
    found = seen(street, sent(street, (0.10, 0.60, 0.60), 300), 3, days=28)
    assert found is not None
    assert (found.best, found.stop, found.worse) == (None, "over", (0,))
    alone = seen(street, sent(street, (0.10, 0.60), 300), 2)
    assert alone is not None
    assert (alone.best, alone.worse) == (1, (0,))


def test_bounds_beside_the_first_are_those_of_the_verdict(street: Shop) -> None:
    """Among three ways a way is above or below the first for sure where its bounds say so."""
    found = seen(street, sent(street, (0.3, 0.5, 0.3), 200), 3)
    assert found is not None
    once, always = found.ways[1].orders, found.ways[1].orders_always
    assert isinstance(once, More)
    assert always == at_every_look(once, 400, level=0.05 / 3)
    two = seen(street, sent(street, (0.3, 0.5), 200), 2)
    assert two is not None
    once, always = two.ways[1].orders, two.ways[1].orders_always
    assert isinstance(once, More)
    assert always == at_every_look(once, 400)


@pytest.mark.parametrize("looks", [by_way, brought])
def test_many_are_read_as_reports_read_them(street: Shop, looks: Any) -> None:
    """Tills look by indexes alone; through everybody that takes far longer than the table."""
    today = street.now.date()
    ways = (2,) if looks is by_way else ()

    async def settings(tx: Any, _: Any) -> Any:
        await looks(tx, uuid4(), today, today, *ways)
        return await tx.fetch("select current_setting('enable_seqscan') as found")

    assert street.do(settings)[0]["found"] == "on"


def test_with_few_members_nothing_is_said(street: Shop) -> None:
    found = seen(street, sent(street, (0.2, 0.9), 20), 2)
    assert found is not None
    assert isinstance(found.ways[1].orders, NotEnough)
    assert found.best is None
    assert seen(street, uuid4(), 2) is None
