"""Games that are chosen and not drawn: each goes straight to where something can go wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.model import machine, makings
from tests.model.beside.by_hand.events import Erases, GivesTier, Grants, TurnsTier, Uses
from tests.model.beside.looked_after.events import (
    Assigns,
    BringsCount,
    BringsTier,
    Follows,
    Hires,
    Leaves,
    LetsGo,
    MovesOver,
    PassesOn,
)
from tests.model.beside.looked_after.machine import LookedAfter
from tests.model.events import Blocks, Happens, Merges, Publishes, Returns
from tests.model.machine import Driver, Tally

START = makings.STARTS[0]


def passes(game: Any, **time: int) -> None:
    game.now += timedelta(**time)


def buys(game: Any, who: str, amount: int, store: str = "") -> str:
    sale = Happens("purchase", who, game._number("r"), amount=amount, store=store)
    game._happen(sale)
    return sale.receipt


def _hires(game: Any, *people: tuple[str, tuple[str, ...] | None]) -> None:
    for role, stores in people:
        name = f"s{len(game.clerks)}"
        game._happen(Hires(name, role, stores))
        game.clerks.append(name)


def turns(game: Any) -> None:
    """Who works in the member's store before who works everywhere, both before all others, the
    owner last; of these who has fewest, and of two with as many whoever came first."""
    happen = game._happen
    _hires(
        game, ("owner", None), ("cashier", ("mitte",)), ("support", ("west",)), ("auditor", None)
    )
    for _ in range(4):
        game.joins()
    buys(game, "m0", 3000, "west"), buys(game, "m0", 3000, "west"), buys(game, "m0", 100, "mitte")
    buys(game, "m1", 7000, "mitte"), buys(game, "m2", 7000), buys(game, "m3", 7000, "mitte")
    happen(Uses("m3", "shopper", "u1", "west"), Follows(), Follows())
    _hires(game, ("cashier", None))
    for who in ("m2", "m4", "m2", "m4"):  # nobody knows a store of theirs
        happen(Grants(who, "stylist", 1), Grants(who, "host", 1), Assigns(who, "host"))
    happen(PassesOn("s0"), PassesOn("s5"), PassesOn("s1"), Leaves("s5"))
    happen(Leaves("s2"), Leaves("s3"), Assigns("m2", "host", "s0"), PassesOn("s0"), Leaves("s0"))
    happen(Grants("m4", "stylist", 1))  # there is the owner yet
    happen(Grants("m3", "stylist", 1), Leaves("s1"))
    passes(game, minutes=1)
    happen(Follows(), PassesOn("s2"), PassesOn("s3", "s3"), PassesOn("s3", "s4"))
    _hires(game, ("cashier", ("west",)))
    happen(Uses("m4", "stylist", "u0", "west"), Grants("m1", "stylist", 1))
    happen(PassesOn("s3"), PassesOn("s2", "s6"), PassesOn("nobody"))


def endings(game: Any) -> None:
    """Over with its grace to the instant, resumed within it, begun anew after; what is over at
    once; who was let go by hand comes to nobody until somebody says so."""
    happen = game._happen
    game.joins()
    happen(GivesTier("m0", "granted", "gold", "t0", 2), Follows())
    happen(Grants("m1", "stylist", 1, game.now + timedelta(days=1)))
    passes(game, days=1)
    happen(Follows())
    passes(game, days=1)
    happen(Follows())
    happen(Assigns("m0", "shopper", "s0"), Assigns("m0", "shopper", "nobody"))
    _hires(game, ("manager", None))
    happen(Assigns("m0", "shopper", "s1"))  # for what is left of the grace
    passes(game, days=10, seconds=-1)
    happen(GivesTier("m0", "granted", "gold", "t1", 1), Follows())
    happen(TurnsTier("t1", "ended"))
    passes(game, minutes=1)
    happen(Follows())
    passes(game, days=10)
    happen(Follows(), GivesTier("m0", "granted", "gold", "t2", 3), Follows())
    happen(LetsGo("m0", "shopper"), LetsGo("m0", "shopper"), Follows())
    happen(Uses("m0", "shopper", "u0"), Assigns("m0", "shopper"), Assigns("m0", "shopper"))


def by_hand(game: Any) -> None:
    """Who has it not, what comes with nobody, who may not; changed, and the same said again."""
    happen = game._happen
    _hires(game, ("auditor", None), ("cashier", ("west",)))
    happen(Assigns("m0", "host", "s0"), Assigns("m0", "stylist", "s0"))
    happen(Assigns("m0", "unheard-of", "s0"))
    receipt = buys(game, "m0", 2000)
    happen(Follows(), Assigns("m0", "delivery", "s0"), Assigns("m0", "host", "s1"))
    happen(Assigns("m0", "host", "s0"), Assigns("m0", "host", "s0"), Assigns("m0", "host", "s2"))
    happen(Blocks("m0", True), Assigns("m0", "host", "s0"), Blocks("m0", False))
    happen(Returns(receipt, (), "b0"))
    passes(game, seconds=59)
    happen(Follows())
    passes(game, seconds=1)
    happen(Follows())
    buys(game, "m0", 2000)
    happen(Follows())  # nobody chooses but people
    passes(game, days=400)
    happen(Assigns("m0", "host", "s0"))


def versions(game: Any) -> None:
    """What a version says of the benefit holds for who has it: a shorter grace, a lower step, a
    rule instead of people, nobody any more, and the benefit itself gone."""
    happen = game._happen
    game.joins()
    receipt = buys(game, "m0", 6000)
    happen(Grants("m0", "stylist", 1), Grants("m1", "stylist", 1), Follows())
    happen(Publishes(game.version("a shorter grace")), Returns(receipt, (), "b0"))
    passes(game, minutes=1)
    happen(Follows())
    passes(game, days=2)
    happen(Follows(), Publishes(game.version("for silver, too")))
    buys(game, "m1", 2000)
    happen(Follows(), Publishes(game.version("the host by a rule")), Follows())
    passes(game, minutes=1)
    happen(
        Follows(), Publishes(game.version("nobody comes with it"), game.now + timedelta(hours=1))
    )
    happen(Follows(), Assigns("m1", "shopper", "s0"))
    passes(game, hours=1)
    happen(Follows(), Publishes(game.version("no stylist")), Follows())
    happen(Assigns("m1", "stylist", "s0"), Publishes(game.version("as it was")), Follows())


def together(game: Any) -> None:
    """Two who turn out to be one have two who know them; one of these passes them on, and what was
    let go of the other is not given anew. Who is forgotten is known no longer than the grace."""
    happen = game._happen
    _hires(game, ("cashier", None), ("support", None))
    game.joins()
    game.joins()
    happen(Grants("m0", "stylist", 1), Grants("m1", "stylist", 1), Merges("m1", "m0"), Follows())
    happen(Assigns("m0", "stylist", "s0"), LetsGo("m1", "stylist"), Follows())
    happen(Grants("m2", "stylist", 1), Merges("m0", "m2"), Follows(), PassesOn("s2", "s0"))
    buys(game, "m2", 6000)
    happen(Follows(), Erases("m2"))
    passes(game, minutes=1)
    happen(Follows())
    passes(game, days=10)
    happen(Follows())


def elsewhere(game: Any) -> None:
    """A tier they had elsewhere: once, for who stands nowhere, judged at once where it is over;
    with its own end, the one of the rule, or none. What they used of a benefit is added to
    what they used here."""
    happen, day = game._happen, timedelta(days=1)
    for _ in range(3):
        game.joins()
    now = game.now
    happen(BringsTier("m0", "gold", now - 10 * day, now + 5 * day))
    happen(BringsTier("m0", "gold", now - 10 * day, now + 9 * day), BringsTier("m0", "silver", now))
    happen(BringsTier("m1", "silver", now + 2 * day), BringsTier("m1", "silver", None, now))
    happen(BringsTier("m1", "gold", now - 400 * day, now - day), BringsTier("m1", "iron"))
    happen(BringsTier("m1", "silver", now - 400 * day, by_rule=True), BringsTier("m2", "gold"))
    happen(BringsTier("m1", "gold", now - 400 * day, now - day))
    happen(Follows(), MovesOver(), BringsCount("m0", "lounge", 2, now), Uses("m0", "lounge", "u0"))
    happen(BringsCount("m0", "lounge", 2, now), Uses("m0", "lounge", "u1"))
    happen(Uses("m0", "lounge", "u2"), BringsCount("m0", "lounge", 3, now))
    happen(Uses("m1", "lounge", "u3"), BringsCount("m1", "lounge", 0, now))
    happen(BringsCount("m1", "lounge", 2, now), Uses("m1", "lounge", "u4"))
    happen(Uses("m1", "lounge", "u5"), BringsCount("m1", "lounge", -1, now))
    happen(BringsCount("m1", "delivery", 1, now), BringsCount("m1", "lounge", 4, now - 31 * day))
    happen(BringsCount("m2", "lounge", 4, now + 31 * day), Uses("m2", "lounge", "u6"))
    passes(game, days=5)
    happen(Follows(), MovesOver(), Merges("m1", "m0"), Uses("m0", "lounge", "u7"))
    passes(game, days=31)
    happen(Uses("m0", "lounge", "u8"), Uses("m2", "lounge", "u9"))
    passes(game, days=400)
    happen(MovesOver(), Follows())


def ladders(game: Any) -> None:
    """Another ladder from an instant on: who stands on a step keeps it for its time, whether the
    worker came by or they asked first; who climbs does so by the terms of that instant."""
    happen = game._happen
    for _ in range(2):
        game.joins()
    buys(game, "m0", 6000)
    buys(game, "m1", 3000)
    happen(Publishes(game.version("gold is cheaper")), MovesOver(), Follows())
    buys(game, "m1", 100)
    buys(game, "m2", 3000)
    happen(Publishes(game.version("gold is dearer"), game.now + timedelta(hours=1)))
    buys(game, "m2", 100)
    passes(game, hours=1)
    happen(Uses("m0", "shopper", "u0"), MovesOver(), Follows())
    passes(game, days=400)
    happen(MovesOver(), Follows())


GAMES: dict[str, Callable[[Any], None]] = {
    "turns": turns, "endings": endings, "by_hand": by_hand, "versions": versions,
    "together": together, "elsewhere": elsewhere, "ladders": ladders,
}  # fmt: skip


def play_chosen(name: str, opens: Callable[..., Driver]) -> Tally:
    """Play one of them, with everything compared after every step as ever; how much that was."""
    named = {"tally": Tally(), "open_driver": lambda _, *a: opens(*a)}
    playing: Any = type(LookedAfter.__name__, (LookedAfter,), named)()
    told, machine.note = machine.note, lambda _: None  # there is nobody to tell it to
    try:
        playing.opens(zone="Europe/Berlin", start=START)
        GAMES[name](playing)
    finally:
        machine.note = told
        playing.teardown()
    return playing.tally  # type: ignore[no-any-return]
