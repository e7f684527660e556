"""What may be asked about staff, their sessions and what they do by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType

from regulars.base.faults import Fault, Refused
from regulars.records.access.staff.permissions import Role
from regulars.records.access.staff.types import By, How, TryKind
from regulars.records.members.types import Asked, MemberRef


class AddStaff(Struct, frozen=True, omit_defaults=True):
    """Somebody works here from now on; by the link whose digest this is they set a password."""

    name: str
    email: str
    role: Role
    link_hash: bytes
    by: By
    stores: tuple[str, ...] | None = None
    """Nothing: every store."""
    asked: Asked = Asked()


class ChangeStaff(Struct, frozen=True, omit_defaults=True):
    """Somebody has another name, address, role, other stores; or says which member they are."""

    staff_id: UUID
    by: By
    name: str | UnsetType = UNSET
    email: str | UnsetType = UNSET
    role: Role | UnsetType = UNSET
    stores: tuple[str, ...] | UnsetType | None = UNSET
    member: UUID | UnsetType | None = UNSET
    full_view: bool | UnsetType = UNSET
    month_letter: Literal["", "en", "de", "tr", "ar"] | UnsetType = UNSET
    asked: Asked = Asked()


class CloseStaff(Struct, frozen=True, omit_defaults=True):
    """Somebody does not work here any more: nothing opens for them from now on."""

    staff_id: UUID
    by: By
    asked: Asked = Asked()


class MakeLink(Struct, frozen=True, omit_defaults=True):
    """A link by which somebody sets their password anew; those made before work no more."""

    staff_id: UUID
    link_hash: bytes
    by: By
    asked: Asked = Asked()


class UseLink(Struct, frozen=True, omit_defaults=True):
    """Whoever has this link sets a password: `kept` is the form in which it is kept."""

    link_hash: bytes
    kept: str
    address: str = ""
    asked: Asked = Asked()


class ChangePassword(Struct, frozen=True, omit_defaults=True):
    """Somebody who is signed in sets another password; their other sessions end."""

    staff_id: UUID
    proved: str
    """The kept form that their present password was compared with."""
    kept: str
    by: By
    this_session: bytes = b""
    """The digest of the token of the session that goes on."""
    asked: Asked = Asked()


class SetPin(Struct, frozen=True, omit_defaults=True):
    """Somebody's PIN for tills; '' takes it away."""

    staff_id: UUID
    kept: str
    by: By
    asked: Asked = Asked()


class ChangeSetting(Struct, frozen=True, omit_defaults=True):
    """The shop decides one of `SETTINGS`, for everybody or for one role."""

    name: str
    value: int
    by: By
    about: str = ""
    asked: Asked = Asked()


class StaffKept(Struct, frozen=True, omit_defaults=True):
    """What was asked about somebody is done; nobody: it was about the shop."""

    staff_id: UUID | None
    replayed: bool = False


KeepStaff = (
    AddStaff | ChangeStaff | CloseStaff | MakeLink | UseLink | ChangePassword | SetPin
    | ChangeSetting
)  # fmt: skip
StaffOutcome = StaffKept | Refused | Fault


class CountTry(Struct, frozen=True):
    """Somebody tries to come in: by which account and from where, or by which PIN."""

    subjects: tuple[tuple[TryKind, bytes], ...]
    """Kind and digest of each count this adds to."""


class MayTry(Struct, frozen=True):
    """They may be looked at."""


class OpenSession(Struct, frozen=True):
    """Somebody proved who they are: their browser keeps the token of this digest."""

    staff_id: UUID
    token_hash: bytes
    how: How
    proved: str
    """The kept form that what they typed was compared with."""
    address: str = ""
    rekept: str = ""
    """The same password by the parameters of today, where it was kept by others."""
    subject: bytes = b""
    """Whose tries count no more."""
    instead_of: bytes = b""
    """The digest of the token their browser had before, which opens nothing any more."""


class Opened(Struct, frozen=True):
    """They are signed in until then, unless they do nothing for too long."""

    session_id: UUID
    staff_id: UUID
    ends_at: datetime


class TouchSession(Struct, frozen=True):
    """Somebody did something in this session just now."""

    session_id: UUID


class EndSessions(Struct, frozen=True):
    """Somebody signs out: here, or everywhere else (`others`)."""

    staff_id: UUID
    token_hash: bytes
    by: By
    others: bool = False


class PinRight(Struct, frozen=True):
    """A PIN was right; what was tried before counts no more."""

    subject: bytes


class SessionDone(Struct, frozen=True):
    """That is done."""


KeepSession = OpenSession | TouchSession | EndSessions | PinRight
SessionOutcome = Opened | SessionDone | Refused | Fault


class AskPasskey(Struct, frozen=True):
    """A question for a passkey: of somebody who adds one, or of whoever signs in."""

    nonce_hash: bytes
    staff_id: UUID | None = None


class AddPasskey(Struct, frozen=True):
    """A device answered: its key opens the door from now on."""

    nonce_hash: bytes
    staff_id: UUID
    credential_id: bytes
    public_key: bytes
    uses: int
    name: str
    by: By


class UsePasskey(Struct, frozen=True):
    """A passkey answered rightly, having been used so often: a session begins."""

    nonce_hash: bytes
    credential_id: bytes
    uses: int
    token_hash: bytes
    address: str = ""
    instead_of: bytes = b""


class EndPasskey(Struct, frozen=True):
    """A passkey opens nothing any more."""

    staff_id: UUID
    credential_id: bytes
    by: By


KeepPasskey = AskPasskey | AddPasskey | UsePasskey | EndPasskey


class AskAdjustment(Struct, frozen=True, omit_defaults=True):
    """Somebody asks a colleague to give or take points; who asks stands in `asked`."""

    member: MemberRef
    wallet: str
    units: int
    reason: str
    address: str = ""
    asked: Asked = Asked()
    expires_on: str = ""
    """The last day on which what is given can be spent, or `never`; else as the wallet says."""


class RejectAdjustment(Struct, frozen=True, omit_defaults=True):
    """Somebody says no to what a colleague asked for."""

    request_id: UUID
    note: str
    address: str = ""
    asked: Asked = Asked()


class RequestKept(Struct, frozen=True, omit_defaults=True):
    """The request, and what became of it."""

    request_id: UUID
    state: str
    replayed: bool = False


class NoteAlert(Struct, frozen=True):
    """Somebody writes something beside an alert, or closes it."""

    alert_id: UUID
    by: By
    says: str = ""
    close: bool = False


class AlertKept(Struct, frozen=True):
    """What was said of an alert is kept."""

    alert_id: UUID


class CardShown(Struct, frozen=True):
    """The member was there, with their own telephone, within the last minute."""

    member_id: UUID
    step: int
    """The half minute the code was made for."""
