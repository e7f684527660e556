"""Points that move, on the wire: given away, living longer, forgiven."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct, field

from regulars.base.money import LARGEST
from regulars.flows.points.commands import Favoured, Transferred, WrittenOff
from regulars.records.ledger.types import NEVER
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.wire.parts import Id, Instant, Minor, Slug, Whom

Some = Annotated[int, Meta(ge=1, le=LARGEST)]
Why = Annotated[str, Meta(min_length=1, max_length=500)]
MaybeWhy = Annotated[str, Meta(max_length=500)]
Who = Annotated[str, Meta(max_length=200, description="Who decided it; the API key if not said.")]


class TransferSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A member gives another one points: from whom, to whom, how many of which wallet."""

    from_: Whom = field(name="from")
    to: Whom
    wallet: Slug
    units: Some
    reason: MaybeWhy = ""
    actor: Who = ""


class TransferDone(Struct, frozen=True):
    """What a transfer left with both."""

    id: str
    from_id: str
    to_id: str
    wallet: str
    units: int
    from_balances: dict[str, int]
    to_balances: dict[str, int]


class ExtensionSent(Struct, frozen=True, forbid_unknown_fields=True):
    """What is left of a lot lives until later: until when, why, and what that costs."""

    member: Whom
    lot: Id
    expires_at: Instant
    reason: Why
    actor: Who = ""
    cost_minor: Minor = 0
    """In minor units of the program's currency."""


class ReinstatementSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Points of a lot that lapsed live again: all of them, and as long as new ones, unless said."""

    member: Whom
    lot: Id
    reason: Why
    units: Some | None = None
    expires_at: Instant | None = None
    actor: Who = ""
    cost_minor: Minor = 0
    """In minor units of the program's currency."""


class CourtesyDone(Struct, frozen=True):
    """What a courtesy left."""

    id: str
    member_id: str
    wallet: str
    units: int
    expires_at: datetime | None
    cost_minor: int
    balances: dict[str, int]


class WriteOffSent(Struct, frozen=True, forbid_unknown_fields=True):
    """All that a member owes in a wallet is forgiven."""

    member: Whom
    wallet: Slug
    reason: Why
    actor: Who = ""


class WriteOffDone(Struct, frozen=True):
    """What was forgiven."""

    id: str
    member_id: str
    wallet: str
    units: int
    balances: dict[str, int]


def transfer_done(answer: Transferred) -> TransferDone:
    """The answer to a transfer."""
    return TransferDone(
        id=shown("ent", answer.transfer_id),
        from_id=shown("mem", answer.giver_id),
        to_id=shown("mem", answer.taker_id),
        wallet=answer.wallet,
        units=answer.units,
        from_balances=answer.giver_balances,
        to_balances=answer.taker_balances,
    )


def courtesy_done(answer: Favoured) -> CourtesyDone:
    """The answer to a courtesy."""
    return CourtesyDone(
        id=shown("ent", answer.entry_id),
        member_id=shown("mem", answer.member_id),
        wallet=answer.wallet,
        units=answer.units,
        expires_at=None if answer.expires_at == NEVER else answer.expires_at,
        cost_minor=answer.cost_minor,
        balances=answer.balances,
    )


def write_off_done(answer: WrittenOff) -> WriteOffDone:
    """The answer to a forgiven debt."""
    return WriteOffDone(
        id=shown("ent", answer.entry_id),
        member_id=shown("mem", answer.member_id),
        wallet=answer.wallet,
        units=answer.units,
        balances=answer.balances,
    )
