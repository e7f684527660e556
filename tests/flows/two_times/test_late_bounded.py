"""What comes late reads what it can change: the story begins just before it, and ends the same."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from tests.flows.two_times.test_late import Noting, a_history, books, ladder, net, standing
from tests.flows.two_times.test_late_beside import on
from tests.makers import Shop, brings_back, buys

from regulars.flows.recording.record_activities import record_activities

Open = Callable[[str], Shop]
DAY = timedelta(days=1)


class Counting(Noting):
    """The transaction, with the rows that each of its questions brought."""

    def __init__(self, tx: Any) -> None:
        super().__init__(tx)
        self.rows = 0

    async def fetch(self, sql: str, *args: Any) -> Any:
        found = await super().fetch(sql, *args)
        self.rows += len(found)
        return found


def asks(shop: Shop, *told: Any) -> tuple[int, int]:
    """How many questions a batch asks, and how many rows they bring."""
    noted: list[Counting] = []

    async def act(tx: Any, terms: Any) -> list[Any]:
        noted.append(Counting(tx))
        return list(await record_activities(noted[0], terms, told))  # type: ignore[arg-type]

    shop.do(act)
    return len(noted[0].asked), noted[0].rows


@pytest.mark.parametrize("before", [10, 60])
def test_what_comes_a_day_late_reads_no_more_after_a_longer_life(
    open_shop: Open, before: int
) -> None:
    shop = open_shop(ladder())
    (ada,) = shop.joined("ada")
    for _ in range(before):
        shop.now += timedelta(hours=5)
        shop.record(buys(ada, 100))
    shop.now += DAY
    at = shop.now
    for _ in range(3):
        shop.now += timedelta(hours=7)
        shop.record(buys(ada, 100))
    questions, rows = asks(shop, buys(ada, 20_000, occurred_at=at))
    lots = before + 3  # what is taken back could come of any of them
    assert (questions, rows - lots) == (10, 10)
    assert net(shop)[""] == {"points": before + 200 + 6}
    books(shop)


def told_as_it_comes(shop: Shop, history: list[Any], late: set[str]) -> Any:
    """Where a member stands who was told of at once, but of some things days later."""
    (ada,) = shop.joined("ada")
    waits = {"": timedelta(seconds=1)} | dict.fromkeys(late, 9 * DAY)
    told = sorted(history, key=lambda one: one[2] + waits.get(f"{one[0]} {one[1]}", waits[""]))
    for kind, receipt, at, what in told:
        shop.now = at + waits.get(f"{kind} {receipt}", waits[""])
        if kind == "buys":
            shop.record(buys(ada, *what, receipt=receipt, occurred_at=at))
        else:
            shop.record(brings_back(receipt, *what, receipt=f"b-{receipt}", occurred_at=at))
    shop.now = history[-1][2] + 60 * DAY
    shop.night()
    return net(shop), standing(shop)


def source_of(rng: Random) -> str:
    """A ladder of some kind."""
    return ladder(
        rng.choice(("calendar_year", "rolling", "anniversary", "ever")),
        rng.choice(("window_end", "next_window_end", "for_ever")),
        rng.choice(("old_tier", "new_tier")), rng.choice(("revoke_now", "at_period_end", "never")),
    )  # fmt: skip


def either(source: str) -> str:
    """The same ladder, whose steps may be reached by visits as well."""
    twofold = source.replace("tiers:\n", "tiers:\n  or_by: {measure: visits}\n")
    for spend, visits in (("100.00", 3), ("300.00", 5)):
        twofold = twofold.replace(f'at: "{spend}"', f'at: "{spend}", or_at: {visits}')
    return twofold


def comes_back_since(shop: Shop) -> None:
    """The third visit is told late; one of the first two came back after it."""
    on(shop, "2026-03-03", 100, "r0")
    shop.at("2026-03-04 13:00")
    on(shop, "2026-03-04", 100, "r1")
    shop.at("2026-03-07 12:00")
    shop.record(brings_back("r1", receipt="b1"))
    shop.at("2026-03-08 12:00")
    assert on(shop, "2026-03-06", 1_000, "r2").earned == {"points": 20}


def test_a_visit_of_before_that_came_back_since_was_one_then(open_shop: Open) -> None:
    shop = open_shop(either(ladder(crossing="new_tier")))
    shop.joined("ada")
    comes_back_since(shop)
    books(shop)


def some_late(rng: Random, history: list[Any]) -> set[str]:
    deeds = [f"{kind} {receipt}" for kind, receipt, _, _ in history]
    return set(rng.sample(deeds, 2))


@pytest.mark.parametrize(
    ("seed", "of"), [*((seed, str) for seed in range(8)), *((seed, either) for seed in range(4))]
)
def test_whatever_comes_late_ends_as_if_told_at_once(
    open_shop: Open, seed: int, of: Callable[[str], str]
) -> None:
    rng = Random(seed)
    source = of(source_of(rng))
    shop = open_shop(source)
    begun = shop.now
    history = a_history(rng, begun + DAY)
    wanted = told_as_it_comes(shop, history, set())
    for _ in range(2):
        shop = open_shop(source)
        shop.now = begun
        late = some_late(rng, history)
        assert told_as_it_comes(shop, history, late) == wanted, late
    books(shop)
