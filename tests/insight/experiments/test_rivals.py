"""What choosing brings beside another way: the same numbers as row by row, and right on average."""

from __future__ import annotations

import numpy as np

from regulars.insight.estimators.comparing import policies
from regulars.insight.estimators.comparing.rivals import Tally, Worth, ahead, worth
from regulars.insight.estimators.saying import NotEnough

_BEST = np.array([2, 1, 1])
"""By cell what is expected to bring most."""


def _drawn(seed: int, many: int) -> tuple[list[Tally], np.ndarray, np.ndarray]:
    """Choices of three, two fifths of them by chance: what is best brings 10 more in cell 0."""
    draw = np.random.default_rng(seed)
    cell = draw.integers(0, 3, many)
    best = _BEST[cell]
    arm = np.where(draw.random(many) < 0.4, draw.integers(0, 3, many), best)
    chance = np.where(arm == best, 0.6 + 0.4 / 3, 0.4 / 3)
    brought = 50.0 * cell + 10 * (arm == best) * (cell == 0) + draw.integers(0, 20, many)
    half = draw.integers(0, 2, many)
    columns = zip(brought, brought**2, chance, cell, arm, half, strict=True)
    given = [Tally(1, *map(float, one[:3]), *map(int, one[3:])) for one in columns]
    return given, np.eye(3)[best], brought


def test_rows_told_one_by_one_give_what_is_estimated_row_by_row() -> None:
    given, way, brought = _drawn(1, 2_000)
    other = np.full_like(way, 1 / 3)
    found = ahead(given, way, other)
    rows = np.arange(2_000)
    would, else_ = (one[rows, [row.arm for row in given]] for one in (way, other))
    for mine, theirs in ((found.ips, policies.by_weight), (found.snips, policies.by_own_weight)):
        sides = [
            theirs(policies.logged(brought, [row.chance for row in given], one))
            for one in (would, else_)
        ]
        assert isinstance(mine, Worth)
        first, second = (one for one in sides if isinstance(one, Worth))
        assert np.isclose(mine.value, first.value - second.value)
    one = worth(given, way)
    assert isinstance(one, Worth)
    assert one.low < 50 + 10 / 3 + 9.5 < one.high


def test_alike_choices_may_be_told_as_sums() -> None:
    given, way, _ = _drawn(2, 1_000)
    packed: dict[tuple[int, int, int], list[int]] = {}
    for place, row in enumerate(given):
        packed.setdefault((row.cell, row.arm, row.half), []).append(place)
    sums = [
        Tally(
            len(places),
            sum(given[place].brought for place in places),
            sum(given[place].brought_2 for place in places),
            given[places[0]].chance,
            *key,
        )
        for key, places in packed.items()
    ]
    ways = way[[places[0] for places in packed.values()]]
    by_sums = ahead(sums, ways, np.full_like(ways, 1 / 3))
    by_rows = ahead(given, way, np.full_like(way, 1 / 3))
    for one, other in ((by_sums.dr, by_rows.dr), (by_sums.snips, by_rows.snips)):
        assert isinstance(one, Worth)
        assert isinstance(other, Worth)
        assert np.allclose([one.value, one.low, one.high], [other.value, other.low, other.high])


def test_the_bounds_hold_the_truth_about_as_often_as_they_say() -> None:
    held = {"ips": 0, "snips": 0, "dr": 0}
    widths = dict.fromkeys(held, 0.0)
    for seed in range(100):
        given, way, _ = _drawn(seed, 600)
        found = ahead(given, way, np.full_like(way, 1 / 3))
        for name in held:
            one = getattr(found, name)
            assert isinstance(one, Worth)
            held[name] += one.low < 10 / 3 * 2 / 3 < one.high
            widths[name] += one.high - one.low
    assert all(88 <= many <= 100 for many in held.values()), held
    assert widths["dr"] < widths["snips"] < widths["ips"], "what is foretold is no noise"


def test_too_few_or_none_alike_is_said() -> None:
    given, way, _ = _drawn(3, 60)
    few = ahead(given, way, np.full_like(way, 1 / 3)).dr
    assert isinstance(few, NotEnough)
    assert few.what == "members"
    given, way, _ = _drawn(3, 200)
    never = np.zeros_like(way)
    never[:, 0] = 1
    lonely = ahead(given, way, never).dr
    assert isinstance(lonely, NotEnough)
    assert lonely.what == "groups"
