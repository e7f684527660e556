"""Random histories with tiers given by hand: as read off from nothing, and as a replay decides."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest
from tests.flows.tiers.houses import ADA, HOUSE, give, stands, turn
from tests.makers import Shop, buys
from tests.planted.replay.checks import differences

STEPS = (("silver", 10_000), ("gold", 20_000), ("black", 40_000))
LADDER = "tiers:\n  MOREsteps: [" + ", ".join(
    f'{{id: {name}, at: "{at // 100}.00"}}' for name, at in STEPS
) + "]\n"  # fmt: skip


def read_off(
    day: datetime, bought: list[tuple[datetime, int]], held: list[tuple[str, datetime, datetime]]
) -> str | None:
    """The tier on a day: of what each of two years reached, and what is in force by hand."""
    found = [
        name
        for year in (day.year - 1, day.year)
        for name, at in STEPS
        if sum(minor for when, minor in bought if when.year == year and when <= day) >= at
    ]
    found += [name for name, begins, ends in held if begins <= day < ends]
    order = [name for name, _ in STEPS]
    return max(found, key=order.index, default=None)


@pytest.mark.in_turns(2)
@pytest.mark.parametrize("seed", range(6))
def test_as_read_off_from_what_was_bought_and_given(open_shop: object, seed: int) -> None:
    chance = random.Random(seed)
    source = (HOUSE + LADDER.replace("MORE", "")).replace("Europe/Berlin", "UTC")
    shop: Shop = open_shop(source)  # type: ignore[operator]
    shop.joined("ada")
    bought: list[tuple[datetime, int]] = []
    held: list[list[object]] = []
    for _ in range(28):
        shop.now += timedelta(days=chance.randrange(5, 60), hours=chance.randrange(24))
        deed = chance.random()
        if deed < 0.5:
            minor = chance.choice((2_000, 5_000, 9_000, 12_000))
            shop.record(buys(ADA, minor))
            bought.append((shop.now, minor))
        elif deed < 0.75:
            tier, until = (
                chance.choice(STEPS)[0],
                shop.now + timedelta(days=chance.choice((20, 400))),
            )
            done = give(shop, ADA, tier, until_at=until)
            held.append([tier, shop.now, until, done])
        elif held and deed < 0.85:
            one = chance.choice(held)
            if one[2] > shop.now:  # type: ignore[operator]
                turn(shop, one[3], "ended")  # type: ignore[arg-type]
                one[2] = shop.now
        shop.night()
        given = [tuple(one[:3]) for one in held]
        expected = read_off(shop.now, bought, given)  # type: ignore[arg-type]
        assert stands(shop)[0] == expected, (seed, shop.now)
    assert differences(shop) == []


MORE = {
    "later": "credit_after_days: 20\n  ",
    "at the end": "reached: at_window_end\n  valid: window_end\n  ",
    "rolling": "window: rolling\n  rolling_days: 120\n  downgrade: one_step\n  ",
    "later rolling": "window: rolling\n  rolling_days: 90\n  credit_after_days: 10\n  ",
    "anniversary": "window: anniversary\n  grace_days: 10\n  ",
}


@pytest.mark.in_turns(2)
@pytest.mark.parametrize("more", MORE)
@pytest.mark.parametrize("seed", range(2))
def test_nights_and_replay_agree_whatever_night_was_missed(
    open_shop: object, more: str, seed: int
) -> None:
    """The same history with every night, and with none: the same tier, and the replay's."""
    ends = []
    for nightly in (True, False):
        chance = random.Random(seed)
        shop: Shop = open_shop(HOUSE + LADDER.replace("MORE", MORE[more]))  # type: ignore[operator]
        shop.joined("ada")
        for _ in range(20):
            shop.now += timedelta(days=chance.randrange(2, 50), hours=chance.randrange(24))
            deed = chance.random()
            if deed < 0.7:
                shop.record(buys(ADA, chance.choice((2_000, 5_000, 9_000, 15_000))))
            elif deed < 0.85:
                give(shop, ADA, chance.choice(STEPS)[0], until_at=shop.now + timedelta(days=45))
            if nightly:
                shop.night()
        shop.night()
        assert differences(shop) == []
        ends.append(stands(shop))
    assert ends[0] == ends[1]
