"""A version as one of its ladders sees it, by one of its measures, so that each is asked alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from regulars.engine.compiling.compile import ladder_asks
from regulars.engine.compiling.counters import credit_name
from regulars.engine.ladder.measuring import by_other
from regulars.records.program.parts.measuring import as_tiers

if TYPE_CHECKING:
    from regulars.engine.terms import Version

Codes = Mapping[tuple[str, str], int]


def with_views(version: Version, codes: Codes) -> Version:
    """A version with its ladder by the second measure, and with its further ladders, beside it."""
    further = {name: _further(version, name, codes) for name in version.program.ladders}
    return replace(_doubled(version, "", codes), further=further)


def _doubled(version: Version, name: str, codes: Codes) -> Version:
    tiers = version.program.tiers
    if tiers is None or tiers.or_by is None:
        return version
    ladder, compiled = by_other(tiers), version.compiled
    other = replace(
        version,
        program=replace(version.program, tiers=ladder),
        # For life a step is kept by the first measure only.
        compiled=replace(compiled, tier_at=compiled.or_at, for_life_at=()),
        credit_counter=codes["counter", credit_name(ladder, name)],
        secondary=True,
    )
    return replace(version, other=other)


def _further(version: Version, name: str, codes: Codes) -> Version:
    tiers = as_tiers(version.program.ladders[name])
    view = replace(
        version,
        program=replace(version.program, tiers=tiers),
        compiled=replace(version.compiled, **ladder_asks(version.program, tiers)),
        credit_counter=codes["counter", credit_name(tiers, name)],
        ladder=name,
        # Where somebody stands follows from today's terms: nothing of before is brought over.
        elsewhere={},
        begins=None,
    )
    return _doubled(view, name, codes)
