"""What an activity must be before anybody decides about it; each fault names the field."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from regulars.base.faults import Fault, Invalid
from regulars.base.money import LARGEST
from regulars.records.activity.types import Body, Line

EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
AHEAD: Final = timedelta(days=1)
"""How far ahead of our clock something may have happened: clocks and zones of tills differ."""
UNDECIDED: Final = AHEAD + timedelta(minutes=10)
"""Of a version that begins later than so from now nobody can have decided anything, whatever their
clock says and however long they took."""
MOST_LINES: Final = 1_000
MOST_DETAILS: Final = 50
KINDS_WITH_LINES: Final = ("purchase",)


def bad_time(occurred_at: datetime | None, now: datetime) -> Fault | None:
    """A moment before 1970, or more than a day from now."""
    if occurred_at is None or EARLIEST <= occurred_at <= now + AHEAD:
        return None
    if occurred_at < EARLIEST:
        says = "it happened before 1970; check the year"
    else:
        says = "it lies more than a day ahead; check the till's clock and zone"
    return Invalid(says, field="/occurred_at")


def amount_of(kind: str, amount_minor: int | None, body: Body) -> int | Fault:
    """What an activity came to: of a purchase with lines their sum, else what was said.

    Faults: a purchase without amount, amounts that contradict its lines, discounts above what
    they take off, sums above 2^53-1, lines on anything but a purchase.
    """
    if kind != "purchase":
        return _no_sale(kind, amount_minor, body)
    if not body.lines:
        if amount_minor is None:
            return Invalid("a purchase needs an amount or lines", field="/amount")
        return amount_minor
    total = _total(body)
    wrong = bad_lines(body.lines) or _sums(amount_minor, total, body)
    return wrong or total


def _total(body: Body) -> int:
    net = sum([line.amount_minor - line.discount_minor for line in body.lines])
    return net - body.order_discount_minor + body.shipping_minor + body.tips_minor


def _sums(amount_minor: int | None, total: int, body: Body) -> Fault | None:
    if total < body.shipping_minor + body.tips_minor:
        return Invalid("the discount is more than the lines come to", field="/order_discount")
    if total > LARGEST:
        return Invalid("the lines come to more than 2^53-1 minor units", field="/lines")
    if amount_minor is not None and amount_minor != total:
        return Invalid(
            f"the amount says {amount_minor}, the lines less discount plus shipping and tips "
            f"come to {total}; leave the amount out or mend one of them",
            field="/amount",
            expected=total,
        )
    paid = sum([payment.amount_minor for payment in body.payments])
    if paid > total:
        return Invalid(f"the payments come to {paid}, more than {total}", field="/payments")
    return None


def _no_sale(kind: str, amount_minor: int | None, body: Body) -> int | Fault:
    if body.lines or body.payments:
        return Invalid(f"only a purchase has lines and payments, not a {kind}", field="/lines")
    if kind == "return" and amount_minor is not None:
        return Invalid("a return names lines of its sale, not an amount", field="/amount")
    return amount_minor or 0


def bad_lines(lines: Sequence[Line]) -> Fault | None:
    """Lines that cannot be: too many of them, discounts and tax above what they came to."""
    if len(lines) > MOST_LINES:
        return Invalid(f"at most {MOST_LINES} lines in one activity", field="/lines")
    for place, line in enumerate(lines):
        if line.discount_minor > line.amount_minor:
            return Invalid(
                "the discount is more than the line came to", field=f"/lines/{place}/discount"
            )
        if line.tax_minor > line.amount_minor - line.discount_minor:
            return Invalid(
                "the tax is more than what remains of the line", field=f"/lines/{place}/tax"
            )
        if line.free > line.quantity:
            says = f"the line has {line.quantity} pieces, so no more are free"
            return Invalid(says, field=f"/lines/{place}/free")
        if (line.free == 0) != (line.redemption is None):
            says = "a redemption makes pieces free: say how many, and which redemption"
            return Invalid(says, field=f"/lines/{place}/redemption")
    return None
