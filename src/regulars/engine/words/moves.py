"""Why a member stands on a tier: each change of it, in sentences they can read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from regulars.engine.calendar import local
from regulars.engine.terms import Version
from regulars.engine.words.voice import Voice
from regulars.records.program.translations import in_language
from regulars.records.standing.types import TierMove


def move_in_words(version: Version, move: TierMove, voice: Voice, ladder: str = "") -> list[str]:
    """What changed and when, why, and until when it holds.

    Shape: `version` is the one in force when it happened; a tier it does not know is told by its
    id. `ladder` names a ladder beside the tiers.
    Example: "Since March 2, 2026: Gold (before: Silver).", "With what was collected by then it was
    reached.", "It holds until January 1, 2028."
    """
    return list(_told(version, move, voice, ladder))


def _told(version: Version, move: TierMove, voice: Voice, ladder: str) -> Iterator[str]:
    on = _day(version, move.occurred_at, voice)
    before, tier = (_name(version, one, voice, ladder) for one in (move.from_tier, move.to_tier))
    if move.from_tier == move.to_tier:
        yield voice.say("move.stays", on=on, tier=tier)
    else:
        yield voice.say("move.changed", on=on, tier=tier, before=before)
    yield voice.say(f"move.{move.reason}")
    if move.to_tier is not None and move.until_at is not None:
        yield voice.say("move.until", on=_day(version, move.until_at, voice))


def _name(version: Version, tier: str | None, voice: Voice, ladder: str) -> str:
    if tier is None:
        return voice.say("missed.no_tier")
    program = in_language(version.program, voice.language)
    on = program.ladders.get(ladder) if ladder else program.tiers
    steps = () if on is None else on.steps
    return next((one.name or one.id for one in steps if one.id == tier), tier)


def _day(version: Version, at: datetime, voice: Voice) -> str:
    return voice.day(date.fromordinal(local(version.zone, at).day).isoformat())
