"""The page on which somebody who was asked answers: by a link alone, without signing in."""

from __future__ import annotations

from typing import Any, Final, NamedTuple
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from regulars.base.faults import Fault, Invalid, Refused
from regulars.base.languages import language_of
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.telling.surveys.answer_surveys import answer_surveys
from regulars.flows.telling.surveys.commands import AnswerSurvey
from regulars.records.access.members.spelling import invitation_id_of, survey_of
from regulars.records.outbox.surveys import read
from regulars.records.outbox.surveys.rules import asked_of, words_in
from regulars.records.outbox.surveys.types import LONGEST_ANSWER, SCALES, Invitation, Survey
from regulars.surfaces.api.answers import No
from regulars.surfaces.api.strict.guesses import Guesses
from regulars.surfaces.card.desk import Desk, moved
from regulars.surfaces.card.forms import Form, form_of, visitor
from regulars.surfaces.card.inside import Asked
from regulars.surfaces.ui.coming import machine_of
from regulars.surfaces.ui.routes import reader_of

PATH: Final = "/card/survey"
MINE: Final = "/card/me/survey"


class _Asked(NamedTuple):
    """An invitation whose link was shown, and what it asks; in which language it is written."""

    invitation: Invitation
    survey: Survey
    own: str


def survey_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The page behind the link of an invitation."""
    page = SurveyPage(desk)
    return [
        desk.open(get, PATH, page.asks),
        desk.open(post, PATH, page.answered),
        desk.open(get, MINE, page.mine),
    ]


class SurveyPage:
    """Asks, and keeps what was answered.

    Order: a score is chosen by a link, also by one of a letter, and shows what comes next; nothing
    is kept before the button, as programs that look for harm open every address of a letter.
    Keeps: the page never says whose it is. A link that opens nothing counts as a guess, and after
    twenty of them from one place no further one is looked at.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._guesses = Guesses(desk.given.ticks)

    async def asks(self, request: Asked) -> Response[Any]:
        """The score, and once that is chosen what follows from it."""
        query = request.query_params
        found = await self._found(request, query.get("link", ""))
        if not isinstance(found, _Asked):
            return found
        return await self._page(request, found, _score(found.survey, query.get("score", "")))

    async def mine(self, request: Asked) -> Response[Any]:
        """Whoever is signed in is led to what they were asked last."""
        inside = await self._desk.inside(request)

        async def look(tx: Tx, _: Terms) -> Invitation | None:
            return await read.waiting(tx, inside.member_id)

        found: Invitation | None = await self._desk.read(inside.program_id, look)
        if found is None:
            return moved("/card")
        return moved(f"{PATH}?link={survey_of(self._desk.keyed, found.invitation_id)}")

    async def answered(self, request: Asked) -> Response[Any]:
        """The button was pressed."""
        form = await form_of(request, self._desk.keyed, visitor(request))
        found = await self._found(request, form["link"])
        if not isinstance(found, _Asked):
            return found
        score = _score(found.survey, form["score"])
        says = {
            one.id: form[f"says-{one.id}"].replace("\t", " ")
            for one in asked_of(found.survey, score)
            if form[f"says-{one.id}"].strip()
        }
        if score is None and not says:
            return await self._page(request, found, score, form, "nothing")
        language = reader_of(request).language
        command = AnswerSurvey(found.invitation.invitation_id, score, says, language)
        program_id = await self._desk.program()
        done = await self._desk.given.gate.submit(program_id, answer_surveys, command)
        if isinstance(done, Invalid):
            return await self._page(request, found, score, form, "wrong")
        if isinstance(done, Fault | Refused):
            answered = isinstance(done, Refused) and done.code == "survey_answered"
            return await self._over(request, "answered" if answered else "over")
        thanks = words_in(found.survey.thanks, language, found.own)
        # Everybody alike: whatever they said, this page is the same.
        return await self._desk.open_page(
            request, "door/survey.html", how="done", thanks=thanks,
            review=(found.survey.review_url, found.survey.review_site),
        )  # fmt: skip

    async def _found(self, request: Asked, link: str) -> _Asked | Response[Any]:
        """What the link opens, or the page that says that it opens nothing."""
        place = machine_of(request)
        try:
            self._guesses.count(place)
        except No:
            return await self._over(request, "often", status=429)
        which = invitation_id_of(self._desk.keyed, link)
        found = None if which is None else await self._looked_up(which)
        if found is None:
            return await self._over(request, "over", status=404)
        self._guesses.right(place)
        if found.invitation.answered_at is not None:
            return await self._over(
                request, "answered", status=200 if request.method == "GET" else 409
            )
        now = self._desk.given.now(await self._desk.program())
        if now >= found.invitation.expires_at or found.survey.state == "closed":
            return await self._over(request, "over", status=410)
        return found

    async def _looked_up(self, which: UUID) -> _Asked | None:
        async def look(tx: Tx, terms: Terms) -> _Asked | None:
            there = (await read.invitations(tx, [which])).get(which)
            if there is None:
                return None
            survey = (await read.by_id(tx, [there.survey_id]))[there.survey_id]
            locale = terms.at(tx.now).program.locale
            return _Asked(there, survey, language_of(locale))

        found: _Asked | None = await self._desk.read(await self._desk.program(), look)
        return found

    async def _over(self, request: Asked, how: str, *, status: int = 409) -> Response[Any]:
        return await self._desk.open_page(request, "door/survey.html", status=status, how=how)

    async def _page(
        self,
        request: Asked,
        found: _Asked,
        score: int | None,
        form: Form | None = None,
        wrong: str = "",
    ) -> Response[Any]:
        survey, language = found.survey, reader_of(request).language

        def say(texts: Any) -> str:
            return words_in(texts, language, found.own)

        scale = SCALES[survey.kind]
        asked = [] if scale and score is None else asked_of(survey, score)
        questions = [
            (one, say(one.asks), [(name, say(texts)) for name, texts in one.choices.items()])
            for one in asked
        ]
        link = request.query_params.get("link", "") or (form or Form())["link"]
        return await self._desk.open_page(
            request, "door/survey.html", status=422 if wrong else 200, how="asks", kind=survey.kind,
            asks=say(survey.asks), scale=range(scale[0], scale[1] + 1) if scale else (),
            score=score, questions=questions, link=link, typed=form or Form(),
            longest=LONGEST_ANSWER, wrong=wrong,
        )  # fmt: skip


def _score(survey: Survey, said: str) -> int | None:
    """The score that was chosen; nothing for what is none of its scale."""
    scale = SCALES[survey.kind]
    if scale is None or not (said.isascii() and said.isdigit() and len(said) <= 2):
        return None
    return int(said) if scale[0] <= int(said) <= scale[1] else None
