"""Games that are chosen and not drawn: each goes straight to where something can go wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.model import machine, makings
from tests.model.events import (
    Adjusts,
    Basket,
    Happens,
    Night,
    Pays,
    Publishes,
    Reserves,
    Returns,
    Sold,
)  # fmt: skip
from tests.model.machine import Driver, Tally
from tests.model.money.afterwards.events import Credits
from tests.model.money.afterwards.machine import Afterwards, freed, source_of

COFFEE = Sold(1000, "coffee", "c1", 3)
TWO = (COFFEE, Sold(300, "coffee", "c2"), Sold(333, "cake", "k1", 1))


def _buys(game: Any, who: str, receipt: str, amount: int = 0, **more: Any) -> None:
    sale = Happens("purchase", who, receipt, amount=amount or None, **more)
    game._happen(sale)


def _back(game: Any, sale: str, *pieces: tuple[int, int], **more: Any) -> None:
    game._happen(Returns(sale, pieces, game._number("b"), **more))


def _frees(game: Any, reward: str, name: str, goods: Any, *named: tuple[int, int]) -> Basket:
    for wallet, units in (("stamps", 5), ("points", 30)):
        game._happen(Adjusts("m0", wallet, units))
    game._happen(Reserves("m0", reward, name, "", "", True, goods=goods, named=named))
    taken = game.world.taken.get(name)
    return Basket(goods) if taken is None else freed(goods, taken, name)


# --- purchases that named nobody --------------------------------------------------------------


def credited(game: Any) -> None:
    """Of three coffees one came back; then it is Ada's, who was told late. Everything after it
    is as if she had been named; nobody else's it becomes."""
    _buys(game, "", "r1", basket=Basket((COFFEE, COFFEE)))
    _back(game, "r1", (0, 1))
    game.now += timedelta(days=1)
    _buys(game, "m0", "r2", 2000)
    game.now += timedelta(days=1)
    game._happen(Credits("r1", "m0"))
    game._happen(Credits("r1", "m0"))
    game._happen(Credits("r1", "m1"))
    _back(game, "r1", (0, 2))
    _back(game, "r1", (0, 1))
    _back(game, "r1")
    game._happen(Credits("r1", "m0"))
    game._happen(Credits("r2", "m1"))
    game._happen(Credits("r9", "m1"))


def too_late(game: Any) -> None:
    """To the second; and what all came back is nobody's for ever."""
    _buys(game, "", "r1", 1000)
    _buys(game, "", "r2", 1000)
    _buys(game, "", "r3", 1000)
    _back(game, "r3")
    game._happen(Credits("r3", "m0"))
    game.now += timedelta(days=30)
    game._happen(Credits("r1", "m0"))
    game.now += timedelta(seconds=1)
    game._happen(Credits("r2", "m0"))
    game._happen(Credits("r1", "m0"))


def waited(game: Any) -> None:
    """Its return came before it, and before anybody said whose it was."""
    _back(game, "r1", (0, 1))
    _buys(game, "", "r1", basket=Basket((COFFEE,)))
    game._happen(Credits("r1", "m0"))
    _buys(game, "", "r1", basket=Basket((COFFEE,)))
    _back(game, "r1")


# --- free pieces ------------------------------------------------------------------------------


def cheapest(game: Any) -> None:
    """Of three at one price and a cheaper one the cheaper is free; of each line the free piece
    comes back last, and with it its stamps."""
    _buys(game, "m0", "r1", basket=_frees(game, "coffee", "h1", TWO))
    _back(game, "r1", (1, 1))
    _back(game, "r1", (0, 3))
    _back(game, "r1")
    one = (Sold(700, "coffee", "c1", 2), Sold(350, "coffee", "c2", 1))
    _buys(game, "m0", "r2", basket=_frees(game, "coffee", "h2", one))
    for _ in range(3):
        _back(game, "r2", (0, 1))
    _back(game, "r2")
    game.now += timedelta(days=8)
    _buys(game, "m0", "r3", basket=_frees(game, "coffee", "h3", one))
    _buys(game, "m0", "r4", basket=_frees(game, "coffee", "h4", (COFFEE,)))
    _frees(game, "coffee", "h5", one)
    _back(game, "r4", (0, 2))
    _back(game, "r4", (0, 1))
    _frees(game, "coffee", "h6", one)


def dearest(game: Any) -> None:
    """The two dearest of at most 8.00, over two lines; what comes back of one of them is half."""
    goods = (Sold(801, "", "x"), Sold(700, "cake", "k2", 1), Sold(1200, "coffee", "c1", 2))
    _buys(game, "m0", "r1", basket=_frees(game, "treat", "h1", goods))
    _back(game, "r1", (2, 1))
    _back(game, "r1", (1, 1))
    _back(game, "r1", (2, 1))
    _back(game, "r1")
    _frees(game, "treat", "h2", (Sold(801, "", "x", 1), Sold(100, "", "x")))


def named(game: Any) -> None:
    """Which ones, the till says: as many as there shall be, of lines that are there."""
    for place, said in enumerate([(), ((0, 1),), ((0, 1), (0, 1)), ((2, 2),), ((0, 1), (7, 1))]):
        _frees(game, "own", f"h{place}", TWO, *said)
    _frees(game, "coffee", "h8", TWO, (0, 1))
    _buys(game, "m0", "r1", basket=_frees(game, "own", "h9", TWO, (0, 1), (2, 1)))
    _back(game, "r1", (2, 1))
    _back(game, "r1", (0, 2))
    _back(game, "r1", (0, 1))
    _buys(game, "m0", "r2", basket=_frees(game, "own", "h10", (COFFEE,)))


def free_and_paid(game: Any) -> None:
    """Beside what is free points pay: those come back with the pieces that were paid for."""
    basket = _frees(game, "coffee", "h1", (COFFEE, Sold(500, "cake", "k1", 2)))
    game._happen(Pays("m0", basket.total, "h2", want=200, capture=True))
    paid = game.world.taken["h2"]
    _buys(game, "m0", "r1", basket=basket._replace(in_points=paid.value, paid="h2"))
    _back(game, "r1", (1, 1))
    _back(game, "r1", (0, 2))
    _back(game, "r1", (1, 1))
    _back(game, "r1", (0, 1))


def told_otherwise(game: Any) -> None:
    """More is free than was promised, less is taken off, it is somebody else's, or used before."""
    good = _frees(game, "coffee", "h1", TWO)
    lines = list(good.lines)
    place = next(at for at, line in enumerate(lines) if line.by)
    for wrong in (
        lines[place]._replace(discount=lines[place].discount - 1),
        lines[place]._replace(free=2),
        lines[place]._replace(sku="c9"),
    ):
        _buys(game, "m0", game._number("r"), basket=Basket((*lines[:place], wrong)))
    _buys(game, "m1", "r7", basket=good)
    _buys(game, "m0", "r8", basket=Basket(TWO, in_points=300, paid="h1"))
    _buys(game, "m0", "r9", basket=good)
    _buys(game, "m0", "r10", basket=good)


# --- tables -----------------------------------------------------------------------------------


def _flies(game: Any, who: str, miles: int, fare: str = "Y", days: int = 0) -> None:
    at = game.now - timedelta(days=days) if days else None
    details = (("fare", fare), ("miles", miles))
    game._happen(Happens("flight", who, game._number("d"), at=at, details=details))


def _rates(game: Any, since: int | None, ahead: int = 0, **said: str) -> None:
    game.now += timedelta(seconds=1)
    day = "" if since is None else f"{game.world.terms(game.now).day(game.now) - timedelta(since)}"
    source = source_of("rated", game.zone, day, **{**game.said, **said})
    game._happen(Publishes(source, game.now + timedelta(days=ahead) if ahead else None))
    game.now += timedelta(minutes=1)


def anew(game: Any) -> None:
    """Rated anew with what followed: silver then, so double; told late it is rated so at once; and
    all of it is taken back, exactly."""
    _flies(game, "m0", 400)
    game.now += timedelta(days=5)
    _flies(game, "m0", 50)
    _flies(game, "m1", 300, "X")
    game.now += timedelta(days=5)
    _flies(game, "m0", 250, "L")
    _rates(game, 8, FULL="3", STATUS="4")
    _flies(game, "m1", 100, days=3)
    game._happen(Night())
    game._happen(Night())
    _flies(game, "m0", 100, days=6)
    _rates(game, 8)
    game._happen(Night())


def anew_and_back(game: Any) -> None:
    """A freight of which a part came back is rated anew for what is left, and by what it is rated
    it comes back."""
    lines = Basket((Sold(600, "cake", "k1", 2), Sold(400, "cake", "k2")))
    details = (("fare", "Y"), ("kilos", 7))
    for number in "1", "2", "3":
        _buys(game, "m0", f"r{number}", basket=lines, details=details)
    _back(game, "r1", (0, 1))
    _back(game, "r2")
    game.now += timedelta(days=1)
    _rates(game, 3, KILO="9")
    _back(game, "r3", (1, 1))
    game._happen(Night())
    _back(game, "r1")
    game._happen(Adjusts("m0", "miles", -game.world.who("m0").available("miles") or -1))
    _rates(game, 3, KILO="1")
    game._happen(Night())
    _back(game, "r3")


def limits(game: Any) -> None:
    """What limits and budgets leave is all there is: nobody gets more by it, and who has, keeps."""
    for who, miles in (("m0", 999), ("m1", 999), ("m0", 999), ("m1", 999)):
        _flies(game, who, miles)
    _rates(game, 2, FULL="5")
    game._happen(Night())
    _rates(game, 2, FULL="1")
    game._happen(Night())
    _rates(game, 2, FULL="3")
    game._happen(Night())


def which_table(game: Any) -> None:
    """The last that says so of the day; one that begins later only once it does; and one that
    says nothing of what was leaves it as it is."""
    _flies(game, "m0", 200)
    game.now += timedelta(days=10)
    _flies(game, "m0", 200)
    _rates(game, 10, FULL="3")
    _rates(game, 5, FULL="4")
    game._happen(Night())
    _rates(game, 30, ahead=2, FULL="1")
    _flies(game, "m0", 100, days=1)
    game._happen(Night())
    game.now += timedelta(days=2)
    _flies(game, "m0", 100, days=1)
    game._happen(Night())
    _rates(game, None, FULL="7")
    game._happen(Night())
    _flies(game, "m0", 100, days=1)
    _flies(game, "m0", 100)


GAMES: dict[str, tuple[str, Callable[[Any], None]]] = {
    **{f.__name__: ("freed", f) for f in (credited, too_late, waited, cheapest, dearest, named)},
    **{f.__name__: ("freed", f) for f in (free_and_paid, told_otherwise)},
    **{f.__name__: ("rated", f) for f in (anew, anew_and_back, limits, which_table)},
}
"""Each with its program."""


def play_chosen(name: str, opens: Callable[..., Driver], how: str = "debt") -> Tally:
    """Play one of them, with everything compared after every step as ever; how much that was."""
    program, game = GAMES[name]
    named = {"programs": (program,), "tally": Tally(), "open_driver": lambda _, *a: opens(*a)}
    playing: Any = type("Afterwards", (Afterwards,), named)()
    told, machine.note = machine.note, lambda _: None  # there is nobody to tell it to
    try:
        playing.opens(
            place=0, zone="Europe/Berlin", start=makings.STARTS[0], how=("revoke_now", how)
        )
        game(playing)
    finally:
        machine.note = told
        playing.teardown()
    return playing.tally  # type: ignore[no-any-return]
