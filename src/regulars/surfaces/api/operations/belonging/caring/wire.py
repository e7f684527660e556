"""Service cases and references on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from regulars.records.community.references.types import (
    LONGEST_PROSPECT,
    Agreed,
    Match,
    ReferenceRequest,
    RequestState,
)
from regulars.records.community.support.types import (
    LONGEST_NOTE,
    LONGEST_SUBJECT,
    PRIORITIES,
    CaseNote,
    CaseOutcome,
    CaseState,
    Priority,
    SupportCase,
)
from regulars.records.members.types import Attributes
from regulars.surfaces.api.operations.belonging.community.wire import SlugOrNone
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.wire.parts import Text, Whom


class CaseSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A trouble of a member."""

    member: Whom
    subject: Annotated[str, Meta(min_length=1, max_length=LONGEST_SUBJECT)]
    text: Annotated[str, Meta(max_length=LONGEST_NOTE)] = ""
    """Its first note."""
    reason: SlugOrNone = ""
    """What it is about, as a code of yours: `delivery`."""
    store: Annotated[str, Meta(max_length=64)] = ""
    priority: Priority | None = None
    """Without it as the member's tier says: `high` on the highest, `raised` above the lowest."""


class CaseShown(Struct, frozen=True):
    """A service case as it stands."""

    id: str
    member_id: str
    subject: str
    """Empty once its member was erased."""
    reason: str
    store: str
    priority: Priority
    tier: str
    """On which the member stood as it was opened; empty: on none."""
    state: CaseState
    outcome: CaseOutcome | Literal[""]
    opened_at: datetime
    opened_by: str
    due_at: datetime
    """By then somebody should have answered."""
    closed_at: datetime | None
    closed_by: str


class CaseNoteShown(Struct, frozen=True):
    """What was said or done."""

    text: str
    made_at: datetime
    made_by: str


class CaseRead(Struct, frozen=True):
    """A case with all that was noted."""

    case: CaseShown
    notes: list[CaseNoteShown]


class CasesPage(Struct, frozen=True):
    """Service cases, the most urgent first, or those that are over, the latest first."""

    items: list[CaseShown]
    has_more: bool
    next_cursor: str | None


class CasesQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """How much of the list, from where on; of what stands so."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Text | None = None
    state: Literal["open", "closed"] = "open"


class CasesOfMember(Struct, frozen=True):
    """What a member was in trouble with, the latest first."""

    items: list[CaseShown]


class CaseNoteSent(Struct, frozen=True, forbid_unknown_fields=True):
    """What was said or done."""

    text: Annotated[str, Meta(min_length=1, max_length=LONGEST_NOTE)]


class CaseClosed(Struct, frozen=True, forbid_unknown_fields=True):
    """How it ended: mended, answered, not mended, or taken back by the member."""

    outcome: CaseOutcome


class ReferenceLeave(Struct, frozen=True, forbid_unknown_fields=True):
    """Whether prospects may ask a member."""

    agrees: bool


class ReferenceLeaveShown(Struct, frozen=True):
    """Whether prospects may ask a member, and since when."""

    member_id: str
    agrees: bool
    agreed_at: datetime | None


class ReferenceSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A prospect who wants to hear from a member."""

    prospect: Annotated[str, Meta(min_length=1, max_length=LONGEST_PROSPECT)]
    wants: Annotated[Attributes, Meta(max_length=10)] = {}
    """Attributes the member has: `{"industry": "retail"}`."""


class ReferenceShown(Struct, frozen=True):
    """A request for a reference as it stands."""

    id: str
    prospect: str
    wants: Attributes
    state: RequestState
    member_id: str | None
    """Who is asked, or gave it."""
    made_at: datetime
    made_by: str
    ended_at: datetime | None
    ended_by: str


class ReferenceMatch(Struct, frozen=True):
    """A member who agreed, has what is wanted, and waits with nobody."""

    member_id: str
    asked: int
    """How often they were asked."""
    asked_at: datetime | None


class ReferenceRead(Struct, frozen=True):
    """A request, and who fits: whoever was asked least first."""

    request: ReferenceShown
    matches: list[ReferenceMatch]


class ReferencesPage(Struct, frozen=True):
    """Requests for references, the latest first."""

    items: list[ReferenceShown]
    has_more: bool
    next_cursor: str | None


class ReferenceAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """Who is asked; without it, whoever was asked least of all who fit."""

    member: Whom | None = None


class ReferenceEnded(Struct, frozen=True, forbid_unknown_fields=True):
    """The member helped, or would rather not; or nobody is wanted any more."""

    outcome: Literal["given", "declined", "withdrawn"]


def case_shown(one: SupportCase) -> CaseShown:
    """A case for the wire."""
    return CaseShown(
        shown("cas", one.case_id), shown("mem", one.member_id), one.subject, one.reason, one.store,
        PRIORITIES[one.priority - 1], one.tier, one.state, one.outcome, one.opened_at,
        one.opened_by, one.due_at, one.closed_at, one.closed_by,
    )  # fmt: skip


def note_shown(one: CaseNote) -> CaseNoteShown:
    """A note for the wire."""
    return CaseNoteShown(one.says, one.made_at, one.made_by)


def leave_shown(one: Agreed) -> ReferenceLeaveShown:
    """Whether a member may be asked, for the wire."""
    return ReferenceLeaveShown(shown("mem", one.member_id), one.agrees, one.agreed_at)


def request_shown(one: ReferenceRequest) -> ReferenceShown:
    """A request for the wire."""
    return ReferenceShown(
        shown("rfr", one.request_id), one.prospect, dict(one.wants), one.state,
        None if one.member_id is None else shown("mem", one.member_id), one.made_at, one.made_by,
        one.ended_at, one.ended_by,
    )  # fmt: skip


def match_shown(one: Match) -> ReferenceMatch:
    """Who fits, for the wire."""
    return ReferenceMatch(shown("mem", one.member_id), one.asked, one.asked_at)
