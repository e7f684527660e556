"""What the measures of a ladder are called, and where the file says them."""

from __future__ import annotations

from collections.abc import Iterator

from regulars.records.program.parts.ladders import Measure, Tiers
from regulars.records.program.problems import Path


def measures_of(tiers: Tiers) -> Iterator[tuple[Path, Tiers | Measure]]:
    """What a ladder counts, each with its place in the file: one measure, or two."""
    yield ("tiers",), tiers
    if tiers.or_by is not None:
        yield ("tiers", "or_by"), tiers.or_by


def counted_as(measure: Tiers | Measure) -> str:
    """The name of what is counted: measures of one name count the same.

    Example: `spend:standard`, `status:stars`, `activities:review+visit`.
    """
    what = measure.wallet or measure.qualifying
    if measure.measure == "activities":
        what = "+".join(sorted(measure.kinds))
    return f"{measure.measure}:{what}"
