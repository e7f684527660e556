"""Guests: how many, who they may be, and how much they count."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.flows.members.benefits.house import (
    ADA,
    BEN,
    CEM,
    HOUSE,
    back,
    counted,
    may,
    opened,
    take,
)
from tests.flows.points.sharing import block
from tests.makers import Shop

from regulars.base.faults import Invalid, UnknownMember
from regulars.engine.rewarding.including.guests import Party
from regulars.flows.membership.benefits.grant_benefits import grant_benefits
from regulars.flows.membership.commands import GrantBenefit
from regulars.records.members.types import MemberRef

Open = Callable[[str], Shop]


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    return opened(open_shop(HOUSE))


def test_each_guest_counts_and_is_left_again(shop: Shop) -> None:
    done = take(shop, ADA, "lounge", "Nil", BEN)
    assert (done.left, done.times, done.guests) == (1, 3, 2)
    assert shop.rows(
        "select details, terms ->> 'worth_minor' from benefit_use where program_id = $1"
    ) == [('{"guests": "Nil"}', "9000")]
    no = take(shop, ADA, "lounge", "Nil")
    assert (no.code, no.facts) == ("used_up", {"times": 4, "per": "reached"})
    assert no.says == "at most 4 each time it is reached"
    assert back(shop, done.use_id).left == 4
    assert [value for _, value in counted(shop, "lounge")] == []


def test_more_than_may_come_along_and_none_where_it_is_not_shared(shop: Shop) -> None:
    no = take(shop, ADA, "lounge", "Nil", "Ece", "Oya")
    assert (no.code, no.facts) == ("too_many_guests", {"most": 2})
    no = take(shop, CEM, "welcome", "Nil")
    assert (no.code, no.facts) == ("too_many_guests", {"most": 0})
    assert may(shop, "ada", "lounge", party=Party(3)).no.code == "too_many_guests"
    assert shop.rows("select 1 from benefit_use where program_id = $1") == []


def test_guests_that_do_not_count(shop: Shop) -> None:
    done = take(shop, CEM, "evening", "Nil", "Ece")
    assert (done.times, done.guests) == (1, 2)


def test_only_members_or_only_others(shop: Shop) -> None:
    assert take(shop, CEM, "evening", ADA).facts == {"who": "others"}
    assert take(shop, CEM, "family", "Nil").facts == {"who": "members"}
    assert take(shop, CEM, "family", ADA).left == 1
    assert take(shop, CEM, "family", CEM).facts == {"who": "self"}
    block(shop, BEN)
    assert take(shop, CEM, "family", BEN).facts == {"who": "blocked"}


def test_guests_that_are_nobody_are_told_of(shop: Shop) -> None:
    for guests in ((" ",), (ADA, ADA)):
        no = take(shop, CEM, "evening", *guests)
        assert isinstance(no, Invalid)
        assert no.field == "/guests"
    assert isinstance(take(shop, CEM, "evening", MemberRef(external="nobody")), UnknownMember)


def test_a_grant_of_which_too_little_is_left_is_left_alone(shop: Shop) -> None:
    grant = GrantBenefit(
        ADA, "lounge", "for the delay", "Olga", until_at=shop.now + timedelta(days=9)
    )
    shop.ask(grant_benefits, grant)
    done = take(shop, ADA, "lounge", "Nil")
    assert (done.granted, done.left) == (False, 3)
    assert (take(shop, ADA, "lounge", "Nil").left, take(shop, ADA, "lounge").left) == (1, 0)
