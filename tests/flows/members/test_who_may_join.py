"""Who may join: by whom, how old, from where, with what they tell; cards earn all the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.flows.tiers.houses import MAISON
from tests.makers import Shop, buys, named

from regulars.base.faults import Invalid, Refused
from regulars.flows.membership.change_members import change_members
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.membership.join_members import join_members
from regulars.flows.membership.link_identifiers import link_identifiers
from regulars.records.members.types import (
    ChangeMember,
    EraseMember,
    Identifier,
    Joined,
    JoinMember,
    LinkIdentifiers,
    MemberRef,
)

Open = Callable[[str], Shop]
GATE = MAISON + "join: {minimum_age: 14, guardian_for_minors: true, countries: [DE, AT]}\n"
FRIENDS = MAISON + "join: {by: invitation, needs: [newsletter]}\n"
STAFF = MAISON + "join: {by: staff}\n"
HERE: Any = {"country": "DE", "birthday": "1990-05-17"}


def join(shop: Shop, name: str, **told: Any) -> Any:
    wish = JoinMember(identifiers=(Identifier("external", name),), **told)

    async def act(tx: Any, terms: Any) -> Any:
        return (await join_members(tx, "DE", [wish], terms))[0]

    return shop.do(act)


def members(shop: Shop) -> int:
    return int(shop.rows("select count(*) from member where program_id = $1")[0][0])


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"birthday": "1990-05-17"}, "country_closed"),
        ({"birthday": "1990-05-17", "country": "FR"}, "country_closed"),
        ({"country": "DE"}, "detail_needed"),
        ({"country": "DE", "birthday": "2012-03-03"}, "too_young"),
        ({"country": "DE", "birthday": "2012-03-02"}, "guardian_needed"),
        ({"country": "DE", "birthday": "2008-03-03"}, "guardian_needed"),
    ],
)
def test_who_may_not_is_told_why_and_leaves_nothing(open_shop: Open, told: Any, code: str) -> None:
    shop = open_shop(GATE)  # it is 2 March 2026
    no = join(shop, "ada", **told)
    assert isinstance(no, Refused)
    assert (no.code, members(shop), shop.told()) == (code, 0, [])


def test_on_the_birthday_they_are_old_enough(open_shop: Open) -> None:
    shop = open_shop(GATE)
    assert isinstance(join(shop, "ada", country="DE", birthday="2008-03-02"), Joined)


def test_born_on_the_29th_of_february_they_wait_for_march(open_shop: Open) -> None:
    shop = open_shop(GATE)
    shop.at("2026-02-28T23:59:59")
    leap: Any = {"country": "DE", "birthday": "2008-02-29"}
    assert join(shop, "ada", **leap).code == "guardian_needed"
    shop.at("2026-03-01T00:00")
    assert isinstance(join(shop, "ada", **leap), Joined)


def test_a_member_of_age_answers_for_a_child(open_shop: Open) -> None:
    shop = open_shop(GATE)
    grown, child = join(shop, "eva", **HERE), {"country": "DE", "birthday": "2011-01-01"}
    eva = MemberRef(id=grown.member_id)
    kid = join(shop, "kim", guardian=eva, **child)
    assert isinstance(kid, Joined)
    other = join(shop, "lou", guardian=MemberRef(id=kid.member_id), **child)
    assert other.code == "guardian_needed"
    kept = "select birthday::text, guardian_id from admission where program_id = $1 order by 1"
    assert shop.rows(kept) == [("1990-05-17", None), ("2011-01-01", grown.member_id)]


def test_members_invite_and_tell_what_is_asked(open_shop: Open) -> None:
    shop = open_shop(MAISON)
    shop.joined("ada")  # before anybody asked
    shop.publish(named(FRIENDS, shop.terms.slug))
    ada = MemberRef(external="ada")
    assert join(shop, "ben").code == "invitation_needed"
    half = join(shop, "ben", invited_by=ada)
    assert (half.code, half.facts) == ("detail_needed", {"needs": ["newsletter"]})
    yes = join(shop, "ben", invited_by=ada, attributes={"newsletter": False})
    assert isinstance(yes, Joined)
    nobody = join(shop, "cem", invited_by=MemberRef(external="zoe"))
    assert isinstance(nobody, Invalid)
    assert nobody.field == "/invited_by"


def test_the_shop_lets_people_in(open_shop: Open) -> None:
    shop = open_shop(STAFF)
    assert join(shop, "ada").code == "staff_only"
    assert isinstance(join(shop, "ada", actor="Olga"), Joined)


def test_a_card_earns_and_gets_its_person_only_by_joining(open_shop: Open) -> None:
    shop = open_shop(GATE)
    card = MemberRef(card="C-1")
    (sold,) = shop.record(buys(card, 5_000))
    assert sold.earned == {"points": 50}
    before = shop.counts()

    async def links(tx: Any, terms: Any) -> Any:
        wish = LinkIdentifiers(card, link=(Identifier("phone", "+4930901820"),))
        return (await link_identifiers(tx, "DE", [wish], terms))[0]

    async def changes(tx: Any, terms: Any) -> Any:
        return (await change_members(tx, "DE", [ChangeMember(card, given_name="Ada")], terms))[0]

    assert [shop.do(links).code, shop.do(changes).code] == ["join_first", "join_first"]
    assert shop.counts() == before
    wish = JoinMember(identifiers=(Identifier("card", "C-1"),), **HERE)

    async def joins(tx: Any, terms: Any) -> Any:
        return (await join_members(tx, "DE", [wish], terms))[0]

    assert shop.do(joins).upgraded


@pytest.mark.parametrize("day", ["2030-01-01", "02.03.1990", "1990-02-30", "20110228"])
def test_a_birthday_is_a_day(open_shop: Open, day: str) -> None:
    shop = open_shop(GATE)
    no = join(shop, "ada", country="DE", birthday=day)
    assert isinstance(no, Invalid)
    assert no.field == "/birthday"


def test_erased_the_birthday_goes(open_shop: Open) -> None:
    shop = open_shop(GATE)
    done = join(shop, "ada", actor="Olga", **HERE)
    shop.ask(erase_members, EraseMember(done.member_id))
    kept = shop.rows("select birthday, country from admission where program_id = $1")
    assert kept == [(None, "")]
