"""Games that are chosen and not drawn: each goes straight to where something can go wrong, so that
every run has been there; the drawn ones find what nobody thought of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.model import machine, makings
from tests.model.beside.by_hand.events import Undoes, Uses
from tests.model.events import Adjusts, Blocks, Happens, Merges, Night, Returns, Settles
from tests.model.machine import Driver, Tally
from tests.model.money.trusted.events import (
    Approves,
    Brings,
    Fetches,
    Proves,
    SaysDigits,
    SendsDigits,
    TakesImportBack,
    TakesShowing,
    Tells,
)
from tests.model.money.trusted.machine import Trusting


def passes(game: Any, **time: int) -> None:
    game.now += timedelta(**time)


def buys(game: Any, who: str, receipt: str, amount: int) -> None:
    game._happen(Happens("purchase", who, receipt, amount=amount))


def _review(who: str, proof: str, product: str) -> Happens:
    return Happens("review", who, proof, details=(("product", product),) if product else ())


def reviews(game: Any) -> None:
    """Of the same thing twice, without a proof or a subject; approved, not approved, not in time;
    more than there is for in a month, and two who are one."""
    happen = game._happen
    game.joins()
    happen(_review("m1", "v1", "mug"))
    for proof, product in (("v2", " MUG"), ("", "pot"), ("v3", "")):
        happen(_review("m1", proof, product))
    happen(Approves("review", "v1", "cancelled"), Approves("review", "nowhere", "confirmed"))
    happen(Approves("review", "v1", "cancelled", "not ours"))
    happen(_review("m1", "v4", "mug"))
    passes(game, days=5, seconds=-1)
    happen(_review("m1", "v5", "mug"))
    happen(_review("m1", "v6", "pot"))
    passes(game, seconds=1)  # whether or not a night passed
    happen(_review("m1", "v7", "mug"))
    happen(Approves("review", "v4", "confirmed"))
    happen(Approves("review", "v7", "confirmed"), Approves("review", "v7", "confirmed"))
    happen(Approves("review", "v7", "cancelled", "too late"))
    happen(_review("m1", "v8", "pan"), _review("m2", "v9", "pan"))
    happen(Happens("survey", "m2", "", details=(("survey", "spring"),)))
    happen(Merges("m2", "m1"))
    happen(_review("m1", "v10", "pan"))
    happen(Approves("review", "v9", "cancelled", "not ours"))
    happen(Happens("survey", "m1", "", details=(("survey", "spring"),)))


def cards(game: Any) -> None:
    """Exactly the bound and a cent above; the card of somebody else, a showing twice, at another
    till, after ten minutes; a picture a minute old; who is signed in; who has too few points."""
    happen = game._happen
    game.joins()
    happen(Proves("m1", "cake", "h0", "m1"))
    happen(Adjusts("m1", "points", 300))
    happen(Proves("m1", "coffee", "h1"))
    happen(Proves("m1", "cake", "h2"))
    happen(Proves("m1", "cake", "h3", "m2"))
    happen(Proves("m1", "cake", "h4", "m1"))
    happen(Proves("m1", "cake", "h5", "m1"))
    happen(Proves("m1", "coffee", "h6", "m1"))
    passes(game, minutes=1)
    for name, ago in (("h17", 5), ("h7", 2), ("h8", 1), ("h9", 1), ("h10", 0)):
        happen(Proves("m1", "cake", name, "m1", ago))
    passes(game, minutes=1)
    happen(TakesShowing("m1", "till 1"))
    happen(TakesShowing("m1", "till 2"))
    happen(Proves("m1", "cake", "h11", "m1", 0, "till 2"))
    passes(game, minutes=10)
    happen(Proves("m1", "cake", "h12", "m1", 20))
    happen(TakesShowing("m1", "till 1"))
    passes(game, minutes=10, seconds=1)
    happen(Proves("m1", "cake", "h13", "m1", 20))
    happen(Proves("m1", "cake", "h14", "", 0, "till 1", True))
    passes(game, minutes=1)
    happen(Merges("m2", "m1"))
    happen(Proves("m1", "bike", "h15", "m2"))
    happen(Proves("m1", "bike", "h16", "m2"))


def digits(game: Any) -> None:
    """Good for what they were sent for, where they were said, for ten minutes and five tries; three
    are sent in a quarter of an hour; who showed their card twice within the minute waits."""
    happen = game._happen
    game.joins()
    happen(Brings("f1", "old", (("n0", 20),)))
    happen(Adjusts("m1", "points", 300))
    happen(Adjusts("m2", "points", 300))
    happen(SendsDigits("n0", "cake", "d0"))
    happen(SendsDigits("m1", "hat", "d0"))
    happen(SendsDigits("m1", "cake", "d1"))
    happen(SaysDigits("d1", False))
    happen(SaysDigits("d1"))
    happen(SaysDigits("d1"))
    happen(SaysDigits("d1", True, "till 2"))
    happen(Proves("m1", "bike", "h1", "m1", said="d1"))
    happen(Proves("m2", "cake", "h2", "m1", said="d1"))
    happen(Proves("m1", "cake", "h3", "m1", 0, "till 2", said="d1"))
    happen(Proves("m1", "cake", "h4", "m1", said="d1"))
    happen(Proves("m1", "cake", "h5", "m1", said="d1"))
    happen(SendsDigits("m1", "bike", "d2"))
    for _ in range(5):
        happen(SaysDigits("d2", False))
    happen(SaysDigits("d2"))
    for who, reward in (("m1", "cake"), ("m1", "bike"), ("m2", "cake")):
        happen(SendsDigits(who, reward, "d3"))
    happen(SendsDigits("m1", "cake", "d4"))
    passes(game, minutes=10, seconds=-1)
    happen(SaysDigits("d3"))
    passes(game, minutes=10)
    happen(Proves("m1", "cake", "h6", "m1", said="d3"))
    happen(SendsDigits("m1", "cake", "d5"))
    passes(game, minutes=10)
    happen(SaysDigits("d5"))
    happen(SendsDigits("m1", "cake", "d6"))
    happen(SaysDigits("d6"))
    passes(game, minutes=10, seconds=1)
    happen(Proves("m1", "cake", "h7", "m1", said="d6"))
    happen(SendsDigits("m2", "cake", "d7"))
    happen(TakesShowing("m2", "till 1"))
    passes(game, seconds=30)
    happen(TakesShowing("m2", "till 1"))
    for _ in range(6):
        happen(SaysDigits("d7"))
    passes(game, seconds=30)
    happen(SaysDigits("d7"))
    happen(Merges("m2", "m1"))
    happen(Proves("m1", "cake", "h8", "m2", said="d7"))


def began(game: Any) -> None:
    """Silver lost by a return and reached again is no new beginning; what is over is over, and
    begins anew when silver is kept or reached after that; a use that is undone is there again."""
    happen = game._happen
    happen(Uses("m1", "hello", "u0"), Uses("m1", "hello", "u1"))
    happen(Uses("m1", "lounge", "u2"))
    buys(game, "m1", "r1", 2000)
    happen(Uses("m1", "lounge", "u3"), Uses("m1", "lounge", "u4"), Uses("m1", "lounge", "u5"))
    happen(Returns("r1", (), "b1"))
    happen(Uses("m1", "lounge", "u6"))
    passes(game, days=1)
    buys(game, "m1", "r2", 6000)
    happen(Uses("m1", "lounge", "u7"))
    happen(Undoes("u3"))
    happen(Uses("m1", "lounge", "u8"))
    passes(game, days=3)
    happen(Uses("m1", "hello", "u9"))
    passes(game, days=3)
    buys(game, "m1", "r3", 2500)
    passes(game, days=4)
    happen(Uses("m1", "lounge", "u10"))
    passes(game, days=4)
    happen(Night())
    buys(game, "m1", "r4", 2500)
    happen(Uses("m1", "lounge", "u11"), Uses("m1", "lounge", "u12"), Uses("m1", "lounge", "u13"))
    game.joins()
    for place, days in enumerate((5, 7, 3)):  # kept after seven days, and after fourteen
        buys(game, "m2", f"k{place}", 2500)
        happen(Uses("m2", "lounge", f"k{place}"))
        passes(game, days=days)
    happen(Uses("m2", "lounge", "k3"), Uses("m2", "lounge", "k4"), Uses("m2", "lounge", "k5"))


def belated(game: Any) -> None:
    """What is told late makes a tier begin before the day on which it began till then: what was
    used since is used. And a review, visits and purchases of last month and last week."""
    happen = game._happen
    game.joins()
    start = game.now
    passes(game, days=5)
    buys(game, "m1", "r1", 2000)
    for name in ("u0", "u1", "u2"):
        happen(Uses("m1", "lounge", name))
    passes(game, days=1)
    happen(Returns("r1", (), "b1"))
    happen(Uses("m1", "lounge", "u3"))
    passes(game, hours=20)
    happen(Happens("purchase", "m1", "r2", at=start + timedelta(days=1), amount=2000))
    happen(Uses("m1", "lounge", "u4"), Undoes("u0"), Uses("m1", "lounge", "u5"))
    happen(Uses("m1", "lounge", "u6"))
    passes(game, days=5)
    buys(game, "m1", "r3", 2000)
    happen(Uses("m1", "lounge", "u7"))
    late = game.now - timedelta(days=9)
    happen(Happens("purchase", "m1", "r4", at=late, amount=8000))
    happen(Happens("visit", "m1", "v0"), Happens("visit", "m1", "v1", at=late))
    happen(_review("m1", "p0", "mug")._replace(at=late), _review("m1", "p1", "mug"))
    happen(Approves("review", "p0", "confirmed"))
    happen(_review("m1", "p2", "pot")._replace(at=late - timedelta(days=9)))
    happen(Settles())
    happen(Tells())
    happen(Returns("r4", ((0, 4000),), "b4"))
    happen(Settles())
    happen(Tells())
    happen(Uses("m1", "guest", "u8"), Uses("m1", "lounge", "u9"))
    passes(game, days=12)
    happen(Night())
    happen(Tells())


def prizes(game: Any) -> None:
    """A mug for every two, of three there are; one fetched before its purchase comes back, one not;
    one that nobody fetched in time; who is blocked beside who finds the shelf empty; uses of a
    benefit that go, and a badge."""
    happen = game._happen
    game.joins()
    game.joins()
    for place in range(6):
        buys(game, "m1", f"a{place}", 500)
    happen(Settles())
    happen(Tells())
    happen(Fetches("m1"))
    buys(game, "m2", "b0", 500)
    buys(game, "m2", "b1", 500)
    buys(game, "m3", "c0", 500)
    buys(game, "m3", "c1", 500)
    happen(Blocks("m3", True))
    happen(Settles())
    happen(Tells())
    happen(Returns("a0", (), "x0"))
    happen(Settles())
    happen(Tells())
    passes(game, hours=6)
    happen(Settles())
    happen(Tells())
    happen(Blocks("m3", False))
    passes(game, days=1)
    happen(Settles())
    happen(Tells())
    passes(game, days=4)
    happen(Night())
    happen(Tells())
    happen(Returns("b0", (), "x1"))
    happen(Settles())
    happen(Tells())
    for place in range(3):
        happen(Happens("visit", "m2", f"v{place}"))
    happen(Settles())
    happen(Uses("m2", "guest", "g0"))
    buys(game, "m2", "d0", 8000)
    happen(Settles())
    happen(Tells())
    happen(Returns("d0", ((0, 1),), "x2"))
    happen(Settles())
    happen(Tells())


def imports(game: Any) -> None:
    """Of those a file made, who did nothing goes, and their sales come back as if they had not
    been; who bought, took, was corrected, used, was blocked or won something keeps all. Who was
    here gives back what came, if all of it is there. Then the same file comes again."""
    happen = game._happen
    game.joins()
    buys(game, "m1", "r0", 3000)
    names = [f"n{place}" for place in range(7)]
    people = (*((name, 20) for name in names), ("m1", 7), ("m2", 9))
    sales = (("n0", "s0", 5500), ("n1", "s1", 2000), ("n5", "s5", 500), ("n5", "s6", 500))
    told = Brings("f1", "old", people, sales)
    happen(told)
    happen(Adjusts("n1", "points", 1))
    happen(Proves("n2", "coffee", "h0"))
    happen(Uses("n3", "hello", "u0"))
    happen(Blocks("n4", True))
    happen(Happens("visit", "n6", "w0"))
    happen(Settles())
    happen(Proves("m2", "coffee", "h1"))
    happen(Adjusts("m2", "points", -1))
    happen(TakesImportBack("f1"))
    happen(TakesImportBack("f1"))
    happen(told._replace(name="f2"))
    happen(Returns("s0", (), "b0"))
    happen(TakesImportBack("f2"))
    passes(game, days=30)
    happen(Night())


def imports_of_one(game: Any) -> None:
    """A file that names somebody by a name they had before two turned out to be one: all of it is
    theirs, and goes back from them; and the same file may come again."""
    happen = game._happen
    game.joins()
    game.joins()
    happen(Merges("m2", "m1"))
    told = Brings("f1", "old", (("m2", 9), ("n0", 20)))
    happen(told)
    happen(TakesImportBack("f1"))
    happen(told._replace(name="f2", people=(("m2", 9), ("m1", 6), ("n1", 3))))
    happen(Merges("n1", "m3"))
    happen(TakesImportBack("f2"))
    happen(told._replace(name="f3", people=(("m2", 9), ("n1", 12))))
    happen(Adjusts("m1", "points", -1))
    happen(TakesImportBack("f3"))
    happen(Brings("f4", "sold", (("m2", 0),), (("m2", "s0", 2000),)))
    happen(TakesImportBack("f4"))
    happen(Night())


def prizes_of_one(game: Any) -> None:
    """The last mug goes to who was due first, and of two at once to who is longer here; two who
    become one with a mug each have the two of their four."""
    happen = game._happen
    game.joins()
    for place in range(2):
        buys(game, "m1", f"a{place}", 500)
    happen(Settles())
    happen(Brings("f1", "old", (("n0", 0),), (("n0", "s0", 500), ("n0", "s1", 500))))
    for place in range(2, 6):
        buys(game, "m1", f"a{place}", 500)
    happen(Settles())
    happen(Tells())
    happen(Returns("a2", (), "x0"), Returns("a3", (), "x1"))
    happen(Settles())
    happen(Tells())
    passes(game, hours=6)
    happen(Settles())
    happen(Tells())
    happen(Merges("m1", "n0"))
    happen(Settles())
    happen(Tells())
    happen(Returns("a4", (), "x2"))
    happen(Settles())
    happen(Tells())


GAMES: dict[str, Callable[[Any], None]] = {
    "reviews": reviews, "cards": cards, "digits": digits, "began": began, "belated": belated,
    "prizes": prizes, "imports": imports, "imports_of_one": imports_of_one,
    "prizes_of_one": prizes_of_one,
}  # fmt: skip


def play_chosen(name: str, opens: Callable[..., Driver]) -> Tally:
    """Play one of them, with everything compared after every step as ever; how much that was."""
    named = {"tally": Tally(), "open_driver": lambda _, *a: opens(*a)}
    playing: Any = type("Trusting", (Trusting,), named)()
    told, machine.note = machine.note, lambda _: None  # there is nobody to tell it to
    try:
        playing.opens(zone="Europe/Berlin", start=makings.STARTS[0])
        GAMES[name](playing)
    finally:
        machine.note = told
        playing.teardown()
    return playing.tally  # type: ignore[no-any-return]
