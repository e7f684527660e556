"""What may be said of surveys, of who is asked, and of what they say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, Refused
from regulars.records.access.staff.types import By
from regulars.records.members.types import MemberRef
from regulars.records.outbox.surveys.types import (
    Answer,
    Invitation,
    Kind,
    Outcome,
    Question,
    Survey,
)


class KeepSurvey(Struct, frozen=True):
    """A survey is to be this from now on."""

    code: str
    name: str
    kind: Kind
    asks: Mapping[str, str]
    questions: tuple[Question, ...]
    thanks: Mapping[str, str]
    by: By
    state: Literal["open", "closed"] = "open"
    review_url: str = ""
    """Where everybody who answered may say it in public; empty: nowhere."""
    review_site: str = ""


class InviteMember(Struct, frozen=True):
    """A member is to be asked, about their visit to this store where one is named."""

    survey: str
    member: MemberRef
    by: By
    store: str = ""


class AnswerSurvey(Struct, frozen=True):
    """Whoever holds the link of this invitation says so."""

    invitation_id: UUID
    score: int | None
    says: Mapping[str, str]
    language: str


class LookAfter(Struct, frozen=True):
    """Somebody takes an unhappy answer on (no `outcome`), or says what came of it."""

    invitation_id: UUID
    by: By
    outcome: Outcome | None = None
    note: str = ""


KeepOutcome = Survey | Fault
InviteOutcome = Invitation | Refused | Fault
AnswerOutcome = Answer | Refused | Fault
LookAfterOutcome = Answer | Refused | Fault
