"""What a ladder counts: by its second measure, and when two of them are alike."""

from __future__ import annotations

from msgspec.structs import replace

from regulars.records.program.types import Tiers


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


def remembers(tiers: Tiers, ladder: str) -> bool:
    """Whether a ladder has to know what counted before it came back: a further one is worked out
    from what counts, where the tiers keep what they decided."""
    return bool(ladder) and tiers.returned_credit == "at_period_end"


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
