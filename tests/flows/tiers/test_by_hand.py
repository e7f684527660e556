"""Tiers by hand: given with an end, matched with a challenge, offered by an invitation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.books import assert_books_right
from tests.flows.points.sharing import member_id, merge, unmerge
from tests.flows.tiers.houses import (
    ADA,
    BEN,
    MAISON,
    give,
    invite,
    match,
    moves,
    stands,
    turn,
)
from tests.makers import Shop, asked, brings_back, buys, named

from regulars.base.faults import Fault, KeyReused, NotFound, Refused
from regulars.flows.membership.benefits.show_eligible import show_eligible
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.membership.tiers.give_tiers import give_tiers
from regulars.flows.membership.tiers.tier_commands import GiveTier, TierGiven
from regulars.records.members.types import EraseMember

Open = Callable[[str], Shop]


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    """Noon of 2 March 2026; Ada and Ben have no tier."""
    shop = open_shop(MAISON)
    shop.joined("ada", "ben")
    return shop


def test_a_tier_given_by_hand_holds_until_its_end_and_not_a_second_longer(shop: Shop) -> None:
    given = give(shop, ADA, "gold", until_at=shop.local("2026-06-01 00:00"))
    assert (given.state, given.stands) == ("held", "gold")
    assert shop.record(buys(ADA, 5_000))[0].earned == {"points": 1050}
    shop.at("2026-05-31T23:59:59")
    shop.night()
    assert stands(shop) == ("gold", "2026-06-01 00:00")
    shop.at("2026-06-01T00:00")
    shop.night()
    assert stands(shop) == (None, None)
    assert moves(shop) == [
        (None, "gold", "granted", "2026-03-02 13:00"),
        ("gold", None, "lost", "2026-06-01 00:00"),
    ]


def test_what_was_reached_meanwhile_is_left_when_it_ends(shop: Shop) -> None:
    give(shop, ADA, "gold", until_at=shop.local("2027-03-01 00:00"))
    shop.record(buys(ADA, 12_000))
    shop.at("2027-03-01T00:00")
    shop.night()
    # 120.00 of 2026 reach silver, which holds through 2027.
    assert stands(shop) == ("silver", "2028-01-01 00:00")


def test_what_they_had_before_goes_on_behind_it(shop: Shop) -> None:
    shop.record(buys(ADA, 12_000))
    shop.at("2027-01-05T12:00")
    give(shop, ADA, "gold", until_at=shop.local("2027-02-01 00:00"))
    shop.at("2027-02-01T00:00")
    shop.night()
    assert stands(shop) == ("silver", "2028-01-01 00:00")


def test_a_lower_tier_given_waits_behind_the_higher_one(shop: Shop) -> None:
    shop.record(buys(ADA, 20_000))
    give(shop, ADA, "silver", until_at=shop.local("2029-01-01 00:00"))
    assert stands(shop) == ("gold", "2028-01-01 00:00")
    shop.at("2028-01-01T00:00")
    shop.night()
    assert stands(shop) == ("silver", "2029-01-01 00:00")


def test_ended_by_hand_what_was_reached_alone_is_left(shop: Shop) -> None:
    given = give(shop, ADA, "gold")
    assert stands(shop) == ("gold", None)
    shop.record(buys(ADA, 10_000))
    shop.at("2026-04-01T12:00")
    ended = turn(shop, given, "ended")
    assert (ended.state, ended.stands) == ("ended", "silver")
    assert turn(shop, given, "ended").state == "ended"
    assert moves(shop)[-1] == ("gold", "silver", "lost", "2026-04-01 12:00")
    assert shop.told().count("tier.given_ended") == 1


def test_a_matched_tier_is_kept_by_enough_credit_in_time(shop: Shop) -> None:
    shop.record(buys(ADA, 9_000), buys(BEN, 9_000))
    for one in (ADA, BEN):
        match(shop, one, 10_000, 90)
    assert stands(shop) == ("gold", "2026-06-01 00:00")
    shop.at("2026-05-31T23:00")
    shop.record(buys(ADA, 10_000), buys(BEN, 9_999))
    shop.at("2026-06-01T00:00")
    shop.night()
    # What Ada bought before does not count; kept it stays as a tier reached that day.
    assert stands(shop) == ("gold", "2028-01-01 00:00")
    assert stands(shop, "ben") == ("silver", "2028-01-01 00:00")


def test_an_invitation_is_accepted_or_ends(shop: Shop) -> None:
    shop.record(buys(ADA, 60_000), buys(BEN, 60_000))
    assert stands(shop) == ("gold", "2028-01-01 00:00")
    first, second = invite(shop, ADA), invite(shop, BEN)
    assert (first.state, first.stands) == ("waiting", "gold")
    shop.at("2026-04-01T23:59:59")
    assert turn(shop, first, "accepted").stands == "black"
    assert stands(shop) == ("black", "2028-01-01 00:00")
    shop.at("2026-04-02T00:00")
    assert turn(shop, second, "accepted").code == "invitation_over"
    assert stands(shop, "ben") == ("gold", "2028-01-01 00:00")


def test_a_step_by_invitation_is_never_reached_by_credit_but_kept_by_it(shop: Shop) -> None:
    shop.record(buys(ADA, 60_000))
    turn(shop, invite(shop, ADA), "accepted")
    shop.at("2027-05-01T12:00")
    shop.record(buys(ADA, 50_000))
    shop.at("2028-01-01T00:00")
    shop.night()
    assert stands(shop) == ("black", "2029-01-01 00:00")
    shop.at("2029-01-01T00:00")
    shop.night()
    assert stands(shop) == (None, None)


def test_a_step_by_invitation_lands_as_softly_as_any_other(open_shop: Open) -> None:
    shop = open_shop(MAISON.replace("tiers:", "tiers:\n  downgrade: one_step"))
    shop.joined("ada", "ben")
    shop.record(buys(ADA, 60_000), buys(BEN, 60_000))
    turn(shop, invite(shop, ADA), "accepted")
    for year, ada, ben in ((2028, "gold", "silver"), (2029, "silver", None), (2030, None, None)):
        shop.at(f"{year}-01-01T00:00")
        shop.night()
        assert (stands(shop)[0], stands(shop, "ben")[0]) == (ada, ben)
    # Given by hand, and not by invitation, what they reached by themselves is left.
    given = give(shop, BEN, "black", until_at=shop.now + timedelta(days=9))
    assert given.stands == "black"
    shop.at("2030-02-01T00:00")
    shop.night()
    assert stands(shop, "ben") == (None, None)
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_who_has_the_credit_is_listed_until_they_are_invited(shop: Shop) -> None:
    def eligible() -> list[int]:
        found, _ = shop.do(lambda tx, terms: show_eligible(tx, terms, "black", None, 10))
        return [one.reached for one in found]

    shop.record(buys(ADA, 49_999), buys(BEN, 70_000))
    assert eligible() == [70_000]
    declined = turn(shop, invite(shop, BEN), "declined")
    assert (declined.state, eligible()) == ("declined", [70_000])
    again = invite(shop, BEN)
    assert (again.state, eligible()) == ("waiting", [])
    assert invite(shop, BEN).code == "invited_already"
    turn(shop, again, "withdrawn")
    turn(shop, invite(shop, BEN), "accepted")
    assert eligible() == []


def test_merged_members_share_what_was_given_and_part_with_their_own(shop: Shop) -> None:
    give(shop, ADA, "gold", until_at=shop.local("2026-09-01 00:00"))
    shop.record(buys(BEN, 10_000))
    ada = member_id(shop, "ada")
    merge(shop, ADA, BEN)
    assert stands(shop, "ben") == ("gold", "2026-09-01 00:00")
    unmerge(shop, ada)
    assert (stands(shop), stands(shop, "ben")) == (
        ("gold", "2026-09-01 00:00"), ("silver", "2028-01-01 00:00"),
    )  # fmt: skip


def test_parted_nobody_has_a_given_tier_back_that_was_ended_meanwhile(shop: Shop) -> None:
    given = give(shop, ADA, "gold", until_at=shop.local("2026-09-01 00:00"))
    shop.record(buys(ADA, 12_000), buys(BEN, 1_000))
    ada = member_id(shop, "ada")
    merge(shop, ADA, BEN)
    shop.at("2026-05-01 12:00")
    turn(shop, given, "ended")
    unmerge(shop, ada)
    assert (stands(shop), stands(shop, "ben")) == (("silver", "2028-01-01 00:00"), (None, None))


def test_parted_nobody_keeps_a_tier_of_what_both_had_once_the_given_one_is_over(
    shop: Shop,
) -> None:
    give(shop, ADA, "gold", until_at=shop.local("2026-09-01 00:00"))
    shop.record(buys(ADA, 6_000), buys(BEN, 6_000))
    ada = member_id(shop, "ada")
    merge(shop, ADA, BEN)
    shop.at("2026-09-01T00:00")
    shop.night()
    assert stands(shop, "ben") == ("silver", "2028-01-01 00:00")
    unmerge(shop, ada)
    assert (stands(shop), stands(shop, "ben")) == ((None, None), (None, None))


def test_parted_nobody_has_what_was_given_to_who_stays(shop: Shop) -> None:
    give(shop, BEN, "gold", until_at=shop.local("2026-09-01 00:00"))
    give(shop, ADA, "silver", until_at=shop.local("2026-06-01 00:00"))
    ada = member_id(shop, "ada")
    merge(shop, ADA, BEN)
    shop.at("2026-07-01T12:00")
    unmerge(shop, ada)
    assert (stands(shop), stands(shop, "ben")) == ((None, None), ("gold", "2026-09-01 00:00"))
    shop.night()
    assert (stands(shop), stands(shop, "ben")) == ((None, None), ("gold", "2026-09-01 00:00"))


def test_parted_who_stays_keeps_what_was_given_to_them_behind_another(shop: Shop) -> None:
    give(shop, BEN, "silver", until_at=shop.local("2026-09-01 00:00"))
    give(shop, BEN, "gold", until_at=shop.local("2026-06-01 00:00"))
    ada = member_id(shop, "ada")
    merge(shop, ADA, BEN)
    shop.at("2026-07-01T12:00")
    unmerge(shop, ada)
    assert (stands(shop), stands(shop, "ben")) == ((None, None), ("silver", "2026-09-01 00:00"))
    shop.night()
    assert (stands(shop), stands(shop, "ben")) == ((None, None), ("silver", "2026-09-01 00:00"))


def test_parted_each_has_what_was_given_to_them_with_no_end(shop: Shop) -> None:
    give(shop, BEN, "gold")
    give(shop, ADA, "silver")
    ada = member_id(shop, "ada")
    merge(shop, ADA, BEN)
    shop.record(buys(BEN, 500))
    unmerge(shop, ada)
    assert (stands(shop), stands(shop, "ben")) == (("silver", None), ("gold", None))
    shop.record(buys(ADA, 500), buys(BEN, 500))
    shop.night()
    assert (stands(shop), stands(shop, "ben")) == (("silver", None), ("gold", None))


def test_what_was_given_while_they_were_one_stays_with_whom_it_was_given_to(shop: Shop) -> None:
    ada = member_id(shop, "ada")
    merge(shop, ADA, BEN)
    give(shop, BEN, "gold", until_at=shop.local("2026-09-01 00:00"))
    unmerge(shop, ada)
    assert (stands(shop), stands(shop, "ben")) == ((None, None), ("gold", "2026-09-01 00:00"))


def test_merged_for_good_the_joint_credit_decides_when_it_ends(shop: Shop) -> None:
    give(shop, ADA, "gold", until_at=shop.local("2026-09-01 00:00"))
    shop.record(buys(ADA, 6_000), buys(BEN, 6_000))
    merge(shop, ADA, BEN)
    shop.at("2026-09-01T00:00")
    shop.night()
    assert stands(shop, "ben") == ("silver", "2028-01-01 00:00")


def test_merged_what_was_given_to_the_one_that_went_still_waits(shop: Shop) -> None:
    give(shop, ADA, "silver", until_at=shop.local("2029-01-01 00:00"))
    shop.record(buys(BEN, 20_000))
    merge(shop, ADA, BEN)
    assert stands(shop, "ben") == ("gold", "2028-01-01 00:00")
    shop.at("2028-01-01T00:00")
    shop.night()
    assert stands(shop, "ben") == ("silver", "2029-01-01 00:00")


def test_a_late_purchase_earns_at_the_tier_that_was_given_then(shop: Shop) -> None:
    shop.record(buys(ADA, 1_000))
    shop.at("2026-04-01T12:00")
    given = give(shop, ADA, "gold")
    shop.at("2026-05-01T12:00")
    shop.record(buys(ADA, 1_000))
    turn(shop, given, "ended")
    shop.at("2026-06-01T12:00")
    late = buys(ADA, 1_000, occurred_at=shop.local("2026-04-15 12:00"))
    early = buys(ADA, 1_000, occurred_at=shop.local("2026-03-15 12:00"))
    assert [one.earned for one in shop.record(late, early)] == [{"points": 1010}, {"points": 10}]
    assert stands(shop) == (None, None)


def test_the_ladder_changes_and_what_was_given_stays(shop: Shop) -> None:
    give(shop, ADA, "black", until_at=shop.local("2026-12-01 00:00"))
    shop.publish(named(MAISON.replace("black", "onyx"), shop.terms.slug))
    shop.record(buys(ADA, 1_000))
    shop.night()
    assert stands(shop) == ("black", "2026-12-01 00:00")


def test_erased_nothing_personal_is_left_of_it(shop: Shop) -> None:
    match(shop, ADA, 100, 10)
    (ada,) = shop.rows("select member_id from tier_grant where program_id = $1")[0]
    shop.ask(erase_members, EraseMember(ada))
    kept = shop.rows("select reason, proof from tier_grant where program_id = $1")
    assert kept == [("erased", "")]
    assert shop.rows("select reason from tier_turn where program_id = $1") == [("erased",)]


@pytest.mark.parametrize(
    ("wish", "code", "field"),
    [
        ({"tier": "platinum"}, "no_such_tier", ""),
        ({"tier": "gold", "kind": "invited"}, "not_by_invitation", ""),
        ({"tier": "gold", "reason": " "}, "invalid", "/reason"),
        ({"tier": "gold", "actor": ""}, "invalid", "/actor"),
        ({"tier": "gold", "until_at": "2026-03-02 13:00"}, "invalid", "/until_at"),
        ({"tier": "black", "kind": "invited", "until_at": "2027-03-02 13:00"}, "invalid",
         "/until_at"),
    ],
)  # fmt: skip
def test_what_is_refused_leaves_nothing(shop: Shop, wish: Any, code: str, field: str) -> None:
    if "until_at" in wish:
        wish = wish | {"until_at": shop.local(wish["until_at"])}
    no = give(shop, ADA, **wish)
    assert isinstance(no, Fault | Refused)
    assert (no.code, getattr(no, "field", "")) == (code, field)
    assert shop.rows("select 1 from tier_grant where program_id = $1") == []
    assert "tier.given" not in shop.told()


def test_asked_twice_it_is_given_once(shop: Shop) -> None:
    wish = GiveTier(ADA, "granted", "gold", "because", "Olga", asked=asked("k1"))
    (first,), (again,) = shop.ask(give_tiers, wish), shop.ask(give_tiers, wish)
    assert isinstance(first, TierGiven)
    assert (again.grant_id, again.replayed) == (first.grant_id, True)
    (other,) = shop.ask(give_tiers, GiveTier(ADA, "granted", "silver", "because", "Olga",
                                             asked=asked("k1")))  # fmt: skip
    assert isinstance(other, KeyReused)
    assert shop.rows("select count(*) from tier_grant where program_id = $1") == [(1,)]


def test_what_is_not_there_is_not_found(shop: Shop) -> None:
    given = give(shop, ADA, "gold")
    no = turn(shop, TierGiven(given.member_id, given.member_id, "granted", "gold", "held"), "ended")
    assert isinstance(no, NotFound)


def test_what_was_given_holds_when_a_purchase_comes_back(open_shop: Open) -> None:
    """Given silver, gold by a purchase that comes back: silver is left, not nothing."""
    shop = open_shop(MAISON.replace("tiers:\n", "tiers:\n  returned_credit: revoke_now\n"))
    shop.joined("ada", "ben")
    end = shop.local("2028-03-01 00:00")
    give(shop, ADA, "silver", until_at=end)
    shop.record(buys(ADA, 25_000, receipt="r1"))
    assert stands(shop)[0] == "gold"
    shop.record(brings_back("r1"))
    assert stands(shop) == ("silver", "2028-03-01 00:00")
