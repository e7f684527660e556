"""What each published version offers to choose from, as the checks of choices see it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from regulars.records.program.types import Program


def choices_of(programs: Mapping[tuple[int, int], Program]) -> Iterator[dict[str, Any]]:
    """Every reward and benefit under a word, by version, with its period and where days begin."""
    for (program_id, version), program in programs.items():
        found = [("reward", one.id, one.choose_one, one.limit) for one in program.rewards]
        found += [("benefit", one.id, one.choose_one, one.allowance) for one in program.benefits]
        for kind, id_, word, limit in found:
            if word is not None and limit is not None:
                yield {
                    "program_id": program_id,
                    "version": version,
                    "kind": kind,
                    "id": id_,
                    "word": word,
                    "per": limit.per,
                    "zone": program.zone,
                }
