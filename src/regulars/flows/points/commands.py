"""What may be asked about points that move by somebody's wish, and the answers."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, Refused
from regulars.engine.rewarding.paying import Basket
from regulars.records.activity.types import Line, ReturnedLine
from regulars.records.members.types import Asked, MemberRef


class Transfer(Struct, frozen=True, omit_defaults=True):
    """A member gives another one points."""

    giver: MemberRef
    taker: MemberRef
    wallet: str
    units: int
    reason: str = ""
    actor: str = ""
    asked: Asked = Asked()


class Transferred(Struct, frozen=True, omit_defaults=True):
    """What a transfer left with both."""

    transfer_id: UUID
    giver_id: UUID
    taker_id: UUID
    wallet: str
    units: int
    giver_balances: dict[str, int]
    taker_balances: dict[str, int]
    replayed: bool = False


class ExtendLot(Struct, frozen=True, omit_defaults=True):
    """What is left of a lot lives until later, as a courtesy."""

    member: MemberRef
    lot_id: UUID
    expires_at: datetime
    reason: str
    actor: str
    cost_minor: int = 0
    asked: Asked = Asked()


class ReinstatePoints(Struct, frozen=True, omit_defaults=True):
    """Points of a lot that lapsed live again, as a courtesy: all of them unless said."""

    member: MemberRef
    lot_id: UUID
    reason: str
    actor: str
    units: int | None = None
    expires_at: datetime | None = None
    """As the wallet says for points given now, unless said."""
    cost_minor: int = 0
    asked: Asked = Asked()


class Favoured(Struct, frozen=True, omit_defaults=True):
    """What a courtesy left."""

    entry_id: UUID
    member_id: UUID
    wallet: str
    units: int
    expires_at: datetime
    cost_minor: int
    balances: dict[str, int]
    replayed: bool = False


class WriteOff(Struct, frozen=True, omit_defaults=True):
    """All that a member owes in a wallet is forgiven."""

    member: MemberRef
    wallet: str
    reason: str
    actor: str
    asked: Asked = Asked()


class WrittenOff(Struct, frozen=True, omit_defaults=True):
    """What was forgiven."""

    entry_id: UUID
    member_id: UUID
    wallet: str
    units: int
    balances: dict[str, int]
    replayed: bool = False


class RedeemTogether(Struct, frozen=True, omit_defaults=True):
    """A member of a household takes a reward from what all of them have, or pays with it."""

    household_id: UUID
    member: MemberRef
    reward: str = ""
    store: str = ""
    channel: str = ""
    lines: tuple[Line, ...] = ()
    named: tuple[ReturnedLine, ...] = ()
    asked: Asked = Asked()
    signed_in: bool = False
    shown: dict[str, int] | None = None
    """The price that was shown, in units per wallet; another one is refused."""
    pay: Basket | None = None
    """In place of a reward: points that pay a part of this basket."""
    reserves: bool = False
    """Of points that pay: they stay reserved, each with its owner, until a sale takes them."""
    currency: str = ""
    """In which the basket is; the program's, unless said."""
    quoted: int | None = None
    """Of points that pay: so many were said; where it takes others by now it is refused."""


TransferOutcome = Transferred | Refused | Fault
CourtesyOutcome = Favoured | Refused | Fault
WriteOffOutcome = WrittenOff | Refused | Fault
