"""Surveys on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from regulars.insight.estimators.asking.scored import Scored, ScoredSurvey
from regulars.records.outbox.surveys.types import (
    LONGEST_NOTE,
    Answer,
    Invitation,
    Kind,
    Outcome,
    Question,
    Survey,
)
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.wire.parts import Slug, Whom, WrittenIn

Line = Annotated[str, Meta(min_length=1, max_length=300)]
Texts = dict[WrittenIn, Line]
Score = Annotated[int, Meta(ge=0, le=10)]


class SurveyQuestionSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A question; with scores only of whoever gave one of these."""

    id: Annotated[str, Meta(min_length=1, max_length=32)]
    asks: Texts
    answer: Literal["text", "choice"] = "text"
    choices: dict[Annotated[str, Meta(min_length=1, max_length=32)], Texts] = {}
    """Of a choice: by short name, in each language."""
    from_score: Score | None = None
    to_score: Score | None = None


class SurveySent(Struct, frozen=True, forbid_unknown_fields=True):
    """What a survey is to be; its kind stays."""

    name: Annotated[str, Meta(min_length=1, max_length=80)]
    kind: Kind
    asks: Texts
    """What the score is asked with; the head of a short feedback."""
    thanks: Texts
    """What is said in the end."""
    questions: Annotated[list[SurveyQuestionSent], Meta(max_length=8)] = []
    state: Literal["open", "closed"] = "open"
    review_url: Annotated[str, Meta(max_length=500)] = ""
    """Where a review is written, as `https://…`: everybody who answered is asked alike, whatever
    they said, and there is nothing for it. Empty: nobody is asked."""
    review_site: Annotated[str, Meta(max_length=80)] = ""
    """What that site is called."""


class SurveyShown(Struct, frozen=True):
    """A survey as it is."""

    code: str
    name: str
    kind: Kind
    asks: dict[str, str]
    thanks: dict[str, str]
    questions: list[Question]
    state: Literal["open", "closed"]
    version: int
    made_at: datetime
    made_by: str
    changed_at: datetime
    changed_by: str
    review_url: str = ""
    review_site: str = ""


class SurveysShown(Struct, frozen=True):
    """All of them, the latest first."""

    items: list[SurveyShown]


class SurveyScoreShown(Struct, frozen=True):
    """NPS from -100 to 100, or the content of a hundred; with 95 % from `low` to `high`."""

    value: float
    low: float
    high: float
    answers: int


class SurveyRead(Struct, frozen=True):
    """A survey and what it comes to; parts of fewer than five answers are left out."""

    survey: SurveyShown
    invited: int
    answered: int
    score: SurveyScoreShown | None
    scores: dict[str, int]
    """How many gave which score."""
    months: dict[str, SurveyScoreShown]
    tiers: dict[str, SurveyScoreShown]
    stores: dict[str, SurveyScoreShown]


class SurveyInvitationSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Who is to be asked."""

    member: Whom
    store: Slug | Literal[""] = ""
    """About a visit to this store."""


class SurveyInvitationShown(Struct, frozen=True):
    """An invitation; whoever has its link may answer, once."""

    invitation_id: str
    member_id: str
    link: str
    """The address below ours that is sent to the member, and to nobody else."""
    store: str
    made_at: datetime
    expires_at: datetime


class SurveyAnswerShown(Struct, frozen=True):
    """What a member answered; of who was unhappy, who looks after it and what came of that."""

    invitation_id: str
    member_id: str
    answered_at: datetime
    score: int | None
    says: dict[str, str]
    language: str
    tier: str
    store: str
    due_at: datetime | None
    owner: str
    done_at: datetime | None
    done_by: str | None
    outcome: Outcome | Literal[""]
    note: str


class SurveyAnswersPage(Struct, frozen=True):
    """Answers, the latest first."""

    items: list[SurveyAnswerShown]
    has_more: bool
    next_cursor: str | None


class LookedAfterSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Without an outcome it is taken on; with one it is over."""

    outcome: Outcome | None = None
    note: Annotated[str, Meta(max_length=LONGEST_NOTE)] = ""


def survey_shown(one: Survey) -> SurveyShown:
    """A survey for the wire."""
    return SurveyShown(
        one.code, one.name, one.kind, dict(one.asks), dict(one.thanks), list(one.questions),
        one.state, one.version, one.made_at, one.made_by, one.changed_at, one.changed_by,
        one.review_url, one.review_site,
    )  # fmt: skip


def survey_read(one: Survey, many: tuple[int, int], found: ScoredSurvey | None) -> SurveyRead:
    """A survey with what it comes to."""
    parts = ({}, {}, {}) if found is None else (found.months, found.tiers, found.stores)
    months, tiers, stores = ({name: _score(of) for name, of in part.items()} for part in parts)
    scores = {} if found is None else {str(score): n for score, n in found.scores.items()}
    overall = None if found is None or found.all is None else _score(found.all)
    return SurveyRead(survey_shown(one), *many, overall, scores, months, tiers, stores)


def invitation_shown(one: Invitation, link: str) -> SurveyInvitationShown:
    """An invitation for the wire."""
    return SurveyInvitationShown(
        shown("inv", one.invitation_id), shown("mem", one.member_id), link, one.store, one.made_at,
        one.expires_at,
    )  # fmt: skip


def answer_shown(one: Answer) -> SurveyAnswerShown:
    """An answer for the wire."""
    return SurveyAnswerShown(
        shown("inv", one.invitation_id), shown("mem", one.member_id), one.answered_at, one.score,
        dict(one.says), one.language, one.tier, one.store, one.due_at, one.owner, one.done_at,
        one.done_by, one.outcome, one.note,
    )  # fmt: skip


def _score(one: Scored) -> SurveyScoreShown:
    return SurveyScoreShown(round(one.value, 1), round(one.low, 1), round(one.high, 1), one.answers)
