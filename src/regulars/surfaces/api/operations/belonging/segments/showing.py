"""A segment as the API shows it."""

from __future__ import annotations

from typing import Any

from regulars.engine.segments.asking import Reason
from regulars.engine.terms import Version
from regulars.engine.words.voice import PLAIN
from regulars.insight.segments.knowing import condition_of
from regulars.records.program.changes.segments.ground import Ground, spoken
from regulars.records.program.changes.segments.types import Segment
from regulars.surfaces.api.operations.belonging.segments.wire import SegmentShown, SegmentWhy
from regulars.surfaces.in_words.segments import condition_in_words


def segment_shown(one: Segment, condition: Any, members: int, version: Version) -> SegmentShown:
    """A segment with its sentence and how many are in it."""
    says = "" if condition is None else sentence(condition, version)
    return SegmentShown(
        one.code, one.name, one.kind, one.state, one.version, members,
        one.saved is not None and one.filled == one.saved, says, one.made_at, one.made_by,
        one.changed_at, one.tells,
    )  # fmt: skip


def sentence(condition: Any, version: Version) -> str:
    """A condition that was kept, in plain words."""
    return condition_in_words(condition_of(condition), version.program, PLAIN)


def why_shown(reason: Reason, ground: Ground, version: Version) -> SegmentWhy:
    """Why a condition holds, part by part; a list by its code."""
    parts = [why_shown(one, ground, version) for one in reason.parts]
    says = condition_in_words(spoken(reason.asked, ground), version.program, PLAIN)
    return SegmentWhy(reason.holds, says, reason.has, parts)
