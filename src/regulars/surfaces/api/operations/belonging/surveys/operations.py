"""Surveys: written, members asked, what they said, and who looks after the unhappy."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.telling.surveys.commands import InviteMember, KeepSurvey, LookAfter
from regulars.flows.telling.surveys.invite_members import invite_members
from regulars.flows.telling.surveys.keep_surveys import keep_surveys, nothing
from regulars.flows.telling.surveys.look_after import look_after
from regulars.insight.estimators.asking.scored import scored
from regulars.records.access.members.spelling import survey_of
from regulars.records.access.types import Scope
from regulars.records.members import read as members
from regulars.records.members.types import nobody
from regulars.records.outbox.surveys import read
from regulars.records.outbox.surveys.types import Question, Survey
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.belonging.surveys import examples
from regulars.surfaces.api.operations.belonging.surveys.wire import (
    LookedAfterSent,
    SurveyAnswerShown,
    SurveyAnswersPage,
    SurveyInvitationSent,
    SurveyInvitationShown,
    SurveyRead,
    SurveySent,
    SurveysShown,
    answer_shown,
    invitation_shown,
    survey_read,
    survey_shown,
)
from regulars.surfaces.api.strict.cursors import cursor_of, place_of
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.api.wire.parts import PageQuery, member_of

PATH: Final = "/card/survey"
_TAG: Final = "Surveys"
_READ = (Scope.MEMBERS_READ,)
_WRITE = (Scope.MEMBERS_WRITE,)
_MOST_OF_ONE: Final = 100


async def listed(call: Call) -> Reply:
    """Every survey."""
    async with call.transaction as tx:
        return Reply(SurveysShown([survey_shown(one) for one in await read.surveys(tx)]))


async def one(call: Call) -> Reply:
    """One survey and what it comes to."""

    async def look(tx: Tx, terms: Terms) -> SurveyRead:
        found = await _there(tx, call)
        zone = str(terms.at(tx.now).program.zone)
        many = await read.how_many(tx, found.survey_id)
        if found.kind == "feedback":
            return survey_read(found, many, None)
        counts = await read.counts(tx, found.survey_id, zone)
        return survey_read(found, many, scored(found.kind, counts))

    return Reply(await call.read(look))


async def keep(call: Call) -> Reply:
    """A survey is written."""
    sent: SurveySent = call.sent
    asked = tuple(Question(**msgspec.structs.asdict(each)) for each in sent.questions)
    asks, thanks = (
        {str(language): text for language, text in texts.items()}
        for texts in (sent.asks, sent.thanks)
    )
    await call.do(keep_surveys, KeepSurvey(
        call.ids["survey"], sent.name, sent.kind, asks, asked, thanks, call.by, sent.state,
        sent.review_url, sent.review_site,
    ))  # fmt: skip
    return await one(call)


async def invite(call: Call) -> Reply:
    """A member is asked."""
    sent: SurveyInvitationSent = call.sent
    who = member_of(sent.member)
    command = InviteMember(call.ids["survey"], who, call.by, sent.store)
    found = await call.do(invite_members, command)
    link = f"{PATH}?link={survey_of(call.given.keyed, found.invitation_id)}"
    return Reply(invitation_shown(found, link))


async def answers(call: Call) -> Reply:
    """What was answered, the latest first."""
    query: PageQuery = call.query
    before = place_of(query.cursor, tuple[datetime, UUID])
    async with call.transaction as tx:
        there = await _there(tx, call)
        found = await read.answers(tx, there.survey_id, before, query.limit + 1)
    page, more = found[: query.limit], len(found) > query.limit
    cursor = cursor_of((page[-1].answered_at, page[-1].invitation_id)) if more else None
    return Reply(SurveyAnswersPage([answer_shown(each) for each in page], more, cursor))


async def of_member(call: Call) -> Reply:
    """What one member answered, the latest first."""
    id_ = addressed("mem", call.ids["member_id"])
    async with call.transaction as tx:
        if not await members.present(tx, [id_]):
            raise nobody()
        found = await read.answers_of(tx, id_, _MOST_OF_ONE)
    return Reply(SurveyAnswersPage([answer_shown(each) for each in found], False, None))


async def looked_after(call: Call) -> Reply:
    """Somebody takes it on, or it is over."""
    sent: LookedAfterSent = call.sent
    id_ = addressed("inv", call.ids["invitation_id"])
    command = LookAfter(id_, call.by, sent.outcome, sent.note)
    return Reply(answer_shown(await call.do(look_after, command)))


async def _there(tx: Tx, call: Call) -> Survey:
    found = await read.survey(tx, call.ids["survey"])
    if found is None:
        raise nothing(call.ids["survey"])
    return found


def _operation(method: str, path: str, name: str, **told: Any) -> Operation:
    return Operation(method=method, path=path, name=name, tag=_TAG, **told)


_PAGE: Final = {"items": [examples.ANSWER], "has_more": False, "next_cursor": None}

OPERATIONS = (
    _operation(
        "GET", "/v1/surveys", "list_surveys",
        says="Every survey, the latest first",
        scopes=_READ,
        answers={200: SurveysShown},
        answer_example={"items": [examples.SURVEY]},
        do=listed,
    ),
    _operation(
        "GET", "/v1/surveys/{survey}", "get_survey",
        says="One survey, and what it comes to",
        notes="The score is NPS (promoters less detractors, with bounds by adjusted Wald) or the "
        "content of a hundred (4 and 5 of 5, with Wilson's bounds): over all answers and by month, "
        "tier and store. Parts of fewer than five answers are left out, so that nobody is told by "
        "them.",
        scopes=_READ,
        answers={200: SurveyRead},
        answer_example=examples.READ,
        codes=("not_found",),
        do=one,
    ),
    _operation(
        "PUT", "/v1/surveys/{survey}", "keep_survey",
        once=Once.AGAIN,
        says="Write a survey",
        notes="`nps` asks a score from 0 to 10, `csat` one from 1 to 5, `feedback` none. Then come "
        "the questions, each of everybody or of whoever gave a score from `from_score` to "
        "`to_score`. Everything is written in the language of the program, and in others as you "
        "like. With the state `closed` nobody answers it any more.",
        scopes=_WRITE,
        sent=SurveySent,
        answers={200: SurveyRead},
        example=examples.SENT,
        answer_example=examples.READ,
        do=keep,
    ),
    _operation(
        "POST", "/v1/surveys/{survey}/invitations", "invite_to_survey",
        once=Once.AGAIN,
        says="Ask one member",
        notes="Gives a link that nobody guesses and that is answered once, within 30 days. While "
        "an invitation to this survey stands, it is given again. Otherwise a member is asked by "
        "one survey at most in so many days (the setting `survey_days`); `again_at` of the refusal "
        "says from when on. That they answered is an activity of the kind `survey`, for which "
        "rules may give something: they see that there was an answer, and not what was said.",
        scopes=_WRITE,
        sent=SurveyInvitationSent,
        answers={200: SurveyInvitationShown},
        example={"member": {"card": "4711"}},
        answer_example=examples.INVITATION,
        codes=("not_found", "unknown_member", "survey_closed", "member_blocked", "asked_lately"),
        do=invite,
    ),
    _operation(
        "GET", "/v1/surveys/{survey}/answers", "list_survey_answers",
        says="What was answered, the latest first",
        scopes=_READ,
        query=PageQuery,
        answers={200: SurveyAnswersPage},
        answer_example=_PAGE,
        codes=("not_found", "bad_cursor"),
        do=answers,
    ),
    _operation(
        "GET", "/v1/members/{member_id}/survey-answers", "list_answers_of_member",
        says="What one member answered, the latest first",
        notes="The last hundred.",
        scopes=_READ,
        answers={200: SurveyAnswersPage},
        answer_example=_PAGE,
        codes=("unknown_member",),
        do=of_member,
    ),
    _operation(
        "POST", "/v1/survey-answers/{invitation_id}/look-after", "look_after_answer",
        once=Once.AGAIN,
        says="Take an unhappy answer on, or say what came of it",
        notes="Whoever gives an NPS of 6 or less, or a CSAT of 1 or 2, should hear of somebody "
        "within two days (`due_at`). Without `outcome` you take it on; with one it is over.",
        scopes=_WRITE,
        sent=LookedAfterSent,
        answers={200: SurveyAnswerShown},
        example={"outcome": "solved", "note": "Called, said sorry, invited for a coffee"},
        answer_example=examples.ANSWER,
        codes=("not_found", "nothing_to_do"),
        do=looked_after,
    ),
)  # fmt: skip
