"""What came back of a sale whose lines its return tells by another source's words.

A till told a sale as one amount, or its lines in another order; the web shop told the same sale
with lines of its own, and names those when pieces come back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from msgspec import Struct

from regulars.base.faults import Invalid
from regulars.engine.returning.sale import Sale, TooMuchReturned, pieces_sold
from regulars.records.activity.types import Body, Line, ReturnedLine


class Article(Struct, frozen=True, array_like=True, omit_defaults=True):
    """A line as another source told it: its article number, how many pieces, and what they came to
    after its own discount."""

    sku: str
    quantity: int
    net_minor: int
    name: str = ""
    """A digest, of a line without a number, where its own source tells it otherwise by now."""


class Unmatched(Invalid):
    """Nobody can say which lines that were booked came back: somebody looks at it."""


BY_HAND: Final = "Correct the member's points by hand for what came back"


def articles_of(body: Body, amount_minor: int) -> tuple[Article, ...]:
    """The lines of a sale; of one that was told as one amount a line of minor units."""
    if not body.lines:
        return (Article("", max(amount_minor, 1), amount_minor),)
    return tuple(_article(line) for line in body.lines)


def _article(line: Line) -> Article:
    return Article(line.sku, line.quantity, line.amount_minor - line.discount_minor)


def in_its_lines(
    sale: Sale, told: Sequence[Article], returned: Sequence[ReturnedLine]
) -> tuple[ReturnedLine, ...]:
    """What came back, in the lines of the sale as it was booked.

    Of a sale that was booked as one amount it is their share of it; else the lines of the same
    article, where both sold as many of it, or the one line of the same pieces and amount. What was
    booked is never guessed at: of anything else nothing comes back by itself.
    Keeps: the same for these pieces whatever came back before, so that the books are the same in
    whichever order returns come.
    Rounding: here, of each part up to a whole minor unit, and never more than is left: a sale that
    comes back piece by piece is back whole.
    Faults: TooMuchReturned; Unmatched where nobody can say which lines these are.
    """
    check(told, returned)
    if not sale.activity.body.lines:
        return _as_amount(sale, told, returned)
    return _as_lines(sale, told, returned)


def check(told: Sequence[Article], returned: Sequence[ReturnedLine]) -> None:
    """No more comes back of a line than its source sold. Faults: TooMuchReturned."""
    back = [0] * len(told)
    for place, part in enumerate(returned):
        if part.line >= len(told):
            says = f"its source told {len(told)} lines of the sale, counted from 0"
            raise TooMuchReturned(says, field=f"/returned/{place}/line")
        back[part.line] += part.quantity
        sold = told[part.line].quantity
        if back[part.line] > sold:
            says = f"its source sold {sold} of these"
            raise TooMuchReturned(says, field=f"/returned/{place}/quantity")


def _as_amount(
    sale: Sale, told: Sequence[Article], returned: Sequence[ReturnedLine]
) -> tuple[ReturnedLine, ...]:
    (whole,), (back,) = pieces_sold(sale.activity), sale.steps.returned or (0,)
    came = sum(one.net_minor for one in told)
    wanted = 0
    for part in returned:
        line = told[part.line]
        share = (line.net_minor, came * line.quantity) if came else (1, pieces_of(told))
        wanted += -(-whole * share[0] * part.quantity // share[1])
    if wanted == 0:
        says = "what came back cost nothing, so there is nothing to take back"
        raise Unmatched(says, field="/returned", mend="Leave it as it is")
    if back == whole:
        says = "everything of this sale came back already"
        raise TooMuchReturned(says, field="/sale", left=0)
    return (ReturnedLine(0, min(wanted, whole - back)),)


def _as_lines(
    sale: Sale, told: Sequence[Article], returned: Sequence[ReturnedLine]
) -> tuple[ReturnedLine, ...]:
    booked = [_article(line) for line in sale.activity.body.lines]
    back = list(sale.steps.returned or (0,) * len(booked))
    found: dict[int, int] = {}
    if is_whole(told, returned):
        found = {
            line: left for line, one in enumerate(booked) if (left := one.quantity - back[line])
        }
        if not found:
            says = "everything of this sale came back already"
            raise TooMuchReturned(says, field="/sale", left=0)
        return parts_of(found)
    for place, part in enumerate(returned):
        left = part.quantity
        for line in _lines_of(booked, told, part.line, place):
            now = min(left, booked[line].quantity - back[line])
            if now:
                back[line], left = back[line] + now, left - now
                found[line] = found.get(line, 0) + now
        if left:
            says = f"only {part.quantity - left} of these pieces can still come back"
            pointer = f"/returned/{place}/quantity"
            raise TooMuchReturned(says, field=pointer, left=part.quantity - left)
    return parts_of(found)


def is_whole(told: Sequence[Article], returned: Sequence[ReturnedLine]) -> bool:
    """Whether all of it came back at once: then it is all of it, by whichever lines."""
    back = [0] * len(told)
    for part in returned:
        back[part.line] += part.quantity
    return back == [one.quantity for one in told]


def parts_of(found: Mapping[int, int]) -> tuple[ReturnedLine, ...]:
    """So many pieces of each line, in the order of the lines."""
    return tuple(ReturnedLine(line, many) for line, many in sorted(found.items()))


def _lines_of(booked: Sequence[Article], told: Sequence[Article], at: int, place: int) -> list[int]:
    """Which lines of what was booked are this one. Faults: Unmatched."""
    meant = told[at]
    theirs = [one for one in told if one.sku == meant.sku]
    same = [line for line, one in enumerate(booked) if meant.sku and one.sku == meant.sku]
    if same and pieces_of(booked[line] for line in same) == pieces_of(theirs):
        # Of several lines of one article the one that cost as much comes first.
        return sorted(same, key=lambda line: not alike(booked[line], meant))
    equal = [line for line, one in enumerate(booked) if alike(one, meant)]
    if len(equal) == 1 and sum(alike(one, meant) for one in told) == 1 and not same:
        return equal
    raise Unmatched(
        "another source told this sale first, with other lines, so nobody can say what came back "
        "of it; what was booked stands",
        field=f"/returned/{place}/line",
        mend=BY_HAND,
    )


def alike(one: Article, other: Article) -> bool:
    """Whether so many pieces cost as much, and may be of one article."""
    both = (one.sku, other.sku)
    return (one.quantity, one.net_minor) == (other.quantity, other.net_minor) and (
        "" in both or both[0] == both[1]
    )


def pieces_of(lines: Iterable[Article]) -> int:
    """How many pieces these lines have together."""
    return sum(one.quantity for one in lines)
