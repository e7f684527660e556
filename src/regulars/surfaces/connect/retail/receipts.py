"""Lines as the commands of the flows: who joins, what was sold, what came back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Final

from msgspec import Struct

from regulars.flows.commands import RecordActivity
from regulars.records.activity.checks import MOST_LINES
from regulars.records.activity.types import Body, Line, ReturnedLine, SaleRef
from regulars.records.members.types import Identifier, JoinMember, MemberRef
from regulars.surfaces.connect.retail.amounts import amount_minor, instant, price_units
from regulars.surfaces.connect.retail.lines import ShopLine
from regulars.surfaces.connect.retail.matching import Shelf, Why

SOURCE: Final = "online-retail"
CHANNEL: Final = "web"
BOOKKEEPING: Final = "Adjust bad debt"
"""Lines of this name move debt about; nobody bought or brought anything."""


class What(StrEnum):
    """What the lines behind a command are."""

    SALE = "sale"
    RETURN = "return"
    PARKED = "parked"
    CORRECTION = "correction"


class Told(Struct, frozen=True):
    """One command, the lines it tells of, and of a parked line the reason."""

    what: What
    command: RecordActivity
    lines: int
    amount_minor: int = 0
    why: Why | None = None


class Basket(Struct):
    """What one member, or nobody we know, bought and brought within one minute."""

    member: int | None
    minute: datetime
    receipt: str
    sold: list[ShopLine] = []
    back: dict[str, list[tuple[ReturnedLine, ShopLine]]] = {}
    """Lines that came back, per receipt of their sale."""
    parked: list[tuple[ShopLine, Why]] = []
    corrections: list[ShopLine] = []


def joins(lines: Sequence[ShopLine]) -> list[JoinMember]:
    """Everybody with a number joins with their first line, in that order."""
    first: dict[int, ShopLine] = {}
    for line in lines:
        if line.member is not None and line.member not in first:
            first[line.member] = line
    return [
        JoinMember(
            identifiers=(Identifier("external", str(member)),),
            attributes={"country": line.country} if line.country else {},
            joined_at=instant(line.minute),
            source=SOURCE,
        )
        for member, line in first.items()
    ]


def told(lines: Sequence[ShopLine]) -> Iterator[Told]:
    """What happened, in order of time: of each basket the sale first, then what came back.

    Order: the same lines give the same commands under the same keys, so a file that is read
    again, or goes on where an earlier one ended, tells nothing twice.
    """
    shelf = Shelf()
    for _, minute in groupby(lines, lambda line: line.minute):
        baskets: dict[int | None, Basket] = {}
        for line in minute:
            basket = baskets.get(line.member)
            if basket is None:
                basket = baskets[line.member] = _open(line)
            _put(shelf, basket, line)
        for basket in baskets.values():
            yield from _sales(basket)
            yield from _returns(basket)
            yield from _parked(basket)
            yield from _corrections(basket)


def _open(line: ShopLine) -> Basket:
    who = "nobody" if line.member is None else str(line.member)
    return Basket(line.member, line.minute, f"{who}/{line.minute:%Y-%m-%dT%H:%M}")


def _put(shelf: Shelf, basket: Basket, line: ShopLine) -> None:
    if line.quantity == 0 or price_units(line.price) < 0 or line.description == BOOKKEEPING:
        basket.corrections.append(line)
        return
    if line.quantity > 0:
        if line.member is not None:
            receipt, place = _receipt(basket.receipt, len(basket.sold))
            shelf.sell(line, receipt, place)
        basket.sold.append(line)
        return
    found = shelf.take_back(line)
    if isinstance(found, Why):
        basket.parked.append((line, found))
        return
    part = ReturnedLine(found.line, -line.quantity)
    basket.back.setdefault(found.receipt, []).append((part, line))


def _receipt(basket: str, place: int) -> tuple[str, int]:
    """A receipt has so many lines at most; the next ones stand on a second one."""
    sheet, line = divmod(place, MOST_LINES)
    return (f"{basket}/{sheet + 1}" if sheet else basket), line


def _sales(basket: Basket) -> Iterator[Told]:
    for start in range(0, len(basket.sold), MOST_LINES):
        sold = [
            Line(
                amount_minor=amount_minor(line.price, line.quantity),
                sku=line.description.strip(),
                quantity=line.quantity,
            )
            for line in basket.sold[start : start + MOST_LINES]
        ]
        receipt, _ = _receipt(basket.receipt, start)
        command = _command(basket, "purchase", receipt, Body(lines=tuple(sold)))
        yield Told(What.SALE, command, len(sold), sum(line.amount_minor for line in sold))


def _returns(basket: Basket) -> Iterator[Told]:
    """One return for each sale that something of this basket takes back."""
    for number, (sale, parts) in enumerate(basket.back.items(), 1):
        pieces: dict[int, int] = {}
        for part, _ in parts:
            pieces[part.line] = pieces.get(part.line, 0) + part.quantity
        body = Body(returned=tuple(ReturnedLine(line, n) for line, n in pieces.items()))
        receipt = f"{basket.receipt}/return/{number}"
        command = _command(basket, "return", receipt, body, SaleRef(None, SOURCE, sale))
        worth = sum(amount_minor(line.price, -line.quantity) for _, line in parts)
        yield Told(What.RETURN, command, len(parts), worth)


def _parked(basket: Basket) -> Iterator[Told]:
    """A return that names a receipt which never comes waits for it: nothing of it is lost."""
    for number, (line, why) in enumerate(basket.parked, 1):
        body = Body(
            returned=(ReturnedLine(0, -line.quantity),),
            details={**_details(line), "why": why.value},
        )
        receipt = f"{basket.receipt}/parked/{number}"
        sale = SaleRef(None, SOURCE, f"{receipt}/no-sale")
        command = _command(basket, "return", receipt, body, sale)
        yield Told(What.PARKED, command, 1, amount_minor(line.price, -line.quantity), why)


def _corrections(basket: Basket) -> Iterator[Told]:
    for number, line in enumerate(basket.corrections, 1):
        body = Body(details=_details(line))
        receipt = f"{basket.receipt}/correction/{number}"
        yield Told(What.CORRECTION, _command(basket, "correction", receipt, body), 1)


def _details(line: ShopLine) -> dict[str, bool | int | str]:
    return {"description": line.description, "quantity": line.quantity, "price": line.price}


def _command(
    basket: Basket, kind: str, receipt: str, body: Body, sale: SaleRef | None = None
) -> RecordActivity:
    # A correction of the books is nobody's purchase, whoever it names.
    who = None if basket.member is None or kind == "correction" else str(basket.member)
    return RecordActivity(
        kind=kind,
        member=None if who is None else MemberRef(external=who),
        occurred_at=instant(basket.minute),
        source=SOURCE,
        external_id=receipt,
        channel=CHANNEL,
        body=body,
        sale=sale,
    )
