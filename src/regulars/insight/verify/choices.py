"""What each published version has to choose from, as the checks of choices see it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from regulars.records.program.types import Benefit, Program, Reward


def choices_of(programs: Mapping[tuple[int, int], Program]) -> Iterator[dict[str, Any]]:
    """Every reward and benefit under a word, by version, with its period and where days begin."""
    for (program_id, version), program in programs.items():
        several: list[Reward | Benefit] = [*program.rewards, *program.benefits]
        for one in several:
            limit = one.limit if isinstance(one, Reward) else one.allowance
            if one.choose_one is not None and limit is not None:
                yield {
                    "program_id": program_id,
                    "version": version,
                    "kind": "reward" if isinstance(one, Reward) else "benefit",
                    "id": one.id,
                    "word": one.choose_one,
                    "per": limit.per,
                    "zone": program.zone,
                }
