"""The totals in words and columns, for the terminal and the page alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from msgspec import Struct

from regulars.surfaces.connect.retail.tally import Totals

LOCALE: Final = "en_GB"


class Ran(Struct, frozen=True):
    """What differs from run to run, and whether the books are right."""

    called: str
    seconds: Mapping[str, float]
    per_second: int
    replayed: int
    checks: int
    violations: int


class Section(Struct, frozen=True):
    """One table of the result: a sentence, headings, rows; all but the first column are numbers."""

    title: str
    says: str
    headings: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    words: int = 1
    """So many columns from the left are words."""


def sections(totals: Totals, ran: Ran) -> list[Section]:
    """The whole result in the order in which it is read."""
    return [
        _lines(totals),
        _members(totals),
        _points(totals),
        _tiers(totals),
        _rules(totals),
        _top(totals),
        _parked(totals),
        *([_refused(totals)] if totals.refused else []),
        _run(totals, ran),
    ]


def headline(totals: Totals, ran: Ran) -> str:
    """The result in two sentences."""
    right = "Every line was taken and the books are right"
    if totals.refused:
        right = f"{number(sum(totals.refused.values()))} activities were refused"
    elif ran.violations:
        right = f"The books are wrong in {number(ran.violations)} places"
    return (
        f"{number(totals.lines)} lines of {ran.called}, {day(totals.first_on)} to "
        f"{day(totals.last_on)}: {number(totals.members)} members earned "
        f"{number(totals.earned)} points and gave {number(totals.taken_back)} back. {right}."
    )


def number(count: int) -> str:
    """A whole number with its thousands apart."""
    return str(format_decimal(count, locale=LOCALE))


def money(minor: int, currency: str) -> str:
    """Pence as people write money."""
    return str(format_currency(Decimal(minor).scaleb(-2), currency, locale=LOCALE))


def day(on: date) -> str:
    """A day with its month in words."""
    return str(format_date(on, "d MMMM y", locale=LOCALE))


def _lines(totals: Totals) -> Section:
    nobody_back = sum(p.lines for p in totals.parked if p.why == "nobody")
    no_sale, came_back = totals.without_sale_lines, _lines_of(totals, "came_back")
    rows = [
        ("Lines in the file", totals.lines),
        ("  of them without a member", totals.nobody_lines),
        ("Sold to members", totals.sale_lines - totals.sold_to_nobody_lines),
        ("Sold to nobody we know", totals.sold_to_nobody_lines),
        ("Brought back by members", totals.member_return_lines),
        ("  taken back from their sale", totals.returned_lines),
        ("  parked: no sale found", no_sale),
        ("  parked: the pieces had come back already", came_back),
        ("Written off, or brought back by nobody we know: parked", nobody_back),
        ("Corrections of the books, kept without points", totals.correction_lines),
        ("Free of charge (a price of nothing)", totals.free_lines),
        ("With a fraction of a penny, rounded once", totals.rounded_lines),
    ]
    says = (
        f"Of {number(totals.member_return_lines)} return lines with a member "
        f"{number(no_sale)} find no earlier sale."
    )
    return _counts("Lines", says, rows)


def _members(totals: Totals) -> Section:
    currency = totals.currency
    rows = [
        ("Members", number(totals.members)),
        ("Their baskets (member and minute)", number(totals.baskets)),
        ("Their returns, one per sale", number(totals.returns)),
        ("Sales to nobody", number(totals.sales_to_nobody)),
        ("Sold to members", money(totals.sold_minor, currency)),
        ("Taken back from members", money(totals.returned_minor, currency)),
        ("Sold to nobody", money(totals.sold_to_nobody_minor, currency)),
    ]
    says = "Whoever has a number in the file is a member from their first line on."
    return Section("Members and sales", says, ("", "Total"), rows)


def _points(totals: Totals) -> Section:
    rows = [
        ("Earned", totals.earned),
        ("Taken back with returns", totals.taken_back),
        ("Held by members at the end of the file", totals.points),
    ]
    says = (
        f"As of {day(totals.last_on)}: no points had lapsed by then, and what lapses by "
        "today's clock is left out."
    )
    return _counts("Points", says, rows)


def _tiers(totals: Totals) -> Section:
    rows = [(name, number(count)) for name, count in totals.tiers.items()]
    return Section("Tiers", "Where members stand at the end.", ("Tier", "Members"), rows)


def _rules(totals: Totals) -> Section:
    rows = [
        (rule.says, number(rule.times), number(rule.points), number(rule.taken_back))
        for rule in totals.rules
    ]
    headings = ("Rule", "Times", "Points given", "Taken back")
    return Section("Rules that fired", "How often each rule gave points.", headings, rows)


def _top(totals: Totals) -> Section:
    rows = [
        (m.member, m.tier, number(m.points), money(m.spent_minor, totals.currency))
        for m in totals.top
    ]
    says = "By points; members are named by the shop's own number only."
    return Section("Top members", says, ("Member", "Tier", "Points", "Spent"), rows, words=2)


def _parked(totals: Totals) -> Section:
    rows = [(p.says, "; ".join(p.examples), number(p.lines)) for p in totals.parked]
    says = (
        "A return without a sale takes nothing back. It is recorded and waits for a receipt "
        "that the file does not have."
    )
    headings = ("Why", "Such as", "Lines")
    return Section("Parked lines and why", says, headings, rows, words=2)


def _refused(totals: Totals) -> Section:
    rows = [(said, number(count)) for said, count in totals.refused.items()]
    says = "These activities were not recorded."
    return Section("Refused", says, ("What was said", "Activities"), rows)


def _run(totals: Totals, ran: Ran) -> Section:
    rows = [
        ("Activities", number(totals.activities)),
        ("  told by an earlier run already", number(ran.replayed)),
        ("Activities a second while recording", number(ran.per_second)),
        *((f"Seconds {stage}", f"{taken:.1f}") for stage, taken in ran.seconds.items()),
        ("Seconds in all", f"{sum(ran.seconds.values()):.1f}"),
        ("Checks of the books", number(ran.checks)),
        ("Violations", number(ran.violations)),
    ]
    says = (
        f"`regulars verify` ends at {number(ran.violations)}. "
        "Every other table is the same on every run."
    )
    return Section("This run", says, ("", "Total"), rows)


def _counts(title: str, says: str, rows: list[tuple[str, int]]) -> Section:
    return Section(title, says, ("", "Total"), [(name, number(count)) for name, count in rows])


def _lines_of(totals: Totals, why: str) -> int:
    return sum(parked.lines for parked in totals.parked if parked.why == why)
