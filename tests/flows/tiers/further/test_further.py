"""Ladders beside the tiers: where somebody stands follows from what counts, at any moment."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from tests.books import assert_books_right
from tests.flows.members.benefits.test_benefits import may
from tests.flows.points.sharing import member_id, merge, unmerge
from tests.flows.tiers.houses import ADA, BEN, HOUSE, at_wall, stands
from tests.makers import Shop, brings_back, buys, named
from tests.planted.replay.checks import differences

from regulars.base.faults import Invalid
from regulars.engine.changing.differences import differences as differences_of
from regulars.engine.words.changes import in_words
from regulars.flows.commands import RecordActivity
from regulars.flows.membership.tiers.show_moves import show_ladder_moves
from regulars.flows.show_standing import OnLadder, show_standing
from regulars.flows.terms.publish_program import WarningsOpen
from regulars.records.activity.types import Body
from regulars.records.program.reading import read_program

Open = Callable[[str], Shop]
STATUS = 'tiers:\n  steps: [{id: gold, at: "200.00"}]\n'
CLUB = (
    "ladders:\n  club:\n    measure: visitsMORE\n"
    "    steps: [{id: guest, at: 0}, {id: regular, at: 3}, {id: friend, at: 5}]\n"
)
RULE = HOUSE.replace("at_least: gold", "at_least: regular").replace("points: 1000", "points: 100")
PLAIN = RULE + STATUS + CLUB.replace("MORE", "")


def club(shop: Shop, who: str = "ada") -> OnLadder:
    id_ = member_id(shop, who)
    return shop.do(lambda tx, terms: show_standing(tx, terms, id_)).ladders["club"]


def on(shop: Shop, who: str = "ada") -> str | None:
    tier = club(shop, who).tier
    return None if tier is None else tier.id


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    shop = open_shop(PLAIN)
    shop.joined("ada", "ben")
    return shop


def test_both_ladders_are_climbed_apart(shop: Shop) -> None:
    assert on(shop) == "guest"
    shop.record(buys(ADA, 20_000), *(buys(BEN, 100) for _ in range(3)))
    assert (stands(shop)[0], on(shop)) == ("gold", "guest")
    assert (stands(shop, "ben")[0], on(shop, "ben")) == (None, "regular")
    assert shop.record(buys(BEN, 100))[0].earned == {"points": 101}
    assert shop.told().count("ladder.changed") == 1
    found = club(shop, "ben")
    assert found.next_tier is not None
    assert (found.next_tier.reached, found.next_tier.needed) == (4, 5)
    assert at_wall(shop, found.until or shop.now) == "2028-01-01 00:00"
    books(shop)


def came_to(shop: Shop, who: str = "ada") -> list[tuple[str | None, str, str, bool]]:
    """How somebody came to their step of the club, the oldest change first."""
    id_ = member_id(shop, who)
    found = shop.do(lambda tx, terms: show_ladder_moves(tx, terms, id_, "club"))
    return [
        (one.move.to_tier, f"{one.move.occurred_at:%m-%d}", one.move.reason,
         one.activity_id is not None)
        for one in reversed(found)
    ]  # fmt: skip


def test_how_somebody_came_to_a_step_of_the_club_is_told(shop: Shop) -> None:
    """Each step on the day of the visit that reached it, though credit is counted by the year."""
    for name in "abcdef":
        shop.now += timedelta(days=1)
        shop.record(buys(ADA, 100, receipt=name))
    guest, third, fifth = ("guest", "03-02"), ("regular", "03-05"), ("friend", "03-07")
    reached = [(*guest, "reached", False), (*third, "reached", True), (*fifth, "reached", True)]
    assert came_to(shop) == reached
    id_ = member_id(shop, "ada")
    found = shop.do(lambda tx, terms: show_ladder_moves(tx, terms, id_, "club"))
    assert [(one.needed, one.credit, one.ladder) for one in found[:2]] == [
        (5, 5, "club"), (3, 3, "club")
    ]  # fmt: skip
    sale = shop.rows("select activity_id from activity where program_id = $1 and external_id = 'e'")
    assert found[0].activity_id == sale[0][0]
    # What comes back counts no more: the visit after it was the fifth.
    shop.record(brings_back("e"))
    assert came_to(shop)[1:] == [(*third, "reached", True), ("friend", "03-08", "reached", True)]
    shop.at("2028-06-01T12:00")
    assert came_to(shop)[3:] == [("guest", "12-31", "lost", False)]
    with pytest.raises(Invalid, match="known: club"):
        shop.do(lambda tx, terms: show_ladder_moves(tx, terms, id_, "pub"))


def test_what_is_missing_to_stay_is_told_and_keeps_it(shop: Shop) -> None:
    shop.record(*(buys(each, 100) for each in (ADA, ADA, ADA, BEN, BEN, BEN)))
    shop.at("2027-06-01T12:00")
    shop.record(buys(ADA, 100), buys(ADA, 100), buys(BEN, 100), buys(BEN, 100))
    found = club(shop).outlook
    assert found is not None
    assert found.to_stay is not None
    assert (found.reached, found.to_stay.credit, found.projected) == (2, 1, "guest")
    shop.record(buys(ADA, 100))
    shop.at("2028-01-01T00:00")
    assert (on(shop), on(shop, "ben")) == ("regular", "guest")


def test_a_soft_landing_is_one_step_a_year(open_shop: Open) -> None:
    shop = open_shop(
        PLAIN.replace(
            "measure: visits", "measure: visits\n    valid: window_end\n    downgrade: one_step"
        )
    )
    shop.joined("ada")
    shop.record(*(buys(ADA, 100) for _ in range(5)))
    stood = []
    for year in (2026, 2027, 2028, 2029):
        shop.at(f"{year}-12-31T12:00")
        stood.append(on(shop))
    assert stood == ["friend", "regular", "guest", "guest"]


def test_what_comes_back_counts_no_more_and_what_came_late_counts(shop: Shop) -> None:
    monday = shop.now
    shop.now += timedelta(days=1)
    shop.record(*(buys(ADA, 100, receipt=f"R{n}") for n in range(3)))
    shop.record(brings_back("R0"))
    assert on(shop) == "guest"
    shop.record(buys(ADA, 100, occurred_at=monday))
    assert on(shop) == "regular"
    books(shop)


def test_who_is_merged_has_the_visits_of_both_until_it_is_undone(shop: Shop) -> None:
    ben = member_id(shop, "ben")
    shop.record(buys(ADA, 100), buys(ADA, 100), buys(BEN, 100))
    merge(shop, BEN, ADA)
    assert on(shop) == "regular"
    unmerge(shop, ben)
    assert (on(shop), on(shop, "ben")) == ("guest", "guest")
    shop.record(buys(BEN, 100), buys(BEN, 100))
    assert (on(shop), on(shop, "ben")) == ("guest", "regular")
    books(shop)


def test_a_benefit_may_be_for_a_step_of_the_club(open_shop: Open) -> None:
    shop = open_shop(PLAIN + "benefits: [{id: cake, name: Cake, tier: regular}]\n")
    shop.joined("ada")
    refused = may(shop, "ada", "cake").no
    assert refused is not None
    assert refused.code == "tier_too_low"
    shop.record(*(buys(ADA, 100) for _ in range(3)))
    assert may(shop, "ada", "cake").no is None


def test_a_return_is_told_by_the_terms_of_today(shop: Shop) -> None:
    shop.record(*(buys(ADA, 100, receipt=f"R{n}") for n in range(3)))
    shop.now += timedelta(hours=1)
    text = named(PLAIN, shop.terms.slug).replace("at: 3", "at: 2")
    shop.publish(text.replace("    steps", "    changeover: {members: upgrade_only}\n    steps"))
    assert on(shop) == "regular"
    shop.record(brings_back("R0"))
    assert (on(shop), shop.told().count("ladder.changed")) == ("regular", 1)
    books(shop)


def test_two_ladders_of_one_measure_count_apart(shop: Shop) -> None:
    more = "  guests:\n    measure: visits\n    steps: [{id: known, at: 4}]\n"
    shop.now += timedelta(hours=1)
    shop.publish(named(PLAIN, shop.terms.slug) + more)
    shop.record(*(buys(ADA, 100) for _ in range(3)))
    ada = member_id(shop, "ada")
    found = shop.do(lambda tx, terms: show_standing(tx, terms, ada)).ladders
    assert found["guests"].outlook is not None
    assert (found["guests"].outlook.reached, found["guests"].tier) == (3, None)
    assert on(shop) == "regular"


def test_by_points_of_status_or_by_money(open_shop: Open) -> None:
    text = RULE.replace("wallets: {points: {}}", "wallets: {points: {}, stars: {kind: status}}")
    star = "  - {id: star, on: visit, wallet: stars, award: {give: fixed, points: 2}}\n"
    shop = open_shop(
        text + star + "ladders:\n  club:\n    measure: status\n    wallet: stars\n"
        "    or_by: {measure: spend}\n"
        '    steps: [{id: regular, at: 4, or_at: "50.00"}]\n'
    )  # fmt: skip
    shop.joined("ada", "ben")
    visits(shop, 2)
    shop.record(buys(BEN, 5_000))
    assert (on(shop), on(shop, "ben")) == ("regular", "regular")
    assert shop.record(buys(ADA, 100))[0].earned == {"points": 101}
    books(shop)


def test_whoever_leaves_it_out_has_to_say_that_it_is_meant(shop: Shop) -> None:
    text = named(PLAIN, shop.terms.slug)
    shop.now += timedelta(hours=1)
    shop.publish(text.replace("id: regular, at: 3", "id: regular, at: 3, name: Regular"))
    gone = text.replace(CLUB.replace("MORE", ""), "").replace("at_least: regular", "at_least: gold")
    with pytest.raises(WarningsOpen, match="ladder:club"):
        shop.publish(gone)


def test_what_a_version_changes_of_a_ladder_is_said() -> None:
    either = PLAIN.replace('at: "200.00"}', 'at: "200.00", or_at: 8}').replace(
        "tiers:\n", "tiers:\n  or_by: {measure: visits}\n")  # fmt: skip
    steeper = PLAIN.replace("at: 3", "at: 4")
    alone = PLAIN.replace(CLUB.replace("MORE", ""), "")
    told = [
        [(one.kind, one.turn) for one in differences_of(read_program(was), read_program(is_))]
        for was, is_ in ((PLAIN, either), (PLAIN, steeper), (PLAIN, alone), (alone, PLAIN))
    ]
    assert told == [
        [("tier_or_at", "better"), ("tiers_or_by", "other")],
        [("tier_at", "worse")], [("further_gone", "worse")], [("further_added", "better")],
    ]  # fmt: skip
    (gone,) = differences_of(read_program(PLAIN), read_program(alone))
    assert in_words(gone).startswith("The ladder club is no more: guest, regular, friend")


def visits(shop: Shop, often: int) -> None:
    for _ in range(often):
        shop.record(RecordActivity(kind="visit", member=ADA, source="till", body=Body()))


@pytest.mark.parametrize(("seed", "more"), [(1, ""), (2, ""), (3, "window_end")])
def test_as_read_off_from_what_is_left(open_shop: Open, seed: int, more: str) -> None:
    how = {"window_end": "\n    valid: window_end\n    grace_days: 31", "": ""}
    chance = random.Random(seed)
    shop = open_shop(
        (RULE + STATUS + CLUB.replace("MORE", how[more])).replace("Europe/Berlin", "UTC")
    )
    shop.joined("ada")
    came: dict[str, datetime] = {}
    for number in range(25):
        shop.now += timedelta(days=chance.choice((0, 9, 40)), hours=chance.randint(1, 23))
        gone = chance.choice(sorted(came)) if came and chance.random() < 0.2 else ""
        if gone:
            shop.record(brings_back(gone))
            del came[gone]
        else:
            shop.record(buys(ADA, 100, receipt=f"R{number}"))
            came[f"R{number}"] = shop.now
        assert on(shop) == read_off(more, shop.now, sorted(came.values())), (seed, number)
    books(shop)
    assert differences(shop) == []


def read_off(how: str, now: datetime, came: list[datetime]) -> str:
    """The step by hand: the best that any window reached whose step still holds."""
    best = 0
    for year in (now.year - 1, now.year):
        often = sum(each.year == year for each in came)
        in_grace = now < datetime(now.year, 2, 1, tzinfo=now.tzinfo)
        if year == now.year or not how or in_grace:
            best = max(best, often)
    return "friend" if best >= 5 else "regular" if best >= 3 else "guest"


def books(shop: Shop) -> None:
    asyncio.run(assert_books_right(shop.made.owner_dsn))
