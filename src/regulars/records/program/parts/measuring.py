"""The ladders of a program and what they count: where the file says it, and what it is called."""

from __future__ import annotations

from collections.abc import Iterator

from regulars.records.program.parts.ladders import Ladder, Measure, Tier, Tiers
from regulars.records.program.problems import Path
from regulars.records.program.types import Program

FRIEND = "friend-stayed"
"""The kind under which referrals tell of a friend who stayed."""


def ladders_of(program: Program) -> Iterator[tuple[Path, Tiers]]:
    """Every ladder with its place in the file: the tiers first, then those beside them."""
    if program.tiers is not None:
        yield ("tiers",), program.tiers
    for name, ladder in program.ladders.items():
        yield ("ladders", name), as_tiers(ladder)


def steps_of(program: Program) -> list[str]:
    """The names of all steps of all ladders."""
    return [step.id for _, tiers in ladders_of(program) for step in tiers.steps]


def names_of(program: Program) -> dict[str, str]:
    """What members read for each step of each ladder."""
    return {step.id: step.name or step.id for _, t in ladders_of(program) for step in t.steps}


def as_tiers(ladder: Ladder) -> Tiers:
    """A further ladder in the words of the first one."""
    steps = [Tier(s.id, s.at, s.name, s.perks, s.by, s.or_at, s.for_life_at) for s in ladder.steps]
    return Tiers(
        steps=tuple(steps),
        measure=ladder.measure,
        qualifying=ladder.qualifying,
        wallet=ladder.wallet,
        kinds=ladder.kinds,
        window=ladder.window,
        rolling_days=ladder.rolling_days,
        valid=ladder.valid,
        downgrade=ladder.downgrade,
        grace_days=ladder.grace_days,
        crossing_earns=ladder.crossing_earns,
        returned_credit=ladder.returned_credit,
        accept_within_days=ladder.accept_within_days,
        notice_days=ladder.notice_days,
        or_by=ladder.or_by,
        credit_after_days=ladder.credit_after_days,
        reached=ladder.reached,
    )


def measures_of(tiers: Tiers, path: Path = ("tiers",)) -> Iterator[tuple[Path, Tiers | Measure]]:
    """What a ladder counts, each with its place in the file: one measure, or two."""
    yield path, tiers
    if tiers.or_by is not None:
        yield (*path, "or_by"), tiers.or_by


def counted_as(measure: Tiers | Measure) -> str:
    """The name of what is counted: measures of one name count the same.

    Example: `spend:standard`, `status:stars`, `activities:review+visit`.
    """
    what = measure.wallet or measure.qualifying
    if measure.measure == "activities":
        what = "+".join(sorted(measure.kinds))
    return f"{measure.measure}:{what}"
