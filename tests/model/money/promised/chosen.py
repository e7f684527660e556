"""Games that are chosen and not drawn: each goes straight to where something can go wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.model import machine, makings
from tests.model.beside.between.events import PaysTogether
from tests.model.events import (
    Adjusts,
    Basket,
    Extends,
    Happens,
    Night,
    Pays,
    Pools,
    Publishes,
    Reserves,
    Returns,
    Shares,
    Sold,
)  # fmt: skip
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


BREAD = Sold(199, "bread", "b1", 2, 0, 12)
CAKE, TART = Sold(333, "cake", "c1", 3, 10, 21), Sold(101, "cake", "c2", 1, 0, 0)


def several_lines(game: Any) -> None:
    """Baskets of several lines in yen, where a cent is more than one: what all of it counts is
    rounded down once, and its parts share that; pieces of one line come back, then all. Points pay
    a part of it, and come back by what each line was told to cost."""
    happen = game._happen
    game.joins()
    gets(game, "m1", 900)
    baskets = (
        Basket((TART, TART, TART)),
        Basket((BREAD, CAKE, TART), order_discount=7, shipping=5, tips=3),
        Basket((Sold(1, "cake"), Sold(1, "bread"), Sold(1, "cake")), order_discount=3, shipping=2),
        Basket((BREAD._replace(discount=199, tax=0), CAKE), order_discount=313, tips=1),
        Basket((CAKE, BREAD), shipping=40),
        Basket((Sold(2, "cake"), Sold(2, "bread")), order_discount=4, shipping=1),
        Basket((Sold(2, "cake"), Sold(2, "bread")), order_discount=4, tips=1),
    )
    for place, basket in enumerate(baskets):
        for currency in ("JPY", "USD", ""):
            receipt = f"r{place}{currency}"
            bought = Happens("purchase", "m1", receipt, basket=basket, currency=currency)
            happen(bought)
            happen(Returns(receipt, ((0, 1),), f"a{receipt}"))
            paid = f"p{receipt}"
            happen(Pays("m1", basket.total or 1, paid, 0, None, "", "", "", True, currency))
            if paid in game.world.taken:
                part = basket._replace(in_points=game.world.taken[paid].value, paid=paid)
                happen(bought._replace(receipt=f"q{receipt}", basket=part))
                for line in reversed(range(len(basket.lines))):
                    happen(Returns(f"q{receipt}", ((line, 1),), f"b{line}{receipt}"))
                happen(Returns(f"q{receipt}", (), f"c{receipt}"))
            happen(Returns(receipt, (), f"d{receipt}"))
            happen(Returns(receipt, (), f"e{receipt}"))


def together(game: Any) -> None:
    """Where a household pays, old points of each of them buy a mug as they did, whoever takes it;
    new ones pay their part, and what was drawn sets the price."""
    happen = game._happen

    def takes_it(who: str, name: str) -> None:
        happen(Pools(who, "mug", name))

    gets(game, "m0", 7)
    gets(game, "m1", 6)
    passes(game, days=1)
    happen(Shares(together=True))
    _terms(game, 15, 20, "keep")
    takes_it("m0", "h0")  # ten old ones of both
    gets(game, "m0", 11)
    takes_it("m1", "h1")  # three old ones and eleven new ones: not enough
    gets(game, "m1", 5)
    takes_it("m1", "h2")
    passes(game, days=1)
    gets(game, "m0", 4)
    happen(Publishes(source_in(game.zone, 40, 50, "keep", "oldest")))
    happen(Extends("m0", "points", 0, timedelta(days=90)))
    passes(game, days=1)
    gets(game, "m1", 40)
    takes_it("m0", "h3")
    gets(game, "m0", 22)
    takes_it("m0", "h4")
    for name, amount, want in (("p0", 1000, None), ("p1", 250, 75), ("p2", 101, 25)):
        gets(game, "m0", 3)
        gets(game, "m1", 6)
        happen(PaysTogether("m1", amount, name, want, name == "p1"))
    passes(game, hours=1)
    happen(Reserves("m0", "cup", "h6", currency="JPY"))  # what nobody came for is free by then
    happen(Shares(together=False))
    takes_it("m1", "h5")


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
    "kept": kept, "baskets": baskets, "abroad": abroad, "several lines": several_lines,
    "together": together, "arms": arms,
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
