"""Games that are chosen and not drawn: each goes straight to where something can go wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.model import machine
from tests.model.beside.by_hand.events import GivesTier, TurnsTier
from tests.model.beside.looked_after.coming_over.machine import ComingOverLedger, ComingOverOnce
from tests.model.beside.looked_after.coming_over.versions import Plan
from tests.model.events import Happens, Joins, Merges, Night, Returns, Unmerges
from tests.model.machine import Driver, Tally

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def passes(game: Any, **time: int) -> None:
    game.now += timedelta(**time)


def at(game: Any, day: str, **more: int) -> None:
    """To the beginning of a day in Berlin, in winter, and so much more."""
    game.now = datetime.fromisoformat(day).replace(tzinfo=UTC) - timedelta(hours=1)
    passes(game, **more)


def buys(game: Any, who: str, euros: int, ago: timedelta | None = None) -> str:
    when = None if ago is None else game.now - ago
    sale = Happens("purchase", who, game._number("r"), at=when, amount=euros * 100)
    game._happen(sale)
    return sale.receipt


def back(game: Any, receipt: str, euros: int) -> None:
    game._happen(Returns(receipt, ((0, euros * 100),), game._number("b")))


def joins(game: Any, *spent: int) -> list[str]:
    """Somebody for each of these sums; the first is there already. Their receipts."""
    receipts = []
    for place, euros in enumerate(spent):
        if place:
            game._happen(Joins(f"m{place}"))
        receipts.append(buys(game, f"m{place}", euros))
    return receipts


def says(
    game: Any, ladder: str, members: str, days: int | None = None, ahead: int = 0, twist: str = ""
) -> None:
    """Another ladder, from now on or so many hours ahead; what it promises lasts so many days."""
    passes(game, minutes=1)
    game.publish(ladder, Plan(members), (game.now + timedelta(hours=ahead), days), twist)
    passes(game, minutes=1)


def _each(game: Any, members: str, days: int | None = None) -> None:
    """A step up, a step down and a step taken away, by one plan, before and after the night."""
    joins(game, 20, 45, 70, 95)
    says(game, "steeper", members, days)
    buys(game, "m1", 1)
    game._happen(Night())
    says(game, "no gold", members, days)
    buys(game, "m2", 1)
    game._happen(Night())
    for day in ("2027-12-31", "2028-01-01", "2029-01-01"):
        at(game, day, seconds=-1)
        game._happen(Night())
        passes(game, seconds=1)
        game._happen(Night())
        buys(game, "m3", 30)


def keep(game: Any) -> None:
    """Nobody moves; with a day nothing ends before it, and what was promised for longer stays."""
    _each(game, "keep", 500)
    says(game, "easier", "keep", 900, twist="for life")
    says(game, "as it was", "keep", 30, twist="longer")
    for _ in range(2):
        passes(game, days=30)
        game._happen(Night())


def upgrade_only(game: Any) -> None:
    _each(game, "upgrade_only")
    says(game, "easier", "upgrade_only")
    game._happen(Night())


def full(game: Any) -> None:
    _each(game, "full")
    says(game, "easier", "full")
    game._happen(Night())


def step_by_step(game: Any) -> None:
    """The better of both, to the second of the day named; without a day, of the running year."""
    joins(game, 55, 15, 85)
    says(game, "steeper", "step_by_step", 40)
    buys(game, "m0", 5)
    at(game, "2026-04-11", hours=-1, seconds=-1)
    buys(game, "m1", 5)
    passes(game, seconds=1)
    buys(game, "m2", 5)  # black by the old ladder, which counts no more
    game._happen(Night())
    says(game, "of metal", "step_by_step")
    at(game, "2027-01-01", seconds=-1)
    buys(game, "m1", 70)
    passes(game, seconds=1)
    buys(game, "m1", 95), buys(game, "m2", 20)
    game._happen(Night())


def in_a_row(game: Any) -> None:
    """Two changes step by step, the best of all three ladders, each until its day; one that keeps
    lets them go on, and one in full ends it."""
    joins(game, 20, 20, 20, 20)
    says(game, "steeper", "step_by_step", 40)
    says(game, "of metal", "step_by_step", 20)
    buys(game, "m0", 40)
    passes(game, days=30)
    buys(game, "m1", 25)
    says(game, "for everybody", "keep")
    buys(game, "m1", 20)
    says(game, "steeper", "upgrade_only")
    buys(game, "m2", 40)
    passes(game, days=30)
    buys(game, "m2", 40)
    says(game, "easier", "keep")
    says(game, "no black", "step_by_step", 30)
    says(game, "steeper", "full")
    buys(game, "m3", 15)
    game._happen(Night())


def windows(game: Any) -> None:
    """In full the year before holds, and days of grace that run are kept; before they do not."""
    joins(game, 65, 30, 95)
    says(game, "as it was", "keep", twist="grace")
    at(game, "2027-02-01")
    buys(game, "m1", 10)
    says(game, "easier", "full")
    game._happen(Night())
    at(game, "2028-01-05")
    buys(game, "m2", 25)
    says(game, "steeper", "full")
    buys(game, "m0", 1)
    game._happen(Night())
    at(game, "2028-01-11")
    game._happen(Night())
    at(game, "2028-12-31")
    buys(game, "m0", 20)
    says(game, "easier", "full", twist="for life")
    says(game, "steeper", "full")
    game._happen(Night())


def removed(game: Any) -> None:
    """To where it was said, once and once more, for who stands there, buys or brings back; and a
    step that is there again."""
    receipts = joins(game, 20, 62, 95)
    says(game, "no black", "keep")
    buys(game, "m1", 1)
    says(game, "of metal", "upgrade_only", twist="shorter")
    back(game, receipts[2], 60)
    game._happen(Night())
    says(game, "gold alone", "full")
    buys(game, "m0", 15)
    says(game, "as it was", "upgrade_only")
    game._happen(Night())
    at(game, "2028-01-01")
    game._happen(Night())


def returns(game: Any) -> None:
    """What comes back strips by no ladder that was not there, nor by one while another counts."""
    receipts = joins(game, 30, 61, 92)
    says(game, "steeper", "keep")
    back(game, receipts[1], 1)
    back(game, receipts[1], 1)
    says(game, "easier", "upgrade_only")
    back(game, receipts[0], 5)
    says(game, "steeper", "step_by_step", 30)
    buys(game, "m1", 5)
    back(game, receipts[1], 2)
    back(game, receipts[2], 33)
    says(game, "gold alone", "full")
    back(game, receipts[0], 5)
    back(game, receipts[1], 15)
    game._happen(Night())


def beside(game: Any) -> None:
    """What comes back was bought before the ladder that counts beside the new one was there."""
    receipts = joins(game, 10)
    says(game, "easier", "keep")
    buys(game, "m0", 5)
    says(game, "steeper", "step_by_step", 40)
    buys(game, "m0", 20)
    back(game, receipts[0], 5)
    back(game, receipts[0], 1)


def late(game: Any) -> None:
    """Told after a change of before it, before or after the night; and a version that comes."""
    joins(game, 30, 30, 55)
    says(game, "steeper", "full", ahead=2)
    says(game, "easier", "upgrade_only", ahead=1)
    buys(game, "m1", 40)
    passes(game, hours=3)
    buys(game, "m0", 65, timedelta(hours=3))
    game._happen(Joins("m3"))
    buys(game, "m3", 65)
    buys(game, "m2", 40, timedelta(hours=1, minutes=30))
    game._happen(Night())
    buys(game, "m1", 30, timedelta(hours=3))
    buys(game, "m2", 2, timedelta(days=1))


def one_and_two(game: Any) -> None:
    """Merged before a change and parted after it, and merged after it with what both have."""
    joins(game, 35, 40, 25, 30)
    game._happen(Merges("m1", "m0"))
    says(game, "steeper", "full")
    game._happen(Night())
    game._happen(Unmerges("m1"))
    says(game, "easier", "step_by_step", 30)
    game._happen(Merges("m3", "m2"))
    buys(game, "m2", 10)
    says(game, "no gold", "upgrade_only")
    game._happen(Night())
    game._happen(Unmerges("m3"))
    game._happen(Merges("m1", "m2"))
    says(game, "of metal", "full")
    game._happen(Unmerges("m1"))
    game._happen(Night())


def by_hand(game: Any) -> None:
    """What was given holds through every plan; its end leaves what the plan made of the rest."""
    joins(game, 25, 45, 10, 65)
    for who, tier in (("m0", "gold"), ("m1", "black"), ("m2", "silver"), ("m3", "black")):
        game._happen(GivesTier(who, "granted", tier, f"t-{who}", None if who > "m1" else 40))
    says(game, "steeper", "keep", 200)
    game._happen(TurnsTier("t-m0", "ended"))
    says(game, "no black", "upgrade_only")
    game._happen(Night())
    game._happen(TurnsTier("t-m3", "ended"))
    says(game, "of metal", "full")
    game._happen(Night())
    game._happen(TurnsTier("t-m2", "ended"))
    passes(game, days=40)
    game._happen(Night())


def behind(game: Any) -> None:
    """What somebody reached before they were given more goes through the change as well."""
    joins(game, 30)
    game._happen(GivesTier("m0", "granted", "black", "t", 40))
    says(game, "gold alone", "upgrade_only")
    game._happen(Night())
    game._happen(TurnsTier("t", "ended"))
    game._happen(Night())


GAMES: dict[str, Callable[[Any], None]] = {
    "keep": keep, "upgrade_only": upgrade_only, "full": full, "step_by_step": step_by_step,
    "in_a_row": in_a_row, "windows": windows, "removed": removed, "returns": returns,
    "beside": beside, "late": late, "one_and_two": one_and_two, "by_hand": by_hand, "behind": behind,
}  # fmt: skip


def play_chosen(name: str, opens: Callable[..., Driver], form: str = "years") -> Tally:
    """Play one of them, with everything compared after every step as ever; how much that was."""
    kind: Any = ComingOverOnce if getattr(opens, "once", True) else ComingOverLedger
    named = {"tally": Tally(), "open_driver": lambda _, *a: opens(*a)}
    playing: Any = type(kind.__name__, (kind,), named)()
    told, machine.note = machine.note, lambda _: None  # there is nobody to tell it to
    try:
        playing.opens(zone="Europe/Berlin", start=START, form=form, ladder="as it was")
        GAMES[name](playing)
    finally:
        machine.note = told
        playing.teardown()
    return playing.tally  # type: ignore[no-any-return]
