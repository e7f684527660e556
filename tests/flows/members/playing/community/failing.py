"""What is asked of clubs and gatherings, for the tests that let every statement fail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tests.crash.terms_operations import joined
from tests.isolation.scenes import Ask
from tests.makers import NOON, Shop

from regulars.flows.community.caring.commands import (
    AgreeToReferences,
    CloseCase,
    NoteCase,
    OpenCase,
    TurnReference,
    WantReference,
)
from regulars.flows.community.caring.find_references import (
    agree_to_references,
    turn_references,
    want_references,
)
from regulars.flows.community.caring.work_on_cases import close_cases, note_cases, open_cases
from regulars.flows.community.check_in import check_in_members
from regulars.flows.community.commands import (
    CheckIn,
    GiveUpSeat,
    InviteToClub,
    JoinClub,
    KeepClub,
    KeepGathering,
    LeaveClub,
    TakeSeat,
)
from regulars.flows.community.join_clubs import invite_to_clubs, join_clubs, leave_clubs
from regulars.flows.community.keep_clubs import keep_clubs
from regulars.flows.community.keep_gatherings import keep_gatherings
from regulars.flows.community.learn import answer_quizzes, keep_lessons
from regulars.flows.community.learning import AnswerQuiz, KeepLesson
from regulars.flows.community.posting import DecidePost, TurnPost, WritePost
from regulars.flows.community.publish_posts import decide_posts, turn_posts, write_posts
from regulars.flows.community.take_seats import give_up_seats, take_seats
from regulars.records.access.staff.types import By
from regulars.records.community.lessons.types import QuizQuestion
from regulars.records.members.types import Asked, MemberRef

_MIA = By(words="mia")
_SAYS = {"en": "We meet"}


def _key(n: int) -> Asked:
    return Asked("till", f"community-{n}")


def keeps_club(n: int, _: Any) -> Ask:
    return keep_clubs, [KeepClub(f"club-{n}", "Club", _SAYS, "open", _MIA)]


def keeps_gathering(n: int, _: Any) -> Ask:
    return keep_gatherings, [_plan(f"meet-{n}", NOON + timedelta(days=900))]


def _plan(code: str, at: datetime, room: int = 9) -> KeepGathering:
    return KeepGathering(code, "Meet", _SAYS, at, at + timedelta(hours=1), room, _MIA)


def members(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """A club, a gathering with room for all of them, and a member for each."""
    shop.ask(keep_clubs, KeepClub("all", "All", _SAYS, "open", _MIA))
    shop.ask(keep_gatherings, _plan("all", shop.now + timedelta(hours=2), 900))
    shop.ask(keep_lessons, _lesson("all"))
    return joined(shop, ns)


def _lesson(code: str) -> KeepLesson:
    asks = QuizQuestion(_SAYS, (_SAYS, _SAYS), 1)
    return KeepLesson(code, "Lesson", _SAYS, (asks,), 1, _MIA)


def keeps_lesson(n: int, _: Any) -> Ask:
    return keep_lessons, [_lesson(f"lesson-{n}")]


def learns(n: int, who: UUID) -> Ask:
    return answer_quizzes, [AnswerQuiz(MemberRef(id=who), "all", (1,), _key(n))]


def inside(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """Members who are in the club and have a seat."""
    found = members(shop, ns)
    for one in found:
        shop.ask(join_clubs, JoinClub(MemberRef(id=one), "all"))
        shop.ask(take_seats, TakeSeat(MemberRef(id=one), "all"))
    return found


def joins(n: int, who: UUID) -> Ask:
    return join_clubs, [JoinClub(MemberRef(id=who), "all", True, asked=_key(n))]


def leaves(n: int, who: UUID) -> Ask:
    return leave_clubs, [LeaveClub(MemberRef(id=who), "all", _key(n))]


def invites(n: int, who: UUID) -> Ask:
    return invite_to_clubs, [InviteToClub("all", MemberRef(id=who), _MIA, _key(n))]


def takes(n: int, who: UUID) -> Ask:
    return take_seats, [TakeSeat(MemberRef(id=who), "all", _key(n))]


def gives_up(n: int, who: UUID) -> Ask:
    return give_up_seats, [GiveUpSeat(MemberRef(id=who), "all", _key(n))]


def comes(n: int, who: UUID) -> Ask:
    return check_in_members, [CheckIn(MemberRef(id=who), "all", "mia", _key(n))]


def writes(n: int, who: UUID) -> Ask:
    return write_posts, [WritePost(MemberRef(id=who), "story", "Hi", "Good.", asked=_key(n))]


def written(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """A story of each, which waits; and who wrote it."""
    found = joined(shop, ns)
    told = [
        shop.ask(write_posts, WritePost(MemberRef(id=one), "story", "Hi", "Good."))[0]
        for one in found
    ]
    return [(one, each.post_id) for one, each in zip(found, told, strict=True)]


def opens(n: int, who: UUID) -> Ask:
    return open_cases, [OpenCase(MemberRef(id=who), "Open", _MIA, "Help", asked=_key(n))]


def troubled(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """A case of each."""
    return [
        shop.ask(open_cases, OpenCase(MemberRef(id=one), "Open", _MIA))[0].case_id
        for one in joined(shop, ns)
    ]


def notes(n: int, case: Any) -> Ask:
    return note_cases, [NoteCase(case, "On their way", _MIA, _key(n))]


def closes(_: int, case: Any) -> Ask:
    return close_cases, [CloseCase(case, "solved", _MIA)]


def wants(n: int, _: Any) -> Ask:
    return want_references, [WantReference("Bakery", _MIA, asked=_key(n))]


def agrees(_: int, who: UUID) -> Ask:
    return agree_to_references, [AgreeToReferences(MemberRef(id=who), True, _MIA)]


def agreed(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """For each a request, and a member who agreed."""
    found = joined(shop, ns)
    for one in found:
        shop.ask(agree_to_references, AgreeToReferences(MemberRef(id=one), True, _MIA))
    told = [shop.ask(want_references, WantReference("Bakery", _MIA))[0] for _ in found]
    return [(one, each.request_id) for one, each in zip(found, told, strict=True)]


def asks_for(_: int, what: Any) -> Ask:
    who = MemberRef(id=what[0] if isinstance(what, tuple) else _NOBODY)
    return turn_references, [TurnReference(_second(what), "ask", _MIA, who)]


def publishes(_: int, what: Any) -> Ask:
    return decide_posts, [DecidePost(_second(what), "published", _MIA)]


def withdraws(n: int, what: Any) -> Ask:
    who, post = (what[0], what[1]) if isinstance(what, tuple) else (_NOBODY, _NOBODY)
    return turn_posts, [TurnPost(MemberRef(id=who), post, "withdraw", asked=_key(n))]


def _second(what: Any) -> UUID:
    return what[1] if isinstance(what, tuple) else _NOBODY


_NOBODY = UUID(int=1)
