"""Who is asked, how often, and what becomes of an answer: once, blind, and gone with its member."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.makers import Made, Shop, by

from regulars.base.faults import Refused
from regulars.flows.telling.surveys.answer_surveys import answer_surveys, happened
from regulars.flows.telling.surveys.commands import (
    AnswerSurvey,
    InviteMember,
    KeepSurvey,
    LookAfter,
)
from regulars.flows.telling.surveys.invite_members import invite_members
from regulars.flows.telling.surveys.keep_surveys import keep_surveys
from regulars.flows.telling.surveys.look_after import look_after
from regulars.records.access.staff.types import By
from regulars.records.outbox.surveys.types import Answer, Invitation, Question, Survey

MIA: Final = By(words="mia")
SOURCE: Final = """
regulars: 1
program: asks
name: Asks
currency: EUR
zone: Europe/Berlin
locale: en-GB
wallets:
  points: {}
rules:
  - {id: asked, on: survey, wallet: points, award: {give: fixed, points: 25}}
"""
LOW: Final = Question("wrong", {"en": "What went wrong?"}, from_score=0, to_score=6)

BACKWARDS: Final = Question("a", {"en": "x"}, from_score=9, to_score=3)


@pytest.fixture(scope="module")
def shop(database: Made) -> Iterator[Shop]:
    made = Shop.open(database, SOURCE)
    for code in ("recommend", "content"):
        made.ask(keep_surveys, kept(code))
    yield made
    made.close()


def kept(code: str, **more: Any) -> KeepSurvey:
    told: dict[str, Any] = {
        "name": "Recommend", "kind": "nps", "asks": {"en": "Would you?"}, "questions": (LOW,),
        "thanks": {"en": "Thanks"}, "by": MIA, **more,
    }  # fmt: skip
    return KeepSurvey(code, **told)


def invites(shop: Shop, name: str, survey: str = "recommend") -> Any:
    return shop.ask(invite_members, InviteMember(survey, by(external=name), MIA))[0]


def answers(shop: Shop, one: Invitation, score: int | None, **says: str) -> Any:
    return shop.ask(answer_surveys, AnswerSurvey(one.invitation_id, score, says, "en"))[0]


def balance(shop: Shop, who: UUID) -> int:
    sql = "select available from balance where program_id = $1 and member_id = $2"
    return sum(row[0] for row in shop.rows(sql, who))


def test_what_there_is_for_an_answer_does_not_depend_on_it(shop: Shop) -> None:
    """Control: rules are given an activity that is made without the answer."""
    shop.joined("happy", "angry")
    seen = []
    for name, score, says in (("happy", 10, {}), ("angry", 0, {"wrong": "All of it"})):
        one = invites(shop, name)
        assert isinstance(answers(shop, one, score, **says), Answer)
        (told,) = shop.rows("select kind, channel, body from activity where program_id = $1 "
                            "and member_id = $2", one.member_id)  # fmt: skip
        seen.append((told, balance(shop, one.member_id)))
    assert seen[0] == seen[1]
    assert seen[0][1] == 25
    assert "score" not in str(seen)


def test_no_field_of_an_answer_reaches_rules() -> None:
    """By construction: of what is said `happened` is given nothing."""
    names = happened.__annotations__
    assert set(names) == {"there", "survey", "return"}
    assert not {"score", "says"} & set(Invitation.__struct_fields__)


def test_an_unhappy_answer_is_somebodys_and_ends_with_what_came_of_it(shop: Shop) -> None:
    shop.joined("sad", "glad")
    sad, glad = invites(shop, "sad"), invites(shop, "glad")
    told = answers(shop, sad, 6, wrong="Cold coffee")
    assert told.due_at == shop.now + timedelta(days=2)
    assert answers(shop, glad, 7).due_at is None
    assert shop.ask(look_after, LookAfter(glad.invitation_id, MIA))[0].code == "nothing_to_do"
    taken, ended = (
        shop.ask(look_after, LookAfter(sad.invitation_id, MIA, *more))[0]
        for more in ((), ("solved", "Called"))
    )
    assert (taken.owner, taken.done_at) == ("mia", None)
    assert (ended.outcome, ended.note, ended.done_by) == ("solved", "Called", "mia")


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"asks": {"de": "Ja?"}}, "/asks"),
        ({"thanks": {"en": "x" * 301}}, "/thanks/en"),
        ({"questions": (Question("Bad", {"en": "x"}),)}, "/questions/0/id"),
        ({"questions": (LOW, LOW)}, "/questions"),
        ({"questions": (BACKWARDS,)}, "/questions/0/from_score"),
        ({"questions": (Question("a", {"en": "x"}, "choice"),)}, "/questions/0/choices"),
        ({"kind": "feedback", "questions": ()}, "/questions"),
    ],
)  # fmt: skip
def test_a_survey_that_is_ill_written_is_not_kept(shop: Shop, more: Any, place: str) -> None:
    wrong = shop.ask(keep_surveys, kept("bad", **more))[0]
    assert getattr(wrong, "field", None) == place
    assert shop.rows("select 1 from survey where program_id = $1 and code = 'bad'") == []


def test_who_was_asked_lately_is_not_asked_by_another_survey(shop: Shop) -> None:
    shop.joined("often")
    first = invites(shop, "often")
    assert invites(shop, "often") == first, "while it stands it is given again"
    assert invites(shop, "often", "content").code == "asked_lately"
    answers(shop, first, 8)
    assert invites(shop, "often").code == "asked_lately"


def test_of_two_at_once_the_first_counts(shop: Shop) -> None:
    """Both are looked at before either is kept (control: a planted bug)."""
    shop.joined("both")
    one = invites(shop, "both")
    both = [AnswerSurvey(one.invitation_id, score, {}, "en") for score in (9, 2)]
    first, second = shop.ask(answer_surveys, *both)
    assert isinstance(first, Answer)
    assert second.code == "survey_answered"
    sql = "select score from survey_answer where program_id = $1 and invitation_id = $2"
    assert shop.rows(sql, one.invitation_id) == [(9,)]


_STEPS = st.lists(
    st.tuples(st.sampled_from(["a", "b"]), st.sampled_from(["recommend", "content"]),
              st.integers(0, 60), st.booleans()), min_size=4, max_size=9)  # fmt: skip


@settings(max_examples=5, deadline=None)
@given(steps=_STEPS)
def test_nobody_is_asked_too_often_or_answers_twice(shop: Shop, steps: Any) -> None:
    """Whatever is done: ninety days lie between two askings, and an invitation has one answer."""
    mark = shop.rows("select count(*) from survey_invitation where program_id = $1")[0][0]
    names = {name: f"{name}{mark}" for name in "ab"}
    shop.joined(*names.values())
    given_out: list[Invitation] = []
    for name, survey, days, twice in steps:
        shop.now += timedelta(days=days)
        many = [InviteMember(survey, by(external=names[name]), MIA)] * (1 + twice)
        given_out += [one for one in shop.ask(invite_members, *many) if isinstance(one, Invitation)]
        for one in given_out[-2:] if twice else ():
            done = shop.ask(answer_surveys, *[AnswerSurvey(one.invitation_id, 9, {}, "en")] * 2)
            assert sum(isinstance(each, Answer) for each in done) <= 1
    asked = {one.invitation_id: one for one in given_out}
    for who in {one.member_id for one in asked.values()}:
        at = sorted(one.made_at for one in asked.values() if one.member_id == who)
        assert all(b - a >= timedelta(days=90) for a, b in pairwise(at))


def test_an_answer_comes_in_time_and_while_it_is_open(shop: Shop) -> None:
    shop.joined("late", "shut")
    late = invites(shop, "late")
    shop.ask(keep_surveys, kept("closing"))
    shut = invites(shop, "shut", "closing")
    closed = shop.ask(keep_surveys, kept("closing", state="closed"))[0]
    assert isinstance(closed, Survey)
    assert answers(shop, shut, 9).code == "survey_closed"
    shop.now += timedelta(days=30)
    refused = answers(shop, late, 9)
    assert isinstance(refused, Refused)
    assert refused.code == "survey_expired"
    assert balance(shop, late.member_id) == 0, "and there is nothing for it"
