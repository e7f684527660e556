"""Games that are chosen and not drawn: each goes straight to where something can go wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.model import machine, makings
from tests.model.events import Adjusts, Basket, Happens, Night, Pays, Publishes, Reserves, Returns
from tests.model.machine import Driver, Tally
from tests.model.money.promised.events import Concludes, Fills, Tries
from tests.model.money.promised.machine import TWICE, Promising, source_in


def passes(game: Any, **time: int) -> None:
    game.now += timedelta(**time)


def gets(game: Any, who: str, units: int) -> None:
    game._happen(Adjusts(who, "points", units))


def takes(game: Any, who: str, name: str, reward: str = "mug", currency: str = "") -> None:
    game._happen(Reserves(who, reward, name, "", "", True, currency))


def _terms(game: Any, mug: int, points: int, keeps: str = "") -> None:
    game._happen(Publishes(source_in(game.zone, mug, points, keeps)))


def kept(game: Any) -> None:
    """A mug for 10, then 15, then 30, and at last for 5: old points buy it as they did, for as long
    as was promised, new ones as the terms say; mixed, each pays its part."""
    game.joins()
    game.joins()
    for who, units in (("m1", 50), ("m2", 9), ("m3", 4)):
        gets(game, who, units)
    passes(game, days=1)
    _terms(game, 15, 20, "keep 2026-03-20")
    takes(game, "m2", "h0")
    takes(game, "m1", "h1")
    gets(game, "m2", 1)
    takes(game, "m2", "h2")
    gets(game, "m2", 1)
    takes(game, "m2", "h3")
    gets(game, "m3", 8)
    takes(game, "m3", "h4")
    gets(game, "m3", 1)
    takes(game, "m3", "h5")
    passes(game, days=1)
    _terms(game, 30, 40, "keep")
    takes(game, "m1", "h6")
    gets(game, "m3", 30)
    takes(game, "m3", "h7")
    passes(game, days=1)
    _terms(game, 32, 50)
    takes(game, "m1", "h8")
    game.now = game.now.replace(day=20, hour=0) - timedelta(hours=1, seconds=1)
    gets(game, "m1", 30)  # the last second before the promise of the first is over
    takes(game, "m1", "h9")
    passes(game, seconds=1)
    takes(game, "m1", "h10")
    passes(game, days=1)
    _terms(game, 5, 10, "keep")
    for name in ("h11", "h12"):
        takes(game, "m3", name)


def baskets(game: Any) -> None:
    """Old points pay more of a basket than new ones do; what is wished is paid by the fewest."""
    happen = game._happen
    game.joins()
    gets(game, "m1", 21)
    gets(game, "m2", 7)
    passes(game, days=1)
    _terms(game, 10, 20, "keep")
    gets(game, "m2", 9)
    for place, (who, amount, want) in enumerate((
        ("m2", 5000, None), ("m1", 150, None), ("m1", 1000, 33), ("m1", 1000, 110),
        ("m1", 5000, None), ("m2", 100, 1),
    )):  # fmt: skip
        gets(game, "m2", 5)
        happen(Pays(who, amount, f"p{place}", 0, want, "", "", "", True))
    passes(game, days=1)
    _terms(game, 10, 13, "keep")
    gets(game, "m1", 11)
    happen(Pays("m1", 5000, "p7", 0, None, "", "", "", True))
    happen(Pays("m2", 5000, "p8", 0, None, "", "", "", True))


def _paid(game: Any, name: str, receipt: str, how: tuple[int, str]) -> None:
    """A sale in this currency that a redemption pays for."""
    amount, currency = how
    taken = game.world.taken[name]
    basket = Basket(in_points=taken.value if taken.pays else amount, paid=name)
    sale = Happens("purchase", taken.who, receipt, amount=amount, basket=basket)
    game._happen(sale._replace(currency=currency))


def abroad(game: Any) -> None:
    """A mug is to be had in dollars and not in yen, a cup only at home; points pay at the rate of
    the day or as many as is said; what was promised in one currency pays for nothing in another."""
    happen = game._happen
    game.joins()
    gets(game, "m1", 300)
    for place, currency in enumerate(("USD", "JPY", "CHF", "")):
        takes(game, "m1", f"h{place}", "mug", currency)
        takes(game, "m1", f"c{place}", "cup", currency)
        happen(Pays("m1", 1999, f"p{place}", 0, None, "", "", "", True, currency))
    _paid(game, "h0", "r0", (120, ""))
    _paid(game, "h0", "r1", (120, "USD"))
    _paid(game, "p0", "r2", (1999, "JPY"))
    _paid(game, "p0", "r3", (1999, ""))
    _paid(game, "p0", "r4", (1999, "USD"))
    _paid(game, "p1", "r5", (1999, "JPY"))
    _paid(game, "p3", "r6", (1999, "USD"))
    _paid(game, "p3", "r7", (1999, ""))
    for place, want in enumerate((1, 61, 499, 1200)):
        happen(Pays("m1", 1999, f"w{place}", 0, want, "", "", "", True, "USD"))
    happen(Pays("m1", 2500, "q0", 0, 85, "", "", "", True, "JPY"))
    _paid(game, "q0", "r8", (2500, "JPY"))
    happen(Returns("r8", ((0, 1250),), "half"))
    for receipt in ("r4", "r5", "r7", "r1"):
        happen(Returns(receipt, (), f"b{receipt}"))
    passes(game, days=1)
    _terms(game, 10, 30, "keep")
    happen(Pays("m1", 5000, "k0", 0, None, "", "", "", True, "USD"))
    happen(Pays("m1", 5000, "k1", 0, None, "", "", "", True, "JPY"))


def arms(game: Any) -> None:
    """Who is in the arm that gets more gets more, from then on and as long as it lasts; a return
    takes back what its sale gave, whatever is tried by then; who joins later comes in too."""
    happen = game._happen
    for _ in range(3):
        game.joins()

    def buy(round_: str) -> None:
        for name in game.world.people:
            happen(Happens("purchase", name, f"{round_}{name}", amount=300))

    buy("a")
    happen(Tries(TWICE))
    buy("b")
    happen(Fills(TWICE, []))
    while len(set(game.world.arms[TWICE].values())) < 2:  # chance may put three into one
        game.joins()
        happen(Fills(TWICE, []))
    buy("c")
    game.joins()
    buy("d")
    happen(Fills(TWICE, []))
    happen(Fills(TWICE, []))
    happen(Tries(TWICE))
    buy("e")
    happen(Concludes(TWICE, emptied=False))
    game.joins()
    happen(Fills(TWICE, []))
    buy("f")
    happen(Concludes(TWICE, emptied=True))
    happen(Tries(TWICE))
    buy("g")
    for name in ["m1", "m2", "m3"]:
        for round_ in "abceg":
            happen(Returns(f"{round_}{name}", (), f"back {round_}{name}"))
    happen(Night())


GAMES: dict[str, Callable[[Any], None]] = {
    "kept": kept, "baskets": baskets, "abroad": abroad, "arms": arms,
}  # fmt: skip


def play_chosen(name: str, opens: Callable[..., Driver]) -> Tally:
    """Play one of them, with everything compared after every step as ever; how much that was."""
    named = {"tally": Tally(), "open_driver": lambda _, *a: opens(*a)}
    playing: Any = type("Promising", (Promising,), named)()
    told, machine.note = machine.note, lambda _: None  # there is nobody to tell it to
    try:
        playing.opens(zone="Europe/Berlin", start=makings.STARTS[0])
        GAMES[name](playing)
    finally:
        machine.note = told
        playing.teardown()
    return playing.tally  # type: ignore[no-any-return]
