"""Steps of a ladder beside the tiers by hand: given, matched with a challenge, by an invitation."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.flows.points.sharing import member_id, merge, unmerge
from tests.flows.tiers.further.test_further import PLAIN, books, club, on
from tests.flows.tiers.houses import ADA, BEN, at_wall, give, invite, match, stands, turn
from tests.makers import Shop, buys
from tests.planted.replay.checks import differences

from regulars.base.faults import Refused
from regulars.flows.membership.benefits.show_eligible import show_eligible, show_grants

Open = Callable[[str], Shop]
HERE = PLAIN.replace(
    "{id: friend, at: 5}]", "{id: friend, at: 5}, {id: patron, at: 6, by: invitation}]"
)


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    """Noon of 2 March 2026; guests of the club, which asks for three and five visits."""
    shop = open_shop(HERE)
    shop.joined("ada", "ben")
    return shop


def comes(shop: Shop, often: int) -> None:
    for _ in range(often):
        shop.record(buys(ADA, 100))


def test_a_gift_of_the_club_holds_until_its_end_and_no_longer(
    shop: Shop,
) -> None:
    given = give(shop, ADA, "friend", until_at=shop.local("2026-06-01 00:00"))
    assert (given.state, given.stands, stands(shop)) == ("held", "friend", (None, None))
    assert shop.told().count("ladder.changed") == 1
    assert shop.record(buys(ADA, 100))[0].earned == {"points": 101}
    assert at_wall(shop, club(shop).until or shop.now) == "2026-06-01 00:00"
    shop.at("2026-05-31T23:59:59")
    assert on(shop) == "friend"
    shop.at("2026-06-01T00:00")
    assert (on(shop), shop.record(buys(ADA, 100))[0].earned) == ("guest", {"points": 1})


def test_what_was_reached_meanwhile_is_left_when_the_gift_ends(shop: Shop) -> None:
    given = give(shop, ADA, "friend")
    comes(shop, 3)
    assert (on(shop), club(shop).until) == ("friend", None)
    ended = turn(shop, given, "ended")
    assert (ended.state, ended.stands) == ("ended", "regular")
    assert turn(shop, given, "ended").state == "ended"
    assert shop.told().count("ladder.changed") == 2


def test_a_club_elsewhere_is_matched_and_kept_by_visits_in_time(shop: Shop) -> None:
    comes(shop, 1)
    shop.record(buys(BEN, 100))
    for one in (ADA, BEN):
        match(shop, one, 3, 90, tier="friend")
    comes(shop, 3)
    shop.record(buys(BEN, 100), buys(BEN, 100))
    ben = member_id(shop, "ben")
    ((_, earned),) = shop.do(lambda tx, terms: show_grants(tx, terms, ben))
    assert earned == 2
    shop.at("2026-06-01T00:00")
    assert (on(shop), on(shop, "ben")) == ("friend", "regular")
    assert at_wall(shop, club(shop).until or shop.now) == "2028-01-01 00:00"


def test_who_comes_often_enough_may_be_invited_and_stays_by_visits(shop: Shop) -> None:
    comes(shop, 6)
    assert on(shop) == "friend"
    found, _ = shop.do(lambda tx, t: show_eligible(tx, t, "patron", None, 10))
    assert [(one.tier, one.reached, one.needed) for one in found] == [("friend", 6, 6)]
    asked = invite(shop, ADA, "patron")
    assert (asked.state, asked.stands) == ("waiting", "friend")
    assert isinstance(invite(shop, ADA, "friend"), Refused)
    assert turn(shop, asked, "accepted").stands == "patron"
    assert at_wall(shop, club(shop).until or shop.now) == "2028-01-01 00:00"
    assert invite(shop, ADA, "patron").code == "has_tier"
    shop.at("2027-06-01T12:00")
    comes(shop, 6)
    shop.at("2028-01-01T00:00")
    assert on(shop) == "patron"
    shop.at("2029-01-01T00:00")
    assert on(shop) == "guest"


def test_merged_both_have_what_either_was_given_until_it_is_undone(shop: Shop) -> None:
    ben = member_id(shop, "ben")
    give(shop, BEN, "friend", until_at=shop.local("2026-06-01 00:00"))
    merge(shop, BEN, ADA)
    assert on(shop) == "friend"
    unmerge(shop, ben)
    assert (on(shop), on(shop, "ben")) == ("guest", "friend")


def test_what_is_told_late_was_done_by_a_friend(shop: Shop) -> None:
    give(shop, ADA, "friend", until_at=shop.local("2026-03-05 00:00"))
    wednesday = shop.local("2026-03-04 12:00")
    shop.at("2026-03-06T12:00")
    assert shop.record(buys(ADA, 100))[0].earned == {"points": 1}
    assert shop.record(buys(ADA, 100, occurred_at=wednesday))[0].earned == {"points": 101}
    assert differences(shop) == []


def test_the_books_of_gifts_are_right(shop: Shop) -> None:
    test_a_gift_of_the_club_holds_until_its_end_and_no_longer(shop)
    shop.record(*(buys(BEN, 100) for _ in range(6)))
    turn(shop, invite(shop, BEN, "patron"), "accepted")
    assert on(shop, "ben") == "patron"
    books(shop)
    assert differences(shop) == []
