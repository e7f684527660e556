"""What a campaign changed: by sums as by rows, and not before there is enough to say."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import pytest
from tests.makers import Shop

from regulars.insight.estimators.comparing.effects import Effect, effect_with_before
from regulars.insight.estimators.comparing.sums import More, Sums, more
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.experiments.campaigns import Brought, brought
from regulars.records.program.templates import load_template

_MEMBER = "insert into member_day values ($1, $2, $3, 'main', 1, 1, $4, $4, 1, 0, 0) returning 1"
_ROW = """
insert into campaign_message (program_id, campaign_id, member_id, state, reason, try_at, taken_at,
                              settled_at)
values ($1, $2, $3, $4, $5, $6, $6, $6) returning 1
"""


def sums(after: Any, before: Any) -> Sums:
    return Sums(
        len(after), int((after > 0).sum()), int(after.sum()), int((after**2).sum()),
        int(before.sum()), int((before**2).sum()), int((after * before).sum()),
    )  # fmt: skip


def test_sums_say_what_rows_say() -> None:
    draw = np.random.default_rng(7)
    before = [draw.poisson(2, many) for many in (4_000, 300)]
    after = [draw.poisson(one * 0.4 + more_) for one, more_ in zip(before, (0.5, 0.3), strict=True)]
    found = more(*(sums(one, other) for one, other in zip(after, before, strict=True)))
    by_rows = effect_with_before(*after, *before)
    assert isinstance(found, More)
    assert isinstance(by_rows, Effect)
    assert found.value == pytest.approx(by_rows.value, abs=1e-9)
    assert found.low == pytest.approx(by_rows.low, rel=0.02)
    assert found.high == pytest.approx(by_rows.high, rel=0.02)
    assert by_rows.spared > 0


def test_an_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    draw = np.random.default_rng(11)
    held = 0
    for _ in range(400):
        before = [draw.poisson(1, many) for many in (900, 100)]
        after = [draw.poisson(0.5 * one + 0.4) for one in before]
        found = more(*(sums(one, other) for one, other in zip(after, before, strict=True)))
        assert isinstance(found, More)
        held += found.low <= 0 <= found.high
    assert 370 <= held <= 392


@pytest.mark.parametrize(
    ("test", "held_out", "what"),
    [
        (Sums(500, 60, 60, 60, 0, 0, 0), Sums(29, 20, 20, 20, 0, 0, 0), "groups"),
        (Sums(500, 60, 60, 60, 0, 0, 0), Sums(90, 9, 9, 9, 0, 0, 0), "values"),
        (Sums(90, 90, 90, 90, 0, 0, 0), Sums(90, 90, 90, 90, 0, 0, 0), "spread"),
    ],
)
def test_below_a_bound_nothing_is_said(test: Sums, held_out: Sums, what: str) -> None:
    found = more(test, held_out)
    assert isinstance(found, NotEnough)
    assert found.what == what


@pytest.fixture(scope="module")
def street(database: Any) -> Iterator[Shop]:
    made = Shop.open(database, load_template("coffee-shop"))
    yield made
    made.close()


def came(shop: Shop, campaign: UUID) -> Brought | None:
    today = shop.now.date()
    return shop.do(lambda tx, _: brought(tx, campaign, today - timedelta(days=10), today))


def test_a_campaign_is_compared_with_who_was_held_out_of_it_alone(street: Shop) -> None:
    shop, draw, campaign = street, Random(3), uuid4()
    shop.begin(load_template("coffee-shop"), slug=f"c{os.urandom(4).hex()}")
    today = shop.now.date()
    for at in range(400):
        held, everywhere = at % 4 == 0, at % 40 == 1
        state = "held_out" if held or everywhere else draw.choice(["sent", "skipped"])
        reason = "here" if held else "everywhere" if everywhere else ""
        who = uuid4()
        shop.rows(_ROW, campaign, who, state, reason, shop.now)
        if draw.random() < (0.2 if held else 0.6) or everywhere:
            shop.rows(_MEMBER, who, today - timedelta(days=draw.randint(1, 9)), 1000)
        if draw.random() < 0.3:
            shop.rows(_MEMBER, who, today - timedelta(days=20), 500)
        shop.rows(_MEMBER, who, today, 9000)  # today is not over
    found = came(shop, campaign)
    assert found is not None
    assert (found.sent.members, found.held_out.members, found.days) == (290, 100, 10)
    assert isinstance(found.orders, More)
    assert found.orders.sure
    assert found.orders.value == pytest.approx(0.4, abs=0.15)
    assert found.sent.spend_minor == found.sent.orders * 1000


def test_where_nobody_is_held_out_there_is_nothing_to_compare(street: Shop) -> None:
    campaign = uuid4()
    street.rows(_ROW, campaign, uuid4(), "sent", "", street.now)
    assert came(street, campaign) is None
