"""What ladders count: the names of their counters, and when two of them are alike."""

from __future__ import annotations

from msgspec.structs import replace

from regulars.records.program.parts.measuring import counted_as, ladders_of
from regulars.records.program.types import Program, Tiers


def credit_name(tiers: Tiers, ladder: str = "") -> str:
    """The name of the counter of tier credit: what is counted by the same measure goes on.

    A further ladder has counters of its own, with its name behind.
    """
    return f"credit:{counted_as(tiers)}:{tiers.window}" + (f":{ladder}" if ladder else "")


def credit_names(program: Program) -> list[str]:
    """The counters of tier credit: of each ladder one, or two where it has two measures."""
    found = []
    for path, tiers in ladders_of(program):
        name = str(path[1]) if path[1:] else ""
        found.append(credit_name(tiers, name))
        if tiers.or_by is not None:
            found.append(credit_name(by_other(tiers), name))
    return found


def by_other(tiers: Tiers) -> Tiers:
    """A ladder as if it had its second measure only."""
    second = tiers.or_by
    assert second is not None, tiers
    return replace(
        tiers,
        measure=second.measure,
        qualifying=second.qualifying,
        wallet=second.wallet,
        kinds=second.kinds,
        or_by=None,
    )


def bare(tiers: Tiers | None) -> Tiers | None:
    """A ladder with nothing but what decides who stands where."""
    if tiers is None:
        return None
    steps = tuple(replace(step, name="", perks=()) for step in tiers.steps)
    # When something is told, and how long somebody has to say yes, decides no step.
    same = {"crossing_earns": "old_tier", "notice_days": 0, "accept_within_days": 1}
    return replace(tiers, steps=steps, **same)


def measures(tiers: Tiers) -> tuple[str, str | None, tuple[str, ...]]:
    """What a ladder counts first; the steps of two ladders compare only where that is the same."""
    return tiers.measure, tiers.wallet, tuple(sorted(tiers.kinds))
