"""Codes of rewards in a web shop: what is told of one, and how a shop takes it."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final, Protocol

from msgspec import Struct

from regulars.base.money import decimals
from regulars.flows.points.codes.keep_in_shops import Errand
from regulars.surfaces.connect.catching.asking import Send, Shop

_CUSTOMER: Final = re.compile(r"shopify-([0-9]{1,20})")


class NotTaken(Exception):
    """The shop will not take this code, however often it is told; `why` says it."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class CodeThere(Struct, frozen=True):
    """A code as a shop is told of it."""

    code: str
    mark: str
    """By which we know it is ours when it is there already."""
    amount: str
    starts_at: datetime
    ends_at: datetime | None
    emails: tuple[str, ...] = ()
    customer: str = ""
    """What the shop calls whose it is, where it said so."""
    percent: int = 0
    """So many percent off, in place of the amount; nothing: the amount."""
    minimum: str = ""
    """The goods come to this much at least; nothing: any basket will do."""
    skus: tuple[str, ...] = ()
    """Off these articles alone, of which an amount is taken off once; nothing: off all of it."""
    currency: str = ""
    """In which these amounts are."""


class CodeMaker(Protocol):
    """How one vendor's shop takes discount codes. Raises: NotTold, NotTaken."""

    async def make(self, send: Send, shop: Shop, code: CodeThere) -> str:
        """The shop has this code, and what it calls it; told again, it has it once."""

    async def end(self, send: Send, shop: Shop, code: str, there_id: str) -> None:
        """Nobody can use it there any more; told again, nothing changes."""


def in_other_money(code: CodeThere, ours: str, theirs: str) -> str:
    """Why a shop whose prices are in another currency cannot have this code; nothing where it can.

    Example: 5.00 EUR is not 5.00 CZK, and a tenth is a tenth everywhere.
    """
    if theirs.upper() == ours or not (code.minimum or not code.percent):
        return ""
    return (
        f"the shop's prices are in {theirs[:3].upper()}, and this code is told in {ours}: give the "
        "reward `percent`, and no `from_amount`"
    )


def code_there(one: Errand, currency: str) -> CodeThere:
    """What is told of a code. Raises: NotTaken where it is worth nothing.

    Keeps: what it takes off, from which basket on and of which goods, is what was promised.
    """
    promised, at = one.what.promised, one.what.issued_at
    if promised is None or at is None:
        raise NotTaken("nothing says what this code is worth")
    percent, minimum = promised.told.get("percent"), promised.told.get("from_minor")
    skus = str(promised.told.get("skus", ""))
    if promised.worth_minor <= 0 and not isinstance(percent, int):
        raise NotTaken("this reward is worth nothing: say its `worth` in the program")
    return CodeThere(
        code=one.what.one.said,
        mark=f"Regulars {one.what.one.said}",
        amount=_amount(promised.worth_minor, currency),
        starts_at=at,
        ends_at=one.what.ends_at,
        emails=tuple(name.value for name in one.names if name.kind == "email"),
        customer=next((m[1] for name in one.names if (m := _known(name.kind, name.value))), ""),
        percent=percent if isinstance(percent, int) else 0,
        minimum=_amount(minimum, currency) if isinstance(minimum, int) else "",
        skus=tuple(skus.split(",")) if skus else (),
        currency=currency,
    )


def _amount(minor: int, currency: str) -> str:
    scale = decimals(currency)
    whole, part = divmod(minor, 10**scale)
    return f"{whole}.{part:0{scale}d}" if scale else str(whole)


def _known(kind: str, value: str) -> re.Match[str] | None:
    return _CUSTOMER.fullmatch(value) if kind == "external" else None
