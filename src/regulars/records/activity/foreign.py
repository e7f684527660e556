"""A sale in another currency: as it was told, and as it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from msgspec.structs import replace

from regulars.base.money import LARGEST
from regulars.records.activity.checks import amount_of
from regulars.records.activity.types import Body, Line, PaidIn, Payment


def kept(body: Body, amount_minor: int, currency: str, rate: Fraction) -> tuple[Body, int]:
    """A sale as it counts, and what it came to; how it was told stays beside it.

    Units: told in minor units of `currency`; `rate` is ours for one of theirs.
    Keeps: what it came to is rounded down once, and the lines (with shipping and tips) together,
    spread by largest remainder, so that parts add up as they did before.
    """
    nets = [line.amount_minor - line.discount_minor for line in body.lines]
    *lines, shipping, tips = _spread([*nets, body.shipping_minor, body.tips_minor], rate)
    amount = _down(amount_minor * rate)
    # A discount of all lines leaves shipping and tips: what was rounded up of those is not theirs.
    tips = min(tips, amount)
    shipping = min(shipping, amount - tips)
    told = PaidIn(
        currency=currency,
        amount_minor=amount_minor,
        counts=rate.numerator,
        per=rate.denominator,
        lines=tuple((one.amount_minor, one.discount_minor, one.tax_minor) for one in body.lines),
        over=(body.order_discount_minor, body.shipping_minor, body.tips_minor),
        payments=tuple(one.amount_minor for one in body.payments),
    )
    pairs = zip(body.lines, lines, strict=True)
    whole = replace(
        body,
        lines=tuple(_line(line, net, rate) for line, net in pairs),
        order_discount_minor=sum(lines) + shipping + tips - amount
        if body.lines
        else _down(body.order_discount_minor * rate),
        shipping_minor=shipping,
        tips_minor=tips,
        payments=tuple(
            replace(one, amount_minor=part)
            for one, part in zip(body.payments, _spread(told.payments, rate), strict=True)
        ),
        paid_in=told,
    )
    return whole, amount


def as_told(body: Body) -> tuple[Body, int]:
    """The sale in the currency in which it was paid, and what it came to there.

    Assumes: it was paid in another one.
    """
    told = body.paid_in
    assert told is not None, body
    discount, shipping, tips = told.over
    lines = [
        replace(line, amount_minor=amount, discount_minor=off, tax_minor=tax)
        for line, (amount, off, tax) in zip(body.lines, told.lines, strict=True)
    ]
    payments = [
        Payment(one.kind, amount, one.redemption)
        for one, amount in zip(body.payments, told.payments, strict=True)
    ]
    before = replace(
        body,
        lines=tuple(lines),
        order_discount_minor=discount,
        shipping_minor=shipping,
        tips_minor=tips,
        payments=tuple(payments),
        paid_in=None,
    )
    return before, told.amount_minor


def told_whole(kind: str, body: Body) -> bool:
    """Whether what was told in another currency is about the lines and payments that are kept, and
    could have been told: of a purchase, in amounts that agree with each other."""
    told = body.paid_in
    if told is None:
        return True
    about = (len(told.lines), len(told.payments)) == (len(body.lines), len(body.payments))
    known = len(told.currency) == 3 and told.currency.isascii() and told.currency.isupper()
    if kind != "purchase" or not about or not known or min(told.counts, told.per) < 1:
        return False
    parts = [*told.over, *told.payments, *(part for line in told.lines for part in line)]
    if any(not 0 <= part <= LARGEST for part in parts):
        return False
    before, amount = as_told(body)
    return amount_of(kind, amount, before) == amount


def too_large(body: Body, amount_minor: int, rate: Fraction) -> bool:
    """Whether a sale comes to more than is kept exactly, once it is counted in our currency."""
    parts = [amount_minor, *(line.amount_minor for line in body.lines)]
    parts += [body.shipping_minor, body.tips_minor, *(one.amount_minor for one in body.payments)]
    return max(parts) * rate > LARGEST or sum(parts) * rate > LARGEST


def _line(line: Line, net: int, rate: Fraction) -> Line:
    off = _down(line.discount_minor * rate)
    tax = min(_down(line.tax_minor * rate), net)
    return replace(line, amount_minor=net + off, discount_minor=off, tax_minor=tax)


def _spread(parts: Sequence[int], rate: Fraction) -> list[int]:
    """Each part at the rate, whole: together what all of it comes to, rounded down."""
    exact = [part * rate for part in parts]
    whole = [_down(one) for one in exact]
    order = sorted(range(len(parts)), key=lambda i: whole[i] - exact[i])
    for place in order[: _down(sum(exact, Fraction(0))) - sum(whole)]:
        whole[place] += 1
    return whole


def _down(exact: Fraction) -> int:
    return exact.numerator // exact.denominator
