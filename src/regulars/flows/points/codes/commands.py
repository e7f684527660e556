"""What can be asked about codes, and what is answered."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, Refused
from regulars.records.members.types import Asked, MemberRef


class FillPool(Struct, frozen=True, omit_defaults=True):
    """Codes that were bought or printed elsewhere are laid into the pool of a reward."""

    reward: str
    codes: tuple[str, ...]
    reason: str
    actor: str
    first_line: int = 1
    """By which number the first one is named when something is wrong with it."""
    asked: Asked = Asked()


class PoolFilled(Struct, frozen=True, omit_defaults=True):
    """How many codes came, and how many the pool has now."""

    run_id: UUID
    reward: str
    times: int
    left: int
    replayed: bool = False


class IssueCodes(Struct, frozen=True, omit_defaults=True):
    """The shop issues codes: so many for whoever shows them, or one to each of these members."""

    reward: str
    reason: str
    actor: str
    times: int = 0
    members: tuple[MemberRef, ...] = ()
    attribute: tuple[str, bool | int | str] | None = None
    """To every member with this attribute, in place of a list."""
    everybody: bool = False
    """To every member, in place of a list."""
    ends_at: datetime | None = None
    """When they end; as the reward says, unless said."""
    asked: Asked = Asked()


class Issued(Struct, frozen=True):
    """One code that was issued, and to whom."""

    code: str
    member_id: UUID | None
    ends_at: datetime | None


class CodesIssued(Struct, frozen=True, omit_defaults=True):
    """The codes that were issued."""

    run_id: UUID
    reward: str
    times: int
    ends_at: datetime | None
    codes: tuple[Issued, ...] = ()
    replayed: bool = False


class UseCode(Struct, frozen=True, omit_defaults=True):
    """Somebody shows a code at the till."""

    code: str
    store: str = ""
    channel: str = ""
    asked: Asked = Asked()


class WithdrawCode(Struct, frozen=True, omit_defaults=True):
    """The shop takes a code out of use."""

    code: str
    reason: str
    actor: str
    asked: Asked = Asked()


class CodeDone(Struct, frozen=True, omit_defaults=True):
    """What became of a code, and what it is worth as promised when it was issued."""

    code_id: UUID
    code: str
    reward: str
    name: str
    state: Literal["used", "withdrawn"]
    worth_minor: int
    closed_at: datetime
    member_id: UUID | None = None
    replayed: bool = False


FillOutcome = PoolFilled | Refused | Fault
IssueOutcome = CodesIssued | Refused | Fault
CodeOutcome = CodeDone | Refused | Fault
