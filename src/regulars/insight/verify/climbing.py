"""On which ladders somebody may climb by doing nothing, as the checks judge it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from regulars.base.decimals import units
from regulars.base.money import decimals
from regulars.records.program.types import Ladder, Measure, Program, Tiers

if TYPE_CHECKING:
    from regulars.insight.verify.facts import Terms


def later(known: Mapping[tuple[int, int], Terms]) -> Iterator[dict[str, Any]]:
    """Ladders on which somebody may climb by doing nothing, and always could.

    Their steps are said where they were never others, and a window has a first day.
    """
    found: dict[int, set[tuple[Any, ...]]] = {}
    steps: dict[int, set[tuple[Any, ...]]] = {}
    for (program_id, _), terms in known.items():
        tiers, zone = terms.program.tiers, terms.program.zone
        at_end = tiers is not None and tiers.reached == "at_window_end"
        waits = tiers is not None and (at_end or tiers.credit_after_days > 0)
        window = tiers.window if tiers is not None and waits else ""
        counters = (terms.credit_counter, terms.other_credit)
        steps.setdefault(program_id, set()).add(_steps_of(terms.program))
        found.setdefault(program_id, set()).add((counters, zone, at_end, window))
    for program_id, said in found.items():
        ((counters, zone, at_end, window), *others) = said
        (by_counter, *other_steps) = steps[program_id]
        told = not other_steps and window in ("calendar_year", "anniversary")
        for place, counter in enumerate(counters if window and not others else ()):
            yield {
                "steps": by_counter[place] if told else [],
                "program_id": program_id,
                "counter": counter,
                "zone": zone,
                "at_end": at_end,
                "anniversary": window == "anniversary",
            }


def of_ladders(
    program: Program, codes: Mapping[tuple[str, str], int], what: str
) -> dict[str, tuple[int, int]]:
    """Two counters of each further ladder, by its name: one for each measure."""
    names = {
        name: [credit_name(one, by).replace("credit", what, 1) for by in (one, one.or_by)]
        for name, one in program.ladders.items()
    }
    return {
        name: (
            codes.get(("counter", f"{first}:{name}"), 0),
            codes.get(("counter", f"{other}:{name}"), 0),
        )
        for name, (first, other) in names.items()
    }


def credit_name(ladder: Tiers | Ladder | None, by: Tiers | Ladder | Measure | None) -> str:
    """The name of the counter of a ladder's credit by one of its measures; nothing without."""
    if ladder is None or by is None:
        return ""
    what = "+".join(sorted(by.kinds)) if by.measure == "activities" else by.wallet
    return f"credit:{by.measure}:{what or by.qualifying}:{ladder.window}"


def _steps_of(program: Program) -> tuple[Any, ...]:
    """The steps that credit alone reaches, by each of two measures: place and what it takes."""
    tiers = program.tiers
    if tiers is None:
        return (), ()
    places = [(n, step) for n, step in enumerate(tiers.steps, 1) if step.by == "credit"]
    first, other = tiers, tiers.or_by
    return (
        tuple((n, units(step.at, _scale(program, first))) for n, step in places),
        tuple(
            (n, units(step.or_at, _scale(program, other)))
            for n, step in places
            if other is not None and step.or_at is not None
        ),
    )


def _scale(program: Program, by: Tiers | Measure) -> int:
    if by.measure == "spend":
        return decimals(program.currency)
    return 0 if by.wallet is None else program.wallets[by.wallet].scale
