"""What a version would change for whoever stands on a ladder beside the tiers, known before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.flows.terms.test_planning import planned
from tests.flows.tiers.further.test_further import CLUB, RULE, books, on
from tests.flows.tiers.further.test_further_changeovers import plan
from tests.flows.tiers.houses import ADA, BEN, give
from tests.makers import Shop, buys, named
from tests.planted.replay.checks import differences

from regulars.base.faults import Invalid
from regulars.flows.terms.plan_version import people_of_plan
from regulars.records.members.types import MemberRef

Open = Callable[[str], Shop]
HERE = RULE + CLUB.replace("MORE", "")
STEEPER = HERE.replace("at: 3", "at: 4").replace("at: 5", "at: 8")
EVE, DAN = (MemberRef(external=name) for name in ("eve", "dan"))


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    shop = open_shop(HERE)
    settled(shop)
    return shop


def settled(shop: Shop) -> None:
    """Ada came once, Ben three times, Eve eight times; Dan is a friend by gift."""
    shop.joined("ada", "ben", "eve", "dan")
    for who, often in ((ADA, 1), (BEN, 3), (EVE, 8)):
        shop.record(*(buys(who, 100) for _ in range(often)))
    give(shop, DAN, "friend")
    shop.now += timedelta(hours=1)


def test_the_plan_counts_exactly_whom_the_change_of_a_club_moves(shop: Shop) -> None:
    file = named(plan("members: full", STEEPER), shop.terms.slug)
    found, before = planned(shop, file), shop.counts()
    assert [(g.what, g.tier, g.becomes, g.members, g.ladder) for g in found.groups] == [
        ("loses", "regular", "guest", 1, "club"),
        ("same", "friend", "friend", 1, "club"),
        ("same", "friend", "friend", 1, "club"),
        ("same", "guest", "guest", 1, "club"),
    ]
    asked = (("loses",), None, 10)
    people, more = shop.do(lambda tx, _: people_of_plan(tx, file, None, asked, "club"))
    assert [(one.given_name, one.tier, one.becomes) for one in people] == [("", "regular", "guest")]
    assert (more, shop.counts()) == (None, before)
    shop.publish(file)
    stands = [on(shop, who) for who in ("ada", "ben", "eve", "dan")]
    assert stands == ["guest", "guest", "friend", "friend"]
    assert differences(shop) == []
    books(shop)


def test_who_keeps_what_the_new_club_alone_would_not_give_is_counted(shop: Shop) -> None:
    found = planned(shop, named(STEEPER, shop.terms.slug))
    kept = [(g.tier, g.by_itself, g.members) for g in found.groups if g.what == "kept"]
    assert kept == [("friend", "guest", 1), ("regular", "guest", 1)]
    assert found.foretold


def test_each_change_of_a_club_says_how_many_stand_on_it(shop: Shop) -> None:
    """Ada and Fay are guests, Ben is a regular, Eve and Dan are friends, Dan by gift."""
    shop.joined("fay")
    shop.now += timedelta(hours=1)
    file = STEEPER.replace("measure: visits", "measure: visits\n    grace_days: 9")
    found = planned(shop, named(file, shop.terms.slug))
    told = {(one.kind, one.what): found.touched.get(one.whom) for one in found.changes}
    assert told == {
        ("tier_at", "regular"): 1,
        ("tier_at", "friend"): 2,
        ("further_grace_days", "club"): 5,
    }


def test_a_page_at_a_time(shop: Shop) -> None:
    file, after, names = named(STEEPER, shop.terms.slug), None, 0
    for _ in range(2):
        asked = (("kept",), after, 1)
        people, after = shop.do(lambda tx, _, a=asked: people_of_plan(tx, file, None, a, "club"))
        names += len(people)
    assert (names, after) == (2, None)


def test_a_club_that_counts_something_else_cannot_be_foretold(shop: Shop) -> None:
    other = HERE.replace("measure: visits", "measure: spend").replace("at: 3", 'at: "3.00"')
    found = planned(shop, named(other, shop.terms.slug))
    assert (found.foretold, found.groups) == (False, ())


def test_a_ladder_nobody_knows_is_no_answer_that_nobody_is_touched(shop: Shop) -> None:
    file = named(STEEPER, shop.terms.slug)
    asked = (("loses",), None, 5)
    with pytest.raises(Invalid) as fault:
        shop.do(lambda tx, _: people_of_plan(tx, file, None, asked, "clubb"))
    assert (fault.value.field, "known: club" in fault.value.says) == ("/ladder", True)
