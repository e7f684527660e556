"""Challenges for teams: what each did counts for all, and who did their part has the prize."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.books import assert_books_right
from tests.flows.members.playing.test_games import night, points, prizes, ref, seen
from tests.flows.points.sharing import block, member_id, merge
from tests.makers import Shop, asked, brings_back, buys

from regulars.base.faults import Invalid, NotFound, Refused
from regulars.flows.community.commands import JoinClub, KeepClub
from regulars.flows.community.join_clubs import join_clubs
from regulars.flows.community.keep_clubs import keep_clubs
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.points.gaming.answers import InTeam
from regulars.flows.points.gaming.commands import TakePart
from regulars.flows.points.gaming.keep_teams import form_teams, join_teams, leave_teams
from regulars.flows.points.gaming.take_part import take_part
from regulars.flows.points.gaming.team_commands import FormTeam, JoinTeam, LeaveTeam, TeamTold
from regulars.records.access.staff.types import By
from regulars.records.members.types import EraseMember

Open = Callable[[str], Shop]
TEAMS = """
regulars: 1
program: teams
name: Teams
currency: EUR
zone: Europe/Berlin
wallets: {points: {negative: debt}}
challenges:
  - {id: hundred, name: A hundred together, target: "100.00", measure: spend, every: month,
     joins: opt_in, together: {most: 3, each: "20.00"},
     prize: {wallet: points, points: 50, badge: Team player}}
  - {id: alone, name: Alone, target: 5, joins: opt_in, prize: {badge: Loner}}
"""


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    return met(open_shop(TEAMS))


def met(shop: Shop) -> Shop:
    """Four are members; it is Monday, 2 March, at two."""
    shop.at("2026-03-02 14:00")
    shop.joined("ada", "ben", "cem", "dan")
    return shop


def form(shop: Shop, who: str, **more: Any) -> Any:
    return shop.ask(form_teams, FormTeam(ref(who), "hundred", **more))[0]


def join(shop: Shop, name: str, code: str) -> Any:
    return shop.ask(join_teams, JoinTeam(ref(name), code))[0]


def leave(shop: Shop, name: str) -> Any:
    return shop.ask(leave_teams, LeaveTeam(ref(name), "hundred"))[0]


def together(shop: Shop, *names: str) -> str:
    """A team of these; the code of it. An hour later they begin."""
    code = form(shop, names[0]).code
    for name in names[1:]:
        assert isinstance(join(shop, name, code), TeamTold)
    shop.at("2026-03-02 15:00")
    return str(code)


def spends(shop: Shop, name: str, euro: int, receipt: str = "", **more: Any) -> None:
    shop.record(buys(ref(name), 100 * euro, receipt=receipt, **more))


def team(shop: Shop, name: str) -> InTeam:
    one = next(c for c in seen(shop, name).challenges if c.promise.id == "hundred")
    assert one.team is not None
    return one.team


def parts(shop: Shop, name: str) -> list[tuple[int, bool]]:
    return [(mate.part, mate.in_it) for mate in team(shop, name).mates]


def books(shop: Shop) -> None:
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_who_did_their_part_has_the_prize_when_the_team_reached_it(shop: Shop) -> None:
    together(shop, "ada", "ben", "cem")
    spends(shop, "ada", 75)
    spends(shop, "ben", 20)
    assert (night(shop), prizes(shop)) == (3, [])
    spends(shop, "cem", 5)
    night(shop)
    # Cem reached it and did not do twenty; the others get it though they did nothing today.
    assert [points(shop, name) for name in ("ada", "ben", "cem", "dan")] == [50, 50, 0, 0]
    assert parts(shop, "ben") == [(7_500, True), (2_000, True), (500, True)]
    assert [mate.is_self for mate in team(shop, "ben").mates] == [False, True, False]
    spends(shop, "cem", 15)
    night(shop)
    assert points(shop, "cem") == 50
    assert seen(shop, "cem").challenges[0].running == 11_500
    books(shop)


def test_a_return_takes_the_prize_of_all_of_them_back_and_reaching_it_again_gives_it(
    shop: Shop,
) -> None:
    together(shop, "ada", "ben")
    spends(shop, "ada", 80, "r1")
    spends(shop, "ben", 20, "r2")
    night(shop)
    assert [points(shop, name) for name in ("ada", "ben")] == [50, 50]
    shop.record(brings_back("r1"))
    night(shop)
    assert [points(shop, name) for name in ("ada", "ben")] == [0, 0]
    spends(shop, "ben", 80)
    night(shop)
    # Ada brought all of hers back: her part is missing.
    assert [points(shop, name) for name in ("ada", "ben")] == [0, 50]
    books(shop)


def test_what_is_told_late_counts_for_the_team_they_were_in_then(shop: Shop) -> None:
    together(shop, "ada", "ben")
    spends(shop, "ada", 70)
    shop.at("2026-03-10 12:00")
    assert leave(shop, "ben").left
    spends(shop, "ben", 50)  # he is in no team any more
    night(shop)
    assert parts(shop, "ada") == [(7_000, True)]
    spends(shop, "ben", 30, occurred_at=datetime(2026, 3, 5, 12, tzinfo=UTC))
    night(shop)
    assert parts(shop, "ada") == [(7_000, True), (3_000, False)]
    # Reached on the fifth, when Ben was in it still: both have it.
    assert [points(shop, name) for name in ("ada", "ben")] == [50, 50]
    books(shop)


def test_who_left_before_it_was_reached_has_nothing_and_what_they_did_stays(shop: Shop) -> None:
    together(shop, "ada", "ben")
    spends(shop, "ben", 60)
    shop.at("2026-03-03 12:00")
    leave(shop, "ben")
    shop.at("2026-03-04 12:00")
    spends(shop, "ada", 40)
    night(shop)
    assert [points(shop, name) for name in ("ada", "ben")] == [50, 0]
    shop.at("2026-03-05 12:00")
    assert leave(shop, "ada").members == 0
    assert isinstance(leave(shop, "ada"), NotFound)
    night(shop)
    assert points(shop, "ada") == 50
    books(shop)


def test_who_comes_after_it_was_reached_has_no_part_in_it(shop: Shop) -> None:
    code = together(shop, "ada")
    spends(shop, "ada", 100)
    shop.at("2026-03-03 12:00")
    join(shop, "ben", code)
    spends(shop, "ben", 30)
    night(shop)
    assert [points(shop, name) for name in ("ada", "ben")] == [50, 0]


def test_a_month_later_the_team_begins_anew(shop: Shop) -> None:
    together(shop, "ada", "ben")
    spends(shop, "ada", 70)
    shop.at("2026-04-01 12:00")
    spends(shop, "ben", 30)
    night(shop)
    assert (points(shop, "ada"), parts(shop, "ada")) == (0, [(0, True), (3_000, True)])


def test_refusals_are_named_and_nothing_is_kept(shop: Shop) -> None:
    code = form(shop, "ada", name="The A team", asked=asked("k")).code
    again = form(shop, "ada", name="The A team", asked=asked("k"))
    assert (again.code, again.replayed) == (code, True)
    no = form(shop, "ada")
    assert (no.code, no.facts) == ("in_team", {"team_id": f"tea_{again.team_id.hex}"})
    assert join(shop, "ada", code.lower()).members == 1
    assert [join(shop, name, code).members for name in ("ben", "cem")] == [2, 3]
    assert (join(shop, "dan", code).code, join(shop, "dan", code).facts) == (
        "team_full",
        {"most": 3},
    )
    assert isinstance(join(shop, "dan", code[:-1] + ("0" if code[-1] != "0" else "1")), Invalid)
    assert isinstance(join(shop, "dan", "0" * 16), NotFound)
    (no,) = shop.ask(take_part, TakePart(ref("dan"), "hundred"))
    assert isinstance(no, Refused)
    assert no.code == "team_needed"
    for challenge, why in (("alone", "no_teams"), ("nothing", "unknown_challenge")):
        (no,) = shop.ask(form_teams, FormTeam(ref("dan"), challenge))
        assert no.code == why
    assert shop.rows("select count(*) from team_place where program_id = $1") == [(3,)]
    assert shop.rows("select name from team where program_id = $1") == [("The A team",)]
    books(shop)


def test_two_who_ask_for_the_last_place_at_once_share_it_with_nobody(shop: Shop) -> None:
    code = together(shop, "ada", "ben")
    found = shop.together(
        *[
            lambda tx, terms, name=name: join_teams(tx, terms, [JoinTeam(ref(name), code)])
            for name in ("cem", "dan")
        ]
    )
    outcomes = sorted(type(one[0]).__name__ for one in found)
    assert outcomes == ["Refused", "TeamTold"]


def test_whoever_was_merged_did_it_for_the_team_of_either_and_has_one_prize(shop: Shop) -> None:
    mine = together(shop, "ada", "ben")
    spends(shop, "ada", 60)
    other = form(shop, "cem").code
    join(shop, "dan", other)
    shop.at("2026-03-02 16:00")
    spends(shop, "cem", 40)
    merge(shop, ref("cem"), ref("ada"))
    night(shop)
    # Ada is in both teams now, by whom she was: what she spent since counts for both.
    shop.at("2026-03-03 12:00")
    spends(shop, "ada", 40)
    spends(shop, "dan", 20)
    night(shop)
    assert [points(shop, name) for name in ("ada", "ben", "dan")] == [50, 0, 50]
    assert [name for name, _, stands in prizes(shop) if stands] == ["hundred"] * 2
    # Of each she knows the code, and is in it; and when she leaves, she leaves both.
    assert [join(shop, "ada", one).members for one in (mine, other)] == [2, 2]
    assert leave(shop, "ada").left
    assert isinstance(leave(shop, "ada"), NotFound)
    books(shop)


def test_the_parts_of_the_erased_stay_and_their_names_go(shop: Shop) -> None:
    code = form(shop, "ben", name="Bens").code
    join(shop, "ada", code)
    shop.at("2026-03-02 15:00")
    spends(shop, "ben", 60)
    shop.at("2026-03-03 12:00")
    shop.ask(erase_members, EraseMember(member_id(shop, "ben")))
    spends(shop, "ada", 40)
    night(shop)
    assert points(shop, "ada") == 50
    seen_ = team(shop, "ada")
    assert (seen_.name, parts(shop, "ada")) == ("", [(4_000, True), (6_000, False)])
    assert shop.rows("select count(*) from prize where program_id = $1") == [(1,)]
    assert join(shop, "cem", code).members == 2
    books(shop)


def test_a_blocked_teammate_is_looked_at_again(shop: Shop) -> None:
    together(shop, "ada", "ben")
    spends(shop, "ben", 40)
    night(shop)
    block(shop, ref("ben"))
    spends(shop, "ada", 60)
    night(shop)
    assert [points(shop, name) for name in ("ada", "ben")] == [50, 0]
    block(shop, ref("ben"), False)
    shop.at("2026-03-05 12:00")
    assert (night(shop), points(shop, "ben")) == (1, 50)
    books(shop)


def test_whoever_is_blocked_gets_it_when_they_are_not(shop: Shop) -> None:
    together(shop, "ada", "ben")
    spends(shop, "ada", 60)
    spends(shop, "ben", 40)
    block(shop, ref("ben"))
    night(shop)
    assert [points(shop, name) for name in ("ada", "ben")] == [50, 0]
    block(shop, ref("ben"), False)
    shop.at("2026-03-05 12:00")
    night(shop)
    assert [points(shop, name) for name in ("ada", "ben")] == [50, 50]
    books(shop)


def test_a_club_takes_a_challenge_up_and_whoever_is_in_it_comes_into_its_team(shop: Shop) -> None:
    shop.ask(keep_clubs, *(
        KeepClub(code, code.title(), {"en": "We meet."}, "open", By(words="mia"))
        for code in ("birds", "trees")
    ))  # fmt: skip
    for name, club in (("ada", "birds"), ("ben", "birds"), ("cem", "trees")):
        shop.ask(join_clubs, JoinClub(ref(name), club))
    ada, ben = form(shop, "ada", club="birds"), form(shop, "ben", club="birds")
    assert (ada.name, ada.members, ben.members) == ("Birds", 1, 2)
    assert ada.team_id == ben.team_id
    assert form(shop, "ada", club="birds").members == 2, "asked again, they stay in it"
    assert form(shop, "cem", club="birds").code == "club_only"
    assert join(shop, "cem", ada.code).code == "club_only"
    assert form(shop, "dan", club="none").field == "/club"
    assert form(shop, "cem", club="trees").team_id != ada.team_id
    shop.at("2026-03-02 15:00")
    for name, minor in (("ada", 8_000), ("ben", 2_000)):
        shop.record(buys(ref(name), minor, receipt=name))
    night(shop)
    assert (points(shop, "ada"), points(shop, "ben")) == (50, 50)
