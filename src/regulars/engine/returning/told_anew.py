"""What came back of a sale that its own source tells otherwise by now: the order was edited.

Pieces were put on it, taken off it or told by another price since it was booked. What was booked
stands, and of it comes back what came back; what was put on it afterwards gave nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

from regulars.engine.returning.sale import Sale, TooMuchReturned, pieces_sold
from regulars.engine.returning.told_otherwise import (
    BY_HAND,
    Article,
    Unmatched,
    alike,
    articles_of,
    check,
    is_whole,
    parts_of,
    pieces_of,
)
from regulars.records.activity.types import Activity, Body, Line, ReturnedLine

_ONE_AMOUNT: Final = (
    "it was booked as one amount before its source told lines, so nobody can say what the pieces "
    "are worth that came back of it; what was booked stands"
)
_OTHERS: Final = (
    "the lines of this order are others than were booked, so nobody can say which of them came "
    "back; what was booked stands"
)
_ADDED: Final = (
    "these pieces were put on the order after it was booked, so they gave nothing, and nothing is "
    "taken back for them"
)


def anew(body: Body, amount_minor: int) -> tuple[Article, ...]:
    """The lines of a sale as its own source tells them; what has no number is known by its name.

    Keeps: of a name only a digest, as it may be somebody's ("Engraving: for Anna"), and these lines
    stay after an erasure.
    """
    if not body.lines:
        return articles_of(body, amount_minor)
    return tuple(_named(line, line.amount_minor - line.discount_minor) for line in body.lines)


def as_booked(sale: Activity) -> tuple[Article, ...]:
    """The lines by which a sale was told when it was booked, in the currency it was paid in."""
    paid, lines = sale.body.paid_in, sale.body.lines
    if not lines:
        return articles_of(sale.body, pieces_sold(sale)[0])
    if paid is None or not paid.lines:
        return anew(sale.body, sale.amount_minor)
    both = zip(lines, paid.lines, strict=True)
    return tuple(_named(line, cost - off) for line, (cost, off, _) in both)


def stand_as_booked(booked: Sequence[Article], told: Sequence[Article]) -> bool:
    """Whether each line is told where it was booked, and as it was; an article may have another
    number by now, but none that another line was booked with."""
    had, has = {_id(one) for one in booked}, {_id(one) for one in told}
    return len(booked) == len(told) and all(
        (one.quantity, one.net_minor) == (now.quantity, now.net_minor)
        and (_id(one) == _id(now) or (_id(one) not in has and _id(now) not in had))
        for one, now in zip(booked, told, strict=True)
    )


def in_lines_as_booked(
    sale: Sale, told: Sequence[Article], returned: Sequence[ReturnedLine]
) -> tuple[ReturnedLine, ...]:
    """What came back, in the lines of the sale as it was booked.

    A line is known by its article, and by its name where it has no number. Of an article of which
    there are more pieces by now, those that were booked come back first.
    Example: of 3 teas that were booked, and a cup that was added, a tea and the cup come back: it
    is one tea. Of 4 teas by now, of which 3 were booked, two come back twice: it is two, and one.
    Faults: TooMuchReturned; Unmatched where nobody can say which lines these are, or where none of
    these pieces was booked.
    """
    check(told, returned)
    booked = as_booked(sale.activity)
    back = sale.steps.returned or (0,) * len(booked)
    left = [one.quantity - gone for one, gone in zip(booked, back, strict=True)]
    if is_whole(told, returned):
        found = {line: many for line, many in enumerate(left) if many}
        if not found:
            says = "everything of this sale came back already"
            raise TooMuchReturned(says, field="/sale", left=0)
        return parts_of(found)
    found = {}
    for place, part in enumerate(returned):
        _take(found, left, part, (place, _lines_of(booked, told, part.line, place), booked, told))
    if not found:
        raise Unmatched(_ADDED, field="/returned", mend="Leave it as it is")
    return parts_of(found)


def _take(
    found: dict[int, int],
    left: list[int],
    part: ReturnedLine,
    where: tuple[int, list[int], Sequence[Article], Sequence[Article]],
) -> None:
    """Take so many of these lines as are left. Faults: TooMuchReturned, unless pieces of them were
    put on the order since."""
    place, lines, booked, told = where
    wanted = part.quantity
    for line in lines:
        if now := min(wanted, left[line]):
            left[line], wanted = left[line] - now, wanted - now
            found[line] = found.get(line, 0) + now
    theirs = pieces_of(one for one in told if _id(one) == _id(told[part.line]))
    if wanted and lines and theirs <= pieces_of(booked[line] for line in lines):
        says = f"only {part.quantity - wanted} of these pieces can still come back"
        pointer = f"/returned/{place}/quantity"
        raise TooMuchReturned(says, field=pointer, left=part.quantity - wanted)


def _lines_of(booked: Sequence[Article], told: Sequence[Article], at: int, place: int) -> list[int]:
    """Which lines of what was booked are this one; none where it was put on the order since.

    Faults: Unmatched, rather than guess.
    """
    meant, field = told[at], f"/returned/{place}/line"
    if _is_amount(booked):
        if not _is_amount(told):
            raise Unmatched(_ONE_AMOUNT, field=field, mend=BY_HAND)
        return [0]
    same = [line for line, one in enumerate(booked) if _id(meant) and _id(one) == _id(meant)]
    theirs = [one for one in told if _id(one) == _id(meant)]
    mine = [booked[line] for line in same]
    if len(mine) == len(theirs) == 1 or (mine and pieces_of(mine) == pieces_of(theirs)):
        return sorted(same, key=lambda line: not alike(booked[line], meant))
    equal = [line for line in same if booked[line] == meant]
    if equal and len(equal) == theirs.count(meant):
        return equal
    others = mine or booked
    if _id(meant) and not equal and all(_still(one, mine, told) for one in others):
        return []
    raise Unmatched(_OTHERS, field=field, mend=BY_HAND)


def _still(one: Article, mine: Sequence[Article], told: Sequence[Article]) -> bool:
    """Whether what was booked is still told: as it is where the article has several lines; else
    the article."""
    if mine:
        return told.count(one) == mine.count(one)
    return bool(_id(one)) and any(_id(now) == _id(one) for now in told)


def _is_amount(lines: Sequence[Article]) -> bool:
    """Whether this is a sale that was told as one amount: its pieces are minor units."""
    only = lines[0] if len(lines) == 1 else None
    return only is not None and not _id(only) and only.quantity == max(only.net_minor, 1)


def _named(line: Line, net_minor: int) -> Article:
    name = "" if line.sku else line.name
    known_by = blake2b(name.encode(), digest_size=4).hexdigest() if name else ""
    return Article(line.sku, line.quantity, net_minor, known_by)


def _id(one: Article) -> tuple[str, str] | None:
    return (one.sku, one.name) if one.sku or one.name else None
