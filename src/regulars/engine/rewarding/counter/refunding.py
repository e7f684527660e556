"""Which pieces of a bill come back when so much of it is given back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from regulars.records.tills.bills.types import BillBody

LOOKS: Final = 2_000
"""So many choices are looked at before it is no price of pieces."""
Pieces = tuple[tuple[int, int], ...]
"""Of lines by their places, how many pieces."""


class Back(NamedTuple):
    """What one refund of a bill brings back: everything that is left, these pieces, or (where it
    is the price of no whole pieces) nothing."""

    whole: bool
    pieces: Pieces


def brought_back(body: BillBody, off_minor: int, refunds: Sequence[int]) -> list[Back]:
    """What each refund of a bill that was paid brings back, in the order they were made.

    Units: minor units of money. Order: the pieces of one line before those of several, many of the
    first line before fewer; what comes back together is everything that was paid.
    Example: of two cups for 3.00 and a cake for 5.00, 3.00 is a cup, 8.00 a cup and the cake, and
    1.00 nothing.
    """
    nets = _nets(body, off_minor)
    paid, gone, given = sum(nets), [0] * len(nets), 0
    found = []
    for amount in refunds:
        given += amount
        if given >= paid:
            found.append(Back(any(_left(body, gone)), ()))
            continue
        pieces = _pieces(body, nets, gone, amount)
        for place, many in pieces:
            gone[place] += many
        found.append(Back(whole=False, pieces=pieces))
    return found


def _nets(body: BillBody, off_minor: int) -> list[int]:
    """What was paid for each line, with its part of what was taken off the bill."""
    gross = sum(line.amount_minor for line in body.lines)
    seen, nets = 0, []
    for line in body.lines:
        before = off_minor * seen // gross if gross else 0
        seen += line.amount_minor
        after = off_minor * seen // gross if gross else 0
        nets.append(line.amount_minor - (after - before))
    return nets


def _left(body: BillBody, gone: Sequence[int]) -> list[int]:
    return [line.quantity - out for line, out in zip(body.lines, gone, strict=True)]


def _pieces(body: BillBody, nets: Sequence[int], gone: Sequence[int], amount: int) -> Pieces:
    left = _left(body, gone)
    for place, line in enumerate(body.lines):
        many = _most(nets[place], line.quantity, gone[place], amount)
        exact = _price(nets[place], line.quantity, gone[place], many) == amount
        if 0 < many <= left[place] and exact:
            return ((place, many),)
    return _several(body, nets, gone, amount)


def _several(body: BillBody, nets: Sequence[int], gone: Sequence[int], amount: int) -> Pieces:
    """Pieces of several lines; looked for so long and no longer."""
    left, looks = _left(body, gone), LOOKS
    todo: list[tuple[int, int, Pieces]] = [(0, amount, ())]
    while todo and looks:
        looks -= 1
        place, rest, found = todo.pop()
        if not rest:
            return found
        if place == len(body.lines):
            continue
        quantity = body.lines[place].quantity
        most = min(_most(nets[place], quantity, gone[place], rest), left[place], looks)
        todo += [
            (
                place + 1,
                rest - _price(nets[place], quantity, gone[place], many),
                (*found, (place, many)) if many else found,
            )
            for many in range(most + 1)
        ]
    return ()


def _price(net: int, quantity: int, gone: int, many: int) -> int:
    """What so many further pieces cost; all of a line cost what the line did."""
    return net * (gone + many) // quantity - net * gone // quantity


def _most(net: int, quantity: int, gone: int, amount: int) -> int:
    """How many further pieces cost no more than this; none of what costs nothing."""
    if net <= 0:
        return 0
    many = quantity * (net * gone // quantity + amount + 1) // net - gone
    while many > 0 and _price(net, quantity, gone, many) > amount:
        many -= 1
    return many
