"""Whoever was asked answers, once; that they answered is an activity, and no rule sees what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from regulars.base.faults import Fault, Invalid, NotFound, Refused
from regulars.base.languages import LANGUAGES
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.commands import RecordActivity
from regulars.flows.recording.record_activities import record_activities
from regulars.flows.telling.surveys.commands import AnswerOutcome, AnswerSurvey
from regulars.records.activity.types import Body
from regulars.records.members.types import MemberRef
from regulars.records.outbox.surveys import read, write
from regulars.records.outbox.surveys.rules import due_for, ill_answered
from regulars.records.outbox.surveys.types import Answer, Invitation, Survey

KIND: Final = "survey"
"""What rules call it."""
SOURCE: Final = "regulars-survey"


async def answer_surveys(
    tx: Tx, terms: Terms, batch: Sequence[AnswerSurvey]
) -> list[AnswerOutcome]:
    """Each of these is what was said to its invitation; the first counts, also of two at once.

    Order: that they answered is recorded first, under the invitation as its receipt: whoever
    answers it in another window waits for that, and finds it answered.
    Keeps: what rules reward is made of invitation and survey alone: they cannot tell a 10 from a 0
    (ADR 0755).
    Refuses: `survey_answered`, `survey_expired`, `survey_closed`.
    Faults, each for its own item: `not_found`; `invalid` at score or text; what recording says.
    """
    invited = await read.invitations(tx, [one.invitation_id for one in batch])
    surveys = await read.by_id(tx, list({one.survey_id for one in invited.values()}))
    outcomes: list[AnswerOutcome | None] = []
    for command in batch:
        there = invited.get(command.invitation_id)
        survey = None if there is None else surveys.get(there.survey_id)
        outcomes.append(_ill(tx, command, there, survey))
    todo = [at for at, outcome in enumerate(outcomes) if outcome is None]
    asked = [invited[batch[at].invitation_id] for at in todo]
    booked = await record_activities(
        tx, terms, [happened(one, surveys[one.survey_id]) for one in asked]
    )
    for at, there, done in zip(todo, asked, booked, strict=True):
        if isinstance(done, Fault | Refused):
            outcomes[at] = done
        else:
            outcomes[at] = await _keep(tx, batch[at], there, surveys[there.survey_id], done)
    return [one for one in outcomes if one is not None]


def happened(there: Invitation, survey: Survey) -> RecordActivity:
    """What rules see of an answer: that there was one, to which survey."""
    return RecordActivity(
        kind=KIND,
        member=MemberRef(id=there.member_id),
        source=SOURCE,
        external_id=there.invitation_id.hex,
        store=there.store,
        channel="survey",
        body=Body(details={"survey": survey.code, "question": survey.kind}),
    )


async def _keep(
    tx: Tx, command: AnswerSurvey, there: Invitation, survey: Survey, done: object
) -> AnswerOutcome:
    says = {name: text.strip() for name, text in command.says.items() if text.strip()}
    language = command.language.partition("-")[0]
    one = Answer(
        there.invitation_id, survey.survey_id, getattr(done, "member_id", there.member_id), tx.now,
        command.score, says, language if language in LANGUAGES else LANGUAGES[0],
        getattr(done, "tier", None) or "", there.store,
        due_for(survey.kind, command.score, tx.now),
    )  # fmt: skip
    return one if await write.answer(tx, one) else _answered()


def _ill(
    tx: Tx, command: AnswerSurvey, there: Invitation | None, survey: Survey | None
) -> AnswerOutcome | None:
    if there is None or survey is None:
        return NotFound("there is no such invitation", field="/link")
    if there.answered_at is not None:
        return _answered()
    if tx.now >= there.expires_at:
        return Refused("survey_expired", "It could be answered until a while ago", {})
    if survey.state == "closed":
        return Refused("survey_closed", "Nobody is asked this any more", {})
    says = {name: text for name, text in command.says.items() if text.strip()}
    wrong = ill_answered(survey, command.score, says)
    return None if wrong is None else Invalid(wrong.says, field=wrong.place)


def _answered() -> Refused:
    return Refused("survey_answered", "This was answered already", {})
