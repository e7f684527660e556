"""What a campaign changed, in sentences: or that it is too early to say."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from regulars.insight.estimators.comparing.sums import More
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.experiments.campaigns import DAYS, Brought, Side
from regulars.surfaces.console.here import Here


class Group(NamedTuple):
    """One side as its reader reads it."""

    members: str
    orders: str
    spend: str


class Changed(NamedTuple):
    """What is said of it, and of both sides what there is to count."""

    says: tuple[str, ...]
    sent: Group
    held_out: Group
    days: int
    of: int


def changed(here: Here, came: Brought) -> Changed:
    """Sentences with their bounds; where nothing is sure, that."""
    groups = (group(here, came.sent), group(here, came.held_out))
    return Changed((_orders(here, came), _spend(here, came)), *groups, came.days, DAYS)


def group(here: Here, one: Side) -> Group:
    """One side: how many, orders of a hundred, and what one spent."""
    currency, reader = here.version.program.currency, here.reader
    return Group(
        reader.number(one.members),
        reader.number(rounded(one.orders * 100 / one.members)),
        reader.money(round(one.spend_minor / one.members), currency),
    )


def _orders(here: Here, came: Brought) -> str:
    found, reader = came.orders, here.reader
    if isinstance(found, NotEnough):
        return reader.say("Not enough to say yet whether they buy more often.")
    told = {
        name: reader.number(rounded(100 * value))
        for name, value in (("value", found.value), ("low", found.low), ("high", found.high))
    }
    if not found.sure:
        return reader.say(
            "By chance orders of a hundred members may as well differ by %(low)s to %(high)s.",
            **told,
        )
    return reader.say("%(value)s orders more of a hundred members (%(low)s to %(high)s).", **told)


def _spend(here: Here, came: Brought) -> str:
    found, reader = came.spend, here.reader
    if isinstance(found, NotEnough):
        return reader.say("Not enough to say yet whether they spend more.")
    told = _money(here, found)
    if not found.sure:
        return reader.say(
            "By chance what a member spends may as well differ by %(low)s to %(high)s.", **told
        )
    return reader.say("%(value)s more spent by a member (%(low)s to %(high)s).", **told)


def _money(here: Here, found: More) -> dict[str, str]:
    currency = here.version.program.currency
    return {
        name: here.reader.signed_money(round(value), currency)
        for name, value in (("value", found.value), ("low", found.low), ("high", found.high))
    }


def rounded(value: float) -> Decimal:
    """With one decimal."""
    return Decimal(f"{value:.1f}")
