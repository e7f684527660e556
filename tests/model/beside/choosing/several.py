"""A game on several ladders at once: straight through their windows, returns and days of grace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from tests.model import machine, makings
from tests.model.events import Happens, Night, Returns
from tests.model.machine import Driver, Ledger, LedgerOnce, Tally

CHOSEN: Final = ("laddered-4", "laddered-7", "laddered-13", "laddered-16", "laddered-18")
"""By money, visits and what else is done; of days that roll, of years, own years and for ever."""
DAY = timedelta(days=1)


def climbs(game: Any) -> None:
    """A little of everything, then nothing for longer and longer, and some of it comes back."""
    receipts = []
    for days in (0, 1, 6, 8, 29, 31, 100, 366):
        game.now += days * DAY
        game._happen(Night())
        for kind in ("review", "visit", "review"):
            game._happen(Happens(kind, "m0", game._number("d"), store="mitte"))
        for euros in (3, 9):
            receipts.append(game._number("r"))
            game._happen(Happens("purchase", "m0", receipts[-1], amount=euros * 100))
        game._happen(Returns(receipts[-2 if days % 2 else -1], (), game._number("b")))
        game._happen(Happens("visit", "m0", game._number("d"), at=game.now - 2 * DAY))
    late = game.now - 20 * DAY
    game._happen(Happens("purchase", "m0", game._number("r"), at=late, amount=4000))
    game._happen(Returns(receipts[-1], (), game._number("b")))
    game.now += DAY
    game._happen(Happens("review", "m0", game._number("d")))


def play_several(name: str, opens: Callable[..., Driver]) -> Tally:
    """Play it by one program, with everything compared after every step as ever."""
    kind: Any = LedgerOnce if getattr(opens, "once", True) else Ledger
    named = {"names": (name,), "tally": Tally(), "open_driver": lambda _, *a: opens(*a)}
    playing: Any = type(kind.__name__, (kind,), named)()
    told, machine.note = machine.note, lambda _: None  # there is nobody to tell it to
    try:
        playing.opens(place=0, zone="Europe/Berlin", start=makings.STARTS[0], vip=False)
        climbs(playing)
    finally:
        machine.note = told
        playing.teardown()
    return playing.tally  # type: ignore[no-any-return]
