"""What tiers of other versions are worth on a ladder that does not have them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from regulars.engine.ladder.measuring import measures

if TYPE_CHECKING:
    from regulars.engine.terms import Version


def elsewhere(version: Version, versions: Sequence[Version]) -> dict[str, int]:
    """What tiers of other ladders are worth here: the highest step that takes no more.

    Order: a destination that was stated for a removed tier comes first, the newest word of all.
    Where several versions name a tier, the last one says what it took. A ladder that measures
    something else cannot be compared; its tiers are worth the step at 0, if there is one.
    """
    tiers, compiled = version.program.tiers, version.compiled
    worth = {}
    for other in versions:
        theirs = other.program.tiers
        if tiers is None or theirs is None:
            continue
        same = measures(tiers) == measures(theirs)
        for name, at in zip(other.compiled.tiers, other.compiled.tier_at, strict=True):
            if name not in compiled.tiers:
                worth[name] = compiled.tier_of(at if same else 0)
    return worth | _stated(version, versions)


def _stated(version: Version, versions: Sequence[Version]) -> dict[str, int]:
    """The steps that were named for tiers that are no more, by this version and those before it."""
    ladder = version.compiled.tiers
    worth = {name: place for place, name in enumerate(ladder, 1)}
    place = next(n for n, one in enumerate(versions) if one is version)
    for one in reversed(versions[: place + 1]):
        for name, goes_to in one.program.changeover.removed.items():
            if goes_to in worth:
                worth.setdefault(name, worth[goes_to])
    return {name: step for name, step in worth.items() if name not in ladder}
