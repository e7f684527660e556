"""Games that are chosen and not drawn: each goes straight to where something can go wrong, so that
every run has been there; the drawn ones find what nobody thought of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.model import machine
from tests.model.beside.between.events import Collects, GoesBack
from tests.model.beside.by_hand.events import (
    Claims,
    Comes,
    Decides,
    Disputes,
    Erases,
    Fills,
    GivesTier,
    Grants,
    Issues,
    Rebooks,
    ShowsCode,
    StaysAway,
    TakesBack,
    Tops,
    TurnsTier,
    Undoes,
    Uses,
    Withdraws,
)
from tests.model.beside.by_hand.machine import HandedLedger, HandedOnce
from tests.model.events import (
    Adjusts,
    Blocks,
    Ends,
    Happens,
    Merges,
    Night,
    Publishes,
    Reserves,
    Returns,
)
from tests.model.machine import Driver, Tally

START = machine.makings.STARTS[0]
"""Monday, 2 March 2026, at one o'clock in Berlin."""


def passes(game: Any, **time: int) -> None:
    game.now += timedelta(**time)


def codes(game: Any) -> None:
    """Used twice, withdrawn, over, of somebody who is blocked; a pool that runs dry."""
    happen = game._happen
    game.joins()
    happen(Issues("voucher", "i", 2))
    happen(Issues("voucher", "own", 0, ("m0", "m1", "m0"), game.now + timedelta(days=3)))
    happen(ShowsCode("i.0"), ShowsCode("i.0"), ShowsCode("nowhere"))
    happen(Withdraws("i.1"), Withdraws("i.1"), Withdraws("i.0"), ShowsCode("i.1"))
    happen(Blocks("m0", True))
    happen(ShowsCode("own.0"))
    happen(Blocks("m0", False))
    happen(ShowsCode("own.0"))
    passes(game, days=3)
    happen(ShowsCode("own.1"))
    happen(Adjusts("m0", "points", 40))
    happen(Reserves("m0", "song", "none", "", "", True))
    happen(Fills("song", "f", 2), Fills("voucher", "g", 1))
    for name in ("s1", "s2", "s3"):
        happen(Reserves("m0", "song", name))
    happen(Ends("s1", "captured"))
    happen(Ends("s2", "voided"))
    happen(Reserves("m0", "song", "s4", "", "", True))
    happen(Reserves("m0", "voucher", "v", "", "", True), Reserves("m0", "voucher", "w"))
    happen(Ends("w", "captured"))
    happen(Merges("m0", "m1"))
    happen(ShowsCode("s1"), ShowsCode("s4"), ShowsCode("s4"))
    passes(game, days=10, seconds=-1)
    happen(ShowsCode("v"))
    passes(game, seconds=1)
    happen(ShowsCode("w"))


def balances(game: Any) -> None:
    """What is paid for is owed to all of them together, also once two are one."""
    game.joins()
    game._happen(Tops("m0", "gift", 500))
    game._happen(Tops("m1", "gift", 1))
    game._happen(Merges("m1", "m0"))
    game._happen(Tops("m0", "gift", 1000))


def benefits(game: Any) -> None:
    """An allowance and what was granted besides, points of which some lapsed before the use was
    taken back, early access, days that are out, and two who used it and are one."""
    happen = game._happen
    game.joins()
    happen(Uses("m0", "lounge", "u0"))
    happen(Happens("purchase", "m0", "r0", amount=2000))
    happen(Uses("m0", "lounge", "u1"))
    happen(Grants("m0", "lounge", 1, game.now + timedelta(days=2)), Grants("m0", "lounge", 1))
    for name in ("u2", "u3", "u4", "u5", "u6"):
        happen(Uses("m0", "lounge", name))
    happen(Undoes("u2"), Undoes("u2"), Undoes("u1"))
    happen(Uses("m0", "lounge", "u7"))
    happen(Uses("m0", "guest", "g0", "mitte"), Grants("m0", "guest", 1))
    happen(Uses("m0", "guest", "g1"), Uses("m0", "guest", "g2", "mitte"))
    happen(Uses("m0", "wash", "w0"), Uses("m1", "wash", "w1"), Uses("m0", "wash", "w2"))
    passes(game, days=2)
    happen(Uses("m0", "lounge", "u8"))
    happen(Uses("m0", "papers", "p0"))
    happen(Uses("m1", "early", "e0"))
    happen(Happens("purchase", "m0", "r1", amount=4000))
    happen(Uses("m0", "papers", "p1"))
    passes(game, days=5)  # 9 March: three days before, in Berlin from midnight
    happen(Uses("m0", "early", "e1"), Uses("m1", "early", "e2"))
    happen(Uses("m0", "wash", "w3"))
    passes(game, days=4)
    happen(Night())  # what the first wash gave has lapsed
    happen(Undoes("w0"))
    happen(Adjusts("m0", "points", -game.world.who("m0").available("points")))
    happen(Undoes("w3"))
    passes(game, days=7)
    happen(Uses("m1", "early", "e3"))  # 20 March is out
    happen(Uses("m1", "wash", "w4"))
    happen(Merges("m1", "m0"))
    happen(Uses("m0", "wash", "w5"))
    passes(game, days=14)
    happen(Uses("m0", "lounge", "u9"))


def company(game: Any) -> None:
    """Guests of whom too many come, on a grant of which too little is left; the last place at a
    time, moved to, cancelled and missed, too early and too late."""
    happen = game._happen
    game.joins()
    happen(Uses("m0", "sauna", "s0", guests=3), Uses("m0", "wash", "w0", guests=1))
    happen(Grants("m0", "sauna", 1, game.now + timedelta(days=2)))
    happen(Uses("m0", "sauna", "s1", guests=2), Uses("m0", "sauna", "s2", guests=1))
    happen(Uses("m0", "sauna", "s3"), Uses("m0", "sauna", "s4"), Undoes("s1"))
    happen(Uses("m0", "sauna", "s5", guests=1))
    ten, eleven = game._hour(10, 1), game._hour(11, 1)
    happen(Uses("m0", "chair", "c0", "mitte"), Uses("m0", "wash", "w1", at=ten))
    half_past, yesterday = ten + timedelta(minutes=30), ten - timedelta(days=2)
    for place, at in enumerate((half_past, game._hour(12, 1), game._hour(10, 8), yesterday)):
        happen(Uses("m0", "chair", f"c{place + 1}", "mitte", at=at))
    happen(Uses("m0", "chair", "c5", "mitte", guests=1, at=ten))
    happen(Uses("m1", "chair", "c6", "mitte", at=ten), Uses("m1", "chair", "c7", "west", at=ten))
    happen(Uses("m1", "chair", "c8", "mitte", at=eleven))
    happen(Rebooks("c5", eleven, "c9"), Rebooks("c8", ten, "d0"), Rebooks("c8", ten, "d1"))
    happen(Undoes("c8"), Rebooks("c5", eleven, "d2"), Rebooks("c5", ten, "d3"))
    happen(Uses("m1", "chair", "d4", "mitte", at=ten), StaysAway("d4"), StaysAway("s5"))
    happen(Rebooks("s5", ten, "d5"), Rebooks("nowhere", ten, "d6"), StaysAway("nowhere"))
    game.now = ten - timedelta(hours=2)
    happen(Undoes("d4"), Rebooks("d4", game._hour(10, 1), "d7"), Undoes("d2"))
    game.now = ten
    happen(StaysAway("d4"), StaysAway("d4"), Undoes("d4"), StaysAway("d2"))
    happen(Blocks("m0", True), Uses("m0", "chair", "d8", "mitte", at=game._hour(11, 1)))


def booths(game: Any) -> None:
    """What is booked by a tier stays when the tier ends, by the clock or by hand: it is kept,
    missed or cancelled in time, and not moved; nobody has its place."""
    happen = game._happen
    game.joins()
    happen(Uses("m0", "booth", "b0", "mitte", at=game._hour(10, 3)))
    happen(GivesTier("m0", "granted", "gold", "t0", 2), GivesTier("m1", "granted", "gold", "t1"))
    ten, eleven, next_day = game._hour(10, 3), game._hour(11, 3), game._hour(10, 4)
    happen(Uses("m0", "booth", "b1", "mitte", at=ten), Uses("m1", "booth", "b2", "mitte", at=ten))
    happen(Uses("m0", "booth", "b3", "mitte", at=eleven))
    happen(Uses("m1", "booth", "b4", "mitte", at=next_day))
    passes(game, days=2)  # the one of m0 ends by the clock, that of m1 by hand
    happen(TurnsTier("t1", "ended"))
    happen(Rebooks("b1", game._hour(11, 2), "b5"), Rebooks("b4", game._hour(11, 2), "b6"))
    happen(GivesTier("m1", "granted", "gold", "t2", 1))
    happen(Uses("m1", "booth", "b7", "mitte", at=ten))
    happen(Undoes("b3"), Uses("m1", "booth", "b8", "mitte", at=eleven))
    game.now = ten - timedelta(hours=1)
    happen(Undoes("b1"), Undoes("b8"))
    game.now = ten


def shut_out(game: Any) -> None:
    """Of who is blocked the hours to come are free for others, also within two hours, with what
    was granted for them; what began is theirs, and so is what they book once they are let go."""
    happen = game._happen
    game.joins()
    ten, eleven = game._hour(10, 1), game._hour(11, 1)
    happen(Grants("m0", "booth", 1), Uses("m0", "booth", "b0", "mitte", at=eleven))
    happen(
        Uses("m0", "chair", "c0", "mitte", at=ten), Uses("m0", "chair", "c1", "mitte", at=eleven)
    )
    happen(Uses("m0", "sauna", "s0"))
    happen(GivesTier("m1", "granted", "gold", "t0"))
    happen(Uses("m1", "booth", "b1", "mitte", at=eleven))
    game.now = ten
    happen(Blocks("m0", True), Blocks("m0", True))
    happen(Uses("m1", "booth", "b2", "mitte", at=eleven))
    happen(StaysAway("c0"), StaysAway("c1"), Undoes("b0"), Undoes("s0"))
    happen(Uses("m0", "chair", "c2", "mitte", at=game._hour(10, 1)))
    happen(Blocks("m0", False), Blocks("m0", False))
    for place in range(3):
        happen(Uses("m0", "chair", f"d{place}", "mitte", at=game._hour(10, 1 + place)))
    happen(Uses("m0", "booth", "b3", "mitte", at=game._hour(10, 1)))


def gone(game: Any) -> None:
    """Of who is forgotten, too, and of whom they had been one with; their guests are not asked."""
    happen = game._happen
    game.joins()
    game.joins()
    ten, eleven = game._hour(10, 2), game._hour(11, 2)
    happen(Uses("m0", "chair", "c0", "mitte", guests=1, at=ten))
    happen(Uses("m1", "chair", "c1", "mitte", at=eleven))
    happen(Uses("m2", "chair", "c2", "mitte", at=ten), Merges("m1", "m0"))
    happen(Erases("m0"))
    happen(Uses("m2", "chair", "c3", "mitte", guests=1, at=ten))
    happen(Uses("m2", "chair", "c4", "mitte", guests=1, at=eleven))
    happen(Undoes("c0"), Undoes("c1"))


def arrivals(game: Any) -> None:
    """Who is there for their hour, on its day and no other; said twice, and of what was cancelled,
    missed, or used at once; that nobody came takes it back."""
    happen = game._happen
    booths(game)
    happen(Comes("b1"), Comes("b1"), Comes("b4"), Comes("b3"), Comes("b0"))
    passes(game, hours=-9, minutes=-59)  # one minute of its day is over
    happen(Comes("b8"))
    happen(Uses("m0", "wash", "w0"), Comes("w0"))
    passes(game, hours=23, minutes=58)  # the last minute
    happen(Comes("b8"), StaysAway("b8"), Comes("b8"))
    passes(game, minutes=1)
    happen(Comes("b1"), Comes("b4"))
    happen(StaysAway("b1"), StaysAway("b1"), Undoes("b1"))


def tiers(game: Any) -> None:
    """Given until then, matched with a challenge that is met or not, offered and accepted too
    late, ended before its time, on top of what was reached alone."""
    happen = game._happen
    game.joins()
    game.joins()
    happen(GivesTier("m0", "granted", "gold", "t0", 2))
    happen(Uses("m0", "papers", "p0"))
    happen(Happens("purchase", "m0", "r0", amount=2000))  # silver alone, behind gold
    passes(game, days=3)
    happen(Night())
    happen(Uses("m0", "papers", "p1"))
    happen(GivesTier("m1", "matched", "gold", "t1", 30, 2500))
    happen(GivesTier("m2", "matched", "gold", "t2", 30, 2500))
    happen(
        Happens("purchase", "m1", "r1", amount=2500), Happens("purchase", "m2", "r2", amount=2499)
    )
    passes(game, days=31)
    happen(Night())
    happen(GivesTier("m0", "invited", "black", "t3"), GivesTier("m0", "invited", "black", "t4"))
    happen(GivesTier("m0", "invited", "gold", "t5"))
    happen(TurnsTier("t3", "ended"))
    passes(game, days=4)
    happen(TurnsTier("t3", "accepted"))
    happen(GivesTier("m0", "invited", "black", "t6"))
    happen(TurnsTier("t6", "accepted"), TurnsTier("t6", "accepted"), TurnsTier("t6", "declined"))
    happen(Happens("purchase", "m0", "r3", amount=7000))
    happen(GivesTier("m2", "granted", "black", "t7"))
    happen(TurnsTier("t7", "ended", "k"))
    happen(GivesTier("m2", "matched", "gold", "t9", 30, 1000))
    happen(Happens("purchase", "m2", "r4", amount=1000), TurnsTier("t9", "ended"))
    happen(Blocks("m2", True))
    happen(GivesTier("m2", "granted", "gold", "t8"))
    happen(Blocks("m2", False))
    passes(game, days=360)  # the year after, in which the tier of the invitation ends
    happen(Happens("purchase", "m0", "r5", amount=9000))
    passes(game, days=380)
    happen(Night())
    passes(game, days=700)  # who has the credit no more falls from where they were invited to
    happen(Night())


def forgotten(game: Any) -> None:
    """What they reserved goes back, their code is still good, what they bought comes back."""
    happen = game._happen
    game.joins()
    happen(Happens("purchase", "m1", "r0", amount=3000))
    happen(Issues("voucher", "own", 0, ("m1",)))
    happen(Uses("m1", "wash", "u0"))
    happen(Reserves("m1", "cup", "h0"))
    happen(Erases("m1"))
    happen(Erases("m1"))
    happen(Uses("m1", "wash", "u1"), Grants("m1", "guest", 1))
    happen(Undoes("u0"))
    happen(ShowsCode("own.0"), ShowsCode("own.0"))
    happen(Ends("h0", "captured"))
    game.joins()
    happen(Night())


def versions(game: Any) -> None:
    """Taken back before anything was decided by it, after, when another follows, and twice."""
    happen = game._happen
    happen(Adjusts("m0", "points", 60))
    happen(Publishes(game.version("A fine cup"), game.now + timedelta(hours=1)))
    happen(TakesBack(2))
    happen(TakesBack(2))
    passes(game, hours=2)
    happen(Reserves("m0", "cup", "h0"))
    happen(Publishes(game.version("A large cup")))
    happen(Issues("voucher", "i", 1))
    happen(TakesBack(4))
    happen(TakesBack(1))
    happen(Publishes(game.version("A cup to go"), game.now + timedelta(days=1)))
    happen(TakesBack(4))
    happen(TakesBack(5))


def quarrels(game: Any) -> None:
    """Claimed twice, by two, too late, granted and told of by the partner too; disputed after a
    part came back; one that nobody decided in time."""
    happen, day = game._happen, timedelta(days=1)
    game.joins()
    now = game.now
    happen(Claims("m0", 5, "n1", "q1", now), Claims("m1", 5, "n1", "q2", now))
    happen(Decides("q1", "rejected"), Decides("q1", "granted"))
    happen(Claims("m0", 5, "n1", "q3", now), Claims("m1", 5, "n1", "q4", now))
    happen(Decides("q4", "granted"), Decides("q4", "granted"))
    happen(Collects("cars", "accrual", "m1", "points", 5, "n1"))
    happen(Claims("m0", 1, "n1", "q5", now), Claims("m0", 1, "n2", "q6", now - 3 * day))
    happen(GoesBack("cars", "accrual", "n1", "b1", 2))
    happen(Disputes("accrual", "n1", "d1"), Disputes("accrual", "n1", "d2"))
    happen(Decides("d1", "granted"), Decides("d1", "rejected"))
    happen(GoesBack("cars", "accrual", "n1", "b2"))
    happen(Collects("cars", "redemption", "m1", "points", 3, "n3"))
    happen(Disputes("redemption", "n3", "d3"), Decides("d3", "granted"))
    happen(Claims("m0", 2, "n4", "q7", now))
    passes(
        game, days=29, hours=23
    )  # thirty days by the clock on the wall, an hour of which is gone
    happen(Decides("q7", "granted"))
    happen(Claims("m0", 2, "n4", "q8", now), Decides("q8", "granted"))
    happen(Claims("m1", 40, "n5", "q9", now), Decides("q9", "granted"))
    passes(game, days=150)
    happen(Claims("m0", 2, "n6", "q10", now))


def places(game: Any) -> None:
    """Two share a place, one has too little, and what came back leaves less than who is behind."""
    game.joins()
    game.joins()
    game.joins()
    week = timedelta(days=7)
    for name, amount in (("m0", 900), ("m1", 700), ("m2", 700), ("m3", 499)):
        game._happen(Happens("purchase", name, f"a{name}", amount=amount))
    game.now += week
    game._happen(Night())
    game._happen(Returns("am0", ((0, 100),), "b0"))
    game._happen(Night())
    game._happen(Returns("am0", ((0, 101),), "b1"))
    game._happen(Night())
    for name in ("m0", "m1", "m2", "m3"):
        game._happen(Happens("purchase", name, f"c{name}", amount=800))
    game._happen(Happens("purchase", "m3", "d", amount=500))
    game.now += week
    game._happen(Night())  # four for three places: who shares the second place has nothing
    game._happen(Happens("purchase", "m3", "e", amount=499))
    game.now += week
    game._happen(Night())


GAMES: dict[str, Callable[[Any], None]] = {
    "codes": codes, "balances": balances, "benefits": benefits, "company": company, "booths": booths, "shut_out": shut_out, "gone": gone, "arrivals": arrivals,
    "tiers": tiers,
    "forgotten": forgotten, "versions": versions,
    "quarrels": quarrels, "places": places,
}  # fmt: skip
ONCE = ("gone", "arrivals", "forgotten", "versions", "quarrels", "places")
"""These take what only PostgreSQL keeps."""


def in_memory() -> list[str]:
    """The games that the engine alone can play."""
    return [name for name in GAMES if name not in ONCE]


def play_chosen(name: str, opens: Callable[..., Driver]) -> Tally:
    """Play one of them, with everything compared after every step as ever; how much that was."""
    kind: Any = HandedLedger if getattr(opens, "once", True) is False else HandedOnce
    named = {"tally": Tally(), "open_driver": lambda _, *a: opens(*a)}
    playing: Any = type(kind.__name__, (_OneByOne, kind), named)()
    told, machine.note = machine.note, lambda _: None  # there is nobody to tell it to
    try:
        playing.opens(zone="Europe/Berlin", start=START)
        GAMES[name](playing)
    finally:
        machine.note = told
        playing.teardown()
    return playing.tally  # type: ignore[no-any-return]


class _OneByOne:
    """Several things told here happen one after the other."""

    def _happen(self: Any, *events: Any) -> None:
        for event in events:
            super()._happen(event)  # type: ignore[misc]
