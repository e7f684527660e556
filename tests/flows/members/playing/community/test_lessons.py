"""Members answer a quiz: passed once, rewarded once, and nobody is told which answer was wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from tests.flows.members.playing.community.meeting import (
    MIA,
    SAYS,
    SOURCE,
    club,
    comes,
    joins,
    plan,
    points,
    takes,
)
from tests.makers import Made, Shop, by

from regulars.flows.community.learn import answer_quizzes, keep_lessons
from regulars.flows.community.learning import AnswerQuiz, KeepLesson
from regulars.flows.membership.commands import MergeMembers
from regulars.flows.membership.merge_members import merge_members
from regulars.records.community.lessons.types import QuizQuestion

ASKS = QuizQuestion({"en": "How much?"}, ({"en": "20 g"}, {"en": "60 g"}), 1)


@pytest.fixture(scope="module")
def shop(database: Made) -> Iterator[Shop]:
    made = Shop.open(database, SOURCE)
    yield made
    made.close()


def lesson(shop: Shop, code: str, **more: Any) -> Any:
    told: dict[str, Any] = {"name": code.title(), "says": SAYS, "questions": (ASKS, ASKS),
                            "needed": 2, "by": MIA, **more}  # fmt: skip
    return shop.ask(keep_lessons, KeepLesson(code, **told))[0]


def answers(shop: Shop, name: str, code: str, *chosen: int) -> Any:
    return shop.ask(answer_quizzes, AnswerQuiz(by(external=name), code, chosen))[0]


def test_a_lesson_is_passed_once_and_what_there_is_for_it_comes_once(shop: Shop) -> None:
    lesson(shop, "brewing")
    shop.joined("ada")
    first = answers(shop, "ada", "brewing", 1, 0)
    assert (first.right, first.passed_at, points(shop, "ada")) == (1, None, 0)
    no = answers(shop, "ada", "brewing", 1, 1)
    assert no.code == "lesson_again_later"
    assert no.facts["again_at"] == (shop.now + timedelta(minutes=10)).isoformat()
    shop.now += timedelta(minutes=10)
    done = answers(shop, "ada", "brewing", 1, 1)
    assert (done.right, done.passed_at, points(shop, "ada")) == (2, shop.now, 15)
    shop.now += timedelta(hours=1)
    again = answers(shop, "ada", "brewing", 0, 0)
    assert (again.passed_at, points(shop, "ada")) == (done.passed_at, 15)


def test_two_who_answer_at_once_for_one_member_pass_once(shop: Shop) -> None:
    lesson(shop, "roasting")
    shop.joined("bea")
    asks = [AnswerQuiz(by(external="bea"), "roasting", (1, 1))]
    told = shop.together(*[lambda tx, terms: answer_quizzes(tx, terms, asks)] * 3)
    assert {one[0].passed_at for one in told} == {shop.now}
    assert points(shop, "bea") == 15
    sql = "select tries from lesson_try t join lesson using (program_id, lesson_id)"
    assert shop.rows(f"{sql} where t.program_id = $1 and code = 'roasting'") == [(1,)]


def test_a_lesson_of_a_club_is_for_who_is_in_it(shop: Shop) -> None:
    club(shop, "baristas")
    lesson(shop, "latte-art", club="baristas")
    shop.joined("cem")
    assert answers(shop, "cem", "latte-art", 1, 1).code == "club_only"
    joins(shop, "cem", "baristas")
    assert answers(shop, "cem", "latte-art", 1, 1).passed_at == shop.now


def test_a_closed_lesson_is_answered_by_nobody(shop: Shop) -> None:
    lesson(shop, "old")
    assert lesson(shop, "old", state="closed").version == 2
    shop.joined("dan")
    assert answers(shop, "dan", "old", 1, 1).code == "lesson_closed"


@pytest.mark.parametrize(
    ("chosen", "place"), [((1,), "/answers"), ((1, 2), "/answers/1"), ((1, -1), "/answers/1")]
)
def test_answers_that_do_not_fit_are_no_try(
    shop: Shop, chosen: tuple[int, ...], place: str
) -> None:
    lesson(shop, "tasting")
    shop.joined(f"e{len(chosen)}{chosen[-1]}")
    assert answers(shop, f"e{len(chosen)}{chosen[-1]}", "tasting", *chosen).field == place
    sql = "select 1 from lesson_try t join lesson using (program_id, lesson_id)"
    assert shop.rows(f"{sql} where t.program_id = $1 and code = 'tasting'") == []


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"needed": 3}, "/needed"),
        ({"questions": ()}, "/questions"),
        ({"questions": (replace(ASKS, asks={"de": "x"}), ASKS)}, "/questions/0/asks"),
        ({"questions": (replace(ASKS, choices=({"en": "a"},)), ASKS)}, "/questions/0/choices"),
        ({"questions": (ASKS, replace(ASKS, right=2))}, "/questions/1/right"),
        ({"club": "nobody"}, "/club"),
    ],
)  # fmt: skip
def test_a_lesson_that_is_ill_written_is_not_kept(shop: Shop, more: Any, place: str) -> None:
    assert getattr(lesson(shop, "bad", **more), "field", None) == place
    assert shop.rows("select 1 from lesson where program_id = $1 and code = 'bad'") == []


def test_a_lesson_that_is_held_is_for_whoever_came_to_an_event_that_teaches_it(shop: Shop) -> None:
    """The class has the seats and its waiting list; the quiz comes after it."""
    lesson(shop, "cupping", held=True)
    assert plan(shop, "monday", lesson="no-such").field == "/lesson"
    soon = shop.now + timedelta(hours=3)
    at = {"begins_at": soon, "ends_at": soon + timedelta(hours=1)}
    made = plan(shop, "monday", seats=1, sort="class", lesson="cupping", **at)
    assert (made.sort, made.lesson) == ("class", "cupping")
    shop.joined("fay", "gus", "old-gus")
    assert [takes(shop, name, "monday").state for name in ("fay", "gus")] == ["held", "waiting"]
    assert answers(shop, "fay", "cupping", 1, 1).code == "came_only", "a seat is not enough"
    assert comes(shop, "fay", "monday").came_at == shop.now
    assert answers(shop, "fay", "cupping", 1, 1).passed_at == shop.now
    assert answers(shop, "gus", "cupping", 1, 1).code == "came_only"
    plan(shop, "tuesday", seats=1, lesson="cupping", **at)
    comes(shop, "old-gus", "tuesday")
    told = MergeMembers(by(external="old-gus"), by(external="gus"), "one person", "mia")
    shop.ask(merge_members, told)
    assert answers(shop, "gus", "cupping", 1, 1).passed_at == shop.now, "whoever they were then"


def test_what_is_taught_is_settled_once_it_begins_and_by_nobody_where_it_was_called_off(
    shop: Shop,
) -> None:
    lesson(shop, "pouring", held=True)
    soon = shop.now + timedelta(hours=3)
    at = {"begins_at": soon, "ends_at": soon + timedelta(hours=1)}
    plan(shop, "lost-class", lesson="pouring", **at)
    plan(shop, "class", lesson="pouring", **at)
    shop.joined("hal", "ian")
    assert comes(shop, "hal", "lost-class").came_at == shop.now
    assert comes(shop, "ian", "class").came_at == shop.now
    early = plan(shop, "class", **at)
    assert (early.code, early.facts["fields"]) == ("gathering_begun", ["lesson"]), "ian came early"
    plan(shop, "lost-class", lesson="pouring", state="cancelled", **at)
    assert answers(shop, "hal", "pouring", 1, 1).code == "came_only", "nobody taught it"
    shop.now = soon + timedelta(days=7)
    recap = {"recap": {"en": "Wet."}, **at}
    no = plan(shop, "class", **recap)
    assert (no.code, no.facts["fields"]) == ("gathering_begun", ["lesson"])
    assert plan(shop, "class", lesson="pouring", **recap).recap == recap["recap"]
    assert answers(shop, "ian", "pouring", 1, 1).passed_at == shop.now


def test_a_lesson_that_whoever_came_could_not_read_is_not_taught(shop: Shop) -> None:
    one, other = (club(shop, code) for code in ("inside", "outside"))
    assert one.club_id != other.club_id
    lesson(shop, "secret", held=True, club="inside")
    assert plan(shop, "for-all", lesson="secret").field == "/lesson"
    assert plan(shop, "for-others", lesson="secret", club="outside").field == "/lesson"
    assert plan(shop, "for-them", lesson="secret", club="inside").lesson == "secret"
    assert plan(shop, "for-them", lesson="secret").field == "/lesson", "nor opened to everybody"
    lesson(shop, "secret", held=True, club="inside", state="closed")
    assert plan(shop, "again", lesson="secret", club="inside").field == "/lesson"
    kept = plan(shop, "for-them", seats=9, lesson="secret", club="inside")
    assert kept.capacity == 9, "what was planned before stays"
