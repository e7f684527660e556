"""A month of a shop: its lines, each beside the month before and the year before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final, Literal, get_args

from msgspec import Struct

from regulars.insight.estimators.asking.shares import Share, difference, share
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.metrics.buying import with_time
from regulars.insight.metrics.figures import Figure
from regulars.insight.metrics.spans import Span, compared, following, months_on

LineId = Literal[
    "active_members", "joined", "orders", "net_minor", "period_retention", "repeat_rate",
    "second_order_90", "points_issued", "points_redeemed", "outstanding",
]  # fmt: skip
LINES: Final[tuple[LineId, ...]] = get_args(LineId)
Change = Literal["up", "down", "chance", "more", "less", "same", "unknown"]
"""`up` and `down` are more than chance brings, `chance` is not; `more` and `less` are counted and
stand for nothing but themselves; `unknown` where either month says nothing."""
COUNTED: Final = frozenset({"active_members", "joined"})
"""Counts of people who decide each for themselves: of these it is asked whether chance does it."""
SHARES: Final = frozenset({"period_retention", "repeat_rate", "second_order_90"})

AGE_MONTHS: Final = 3


class Line(Struct, frozen=True):
    """One thing of the month, the same of the month before and of the year before; nothing where
    the books did not know the whole of that month."""

    id: LineId
    now: Figure
    last: Figure | None
    year: Figure | None

    @property
    def against_last(self) -> Change:
        """How it differs from the month before."""
        return changed(self.id, self.now, self.last)

    @property
    def against_year(self) -> Change:
        """How it differs from the same month a year ago."""
        return changed(self.id, self.now, self.year)


class Around(Struct, frozen=True):
    """What lies about as the page is made, of which steps are taken."""

    slipping: int = 0
    """Members who slip away and whom nobody has looked after."""
    lapsing: int = 0
    """Units of the wallet that lapse before the month after next begins."""
    experiments: int = 0
    """Experiments that run."""
    settled: str = ""
    """The title of one that may be ended; nothing where there is none."""
    members: int = 0
    known_from: date | None = None
    """The day of the first order of all."""
    named: Figure | None = None
    """The members' part of all purchases of the month."""
    rewarded: Figure | None = None
    """Of who joined in the month, who has had a reward."""
    worth_minor: int = 0
    """What outstanding points would cost if all were redeemed; 0 where the program says nothing."""


class Month(Struct, frozen=True):
    """A month as it stood when it was looked at."""

    span: Span
    lines: tuple[Line, ...]
    around: Around
    whole: bool
    """Whether it has ended."""

    def line(self, id_: LineId) -> Line:
        """One of its lines."""
        return next(one for one in self.lines if one.id == id_)


def spans_of(first_on: date) -> tuple[Span, Span, Span]:
    """The month that begins on this day, the one before, and the same a year ago.

    Example: of January 2026, December 2025 and January 2025.
    """
    span = Span(first_on, following(first_on, "month"))
    return span, compared(span, "previous"), compared(span, "year")


def first_bought(span: Span) -> Span:
    """The month whose first buyers had 90 days by the end of this one: three months before. Of the
    month itself, and of the one before it, nobody had them.

    Example: the page of November says how many of those who first bought in August came again.
    """
    since = months_on(span.from_on, -AGE_MONTHS)
    return Span(since, following(since, "month"))


def first_in_time(span: Span, today: date) -> Span | None:
    """Those days of that month whose first buyers had 90 days by the end of this one, whenever its
    page is read; None while nobody had.

    Example: who first bought on 31 January has until 1 May where February has 28 days: of April
    they are left out, on 1 May as in June.
    """
    return with_time(first_bought(span), min(today, span.until_on))


def is_known(span: Span, known_from: date | None) -> bool:
    """Whether the books knew a whole span: a month in whose middle they begin says too little.

    Example: with a first order on 14 March nothing is compared with March, but with April.
    """
    return known_from is not None and known_from <= span.from_on


def lines_of(
    now: Mapping[str, Figure], last: Mapping[str, Figure] | None,
    year: Mapping[str, Figure] | None,
) -> tuple[Line, ...]:  # fmt: skip
    """Every line, in the order of the page."""
    return tuple(
        Line(id_, now[id_], last[id_] if last else None, year[id_] if year else None)
        for id_ in LINES
    )


def changed(id_: LineId, now: Figure, then: Figure | None) -> Change:
    """What a difference is.

    Shares are compared by Newcombe's interval of their difference, counts of people by Wilson's
    of one count among both, beside the days of each.
    Source: Newcombe (1998), Interval estimation for the difference between independent
    proportions, method 10. Assumes: people of the two months are others; those who are the same
    make differences rather more certain than is said.
    Example: 12 buyers after 10 are chance, 1,200 after 1,000 are not.
    """
    if then is None or now.value is None or then.value is None:
        return "unknown"
    if id_ in SHARES:
        return _shares(now, then)
    if now.value == then.value:
        return "same"
    if id_ in COUNTED:
        return _counts(now, then)
    return "more" if now.value > then.value else "less"


def _shares(now: Figure, then: Figure) -> Change:
    found = difference(_share(now), _share(then))
    if isinstance(found, NotEnough):
        return "unknown"
    if found.low > 0:
        return "up"
    return "down" if found.high < 0 else "chance"


def _share(one: Figure) -> Share:
    return share(one.part or 0, one.whole or 0)


def _counts(now: Figure, then: Figure) -> Change:
    part, other = round(now.value or 0), round(then.value or 0)
    expected = now.span.days / (now.span.days + then.span.days)
    found = share(part, part + other)
    if found.low > expected:
        return "up"
    return "down" if found.high < expected else "chance"
