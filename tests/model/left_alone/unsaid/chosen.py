"""Games that are chosen and not drawn: versions are taken back, and all goes on without them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from msgspec.structs import replace
from tests.makers import Shop
from tests.makers import buys as buying
from tests.model import machine, makings
from tests.model.beside.by_hand.events import TakesBack
from tests.model.events import Happens, Joins, Night, Publishes, Returns, Shows
from tests.model.left_alone.machine import QuietLedger, QuietOnce
from tests.model.machine import Driver, Ledger, LedgerOnce, Tally
from tests.model.money.afterwards.chosen import _flies as flies
from tests.model.money.afterwards.machine import Afterwards, source_of
from tests.model.programs import written

from regulars.flows.terms import withdraw_version as flow
from regulars.records.program import types as t
from regulars.records.program.reading import read_program
from regulars.records.program.templates import load_template

DAY = timedelta(days=1)


def says(game: Any, source: str, days: float) -> int:
    """A version from so many days on; its number."""
    number = len(game.world.published) + 1
    game._happen(Publishes(source, game.now + days * DAY if days else None))
    return number


def takes_back(game: Any, *numbers: int) -> None:
    for number in numbers:
        game._happen(TakesBack(number))


def passes(game: Any, days: int) -> None:
    game.now += days * DAY
    game._happen(Night())


def buys(game: Any, euros: int) -> str:
    sale = Happens("purchase", "m0", game._number("r"), amount=euros * 100)
    game._happen(sale)
    return sale.receipt


def giving(game: Any, points: int) -> str:
    """The program with another rate."""
    program = read_program(game.source)
    first, *others = program.rules
    award: Any = first.award
    rules = (replace(first, award=replace(award, points=points)), *others)
    return written(replace(program, rules=rules))


def goes_on(game: Any) -> None:
    """What is said after a version was taken back holds on that day, too, and the day after; also
    twice, and where a version that stays comes in between."""
    takes_back(game, says(game, giving(game, 5), 10))
    passes(game, 1)
    says(game, giving(game, 2), 0)
    buys(game, 10)
    passes(game, 10)
    buys(game, 10)
    takes_back(game, says(game, giving(game, 5), 10), says(game, giving(game, 4), 20))
    says(game, giving(game, 3), 15)
    says(game, giving(game, 7), 5)
    for days in (5, 5, 5, 5):
        passes(game, days)
        buys(game, 10)


def two_for_a_day(game: Any) -> None:
    """Of two versions for one day the later is taken back: the other is there again, and was said
    for that day whatever is published meanwhile; what stands there is taken back with it."""
    for gone in (False, True):
        first = says(game, giving(game, 2), 10)
        later = says(game, giving(game, 5), 10)
        takes_back(game, later, later + 1)
        if gone:
            takes_back(game, first, later + 2)
        says(game, giving(game, 3 + gone), 0)
        for days in (9, 1):
            passes(game, days)
            buys(game, 10)


def so_near(game: Any) -> None:
    """Something may be decided already by what stands in for one that was to come so soon; what is
    published in between is taken back all the same. Two are said for a day that is so near."""
    for days in (0, 0.5):
        game.now += DAY / 2
        takes_back(game, says(game, giving(game, 5), 1))
        game.now += DAY / 4
        between = says(game, giving(game, 2), days)
        if days:
            takes_back(game, between)
        buys(game, 10)
        passes(game, 2)
        buys(game, 10)
    for points in (6, 7):
        says(game, giving(game, points), 1)
    passes(game, 2)
    buys(game, 10)


def said_for_later(game: Any) -> None:
    """The same file was said for a later day: that is not taken back with it."""
    later = says(game, giving(game, 5), 10)
    sooner = says(game, giving(game, 5), 5)
    takes_back(game, sooner, later, sooner)
    passes(game, 11)
    buys(game, 10)


def said_again(game: Any) -> None:
    """What was taken back is said once more, for the same day."""
    takes_back(game, says(game, giving(game, 5), 10))
    says(game, giving(game, 5), 10)
    passes(game, 11)
    buys(game, 10)


def on_its_day(game: Any) -> None:
    """Nobody was there yet; and then somebody was."""
    number = says(game, giving(game, 5), 1)
    game.now += DAY
    takes_back(game, number, number)
    buys(game, 10)
    number = says(game, giving(game, 4), 1)
    game.now += DAY
    buys(game, 10)
    takes_back(game, number)
    buys(game, 10)
    takes_back(game, number + 1, 99)


def a_ladder(game: Any) -> None:
    """Nobody is moved, falls later or stays by a ladder that never was; nor by one that was said
    twice for a day."""
    program = read_program(game.source)
    assert program.tiers is not None
    harder = replace(program.tiers, steps=(t.Tier("silver", 90), t.Tier("gold", 200)))
    easier = replace(program.tiers, steps=(t.Tier("silver", 1), t.Tier("gold", 2)))
    sale = buys(game, 30)
    for tiers in (harder, easier):
        other = replace(program, tiers=tiers, changeover=t.Changeover("full"))
        takes_back(game, says(game, written(other), 3))
        passes(game, 4)
    game._happen(Returns(sale, ((0, 2000),), game._number("b")))
    passes(game, 1)


def a_club(game: Any) -> None:
    """Whoever stands on a further ladder by what they did goes on by that."""
    program = read_program(game.source)
    club = program.ladders["club"]
    steps = tuple(replace(step, at=90 + n, or_at=9 + n) for n, step in enumerate(club.steps))
    other = replace(program, ladders=program.ladders | {"club": replace(club, steps=steps)})
    buys(game, 10)
    takes_back(game, says(game, written(other), 3))
    passes(game, 4)
    for _ in range(3):
        buys(game, 10)
        game._happen(Happens("visit", "m0", game._number("d")))


def a_length(game: Any) -> None:
    """Points that are left alone are gone when they would have been."""
    game._happen(Joins("m1"))
    buys(game, 10)
    passes(game, 1)
    shorter = game.another_version(None, 1, game.now)
    takes_back(game, says(game, shorter, 3))
    for _ in range(9):
        passes(game, 1)
        game._happen(Shows("m0"))


def tables(game: Any) -> None:
    """No table of it rates what was, nor what comes."""
    flies(game, "m0", 200)
    since = f"{game.world.terms(game.now).day(game.now) - 30 * DAY}"
    other = source_of("rated", game.zone, since, **{**game.said, "FULL": "5"})
    takes_back(game, says(game, other, 2))
    passes(game, 3)
    flies(game, "m0", 100)
    game.now += timedelta(minutes=2)
    game._happen(Night())


CHALLENGES = """
challenges:
  - {id: explorer, name: Explorer, target: 1, in_period: 2, prize: {wallet: points, points: 9}}
"""


def plays_never(shop: Shop) -> None:
    """Challenges are said for a day and taken back before it; then somebody buys."""
    shop.begin(load_template("coffee-shop"), slug="never-played")
    (who,) = shop.joined("ada")
    start = shop.now + 10 * DAY
    file = load_template("coffee-shop").replace("program: coffee-shop", "program: never-played")
    shop.publish(file + CHALLENGES, effective_from=start)
    shop.do(lambda tx, _: flow.withdraw_version(tx, flow.Withdraw(2, "a slip", "owner")))
    shop.forget_terms()
    shop.now = start + DAY
    shop.record(buying(who, 1_000, receipt="r1"))


class Game(NamedTuple):
    plays: Callable[[Any], None]
    program: str = "coffee-shop"


GAMES = {
    one.plays.__name__: one
    for one in (
        Game(goes_on), Game(two_for_a_day), Game(so_near),
        Game(said_for_later), Game(said_again), Game(on_its_day),
        Game(a_ladder, "climbing"), Game(a_club, "clubs"), Game(a_length, "quiet"),
        Game(tables, "rated"),
    )
}  # fmt: skip
KEPT = ("tables",)
"""These take what only PostgreSQL keeps."""


def play_chosen(name: str, opens: Callable[..., Driver]) -> Tally:
    """Play one of them, with everything compared after every step as ever; how much that was."""
    plays, program = GAMES[name]
    once = getattr(opens, "once", True)
    start: dict[str, Any] = {"zone": "Europe/Berlin", "start": makings.STARTS[0], "place": 0}
    kind: Any = LedgerOnce if once else Ledger
    named = {"names": (program,), "tally": Tally(), "open_driver": lambda _, *a: opens(*a)}
    if program == "quiet":
        kind = QuietOnce if once else QuietLedger
    elif program == "rated":
        kind, start["how"], named["programs"] = Afterwards, ("revoke_now", "debt"), (program,)
    else:
        start["vip"] = False
    playing: Any = type(kind.__name__, (kind,), named)()
    told, machine.note = machine.note, lambda _: None  # there is nobody to tell it to
    try:
        playing.opens(**start)
        plays(playing)
    finally:
        machine.note = told
        playing.teardown()
    return playing.tally  # type: ignore[no-any-return]
