"""A version as one of its ladders sees it, by one of its measures, so that each is asked alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from regulars.engine.compiling.compile import ladder_asks
from regulars.engine.compiling.counters import back_name, credit_name
from regulars.engine.ladder.measuring import by_other, remembers
from regulars.records.program.parts.measuring import as_tiers
from regulars.records.program.types import Tiers

if TYPE_CHECKING:
    from regulars.engine.terms import Version

Codes = Mapping[tuple[str, str], int]


def doubled(version: Version, codes: Codes) -> Version:
    """A version, or a view, with its ladder by the second measure beside it."""
    tiers = version.program.tiers
    if tiers is None or tiers.or_by is None:
        return version
    ladder, compiled = by_other(tiers), version.compiled
    other = replace(
        version,
        program=replace(version.program, tiers=ladder),
        # For life a step is kept by the first measure only.
        compiled=replace(compiled, tier_at=compiled.or_at, for_life_at=()),
        credit_counter=codes["counter", credit_name(ladder, version.ladder)],
        back_counter=_back(ladder, version.ladder, codes),
        secondary=True,
    )
    return replace(version, other=other)


def _back(tiers: Tiers, ladder: str, codes: Codes) -> int:
    return codes["counter", back_name(tiers, ladder)] if remembers(tiers, ladder) else 0


def view_of(version: Version, name: str, codes: Codes) -> Version:
    """A version as if one of its further ladders were its tiers; of its past it knows nothing."""
    ladder = version.program.ladders[name]
    tiers = as_tiers(ladder)
    program = replace(version.program, tiers=tiers, changeover=ladder.changeover)
    return replace(
        version,
        program=program,
        compiled=replace(version.compiled, **ladder_asks(version.program, tiers)),
        credit_counter=codes["counter", credit_name(tiers, name)],
        back_counter=_back(tiers, name, codes),
        ladder=name,
        elsewhere={},
        begins=None,
        cutovers=(),
        beside=(),
        other=None,
    )
