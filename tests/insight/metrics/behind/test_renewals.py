"""Who renews is foretold by the published model, tried on the shop's past, or refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from random import Random
from typing import Any

import pytest
from tests.insight.estimators.real import read
from tests.insight.metrics.test_from_the_books import told
from tests.insight.metrics.test_lasting import three_plans
from tests.makers import Shop

from regulars.insight.estimators.saying import NotEnough
from regulars.insight.estimators.staying.renewing import Renewing, fit_renewing
from regulars.insight.estimators.staying.sbg import Contracts, fit_sbg
from regulars.insight.estimators.staying.waits import Gaps
from regulars.insight.metrics.defined.renewals import (
    RenewalOrigin,
    Renewed,
    lives_of,
    origin_of,
    quarters,
    renewing_figures,
    tried_enough,
)
from regulars.insight.metrics.spans import Span, months_on

SPAN = Span(date(2027, 3, 1), date(2027, 4, 1))
_TURNS = """
insert into membership_turn (
    program_id, member_id, membership_id, step, turn_id, what, at, recorded_at, version,
    amount_minor, source, external_id, actor, reason, plan, state, anchor_at, terms, from_at,
    until_at, since_at, in_trial, next_plan, fee_minor, gross_minor, paid_minor, returned_minor,
    wallet, units, units_back)
select $1::int, w.id, w.id, w.step, gen_random_uuid(), w.what, w.at, w.at, 1, 900, '', '', '', '',
       'club', case w.what when 'ended' then 'ended' else 'active' end, w.at, 1, w.at,
       w.at + interval '1 month', w.at, false, 'club', 900, 900, 900, 0, '', 0, 0
  from unnest($2::uuid[], $3::int[], $4::text[], $5::timestamptz[]) w (id, step, what, at)
"""


@pytest.mark.parametrize(
    ("which", "alpha", "beta"), [("regular", 0.704, 1.182), ("high_end", 0.668, 3.806)]
)
def test_plain_arithmetic_comes_to_the_published_fit(which: str, alpha: float, beta: float) -> None:
    left = read("sbg_fader_hardie_2007.parquet")[which].to_list()[:8]
    lives: list[Any] = [Gaps(t, left[t - 1] - left[t], 0) for t in range(1, 8)]
    found = fit_renewing([*lives, Gaps(7, 0, left[7])])
    assert isinstance(found, Renewing)
    assert (found.alpha, found.beta) == pytest.approx((alpha, beta), abs=1e-3)
    peer = fit_sbg(left)
    assert isinstance(peer, Contracts)
    assert found.staying(12) == pytest.approx(float(peer.staying(12)), abs=1e-5)
    assert found.renews(3) == pytest.approx(float(peer.retention(3)), abs=1e-5)


def test_who_began_now_says_nothing_of_who_stays() -> None:
    old = [Gaps(1, 30, 0), Gaps(2, 20, 0), Gaps(3, 0, 50)]
    found, more = fit_renewing(old), fit_renewing([*old, Gaps(0, 0, 900)])
    assert isinstance(found, Renewing)
    assert isinstance(more, Renewing)
    assert more.staying(2) == pytest.approx(found.staying(2), abs=1e-4)


@pytest.mark.parametrize(
    ("lives", "lacks"),
    [
        ([], NotEnough("members", 0, 100)),
        ([Gaps(2, 9, 90)], NotEnough("members", 99, 100)),
        ([Gaps(1, 50, 0), Gaps(0, 0, 50)], NotEnough("periods", 1, 2)),
        ([Gaps(5, 0, 100)], NotEnough("spread", 0, 1)),
    ],
)
def test_too_little_is_said_to_be_too_little(lives: list[Gaps], lacks: NotEnough) -> None:
    assert fit_renewing(lives) == lacks


def test_everybody_ending_at_once_breaks_nothing() -> None:
    found = fit_renewing([Gaps(1, 100, 0), Gaps(2, 1, 0)])
    assert isinstance(found, Renewing)
    assert 0 <= found.staying(5) < 0.01


def test_what_ended_after_its_first_payment_ended_at_the_first_renewal() -> None:
    some = [Renewed(1, True, "", 4), Renewed(1, False, "", 6)]
    assert lives_of(some) == [Gaps(1, 4, 0), Gaps(0, 0, 6)]


def test_a_forecast_that_was_not_tried_four_times_is_not_said() -> None:
    one = RenewalOrigin(date(2027, 1, 1), 8.0, 10, 9)
    now = [Renewed(2, False, "", 10)]
    fit = Renewing(1.0, 3.0)
    for tried in (
        tried_enough([one] * 3),
        tried_enough([one] * 3 + [NotEnough("members", 9, 100)]),
    ):
        assert isinstance(tried, NotEnough)
        said = renewing_figures(SPAN, now, fit, tried)
        assert [figure.value for figure in said] == [None, None]
    said = renewing_figures(SPAN, now, fit, tried_enough([one] * 4))
    assert said[0].value == pytest.approx(fit.renews(2))
    assert (said[1].part, said[1].whole, said[1].n) == (4, 36, 4)


def test_only_whose_renewal_was_decided_is_tried() -> None:
    known = [Renewed(1, True, "", 60), Renewed(3, False, "", 60)]
    found = origin_of(date(2027, 1, 1), [*known, Renewed(2, False, "renewed", 9),
                                         Renewed(2, False, "ended", 1)])  # fmt: skip
    assert isinstance(found, RenewalOrigin)
    assert (found.decided, found.came) == (10, 9)


def test_a_shop_whose_members_stay_by_the_law_is_foretold_by_it(open_shop: Any) -> None:
    """Three years of monthly memberships, each with its own chance to end (Beta 1, 4)."""
    shop: Shop = open_shop_of(open_shop)
    rng, rows = Random(5), list[tuple[Any, int, str, datetime]]()
    ids = [row[0] for row in shop.rows("select member_id from member where program_id = $1")]
    for place, id_ in enumerate(ids):
        chance, month = rng.betavariate(1, 4), months_on(date(2024, 3, 1), place % 33)
        step = 0
        while month < date(2027, 3, 1):
            step += 1
            at = datetime(month.year, month.month, 10, tzinfo=UTC)
            ends = step > 1 and rng.random() < chance
            rows.append((id_, step, "ended" if ends else "paid" if step > 1 else "started", at))
            if ends:
                break
            month = months_on(month, 1)
    shop.rows(_TURNS, *(list(column) for column in zip(*rows, strict=True)))
    found = told(shop, "memberships", **{"from": "2026-03-01", "until": "2027-03-01"})
    renews, off = found.figure("membership_renewing"), found.figure("membership_off")
    assert renews is not None
    assert off is not None
    assert renews.value == pytest.approx(0.93, abs=0.04)
    assert off.value is not None
    assert off.value < 0.05
    assert off.n == 8
    curve = found.table("renewals").rows
    assert [row[0] for row in curve] == list(range(len(curve)))
    assert curve[-1][3] is None, "beyond what was seen"
    assert all(
        abs(row[3] - row[6]) < 0.1 for row in curve if row[3] is not None and row[6] is not None
    )
    (first, *_) = found.table("renewals_tried").rows
    assert first[0] == quarters(date(2027, 3, 1))[0][0] == date(2026, 12, 1)


def open_shop_of(open_shop: Any, members: int = 500) -> Shop:
    from tests.flows.plans.houses import ROASTERY

    shop: Shop = open_shop(ROASTERY)
    shop.joined(*(f"m{n}" for n in range(members)))
    shop.at("2027-03-01T12:00")
    return shop


def test_of_three_memberships_nothing_is_foretold(open_shop: Any) -> None:
    found = told(three_plans(open_shop), "memberships", **{"from": "2027-03-01",
                                                           "until": "2027-04-01"})  # fmt: skip
    one = found.figure("membership_renewing")
    assert one is not None
    assert (one.value, one.lacking, one.wanted) == (None, "members", 100)
    assert found.table("renewals").rows == found.table("renewals_tried").rows == ()
