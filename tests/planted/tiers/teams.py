"""Bugs about teams of a challenge, and their tests as the checks that must notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import count
from typing import Any, Final

from tests.planted.bug import Bug

_TEAMS = "engine/rewarding/gaming/teams.py"
_PRIZES = "engine/rewarding/gaming/prizes.py"
_SETTLE = "flows/points/gaming/settle_prizes.py"
_SINCE = "engine/rewarding/gaming/since.py"
_KEEP = "flows/points/gaming/keep_teams.py"
_OWN_PART = "checks.team_who_did_their_part_has_the_prize_when_the_team_reached_it"
_LEFT = "checks.team_who_left_before_it_was_reached_has_nothing_and_what_they_did_stays"
_LATE = "checks.team_what_is_told_late_counts_for_the_team_they_were_in_then"
_MERGED = "checks.team_whoever_was_merged_did_it_for_the_team_of_either_and_has_one_prize"
_REFUSED = "checks.team_refusals_are_named_and_nothing_is_kept"
TEAMS = (
    Bug(
        "everybody of a team has the prize, whatever they did",
        _TEAMS,
        "if who not in way.hits and way.parts.get(who, 0) >= least:",
        "if who not in way.hits:",
        _OWN_PART,
    ),
    Bug(
        "only whoever reached it is looked at",
        _SETTLE,
        "whole = sorted({*found, *everybody(await _teams(tx, terms, found))})",
        "whole = sorted(found)",
        "checks.team_a_return_takes_the_prize_of_all_of_them_back_and_reaching_it_again_gives_it",
    ),
    Bug(
        "what somebody did goes with them",
        _TEAMS,
        "for who in dict.fromkeys(place.member_id for place in team.places):",
        "for who in team.in_it():",
        _LEFT,
    ),
    Bug(
        "who left has the prize of those who stayed",
        _TEAMS,
        "for who in sorted(there & still):",
        "for who in sorted({place.member_id for place in team.places}):",
        _LEFT,
    ),
    Bug(
        "what is told late counts for the team of today",
        _TEAMS,
        "return place.since <= at and (place.until is None or at < place.until)",
        "return place.since <= at and place.until is None",
        _LATE,
    ),
    Bug(
        "who comes after it was reached has a part in it",
        _TEAMS,
        "for who in sorted(there & still):",
        "for who in sorted(still):",
        "checks.team_who_comes_after_it_was_reached_has_no_part_in_it",
    ),
    Bug(
        "a team goes on where it was a month ago",
        _TEAMS,
        "found.setdefault((turn.begins, turn.began_on), Way(turn))",
        "found.setdefault((turn.begins.replace(month=1, day=1, hour=0), 0), Way(turn))",
        "checks.team_a_month_later_the_team_begins_anew",
    ),
    Bug(
        "a prize of another team seems to be too much",
        _SETTLE,
        "teams = await _teams(tx, terms, sorted(who))",
        "teams = (await _teams(tx, terms, found))[:1]",
        _MERGED,
    ),
    Bug(
        "the last place is given to two at once",
        _KEEP,
        "    await write.lock_teams(tx)\n",
        "",
        "checks.team_two_who_ask_for_the_last_place_at_once_share_it_with_nobody",
    ),
    Bug(
        "whoever was merged leaves one of their two teams only",
        _KEEP,
        "[place for one in theirs for place in one.places]",
        "theirs[0].places",
        _MERGED,
    ),
    Bug(
        "whoever was merged is in the first of their two teams only",
        _KEEP,
        "there = next(same, theirs[0] if theirs else None)",
        "there = theirs[0] if theirs else None",
        _MERGED,
    ),
    Bug(
        "what a team did in the week before the last is not told anew",
        _SINCE,
        "return began_on >= self.days.get(name, 0)",
        "return began_on >= self.days.get(name, 0) + 7",
        "checks.team_since",
    ),
    Bug(
        "of others' games only what their teams reached is told anew, and all else is taken back",
        _SETTLE,
        "return who in self.own and (who not in self.cuts or self.cuts[who].has(prize))",
        "return who not in self.cuts or self.cuts[who].has(prize)",
        "checks.team_since",
    ),
    Bug(
        "all that a team ever did is read",
        _SINCE,
        "yield place.member_id, place.since if cut is None else max(place.since, cut)",
        "yield place.member_id, place.since",
        "checks.team_reads",
    ),
    Bug("a team has no end", _KEEP, "if len(team.in_it()) < most:", "if most:", _REFUSED),
    Bug("in as many teams as one likes", _KEEP, "or _elsewhere(there, team)", "", _REFUSED),
    Bug(
        "one plays alone for a team",
        "flows/points/gaming/take_part.py",
        "if promise.together is not None:",
        "if False:",
        _REFUSED,
    ),
    Bug(
        "by its code anybody comes into the team of a club",
        _KEEP,
        "id_ = club.club_id if club else None if team is None else team.club_id",
        "id_ = club.club_id if club else None",
        "checks.team_a_club_takes_a_challenge_up_and_whoever_is_in_it_comes_into_its_team",
    ),
    Bug(
        "each of a club forms a team of their own",
        _KEEP,
        "return await read.of_club(tx, command.challenge, club.club_id)",
        "return None",
        "checks.team_a_club_takes_a_challenge_up_and_whoever_is_in_it_comes_into_its_team",
    ),
    Bug(
        "the blocked have it meanwhile",
        _SETTLE,
        'if who[id_].state not in ("blocked", "erased")}',
        'if who[id_].state != "erased"}',
        "checks.team_whoever_is_blocked_gets_it_when_they_are_not",
    ),
    Bug(
        "nobody looks again at a blocked teammate",
        _SETTLE,
        "blocked = {id_ for id_ in whole if",
        "blocked = {id_ for id_ in found if",
        "checks.team_a_blocked_teammate_is_looked_at_again",
    ),
    Bug(
        "the name of a team stays when its founder is erased",
        "records/rewards/teams/read.py",
        "t.challenge, t.name, t.code",
        "t.challenge, 'Bens' as name, t.code",
        "checks.team_the_parts_of_the_erased_stay_and_their_names_go",
    ),
)


def _test(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from tests.flows.members.playing import test_teams as tests

        shop.begin(tests.TEAMS, slug=f"team-{os.getpid()}")
        getattr(tests, f"test_{name}")(tests.met(shop))

    return check


def team_since(shop: Any) -> None:
    from random import Random

    from tests.flows.members.playing import test_teams_since as tests

    begun, ends = shop.now, []
    for whole in (False, True):
        slug = f"teams-since-{os.getpid()}-{int(whole)}"
        shop.begin(tests.WEEKS, slug=slug, now=begun)
        ends.append(tests.lives(shop, Random(0), whole=whole))
    assert ends[0] == ends[1]


def team_reads(shop: Any) -> None:
    from tests.flows.members.playing import test_teams_since as tests

    tests.test_a_longer_life_of_a_team_reads_no_more(_opens(shop))


def _opens(shop: Any) -> Callable[[str], Any]:
    numbers = count(1)

    def opened(source: str) -> Any:
        shop.begin(source, slug=f"team-{os.getpid()}-{next(numbers)}")
        return shop

    return opened


_OWN: Final = {"team_since": team_since, "team_reads": team_reads}
TEAMING: Final = _OWN | {
    name: _test(name.removeprefix("team_"))
    for name in (bug.check.removeprefix("checks.") for bug in TEAMS)
    if name not in _OWN
}
