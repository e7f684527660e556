"""The program as clients of the Square API know it: one kind of points, and rewards for them."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from msgspec import Struct

from regulars.base.decimals import units
from regulars.base.faults import NotFound
from regulars.base.ids import short
from regulars.base.money import decimals
from regulars.engine.rewarding.promise import promise
from regulars.engine.terms import Terms, Version
from regulars.records.program.parts.rewards import Code, Discount, Item
from regulars.records.program.types import Reward
from regulars.records.tills.types import Store
from regulars.surfaces.api.call import Call
from regulars.surfaces.in_words.promised import for_everybody

MAIN: Final = "main"
_ROOM: Final = 31
"""What is left of an id of 36 characters after `rule-`."""
CHANNEL: Final = "till"
"""Where such clients sell; what the program keeps for other channels they do not see."""
_SPENT: Final = ("points", "stamps", "cashback")


class Step(Struct, frozen=True):
    """One reward for so many points."""

    id: str
    reward: Reward
    points: int
    worth_minor: int


class View(Struct, frozen=True):
    """A version of the program, and the one wallet of it that is seen."""

    terms: Terms
    version: Version
    wallet: str
    code: int
    now: datetime

    @property
    def id(self) -> str:
        """The program's id."""
        return short(self.terms.slug)

    @property
    def currency(self) -> str:
        """What its money is."""
        return self.version.program.currency

    def is_meant(self, program_id: str) -> bool:
        """Whether this program is meant by this id; `main` is the program of whoever asks."""
        return program_id in (MAIN, self.id)

    def steps(self) -> list[Step]:
        """Its rewards that cost points of this wallet alone, the cheapest first."""
        found = []
        for reward in for_everybody(self.version.program.rewards):
            promised = promise(self.version, reward, self.now)
            points = promised.price.get(self.wallet, 0)
            if points > 0 and len(promised.price) == 1 and _is_simple(reward):
                found.append(Step(short(reward.id), reward, points, promised.worth_minor))
        return sorted(found, key=lambda step: (step.points, step.id))


def _is_simple(reward: Reward) -> bool:
    """Whether it is taken for points over the counter, with nothing else to be said or paid."""
    gives = reward.gives
    kind = gives is None or isinstance(gives, Code | Discount | Item)
    here = not reward.channels or CHANNEL in reward.channels
    here = here and not reward.tier_prices  # a catalog there has one price for everybody
    return here and kind and reward.by == "points" and not reward.automatic and not reward.money


def rule_of(step_id: str, kind: str = "rule") -> str:
    """The id under which the catalog has what this reward takes off, in 36 characters at most.

    Example: `rule-free-coffee`; `off-free-coffee` is its discount, `set-free-coffee` of what.
    """
    if len(step_id) > _ROOM:  # twice as long, so that it is made a digest
        step_id = short(step_id * 2)[:_ROOM]
    return f"{kind}-{step_id}"


async def view_of(call: Call) -> View:
    """The program of whoever asks, as it is now. Faults: NotFound before its first version."""
    return view(await call.terms(), call.now)


def view(terms: Terms, now: datetime) -> View:
    """These terms as they are now; the first wallet of points is the one that is seen."""
    return view_at(terms, terms.at(now), now)


def view_at(terms: Terms, version: Version, now: datetime) -> View:
    """These terms as one version of them has it."""
    wallets = version.program.wallets
    first = min(wallets, key=lambda name: _rank(wallets[name].kind))
    place = list(wallets).index(first)
    return View(terms, version, first, version.wallet_codes[place], now)


def _rank(kind: str) -> int:
    return _SPENT.index(kind) if kind in _SPENT else len(_SPENT)


def program_meant(seen: View, program_id: str) -> None:
    """Faults: NotFound for the id of another program."""
    if not seen.is_meant(program_id):
        raise NotFound("there is no such loyalty program here; `main` is yours")


def minor(seen: View, amount: str | int) -> int:
    """Money of the program file in minor units."""
    return units(amount, decimals(seen.currency))


def location_of(store: Store) -> str:
    """The id of a store."""
    return short(store.code)
