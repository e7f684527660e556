"""Games that are chosen and not drawn: each goes straight to where something can go wrong, so that
every run has been there; the drawn ones find what nobody thought of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.model import machine
from tests.model.beside.between.machine import BIG, DRAWN, BetweenOnce
from tests.model.events import Adjusts, Ends, Pays
from tests.model.machine import Driver, Tally

DAY = (3, 0)
"""Three days pass between looks, and nothing comes back."""


def friends(game: Any) -> None:
    """Three friends, of whom a budget has no room for all; one brings their purchase back, and
    one says that they brought whoever brought them."""
    many = {"mark": "", "baskets": [BIG] * 3, "big": True}
    game.joins()
    game.brings_friends(by=0, others=[1, 2, 3], then=(3, 1), **many)
    game.brings_friends(by=1, others=[0], then=DAY, **many)
    game.turn_out_to_be_one(who=2, into=3, blocked=0)
    game.days_pass(1)
    game.night_falls()


def teams(game: Any) -> None:
    """Four for three places; a target that is just reached; a challenge nobody said they are in."""
    game.joins()
    game.plays_together(who=0, others=[1, 2, 3], which=0, days=0, back=0)
    game.plays_together(who=0, others=[1], which=1, days=0, back=1)
    game.leaves_or_takes_part(who=0, which=2)
    game.plays_together(who=2, others=[3], which=1, days=0, back=0)
    game.leaves_or_takes_part(who=0, which=0)
    game.plays_together(who=1, others=[2], which=0, days=1, back=1)


def homes(game: Any) -> None:
    """A price that does not divide; a buyer of whom something was said, and what they spend."""
    for who, role in enumerate(("head", "buyer", "member")):
        game.comes_home(who=who, role=role, much=3 if role == "buyer" else 0)
    game.pools(who=0, which=0, more=[1, 2, 3])
    game.pools(who=1, which=1, more=[3, 3, 3])
    game.spends_alone(who=1, capture=True, much=1)
    game.spends_alone(who=1, capture=True, much=1)
    game.comes_home(who=2, role="minor", much=0)
    game.pools(who=2, which=1, more=[2, 2, 2])
    game.pools(who=2, which=1, more=[2, 2, 2])
    game.moves_out(2)


def paying_at_home(game: Any) -> None:
    """A basket that does not divide by what each has; more than there is, or than a part of it may
    be; what is reserved and never taken; and a minor, who pays with whosever points until it is
    enough, while others pay with theirs."""
    for who, role in enumerate(("head", "member", "member")):
        game.comes_home(who=who, role=role, much=0)
    game.pays_together(who=1, amount=101, part=0, capture=True, more=[1, 2, 3])
    game.pays_together(who=0, amount=250, part=3, capture=True, more=[1, 0, 2])
    game.pays_together(who=0, amount=9, part=1, capture=True, more=[3, 2, 0])
    game.pays_together(who=2, amount=40, part=2, capture=False, more=[0, 1, 3])
    game.pays_together(who=0, amount=40, part=0, capture=True, more=[0, 0, 0])
    game.time_passes("half a day")
    game.comes_home(who=2, role="minor", much=0)
    game.pays_together(who=2, amount=40, part=2, capture=False, more=[3, 3, 3])
    game.pays_together(who=0, amount=101, part=1, capture=True, more=[0, 0, 0])
    game.pays_together(who=2, amount=101, part=0, capture=True, more=[3, 3, 3])
    game.pays_together(who=2, amount=40, part=2, capture=True, more=[0, 0, 0])
    game.comes_home(who=1, role="buyer", much=0)
    game._happen(Adjusts("m1", "points", 100))
    for want in (100, 5, None, None):  # alone, too, a buyer pays no more than they may
        game._happen(Pays("m1", 1000, game._number("h"), want=want, capture=True))
    game.night_falls()


def partners(game: Any) -> None:
    """A price of half cents that comes back in parts; points that lapsed before they come back;
    what was told twice, and what a pack does not suffice for."""
    game.tells_of_a_member(who=1, how=1, units=2, late=0)
    game.goes_back(which=0, units=1, spent=False)
    game.goes_back(which=0, units=1, spent=False)
    game.tells_of_a_member(who=1, how=7, units=3, late=0)
    game.tells_of_a_member(who=2, how=2, units=250, late=0)
    game.tells_of_a_member(who=2, how=0, units=2, late=0)
    game.tells_of_a_member(who=2, how=4, units=1, late=0)
    game.days_pass(8)
    game.buys(who=1, basket=BIG, named=0, late=0)
    for which in range(4):
        game.goes_back(which=which, units=0, spent=False)


def draws(game: Any) -> None:
    """More tickets than may be; a prize that waits for who is blocked, and one that is gone."""
    plain = {"closes": False, "again": False, "jumps": False}
    for _ in range(4):
        game.draws(which=0, who=0, **plain)
    game.draws(which=0, who=0, closes=True, again=True, jumps=True)
    game.draws(which=1, who=0, **plain)
    game.draws(which=1, who=2, closes=False, again=False, jumps=True)
    for _ in range(2):  # what was won is handed over once, whoever asks
        game._happen(Ends("won-april-1", "captured"))


GAMES: dict[str, tuple[str, Callable[[Any], None]]] = {
    "friends": ("friends", friends),
    "teams": ("teams", teams),
    "homes": ("teams", homes),
    "paying_at_home": ("teams", paying_at_home),
    "partners": ("friends", partners),
    "draws": ("friends", draws),
}
"""Each with its program."""


def play_chosen(name: str, opens: Callable[..., Driver], *, drawn: int = 0) -> Tally:
    """Play one of them, with everything compared after every step as ever; how much that was."""
    program, game = GAMES[name]
    named = {"programs": (program,), "tally": Tally(), "open_driver": lambda _, *a: opens(*a)}
    playing: Any = type("BetweenOnce", (BetweenOnce,), named)()
    told, machine.note = machine.note, lambda _: None  # there is nobody to tell it to
    try:
        playing.opens(place=0, drawn=drawn % len(DRAWN))
        game(playing)
    finally:
        machine.note = told
        playing.teardown()
    return playing.tally  # type: ignore[no-any-return]
