"""Members join clubs and leave them: who may, once, seen only by whom they let."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.flows.members.playing.community import meeting
from tests.flows.members.playing.community.meeting import (
    SOURCE,
    club,
    events,
    invites,
    joins,
    leaves,
    points,
)
from tests.makers import Made, Shop, buys, by

from regulars.flows.community.commands import JoinClub
from regulars.flows.community.join_clubs import join_clubs
from regulars.flows.membership.commands import MergeMembers
from regulars.flows.membership.merge_members import merge_members
from regulars.records.community.clubs import read


@pytest.fixture(scope="module")
def shop(database: Made) -> Iterator[Shop]:
    made = Shop.open(database, SOURCE)
    yield made
    made.close()


def mates(shop: Shop, code: str) -> list[str]:
    found = shop.do(lambda tx, _: read.club(tx, code))
    assert found is not None
    return [one.called for one in shop.do(lambda tx, _: read.mates(tx, found.club_id, None, 50))]


def test_who_joins_is_in_it_and_what_rules_give_for_it_comes_once_for_ever(shop: Shop) -> None:
    club(shop, "runners")
    shop.joined("ada")
    assert joins(shop, "ada", "runners").inside
    assert joins(shop, "ada", "runners").inside, "who is in it stays in it"
    assert points(shop, "ada") == 10
    assert leaves(shop, "ada", "runners").inside is False
    assert leaves(shop, "ada", "runners").code == "not_found"
    assert joins(shop, "ada", "runners").inside
    assert points(shop, "ada") == 10, "who comes again did not join for the first time"
    assert events(shop, "club.") == [
        ("ada", "club.joined"), ("ada", "club.left"), ("ada", "club.joined"),
    ]  # fmt: skip
    leaves(shop, "ada", "runners")
    shop.joined("zoe")
    shop.ask(merge_members, MergeMembers(by(external="ada"), by(external="zoe"), "one", "mia"))
    assert joins(shop, "zoe", "runners").inside
    assert points(shop, "zoe") == 10, "nor did the one whom they turned out to be"


def test_two_who_ask_at_once_for_one_member_bring_one_place(shop: Shop) -> None:
    club(shop, "twice")
    shop.joined("bea")
    asks = [JoinClub(by(external="bea"), "twice")]
    told = shop.together(*[lambda tx, terms: join_clubs(tx, terms, asks)] * 3)
    assert [one[0].inside for one in told] == [True, True, True]
    sql = "select count(*) from club_place join club using (program_id, club_id)"
    assert shop.rows(f"{sql} where program_id = $1 and code = 'twice'") == [(1,)]
    assert points(shop, "bea") == 10


def test_into_a_club_by_invitation_comes_who_was_asked(shop: Shop) -> None:
    club(shop, "cellar", joins="invited")
    shop.joined("cem", "dan")
    assert joins(shop, "cem", "cellar").code == "club_by_invitation"
    assert points(shop, "cem") == 0
    assert invites(shop, "cem", "cellar").invited
    assert joins(shop, "cem", "cellar").inside
    assert joins(shop, "dan", "cellar").code == "club_by_invitation"


def test_a_place_by_tier_rests_while_its_member_stands_elsewhere(shop: Shop) -> None:
    club(shop, "golden", joins="tier", tiers=("gold",))
    (eva,) = shop.joined("eva")
    assert joins(shop, "eva", "golden").code == "club_by_tier"
    shop.record(buys(eva, 12_000, receipt="e1"))
    assert joins(shop, "eva", "golden").inside
    who = shop.rows("select member_id from identifier where program_id = $1 and value = 'eva'")
    place = lambda: shop.do(lambda tx, _: read.places(tx, [who[0][0]]))[who[0][0]][0]  # noqa: E731
    assert not place().rests
    shop.rows("update standing set tier = 'bronze' where program_id = $1 and member_id = $2",
              who[0][0])  # fmt: skip
    assert place().rests


def test_only_who_says_so_is_seen_by_the_others(shop: Shop) -> None:
    club(shop, "readers")
    shop.joined("fay", given_name="Fay", family_name="Öz")
    shop.joined("gus", given_name="Gus")
    joins(shop, "fay", "readers")
    joins(shop, "gus", "readers", shows=True)
    assert mates(shop, "readers") == ["Gus"]
    assert joins(shop, "fay", "readers", shows=True).shows
    assert sorted(mates(shop, "readers")) == ["Fay Ö.", "Gus"]
    joins(shop, "gus", "readers")
    assert mates(shop, "readers") == ["Fay Ö."]


def test_who_was_merged_is_in_the_club_as_whom_they_stand_as(shop: Shop) -> None:
    club(shop, "one")
    shop.joined("hal", "ivy")
    for name in ("hal", "ivy"):
        joins(shop, name, "one")
    wish = MergeMembers(by(external="hal"), by(external="ivy"), "one person", "mia")
    shop.ask(merge_members, wish)
    assert leaves(shop, "ivy", "one").inside is False
    sql = "select count(*) from club_place p join club c using (program_id, club_id)"
    open_ = f"{sql} where program_id = $1 and c.code = 'one' and p.until is null"
    assert shop.rows(open_) == [(0,)], "both places are left"


def test_who_said_no_under_one_card_is_seen_under_none(shop: Shop) -> None:
    club(shop, "quiet")
    shop.joined("lou", "max", given_name="Lou")
    joins(shop, "lou", "quiet")
    joins(shop, "max", "quiet", shows=True)
    shop.ask(merge_members, MergeMembers(by(external="lou"), by(external="max"), "one", "mia"))
    assert mates(shop, "quiet") == []
    found = shop.do(lambda tx, _: read.club(tx, "quiet"))
    inside = shop.do(lambda tx, _: read.inside(tx, found.club_id, None, 9))
    assert [one.shows for one in inside] == [False]
    for told in (shop.do(lambda tx, _: read.count_of(tx, found.club_id)),
                 shop.do(lambda tx, _: read.counts(tx))[found.club_id]):  # fmt: skip
        assert (told.members, told.shown) == (1, 0)
    joins(shop, "max", "quiet", shows=True)
    assert mates(shop, "quiet") == ["Lou"]


def test_a_club_whose_tier_is_gone_can_be_closed(shop: Shop) -> None:
    club(shop, "iron", joins="tier", tiers=("gold",))
    shop.rows("update club set tiers = '{iron}' where program_id = $1 and code = 'iron'")
    told = {"joins": "tier", "tiers": ("iron",)}
    assert club(shop, "iron", state="closed", **told).state == "closed"
    assert club(shop, "iron", joins="tier", tiers=("iron", "lead")).field == "/tiers"


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"says": {"de": "Wir"}}, "/says"),
        ({"says": {"en": ""}}, "/says/en"),
        ({"says": {"en": "a\u202eb"}}, "/says/en"),
        ({"name": " "}, "/name"),
        ({"joins": "tier"}, "/tiers"),
        ({"tiers": ("gold",)}, "/tiers"),
        ({"joins": "tier", "tiers": ("iron",)}, "/tiers"),
        ({"store": "nowhere"}, "/store"),
    ],
)
def test_a_club_that_is_ill_planned_is_not_kept(shop: Shop, more: Any, place: str) -> None:
    assert getattr(club(shop, "bad", **more), "field", None) == place
    assert shop.rows("select 1 from club where program_id = $1 and code = 'bad'") == []


def test_a_closed_club_is_joined_by_nobody_and_left_by_whom_it_had(shop: Shop) -> None:
    club(shop, "old")
    shop.joined("jon", "kim")
    joins(shop, "jon", "old")
    assert meeting.club(shop, "old", state="closed").version == 2
    assert joins(shop, "kim", "old").code == "club_closed"
    assert leaves(shop, "jon", "old").inside is False
