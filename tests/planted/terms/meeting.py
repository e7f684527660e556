"""Bugs about clubs and gatherings, and the tests that notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_TAKE = "flows/community/take_seats.py"
_CHECK = "flows/community/check_in.py"
_JOIN = "flows/community/join_clubs.py"
_READ = "records/community/gatherings/read.py"
_CLUBS = "records/community/clubs/read.py"
MEETING = (
    Bug(
        "whoever asks for a seat does not wait for who asks at the same time",
        _READ,
        "        await tx.fetch(_LOCK, tx.program_id, str(one))\n",
        "        str(one)\n",
        "checks.seats_of_many_at_once",
    ),
    Bug(
        "there is one seat more than there are",
        _TAKE,
        "    held = now.held < what.capacity and not now.waiting\n",
        "    held = now.held <= what.capacity and not now.waiting\n",
        "checks.seats_move_up",
    ),
    Bug(
        "a seat that is given up stays empty",
        _TAKE,
        "        await write.fill(tx, gathering_id)\n",
        "        str(gathering_id)\n",
        "checks.seats_move_up",
    ),
    Bug(
        "whoever moved up is told again and again",
        "records/community/gatherings/write.py",
        "update seat set told_at = $3::timestamptz\n",
        "update seat set told_at = null and $3::timestamptz is null\n",
        "checks.seats_move_up",
    ),
    Bug(
        "whoever was not at the class answers its quiz",
        "flows/community/learn.py",
        "    if no is None and one.held and (state.member_id, one.code) not in came:\n",
        "    if False:\n",
        "checks.lessons_held",
    ),
    Bug(
        "a seat is enough for the quiz of a class",
        "records/community/lessons/read.py",
        "             and s.came_at is not null\n",
        "",
        "checks.lessons_held",
    ),
    Bug(
        "whoever comes twice is rewarded twice",
        _CHECK,
        "        if best is not None and best.came_at is not None:\n",
        "        if False:\n",
        "checks.seats_who_came",
    ),
    Bug(
        "somebody without a seat is let in where all are taken",
        _CHECK,
        "    if now.held >= what.capacity:\n",
        "    if False:\n",
        "checks.seats_who_came",
    ),
    Bug(
        "whoever stands low asks as early as gold",
        "records/community/gatherings/rules.py",
        "early = one.early_at is not None and tier in one.early_tiers",
        "early = one.early_at is not None",
        "checks.seats_early",
    ),
    Bug(
        "a gathering of a club is for everybody",
        _TAKE,
        "    if is_in(room.places.get(state.member_id, []), what.club_id):\n",
        "    if True:\n",
        "checks.seats_of_a_club",
    ),
    Bug(
        "whoever comes to a club again joins it for the first time",
        _JOIN,
        "            if all(one.club_id != club.club_id for one in mine):\n",
        "            if True:\n",
        "checks.clubs_once",
    ),
    Bug(
        "everybody of a club is shown to the others",
        _CLUBS,
        "p.until is null and p.shows\n           and p.since >= coalesce",
        "p.until is null\n           and p.since >= coalesce",
        "checks.clubs_shown",
    ),
    Bug(
        "into a club by invitation comes everybody",
        "records/community/clubs/rules.py",
        'if club.joins == "invited" and (club.club_id, who) not in asked:',
        'if club.joins == "invited" and False:',
        "checks.clubs_invited",
    ),
    Bug(
        "of a merged member one place in the club stays",
        _CLUBS,
        "       select member_id from member_alias where program_id = $1::int and into_id ="
        " any($2::uuid[])))\n",
        "       select null::uuid where $1::int is null))\n",
        "checks.clubs_merged",
    ),
)
_LEARN = "flows/community/learn.py"
LEARNING = (
    Bug(
        "whoever knows too little passes",
        _LEARN,
        "    passed = tx.now if right >= one.needed else None\n",
        "    passed = tx.now\n",
        "checks.lessons_once",
    ),
    Bug(
        "whoever failed tries again at once",
        _LEARN,
        "    if there is not None and tx.now < there.last_at + AGAIN_AFTER:\n",
        "    if False:\n",
        "checks.lessons_once",
    ),
    Bug(
        "a lesson of a club is for everybody",
        _LEARN,
        "    if one.club_id is not None and not is_in(places, one.club_id):\n",
        "    if False:\n",
        "checks.lessons_of_a_club",
    ),
    Bug(
        "a lesson is taken off an event that is over",
        "flows/community/keep_gatherings.py",
        '"back_until", "lesson",',
        '"back_until",',
        "checks.lessons_settled",
    ),
    Bug(
        "what was called off taught whoever came",
        "records/community/lessons/read.py",
        "and g.state = 'open' and s.member_id",
        "and s.member_id",
        "checks.lessons_settled",
    ),
    Bug(
        "a lesson is taught to who cannot read it",
        "flows/community/keep_gatherings.py",
        "    if lesson.club_id not in (None, now.club_id):\n",
        "    if False:\n",
        "checks.lessons_readable",
    ),
)
_POSTS = "flows/community/publish_posts.py"
POSTING = (
    Bug(
        "rules see the stars of a review",
        _POSTS,
        '    details = {"about": one.about} if one.about else {}\n',
        '    details = {"about": one.about, "rating": str(one.rating)}\n',
        "checks.posts_blind",
    ),
    Bug(
        "what stands on another site is rewarded",
        _POSTS,
        "one.published_at is None and not one.site\n",
        "one.published_at is None\n",
        "checks.posts_elsewhere",
    ),
    Bug(
        "nobody is hidden however many report",
        _POSTS,
        'hidden = one.state == "published" and one.reports >= REPORTS_HIDE',
        "hidden = False",
        "checks.posts_reported",
    ),
)
_POST_TESTS = {
    "posts_blind": "what_there_is_for_a_review_does_not_depend_on_its_stars",
    "posts_elsewhere": "for_what_stands_on_another_site_there_is_nothing",
    "posts_reported": "three_who_report_it_hide_it_until_somebody_looks",
}
_LESSONS = {
    "lessons_held": "a_lesson_that_is_held_is_for_whoever_came_to_an_event_that_teaches_it",
    "lessons_once": "a_lesson_is_passed_once_and_what_there_is_for_it_comes_once",
    "lessons_readable": "a_lesson_that_whoever_came_could_not_read_is_not_taught",
    "lessons_settled":
        "what_is_taught_is_settled_once_it_begins_and_by_nobody_where_it_was_called_off",
    "lessons_of_a_club": "a_lesson_of_a_club_is_for_who_is_in_it",
}  # fmt: skip
_SEATS = {
    "seats_of_many_at_once": "of_many_at_once_as_many_as_there_are_seats_have_one",
    "seats_move_up": "whoever_waits_longest_moves_up_and_is_told_once",
    "seats_who_came": "who_came_is_counted_once_and_rewarded_once",
    "seats_early": "who_stands_high_asks_earlier",
    "seats_of_a_club": "to_a_gathering_of_a_club_comes_who_is_in_it",
}
_CLUBS_TESTS = {
    "clubs_once": "who_joins_is_in_it_and_what_rules_give_for_it_comes_once_for_ever",
    "clubs_shown": "only_who_says_so_is_seen_by_the_others",
    "clubs_invited": "into_a_club_by_invitation_comes_who_was_asked",
    "clubs_merged": "who_was_merged_is_in_the_club_as_whom_they_stand_as",
}


def _test(room: str, name: str) -> Callable[[Shop], None]:
    """A check that is one test of clubs or seats, in a program of its own."""

    def check(shop: Shop) -> None:
        from tests.flows.members.playing.community import (
            meeting,
            test_clubs,
            test_lessons,
            test_posts,
            test_seats,
        )

        shop.begin(meeting.SOURCE, slug=f"m{os.urandom(4).hex()}")
        shop.now += timedelta(days=1)
        rooms = {
            "clubs": test_clubs,
            "seats": test_seats,
            "lessons": test_lessons,
            "posts": test_posts,
        }
        getattr(rooms[room], f"test_{name}")(shop)

    return check


ALONE = {
    check: _test(room, name)
    for room, tests in (
        ("seats", _SEATS),
        ("clubs", _CLUBS_TESTS),
        ("lessons", _LESSONS),
        ("posts", _POST_TESTS),
    )
    for check, name in tests.items()
}
