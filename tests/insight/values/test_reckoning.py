"""What members are worth: on shops whose habits are known, and silence where it must be."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from msgspec.structs import replace
from tests.insight.estimators.real import read
from tests.insight.estimators.seasonal.test_taken import shop as seasonal_shop

from regulars.insight.estimators.buying.choosing import Chosen, choose
from regulars.insight.estimators.buying.histories import Histories
from regulars.insight.estimators.buying.season import Season
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.values import reckoning
from regulars.insight.values.reckoning import (
    AHEAD,
    Known,
    Reckoned,
    _each_order,
    _to_come,
    healths,
    money_off,
    reckon,
    worths,
)


def shop(
    seed: int = 3, members: int = 1_500, days: int = 900, price: float = 900.0
) -> tuple[Known, np.ndarray]:
    """Members who order at their own rate until they leave; who is there on the last day."""
    rng = np.random.default_rng(seed)
    who, when, net, there = [], [], [], []
    for member in range(members):
        rate, first = rng.gamma(1.5, 0.02), int(rng.integers(0, days - 120))
        leaves = first + rng.exponential(500)
        own, day = price * rng.gamma(6, 1 / 6), float(first)
        while day < min(days, leaves):
            who.append(member), when.append(int(day)), net.append(own * rng.gamma(8, 1 / 8))
            day += 1 + rng.exponential(1 / max(rate, 1e-4))
        there.append(leaves > days)
    columns = np.array(who), np.array(when), np.array(net)
    return Known(*columns, today=days), np.array(there)


@pytest.fixture(scope="module")
def reckoned() -> tuple[Reckoned, np.ndarray, Known]:
    known, there = shop()
    found = reckon(known)
    assert isinstance(found, Reckoned), found
    return found, there[found.member], known


def test_who_has_left_has_less_of_a_chance(reckoned) -> None:
    found, there, _ = reckoned
    said = ~np.isnan(found.chance)
    assert found.chance[said & there].mean() > found.chance[said & ~there].mean() + 0.2


def test_of_one_order_no_chance_is_said(reckoned) -> None:
    found, _, known = reckoned
    once = np.bincount(known.member, minlength=found.member.max() + 1)[found.member] == 1
    assert once.any()
    assert np.isnan(found.chance[once]).all()
    assert np.isnan(found.gap[once]).all()
    assert not np.isnan(found.chance[~once]).any()


def test_worth_is_of_orders_to_come_and_not_of_those_there_were(reckoned) -> None:
    """Of two who spent alike, one stayed away for two years: what they are worth is not alike."""
    found, _, known = reckoned
    spent = np.bincount(known.member, known.net)[found.member]
    rich = spent > np.quantile(spent, 0.9)
    away = found.since > 400
    assert found.worth[rich & away].mean() < 0.3 * found.worth[rich & ~away].mean()
    assert (found.worth >= 0).all()


def test_it_is_said_how_far_off_money_was_on_the_past(reckoned) -> None:
    found, _, known = reckoned
    assert 0 < found.money_off < 0.1
    chosen = choose(known.member, known.day, known.today, AHEAD)
    assert isinstance(chosen, Chosen)
    twice = replace(known, net=np.where(known.day > chosen.origins[-1], 2, 1) * known.net)
    assert money_off(twice, chosen) > found.money_off + 0.1, "half of what came was not foretold"

    early = known.day <= chosen.origins[0]
    # Whoever ordered often by the first of these days had paid more for each: a tie.
    rank = np.bincount(known.member[early], minlength=known.member.max() + 1)[known.member]
    tied = replace(known, net=np.where(early, 500.0 * (1 + rank) ** 2, known.net))
    found = money_off(tied, chosen)
    assert isinstance(found, NotEnough)
    assert found.what == "tie"
    back = replace(known, net=np.where(early, known.net, -1.0))
    assert money_off(back, chosen) == NotEnough("values", 0, 1), "all of it came back"


def test_money_is_tried_where_not_every_night_of_the_past_had_seen_the_season() -> None:
    """A shop of three years: a year before the first of four such nights was not seen whole."""
    member, day = seasonal_shop(7, 0.8)
    known = Known(member, day, np.full(len(day), 1_000.0), int(day.max()))
    chosen = choose(member, day, known.today, AHEAD)
    assert isinstance(chosen, Chosen)
    assert (chosen.season.state, len(chosen.season.orders), len(chosen.origins)) == ("taken", 3, 4)
    lifted = money_off(known, chosen)
    assert 0 < lifted < money_off(known, replace(chosen, season=Season())), "nearer with it"


def test_revenue_of_real_buyers_of_music_was_off_by_a_sixth() -> None:
    rows = read("cdnow_sample.parquet").group_by("sample_id", pl.col("date").cast(pl.Date))
    sums = rows.agg(pl.col("dollar_value").sum()).sort("sample_id", "date")
    member, day = sums["sample_id"].to_numpy(), sums["date"].dt.epoch("d").to_numpy()
    known = Known(member, day.astype(np.int64), sums["dollar_value"].to_numpy(), int(day.max()))
    chosen = choose(known.member, known.day, known.today, AHEAD)
    assert isinstance(chosen, Chosen)
    assert money_off(known, chosen) == pytest.approx(0.159, abs=0.01)


def test_a_year_costs_interest(reckoned) -> None:
    found, _, known = reckoned
    free = reckon(known, yearly_interest=0.0)
    assert isinstance(free, Reckoned)
    assert 0.9 < found.worth.sum() / free.worth.sum() < 0.99


def test_everything_brought_back_is_worth_nothing_more() -> None:
    known, _ = shop(members=600)
    back = known.net.copy()
    back[known.member == 0] = -50.0
    found = reckon(Known(known.member, known.day, back, known.today))
    assert isinstance(found, Reckoned)
    assert found.worth[0] < np.median(found.worth[found.worth > 0])
    assert np.isfinite(found.worth).all()


class Even:
    """A model of buying that expects as much of every day."""

    def expected(self, given: Histories, ahead: float) -> np.ndarray:
        return (given.repeats + 1) * ahead / 365


class Fewer:
    """A model of buying that expects less the longer it is."""

    def expected(self, given: Histories, ahead: float) -> np.ndarray:
        return (given.repeats + 1) * (1 - np.exp(-ahead / 200))


@pytest.mark.parametrize("factor", [0.4, 1.0, 1.6, 5.0])
def test_ninety_days_are_a_part_of_the_year_whatever_the_season(factor: float) -> None:
    """Both by one way: a season that lifts the next days leaves less for the rest of the year."""
    seen = Histories(np.array([0, 4]), np.array([0.0, 90.0]), np.full(2, 200.0), np.ones(2))
    model = Fewer()
    until = _to_come(Chosen("NBD", model, [], [], Season("taken", factor)), seen)
    soon, year = until(float(AHEAD)), until(365.0)
    assert soon == pytest.approx(model.expected(seen, float(AHEAD)) * factor)
    assert (year >= soon).all()
    if factor == 1.0:
        assert year == pytest.approx(model.expected(seen, 365.0))
    even = _to_come(Chosen("NBD", Even(), [], [], Season("taken", factor)), seen)
    if factor * AHEAD < 365:
        assert even(365.0) == pytest.approx([1, 5]), "a year is all of a season"


def test_what_is_of_ninety_days_is_never_more_than_of_the_year(reckoned) -> None:
    found, _, _ = reckoned
    assert (found.soon <= found.worth).all()
    assert 0.2 < found.soon.sum() / found.worth.sum() < 0.5


@pytest.fixture(scope="module")
def chosen(reckoned) -> Chosen:
    _, _, known = reckoned
    found = choose(known.member, known.day, known.today, AHEAD)
    assert isinstance(found, Chosen)
    return found


def few_spend_all(known: Known) -> Known:
    """The same orders, where what they brought has no mean (wholesale: q below one)."""
    rng = np.random.default_rng(4)
    return replace(known, net=900 / rng.gamma(0.7, 1, known.member.max() + 1)[known.member])


def more_by_more(known: Known) -> Known:
    """The same orders, of which each brings the more the more often they come."""
    often = np.bincount(known.member)[known.member]
    return replace(known, net=100.0 * often)


@pytest.mark.parametrize(("odd", "what"), [(few_spend_all, "boundary"), (more_by_more, "tie")])
def test_money_no_model_carries_takes_no_chances_away(
    odd, what: str, reckoned, chosen: Chosen, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, _, known = reckoned
    monkeypatch.setattr(reckoning, "choose", lambda *_: chosen)  # of the same orders
    found = reckon(odd(known))
    assert isinstance(found, Reckoned), "health and alerts go on"
    assert (found.unvalued.what, found.untold, found.model) == (what, None, plain.model)
    assert found.chance == pytest.approx(plain.chance, nan_ok=True)
    assert found.orders == pytest.approx(plain.orders)
    assert np.isnan(found.worth).all()
    assert np.isnan(found.soon).all()
    assert worths(found.worth)[:2] == [None, None]


@pytest.mark.parametrize(("members", "said"), [(60, True), (6_000, False)])
def test_money_is_refused_only_where_it_surely_hangs_on_how_often(members: int, said: bool) -> None:
    """A correlation of about 0.5 is surely beyond 0.25 in a shop of sixty, beyond 0.5 in one of
    six thousand."""
    rng = np.random.default_rng(1)
    orders = 1 + rng.poisson(6, members)
    mean = 900 * rng.gamma(6, 1 / 6, members) * rng.gamma(2 * orders) / (2 * orders)
    mean *= (orders / 7) ** 0.9
    assert np.corrcoef(orders, mean)[0, 1] == pytest.approx(0.5, abs=0.03)
    who = np.repeat(np.arange(members), orders)
    known = Known(who, np.arange(len(who)), mean[who], len(who))
    found = _each_order(known, np.arange(members), orders)
    assert isinstance(found, NotEnough) != said
    assert said or found.what == "tie"


def test_chances_are_said_where_no_model_of_buying_holds(
    reckoned, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, _, known = reckoned
    monkeypatch.setattr(reckoning, "choose", lambda *_: NotEnough("boundary", 0, 1))
    found = reckon(known)
    assert isinstance(found, Reckoned)
    assert (found.unvalued.what, found.model) == ("boundary", "")
    assert found.chance == pytest.approx(plain.chance, nan_ok=True)
    assert np.isnan(found.orders).all()
    assert np.isnan(found.worth).all()
    assert np.isnan(found.off)


@pytest.mark.parametrize(
    ("known", "what"),
    [
        (Known(np.arange(500), np.full(500, 9), np.full(500, 9.0), 10), "history"),
        (Known(np.array([0]), np.array([0]), np.array([9.0]), 900), "members"),
        (Known(np.arange(500), np.zeros(500, int), np.full(500, 9.0), 900), "repeat_orders"),
        (Known(np.zeros(0, int), np.zeros(0, int), np.zeros(0), 900), "history"),
    ],
)
def test_too_little_is_said_to_be_too_little(known: Known, what: str) -> None:
    found = reckon(known)
    assert isinstance(found, NotEnough)
    assert found.what == what


def test_a_member_with_1190_orders_breaks_nothing() -> None:
    known, _ = shop(members=600)
    days = np.arange(0, 1190) % known.today
    more = Known(
        np.concatenate((known.member, np.full(len(days), 600))),
        np.concatenate((known.day, days)),
        np.concatenate((known.net, np.full(len(days), 900.0))),
        known.today,
    )
    found = reckon(more)
    assert isinstance(found, Reckoned)
    assert found.orders[-1] > 0.7 * AHEAD
    assert healths(found.chance[-1:]) == ["strong"]


def test_bands_are_cut_where_they_say() -> None:
    assert healths([0.75, 0.7499, 0.4, 0.39, 0.1, 0.09, float("nan")]) == [
        "strong", "steady", "steady", "slipping", "slipping", "lost", None,
    ]  # fmt: skip
    cut = worths(np.arange(30))
    assert [cut.count(one) for one in ("top-tenth", "upper", "middle", "lower")] == [3, 7, 10, 10]
    assert cut[-1] == "top-tenth"
    assert set(worths([5.0] * 9)) == {"top-tenth"}
