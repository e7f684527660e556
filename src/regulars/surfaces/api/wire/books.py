"""The books on the wire: entries with both their sides, and corrections by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Final

from msgspec import Meta, Struct

from regulars.base.money import LARGEST
from regulars.flows.commands import Adjusted
from regulars.records.ledger.read import Booked
from regulars.records.ledger.touched.read import Touched
from regulars.records.ledger.types import NEVER, Account, Entry, EntryKind
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.wire.parts import Slug, Whom

_CAUSES: Final[Mapping[str, str]] = {
    "earn": "act",
    "return": "act",
    "hold": "red",
    "capture": "red",
    "void": "red",
    "lapse": "red",
    "expire": "lot",
    "adjust": "ent",
    "transfer": "ent",
    "pool": "hou",
    "merge": "mrg",
    "unmerge": "mrg",
    "extend": "lot",
    "reinstate": "lot",
    "write_off": "ent",
    "open": "imp",
    "activate": "lot",
    "cancel": "lot",
    "postpone": "lot",
    "restate": "act",
    "refund": "act",
    "repay": "act",
    "milestone": "mst",
}


class PostingShown(Struct, frozen=True):
    """One side of an entry: so much came to (or left) an account of a wallet."""

    wallet: str
    account: str
    amount: int


class EntryShown(Struct, frozen=True):
    """One movement in the books; its postings sum to zero per wallet. Never changed."""

    id: str
    kind: EntryKind
    cause: str
    """The activity, redemption, lot or import that brought it about; a correction is its own, and
    all of a milestone in a period have the same."""
    occurred_at: datetime
    recorded_at: datetime
    actor: str
    reason: str
    postings: list[PostingShown]


class LotMoved(Struct, frozen=True):
    """So many points of one lot that came by an entry, or left by it (negative)."""

    lot_id: str
    wallet: str
    units: int
    """At the wallet's scale."""
    earned_at: datetime
    expires_at: datetime | None


class EntryTold(Struct, frozen=True):
    """What an entry did and why, in sentences a member can read, and the numbers behind them."""

    entry_id: str
    says: list[str]
    entry: EntryShown
    lots: list[LotMoved]
    """Which points they were: those that lapse soonest first."""


class EntriesPage(Struct, frozen=True):
    """Some entries, newest first, and where to go on."""

    items: list[EntryShown]
    has_more: bool
    next_cursor: str | None


class AdjustmentSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A balance is corrected by hand: how much, why, and who says so."""

    member: Whom
    wallet: Slug
    units: Annotated[int, Meta(ge=-LARGEST, le=LARGEST)]
    """At the wallet's scale; negative takes away."""
    reason: Annotated[str, Meta(min_length=1, max_length=500)]
    actor: Annotated[str, Meta(max_length=200)] = ""
    """Who decided it; the API key when not said."""
    expires_on: Annotated[str, Meta(pattern=r"^(never|\d{4}-\d{2}-\d{2})?$")] = ""
    """The last day on which what is given can be spent, or `never`; else as the wallet says."""


class AdjustmentDone(Struct, frozen=True):
    """What a correction left."""

    id: str
    member_id: str
    wallet: str
    units: int
    balances: dict[str, int]
    expires_at: datetime | None = None
    """When what was given is gone; nothing where it never is, or where points were taken."""


def entry_shown(booked: Booked, wallets: Mapping[int, str]) -> EntryShown:
    """An entry as the world sees it."""
    entry = booked.entry
    return EntryShown(
        id=shown("ent", entry.entry_id),
        kind=entry.kind,
        cause=shown(_cause_of(entry), entry.cause_id),
        occurred_at=entry.occurred_at,
        recorded_at=booked.recorded_at,
        actor=entry.actor,
        reason=entry.reason,
        postings=[
            PostingShown(wallets[side.wallet], Account(side.account).name.lower(), side.amount)
            for side in entry.postings
        ],
    )


def entry_told(
    booked: Booked, says: list[str], touched: Iterable[Touched], wallets: Mapping[int, str]
) -> EntryTold:
    """What an entry did, as sentences and as numbers."""
    lots = [
        LotMoved(
            lot_id=shown("lot", one.lot_id),
            wallet=wallets[one.wallet],
            units=one.points,
            earned_at=one.earned_at,
            expires_at=None if one.expires_at >= NEVER else one.expires_at,
        )
        for one in touched
    ]
    return EntryTold(shown("ent", booked.entry.entry_id), says, entry_shown(booked, wallets), lots)


def _cause_of(entry: Entry) -> str:
    """What brought it about: a return, or the redemption of a reward that was given back."""
    # With a return points come back without a reason of their own.
    if entry.kind in ("refund", "repay") and entry.reason:
        return "red"
    return _CAUSES[entry.kind]


def adjustment_done(answer: Adjusted) -> AdjustmentDone:
    """The answer to a correction."""
    return AdjustmentDone(
        id=shown("ent", answer.entry_id),
        member_id=shown("mem", answer.member_id),
        wallet=answer.wallet,
        units=answer.units,
        balances=answer.balances,
        expires_at=answer.expires_at,
    )
