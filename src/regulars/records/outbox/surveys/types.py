"""A survey, an invitation to it, and what somebody answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct

Kind = Literal["nps", "csat", "feedback"]
"""Would they recommend us (0 to 10); how content are they (1 to 5); something short without score.
"""
Outcome = Literal["solved", "unsolved", "not_reached"]
"""What came of looking after somebody who is unhappy."""
SCALES: Final[Mapping[Kind, tuple[int, int] | None]] = {
    "nps": (0, 10),
    "csat": (1, 5),
    "feedback": None,
}
UNHAPPY: Final[Mapping[Kind, int]] = {"nps": 6, "csat": 2}
"""Up to this score somebody looks after whoever gave it."""
OPEN_FOR: Final = timedelta(days=30)
"""So long an invitation may be answered."""
LOOKED_AFTER: Final = timedelta(days=2)
"""So soon somebody should look after an unhappy member."""
LONGEST_ANSWER: Final = 2_000
LONGEST_NOTE: Final = 500


class Question(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One question, in each language; with `from_score` and `to_score` only for who gave these.

    Example: with from_score 0 and to_score 6 it asks "what went wrong?" of detractors alone.
    """

    id: str
    asks: Mapping[str, str]
    answer: Literal["text", "choice"] = "text"
    choices: Mapping[str, Mapping[str, str]] = {}
    """Of a choice: by short name, in each language."""
    from_score: int | None = None
    to_score: int | None = None


class Survey(Struct, frozen=True):
    """A survey as it is: `asks` is the question of the score, then come the others."""

    survey_id: UUID
    code: str
    name: str
    kind: Kind
    asks: Mapping[str, str]
    """By language what the score is asked with; a short feedback has none, and this is its head."""
    questions: tuple[Question, ...]
    thanks: Mapping[str, str]
    state: Literal["open", "closed"]
    version: int
    made_at: datetime
    made_by: str
    changed_at: datetime
    changed_by: str
    review_url: str = ""
    """Where everybody who answered may say it in public, whatever they said; empty: nowhere."""
    review_site: str = ""
    """What that place is called."""


class Invitation(Struct, frozen=True):
    """Somebody was asked; until when they may answer, and since when they did."""

    invitation_id: UUID
    survey_id: UUID
    member_id: UUID
    store: str
    made_at: datetime
    made_by: str
    expires_at: datetime
    answered_at: datetime | None = None


class Answer(Struct, frozen=True):
    """What somebody said. Of a short feedback there is no score.

    Order: an unhappy one is `due_at` an instant, taken on by an `owner`, and ends in an `outcome`.
    """

    invitation_id: UUID
    survey_id: UUID
    member_id: UUID
    answered_at: datetime
    score: int | None
    says: Mapping[str, str]
    language: str
    tier: str = ""
    store: str = ""
    due_at: datetime | None = None
    owner: str = ""
    done_at: datetime | None = None
    done_by: str | None = None
    outcome: Outcome | Literal[""] = ""
    note: str = ""


class Counted(Struct, frozen=True):
    """So many gave this score, in this month, on this tier, about this store."""

    month: str
    tier: str
    store: str
    score: int
    answers: int
