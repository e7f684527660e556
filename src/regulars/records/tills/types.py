"""A store, a till, and one record that a till made."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, NotFound
from regulars.base.ids import short

TillState = Literal["paired", "suspended", "unpaired"]
RecordState = Literal["taken", "applied", "duplicate", "quarantined", "dismissed"]
"""`taken` is on its way: it is durable, and what it does to the books may not be yet."""
MAIN: Final = "main"
"""What the only store of a program without stores is called outside."""
FORK: Final = "fork"
"""Why a till is suspended that said two things under one number."""
RecordKind = Literal["activity", "join", "redeem", "void", "credit", "unknown"]


class Store(Struct, frozen=True):
    """A shop where things are sold, by the code that activities and rules name it by."""

    code: str
    name: str
    zone: str
    opened_at: datetime
    changed_by: str
    offline_rewards: tuple[str, ...] = ()
    """What its tills may reserve beforehand, to hand it over while they are cut off."""
    offline_most: int = 0
    """So many rewards one till may have reserved at once; 0 is none."""
    closed_at: datetime | None = None


def store_meant(stores: Iterable[Store], id_: str) -> str | None:
    """The code of the store that a connected system means by this id; None where there is none.

    A house without stores is one place, which such systems call main: nowhere in particular.
    """
    codes = [one.code for one in stores]
    if not codes and id_ == MAIN:
        return ""
    return next((code for code in codes if short(code) == id_), None)


def no_store() -> Fault:
    """The fault of an id that is no store's."""
    return NotFound("there is no such store here; list the stores to see theirs", field="/place")


class Pairing(Struct, frozen=True):
    """A code by which one device becomes a till of a store; only its digest is kept."""

    program_id: int
    code_hash: bytes
    store: str
    made_at: datetime
    made_by: str
    ends_at: datetime
    till_id: UUID | None = None

    def is_open(self, now: datetime) -> bool:
        """Whether a device may still use it."""
        return self.till_id is None and now < self.ends_at


class Till(Struct, frozen=True):
    """A device that is paired with a store."""

    till_id: UUID
    key_id: UUID
    store: str
    name: str
    public_key: bytes
    """ECDSA P-256: the point, 65 bytes that begin with 4."""
    lookup_key: bytes
    """Names in its snapshot are digests under this key."""
    state: TillState
    paired_at: datetime
    paired_by: str
    changed_at: datetime
    seen_at: datetime
    reason: str = ""
    strangers_told: int = 0
    """Whom it looked for without the network and nobody knew: so many it told of."""

    @property
    def principal(self) -> str:
        """As whom the till stands in the books."""
        return principal_of(self.till_id)

    @property
    def reserving(self) -> str:
        """As whom it stands in the books for what it reserved beforehand."""
        return f"{self.principal} offline"


class TillRecord(Struct, frozen=True):
    """One thing a till recorded, as it was signed, and what became of it.

    Units: hashes are SHA-256. `occurred_at` is what we decided, whatever the device's clock said.
    """

    record_id: UUID
    till_id: UUID
    sequence: int
    hash: bytes
    previous: bytes
    placed: bool
    """It has its place in the till's chain; no other record can have it."""
    kind: RecordKind
    key: str
    cashier: str
    signed: str
    """The text as it was signed; empty once nothing has to be done with it any more."""
    signature: bytes
    device_at: datetime | None
    occurred_at: datetime
    clock: str
    """Empty, or why the device's clock was not believed."""
    state: RecordState
    recorded_at: datetime
    reason: str = ""
    says: str = ""
    whom: str = ""
    member_id: UUID | None = None
    subject_id: UUID | None = None
    """The activity, redemption or member it became."""
    ended_at: datetime | None = None
    ended_by: str = ""


def principal_of(till_id: UUID) -> str:
    """As whom a till stands in the books."""
    return f"til_{till_id.hex}"


class TillEnded(Fault):
    """The till was unpaired, or found twice; the device is paired anew."""

    code = "till_ended"
    category = "conflict"
