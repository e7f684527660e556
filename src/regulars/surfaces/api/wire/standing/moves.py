"""How a member came to their tier, on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

from regulars.engine.words.moves import move_in_words
from regulars.engine.words.voice import Voice
from regulars.flows.membership.tiers.show_moves import Moved
from regulars.records.standing.types import TierReason
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.wire.parts import Language


class MovesQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """In which language, and of which ladder."""

    language: Language | None = None
    ladder: str = ""
    """A ladder beside the tiers, as the program file calls it; without, the tiers."""


class TierMoveShown(Struct, frozen=True):
    """One change of a member's tier: in sentences for them, and in numbers for support."""

    at: datetime
    tier_before: str | None
    tier: str | None
    reason: TierReason
    until_at: datetime | None
    """Exclusive; nothing where it has no end."""
    program_version: int
    """The terms in force when it happened."""
    needed: int | None
    """What the tier takes by these, of one that was lost what that takes, in what the ladder
    measures: minor units of money, visits or units of a wallet; nothing where no credit reaches
    it."""
    credit: int | None
    """What was counted as it was decided, or counts by now: see `credit_from`."""
    credit_from: Literal["decision", "reckoned"] | None
    """`decision`: what was counted then, as it was kept; `reckoned`: what counts by now for the
    window of that day, with what was told late and less returns, as nobody kept it."""
    activity_id: str | None
    """What the member did, or brought back, by which it changed."""
    grant_id: str | None
    """What was given by hand."""
    says: list[str]


class TierMovesShown(Struct, frozen=True):
    """Every change of a member's tier, the last one first."""

    items: list[TierMoveShown]


_BY_HAND = ("granted", "matched", "invited")


def moves_shown(found: list[Moved], voice: Voice) -> TierMovesShown:
    """Each change, told in the language of the voice."""
    return TierMovesShown([_shown(one, voice) for one in found])


def _from(one: Moved) -> Literal["decision", "reckoned"] | None:
    if one.credit is None:
        return None
    return "reckoned" if one.move.counted is None or one.ladder else "decision"


def _shown(one: Moved, voice: Voice) -> TierMoveShown:
    move, grant = one.move, one.move.cause_id
    by_hand = move.reason in _BY_HAND and grant is not None
    return TierMoveShown(
        at=move.occurred_at,
        tier_before=move.from_tier,
        tier=move.to_tier,
        reason=move.reason,
        until_at=move.until_at,
        program_version=one.version.number,
        needed=one.needed,
        credit=one.credit,
        credit_from=_from(one),
        activity_id=None if one.activity_id is None else shown("act", one.activity_id),
        grant_id=shown("tgr", grant) if by_hand and grant is not None else None,
        says=move_in_words(one.version, move, voice, one.ladder),
    )
