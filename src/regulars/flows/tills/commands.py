"""What may be asked about stores and tills, and what is answered."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, Refused
from regulars.flows.commands import Adjust, Adjusted
from regulars.insight.connected.events import Move
from regulars.records.members.types import Asked
from regulars.records.tills.clock import Told
from regulars.records.tills.types import RecordKind, RecordState, Store, Till, TillRecord, TillState


class KeepStore(Struct, frozen=True):
    """A store is opened, renamed, closed or opened again; what is not said stays."""

    code: str
    actor: str
    name: str | None = None
    zone: str | None = None
    offline_rewards: tuple[str, ...] | None = None
    offline_most: int | None = None
    closed: bool | None = None


class MakePairing(Struct, frozen=True):
    """Somebody wants to make a device a till of this store."""

    store: str
    actor: str


class PairingMade(Struct, frozen=True):
    """The code, shown this once, and until when it can be used."""

    code: str
    store: str
    ends_at: datetime


class PairTill(Struct, frozen=True):
    """A device shows a code: its name, and the key by which it will sign."""

    code_hash: bytes
    name: str
    public_key: bytes


class Paired(Struct, frozen=True):
    """A device that is a till now; `token` is shown this once."""

    till: Till
    token: str


class TurnTill(Struct, frozen=True):
    """A till is suspended, let go on, or unpaired."""

    till_id: UUID
    state: TillState
    actor: str
    reason: str = ""


class ToldRecord(Struct, frozen=True):
    """One record as a device told it; `ill` says what cannot be read of it."""

    signed: str
    signature: bytes
    sequence: int = 0
    previous: bytes = b""
    kind: RecordKind = "unknown"
    key: str = ""
    cashier: str = ""
    whom: str = ""
    time: Told = Told(None)
    ill: str = ""


class HandIn(Struct, frozen=True):
    """What a till told in one go."""

    till_id: UUID
    records: tuple[ToldRecord, ...]


class Taken(Struct, frozen=True):
    """Where each record stands once it is durable; one that came before stands where it stood."""

    record_id: UUID
    sequence: int
    state: RecordState
    reason: str
    says: str
    occurred_at: datetime
    clock: str
    subject_id: UUID | None = None
    again: bool = False


class HandedIn(Struct, frozen=True):
    """Every record of a hand-in in its order, and how the till stands after it."""

    till: Till
    records: tuple[Taken, ...]


class EndRecord(Struct, frozen=True):
    """What became of a record: it is in the books, was there already, or could not be."""

    record_id: UUID
    outcome: Literal["applied", "quarantined", "dismissed"]
    reason: str = ""
    says: str = ""
    member_id: UUID | None = None
    subject_id: UUID | None = None
    actor: str = ""


class TellPoints(Struct, frozen=True):
    """A connected till says by itself how many points come or go."""

    points: Adjust
    """As it is booked; without the store."""
    place: str | None = None
    """The id by which the till knows the store, where it says one."""


class ToldPoints(Struct, frozen=True):
    """Points that a connected till told, as they were booked."""

    adjusted: Adjusted
    booked: Adjust
    at: datetime
    """When they were booked, if they were just now."""


class HandOver(Struct, frozen=True):
    """A connected till hands over a reward that was reserved."""

    redemption_id: UUID
    place: str
    """The id by which the till knows the store."""
    wallet: int
    """The code of the wallet that the till knows."""
    asked: Asked = Asked()


class HandedOver(Struct, frozen=True):
    """A reward that was handed over: how that stands in the books."""

    move: Move


HandOutcome = HandedOver | Refused | Fault
TellOutcome = ToldPoints | Refused | Fault
StoreOutcome = Store | Fault
PairingOutcome = PairingMade | Fault
PairOutcome = Paired | Fault
TurnOutcome = Till | Fault
HandInOutcome = HandedIn | Fault
EndOutcome = Taken | Fault


def taken(record: TillRecord, *, again: bool = False) -> Taken:
    """How a record stands."""
    return Taken(
        record_id=record.record_id,
        sequence=record.sequence,
        state=record.state,
        reason=record.reason,
        says=record.says,
        occurred_at=record.occurred_at,
        clock=record.clock,
        subject_id=record.subject_id,
        again=again,
    )
