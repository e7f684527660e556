"""Codes told with deeds decided again: one that went to something else gives nothing."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from regulars.engine.returning.sale import Sale
from regulars.engine.terms import Version
from regulars.records.activity.types import CODE, CODE_OF


class Over(NamedTuple):
    """Why a code is good no more, as its trail says it, and since when."""

    why: str
    at: datetime


def told_with(sale: Sale) -> str:
    """The code of a reward that was told with a deed and counted; empty where none did."""
    details = sale.activity.body.details
    whose = details.get(CODE_OF)
    counted = isinstance(whose, str) and not whose.startswith("!")
    return str(details.get(CODE, "")) if counted else ""


def gave_for_code(version: Version, sale: Sale) -> bool:
    """Whether a rule that asks for the code of a deed gives something for it."""
    whose = str(sale.activity.body.details.get(CODE_OF))
    asking = version.compiled.codes.get(whose, ())
    given = zip(version.compiled.rules, sale.steps.given, strict=True)
    return any(points for rule, points in given if rule in asking)


def as_good(version: Version, sale: Sale, over: dict[str, Over]) -> None:
    """See a deed with its code as it is good by now, before it is decided again.

    Keeps: what gave for it has it, whatever became of the code; and a deed that had used it up
    once (at its own instant) may have it again.
    """
    known = over.get(told_with(sale)) if over else None
    if known is None or known.at == sale.activity.occurred_at or gave_for_code(version, sale):
        return
    sale.steps = replace(sale.steps, code_of=known.why)


def now_over(version: Version, sale: Sale, over: dict[str, Over]) -> None:
    """A deed that gives for its code by now has used it up, for whatever is decided after it."""
    told = told_with(sale) if version.compiled.codes else ""
    if told and gave_for_code(version, sale):
        over.setdefault(told, Over("!code_used", sale.activity.occurred_at))
