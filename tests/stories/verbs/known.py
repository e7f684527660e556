"""What every verb of a story needs: what is known by name, and how words are read."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from tests.makers import Shop

from regulars.base.decimals import units
from regulars.base.money import decimals
from regulars.records.members.types import MemberRef

Deed = tuple[Any, Any]
"""A flow and one command for it; joining has no flow here."""

_SAID = re.compile(r" with ([a-z][a-z-]*)=(\S+)")
_TAIL = re.compile(r" (as|key|at|by|on) (\S+(?: \d\d:\d\d(?::\d\d)?)?)$")


class Known:
    """What the story knows by name: sales by receipt, redemptions by what they were called."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.sales: dict[str, tuple[str, ...]] = {}
        self.redemptions: dict[str, UUID] = {}
        self.stored: set[str] = set()
        """Redemptions that are stored value."""
        self.codes: dict[str, str] = {}
        """The code each redemption gave."""
        self.households: dict[str, UUID] = {}
        self.uses: dict[str, UUID] = {}
        """Uses of benefits, by what they were called."""
        self.merged: dict[str, UUID] = {}
        """Who was merged, by the name in the story."""

    def money(self, text: str, currency: str = "") -> int:
        return units(text, decimals(currency or self.shop.terms.versions[-1].program.currency))

    def points(self, wallet: str, text: str) -> int:
        return units(text, self.shop.terms.versions[-1].program.wallets[wallet].scale)

    def when(self, text: str | None) -> datetime | None:
        return None if text is None else self.shop.local(text)


def member(who: str) -> MemberRef | None:
    """Whom a row names: `Ada`, `card C1`, or somebody nobody knows."""
    if who in ("", "somebody"):
        return None
    if who.startswith("card "):
        return MemberRef(card=who[5:])
    return MemberRef(external=who.lower())


def said(rest: str) -> tuple[str, dict[str, bool | int | str]]:
    """`… with miles=1200 with fare=J`: attributes of who joins, details of what somebody does."""
    found = {name: _value(text) for name, text in _SAID.findall(f" {rest}")}
    return _SAID.sub("", f" {rest}").strip(), found


def _value(text: str) -> bool | int | str:
    if text in ("true", "false"):
        return text == "true"
    return int(text) if text.isdecimal() else text


def tails_of(what: str) -> tuple[str, dict[str, str]]:
    """What is said at the end: the receipt, key, store, channel and day."""
    tails: dict[str, str] = {}
    while found := _TAIL.search(what):
        tails[found[1]] = found[2]
        what = what[: found.start()]
    return what, tails
