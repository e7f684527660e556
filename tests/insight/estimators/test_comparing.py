"""What something changed: right on average, and no alarm without fire."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm, t

from regulars.insight.estimators.asking.sizes import (
    Parts,
    members_wanted,
    parts_wanted,
    parts_wanted_for_mean,
)
from regulars.insight.estimators.comparing.effects import (
    Effect,
    effect,
    effect_of_ratio,
    effect_with_before,
)
from regulars.insight.estimators.comparing.guards import Mismatch, at_every_look, sample_ratio
from regulars.insight.estimators.comparing.policies import (
    Worth,
    by_own_weight,
    by_weight,
    doubly_robust,
    logged,
)
from regulars.insight.estimators.comparing.sums import errors_at_every_look
from regulars.insight.estimators.comparing.uplift import Qini, qini
from regulars.insight.estimators.saying import NotEnough

SPLITS = 1_000


def found(one: object) -> Effect:
    assert isinstance(one, Effect), one
    return one


def test_groups_of_different_spread_have_freedom_between_theirs() -> None:
    one, other = np.tile([1.0, 3.0], 20), np.tile([0.0, 2.0, 1.0, 1.0], 10)
    seen = found(effect(one, other))
    error = (one.var(ddof=1) / 40 + other.var(ddof=1) / 40) ** 0.5
    assert seen.value == 1
    assert (seen.high - seen.low) / 2 / error == pytest.approx(t.ppf(0.975, 70.2), abs=1e-3)


def test_an_effect_that_is_not_there_is_seen_once_in_twenty() -> None:
    """A/A: 5 % of a thousand splits, give or take 1.4 of a hundred."""
    chance = np.random.default_rng(20261127)
    money = np.where(chance.random(2_000) < 0.4, chance.gamma(1.5, 30, 2_000), 0)
    before = 0.7 * money + chance.gamma(1, 10, 2_000)
    alarms = {"plain": 0, "before": 0, "ratio": 0}
    for _ in range(SPLITS):
        rows = chance.permutation(2_000)
        one, other = rows[:1_000], rows[1_000:]
        counts = 1 + (money > 40)
        sides = (money[one], counts[one]), (money[other], counts[other])
        seen = {
            "plain": effect(money[one], money[other]),
            "before": effect_with_before(money[one], money[other], before[one], before[other]),
            "ratio": effect_of_ratio(*sides),
        }
        for name, each in seen.items():
            alarms[name] += found(each).p < 0.05
    assert all(abs(many / SPLITS - 0.05) <= 0.014 for many in alarms.values()), alarms


def test_looking_daily_alarms_rarely_where_the_plain_interval_does_not() -> None:
    chance, daily, plain = np.random.default_rng(7), 0, 0
    for _ in range(200):
        one, other = chance.normal(size=(2, 2_000))
        looks = [found(effect(one[:n], other[:n])) for n in range(100, 2_001, 100)]
        plain += any(look.p < 0.05 for look in looks)
        daily += any(
            not each.low <= 0 <= each.high for each in map(found, map(at_every_look, looks))
        )
    assert plain > 30
    assert daily <= 12


def test_what_the_time_before_foretells_is_taken_away() -> None:
    chance = np.random.default_rng(1)
    before = chance.gamma(1, 30, 4_000)
    after = before + chance.normal(0, 10, 4_000)
    after[:2_000] += 2
    plain = found(effect(after[:2_000], after[2_000:]))
    seen = found(effect_with_before(after[:2_000], after[2_000:], before[:2_000], before[2_000:]))
    assert seen.spared == pytest.approx(0.9, abs=0.02)
    assert (seen.high - seen.low) < (plain.high - plain.low) / 2.5
    assert seen.low < 2 < seen.high


def test_a_time_before_that_says_nothing_changes_nothing() -> None:
    money, flat = np.arange(80.0), np.ones(40)
    seen = found(effect_with_before(money[:40], money[40:], flat, flat))
    assert (seen.value, seen.spared) == (-40, 0)


def test_orders_of_one_member_hang_together() -> None:
    chance = np.random.default_rng(5)
    orders = chance.integers(1, 20, 400)
    money = orders * chance.gamma(2, 10, 400)
    seen = found(effect_of_ratio((money[:200], orders[:200]), (money[200:], orders[200:])))
    ratio = money[:200].sum() / orders[:200].sum() - money[200:].sum() / orders[200:].sum()
    drawn = []
    for _ in range(2_000):
        rows, others = chance.integers(0, 200, 200), chance.integers(200, 400, 200)
        drawn.append(
            money[rows].sum() / orders[rows].sum() - money[others].sum() / orders[others].sum()
        )
    low, high = np.quantile(drawn, (0.025, 0.975))
    assert seen.value == pytest.approx(ratio)
    assert (seen.low, seen.high) == pytest.approx((low, high), abs=(high - low) * 0.08)


def test_groups_of_the_wrong_size_raise_the_alarm() -> None:
    assert sample_ratio([1000, 9000], [1, 9]) == Mismatch(1.0, False)
    off = sample_ratio([1120, 8880], [1, 9])
    assert isinstance(off, Mismatch)
    assert off.alarm
    assert sample_ratio([0, 4], [1, 9]) == NotEnough("groups", 0.4, 5)


def test_members_wanted_are_those_of_the_textbook() -> None:
    assert members_wanted(0.10, 0.02) == 3841  # Fleiss, Levin & Paik (2003), without correction
    assert members_wanted(0.10, 0.01) > 3.8 * members_wanted(0.10, 0.02)
    assert members_wanted(0.10, 0.02, power=0.9) > members_wanted(0.10, 0.02)


def test_parts_wanted_are_those_the_bounds_of_every_look_take() -> None:
    assert parts_wanted(0.10, 0.02) == Parts(8442, 8442)
    small, large = parts_wanted(0.10, 0.02, 0.1)
    assert large == pytest.approx(9 * small, abs=9)
    assert 8442 > small > 3841, "fewer are held out, and more are needed in all"
    assert parts_wanted_for_mean(10, 2) == Parts(756, 756)
    assert parts_wanted_for_mean(10, -2) == Parts(756, 756)
    assert parts_wanted(0.01, 0.98, 0.01) == Parts(30, 2970), "of fewer no effect is said"
    assert parts_wanted(0.10, 0.02, arms=3) > Parts(8442, 8442), "each of two is judged by half"
    assert parts_wanted_for_mean(10, 2, arms=3) > Parts(756, 756)
    lows = [errors_at_every_look(members) for members in (100, 1_000, 100_000)]
    assert min(lows) > 1.96


def test_a_model_that_finds_whom_it_changes_is_above_lots_and_chance_is_not() -> None:
    chance = np.random.default_rng(3)
    many = 6_000
    moved, had_it = chance.random(many), chance.random(many) < 0.5
    bought = chance.random(many) < 0.2 + 0.4 * moved * had_it
    good = qini(moved, had_it, bought, seed=1)
    lots = qini(chance.random(many), had_it, bought, seed=1)
    assert isinstance(good, Qini)
    assert isinstance(lots, Qini)
    assert good.low > 0
    assert lots.low < 0 < lots.high
    assert good.gained[-1] == lots.gained[-1] == pytest.approx(0.1, abs=0.02)
    few = qini(moved[:300], had_it[:300], bought[:300], seed=1)
    assert isinstance(few, NotEnough)


def test_another_way_of_choosing_is_worth_what_it_would_have_brought() -> None:
    chance = np.random.default_rng(4)
    many = 40_000
    liking = chance.random(many)
    sent = chance.random(many) < 0.3
    brought = (chance.random(many) < 0.1 + 0.5 * liking * sent).astype(float)
    wants = liking > 0.5
    made, would = np.where(sent, 0.3, 0.7), (sent == wants).astype(float)
    given = logged(brought, made, would)
    truth = 0.1 + 0.5 * float((liking * wants).mean())
    wrong_model = np.full(many, 0.2)
    for seen in (
        by_weight(given),
        by_own_weight(given),
        doubly_robust(given, wrong_model, wrong_model),
    ):
        assert isinstance(seen, Worth)
        assert seen.low < truth < seen.high
        assert seen.high - seen.low < 0.03
    assert isinstance(by_weight(logged([1.0] * 40, [0.5] * 40, [0.0] * 40)), NotEnough)


def test_few_are_refused() -> None:
    assert effect([1.0] * 29, [1.0] * 99) == NotEnough("groups", 29, 30)
    assert effect_of_ratio(([1.0] * 40, [0.0] * 40), ([1.0] * 40, [1.0] * 40)) == NotEnough(
        "values", 0, 1
    )


def test_the_p_of_every_look_says_what_its_interval_says() -> None:
    """A p of one look beside an interval for all would be the very thing guarded against."""
    for value in (2.0, 3.02, 3.04, 5.0):
        plain = Effect(value, value - 1.96, value + 1.96, float(2 * norm.sf(value)), 500, 500)
        seen = found(at_every_look(plain))
        assert (seen.p < 0.05) == (seen.low > 0), seen
        assert plain.p <= seen.p <= 1
    # 3.0348 errors are the bound at 1,000 members: ln(1 + 7.936) / 2 + ln 20 under the root.
    at_bound = found(at_every_look(Effect(3.0348, 3.0348 - 1.96, 3.0348 + 1.96, 0.0024, 500, 500)))
    assert at_bound.p == pytest.approx(0.05, abs=2e-3)
    same = Effect(0.0, 0.0, 0.0, 1.0, 500, 500)
    assert found(at_every_look(same)).p == 1
    always = Effect(2.0, 2.0, 2.0, 0.0, 500, 500)
    assert found(at_every_look(always)).p == 0


def test_what_is_spared_is_spared_of_the_difference() -> None:
    """A tenth held out: its noise is nine tenths of all there is, whatever the large group's."""
    chance = np.random.default_rng(8)
    before = chance.normal(0, 1, 10_000)
    after = before * 10 + np.where(np.arange(10_000) < 9_000, 20, 1) * chance.normal(0, 1, 10_000)
    sides = after[:9_000], after[9_000:], before[:9_000], before[9_000:]
    plain, seen = found(effect(*sides[:2])), found(effect_with_before(*sides))
    share = 1 - ((seen.high - seen.low) / (plain.high - plain.low)) ** 2
    assert seen.spared == pytest.approx(share, abs=0.005)


@pytest.mark.parametrize("odd", [float("nan"), float("inf")])
def test_a_number_that_is_none_is_a_bug_of_whoever_asks(odd: float) -> None:
    well, ill = [1.0, 2.0] * 200, [1.0, odd] * 200
    had_it = [True, False] * 200
    asked = (
        lambda: effect(ill, well),
        lambda: effect_with_before(well, well, well, ill),
        lambda: effect_of_ratio((well, ill), (well, well)),
        lambda: qini(ill, had_it, well, seed=1),
        lambda: qini(well, had_it, ill, seed=1),
        lambda: logged(ill, [0.5] * 400, [0.5] * 400),
        lambda: doubly_robust(logged(well, [0.5] * 400, [0.5] * 400), ill, well),
    )
    for ask in asked:
        with pytest.raises(AssertionError):
            ask()
    with pytest.raises(AssertionError):
        logged([1.0], [0.5] * 40, [0.5] * 40)
    with pytest.raises(AssertionError):
        sample_ratio([1, 1], [0, 0])


def test_the_alarm_is_raised_at_one_in_a_thousand() -> None:
    """Chi-squared with one degree of freedom is 10.828 there: 98.7 of 10,000 too many."""
    for too_many, alarm in ((98, False), (99, True)):
        seen = sample_ratio([1_000 + too_many, 9_000 - too_many], [1, 9])
        assert isinstance(seen, Mismatch)
        assert seen.alarm is alarm
    three = sample_ratio([110, 90, 100], [1, 1, 1])
    assert isinstance(three, Mismatch)
    assert three.p == pytest.approx(np.exp(-1))  # two degrees: exp(-2 / 2)


def test_a_model_that_tells_nobody_apart_is_lots_in_whatever_order_members_come() -> None:
    had_it = np.repeat([True, False], 300)
    bought = np.tile(np.repeat([1.0, 0.0], 150), 2)
    seen = qini(np.zeros(600), had_it, bought, seed=1)
    assert isinstance(seen, Qini)
    assert (seen.value, seen.low, seen.high) == pytest.approx((0, 0, 0), abs=1e-12)
    two = np.tile([1.0, 0.0], 300)
    mixed = np.random.default_rng(2).permutation(600)
    one, other = (qini(two[at], had_it[at], bought[at], seed=1) for at in (np.arange(600), mixed))
    assert isinstance(one, Qini)
    assert isinstance(other, Qini)
    assert one.value == pytest.approx(other.value)


def test_the_line_of_qini_is_that_of_radcliffe() -> None:
    """By hand: of 400, the first half was all that changed, a tenth of those who had it."""
    score = np.repeat([2.0, 1.0], 400)
    had_it, bought = np.tile([True, False], 400), np.zeros(800)
    bought[:40:2] = 1
    seen = qini(score, had_it, bought, seed=1)
    assert isinstance(seen, Qini)
    assert (seen.gained[400], seen.gained[-1]) == pytest.approx((20 / 800, 20 / 800))
    # Above the straight line: a triangle of base 1 and height half of what was gained.
    assert seen.value == pytest.approx(0.5 * 0.5 * 20 / 800)


def test_policies_by_hand() -> None:
    brought = np.tile([4.0, 0.0, 1.0, 3.0], 20)
    given = logged(brought, [0.5, 0.25, 0.5, 1.0] * 20, [1.0, 0.5, 0.0, 0.5] * 20)
    plain, own, moved = by_weight(given), by_own_weight(given), None
    assert isinstance(plain, Worth)
    assert isinstance(own, Worth)
    assert plain.value == (2 * 4 + 2 * 0 + 0 + 0.5 * 3) / 4
    assert own.value == pytest.approx(9.5 / 4.5)
    assert own.alike == pytest.approx(80 * (4.5 / 4) ** 2 / (8.25 / 4))
    moved = by_own_weight(logged(brought + 100, given.chance, given.would))
    assert isinstance(moved, Worth)
    assert (moved.value, moved.low) == pytest.approx((own.value + 100, own.low + 100))


def test_doubly_robust_is_right_when_either_half_is() -> None:
    chance = np.random.default_rng(6)
    many = 40_000
    liking = chance.random(many)
    sent = chance.random(many) < 0.2 + 0.6 * liking
    brought = liking + 2.0 * sent + chance.normal(0, 1, many)
    truth = 2.0 + float(liking.mean())  # the other way sends to all
    made, wrong = np.where(sent, 0.2 + 0.6 * liking, 0.8 - 0.6 * liking), np.full(many, 0.5)
    model, of_other = liking + 2.0 * sent, liking + 2.0
    right_model = doubly_robust(logged(brought, wrong, sent), model, of_other)
    right_chance = doubly_robust(logged(brought, made, sent), np.zeros(many), np.zeros(many))
    for seen in (right_model, right_chance):
        assert isinstance(seen, Worth)
        assert seen.low < truth < seen.high
    neither = doubly_robust(logged(brought, wrong, sent), np.zeros(many), np.zeros(many))
    assert isinstance(neither, Worth)
    assert not neither.low < truth < neither.high


def test_members_who_all_did_the_same_say_nothing_of_how_sure_one_is() -> None:
    """Nobody of forty bought, here and there: "an effect of 0, from 0 to 0" would be made up."""
    nobody, all_of_them, nothing = [0.0] * 40, [1.0] * 40, NotEnough("spread", 0, 1)
    assert effect(nobody, nobody) == effect(all_of_them, nobody) == nothing
    assert effect_with_before(nobody, nobody, list(range(40)), list(range(40))) == nothing
    assert effect_of_ratio((all_of_them, all_of_them), (nobody, all_of_them)) == nothing
    given = logged(nobody, [0.5] * 40, [0.5] * 40)
    for seen in (by_weight(given), by_own_weight(given), doubly_robust(given, nobody, nobody)):
        assert seen == nothing
