"""Associates: somebody of the shop looks after whoever has a benefit that comes with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.flows.members.staff.people import HOUSE, found, hires, settles
from tests.flows.points.sharing import block, member_id, merge, unmerge
from tests.makers import Shop, buys

from regulars.base.faults import Forbidden, Invalid, UnknownMember
from regulars.flows.access.commands import ChangeStaff, CloseStaff
from regulars.flows.membership.benefits import follow_associates
from regulars.flows.membership.benefits.commands import (
    AssignAssociate,
    EndAssociate,
    PassMembersOn,
)
from regulars.flows.membership.benefits.grant_benefits import grant_benefits
from regulars.flows.membership.benefits.keep_associates import keep_associates, pass_members_on
from regulars.flows.membership.benefits.use_benefits import use_benefits
from regulars.flows.membership.commands import GrantBenefit, UseBenefit
from regulars.flows.membership.erase_members import erase_members
from regulars.records.access.staff.types import By, Staff
from regulars.records.benefits.associates import read
from regulars.records.members.types import EraseMember, MemberRef

Open = Callable[[str], Shop]
SALON = """
regulars: 1
program: salon
name: Salon
currency: EUR
zone: Europe/Berlin
wallets: {points: {}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
tiers:
  window: rolling
  rolling_days: 30
  valid: window_end
  downgrade: full
  steps: [{id: silver, at: "100.00"}, {id: gold, at: "200.00"}]
benefits:
  - {id: shopper, name: A personal shopper, tier: gold, associate: {grace: 10 days}}
  - {id: stylist, name: A stylist, by: grant, associate: {}}
  - {id: host, name: A host, tier: silver, associate: {chosen: by_hand}}
  - {id: delivery, name: Free delivery, tier: silver}
"""
LADDER = """
ladders:
  years:
    window: calendar_year
    valid: window_end
    downgrade: full
    steps: [{id: fan, at: "100.00"}, {id: friend, at: "200.00"}]
"""
CLIMBS = (
    SALON[: SALON.index("tiers:")]
    + LADDER.lstrip()
    + ("benefits:\n  - {id: coach, name: A coach, tier: friend, associate: {}}\n")
)
ADA, BEN, CEM = (MemberRef(external=name) for name in ("ada", "ben", "cem"))


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    shop = open_shop(SALON)
    shop.joined("ada", "ben", "cem")
    return shop


def gold(shop: Shop, *who: MemberRef, store: str = "mitte") -> None:
    shop.record(*(buys(one, 20_000, store=store) for one in who))


def follow(shop: Shop) -> int:
    return shop.night("follow_associates")["follow_associates"]


def after(shop: Shop, who: str) -> dict[str, Staff]:
    """Who looks after somebody now, by benefit."""
    id_ = member_id(shop, who)
    has = shop.do(lambda tx, _: read.of(tx, [id_])).get(id_, [])
    found_: dict[str, Staff] = {}
    for one in has:
        if one.lasts(shop.now):
            found_.setdefault(one.benefit, found(shop, one.staff_id))
    return found_


def names(shop: Shop, who: str) -> dict[str, Any]:
    return {benefit: one.staff_id for benefit, one in after(shop, who).items()}


def assign(shop: Shop, member: MemberRef, benefit: str = "shopper", **more: Any) -> Any:
    wish = AssignAssociate(member, benefit, more.pop("by", HOUSE), **more)
    (outcome,) = shop.ask(keep_associates, wish)
    return outcome


def ended(shop: Shop, member: MemberRef, benefit: str = "shopper") -> Any:
    (outcome,) = shop.ask(keep_associates, EndAssociate(member, benefit, HOUSE))
    return outcome


def test_who_reaches_the_tier_is_given_whoever_has_fewest(shop: Shop) -> None:
    mia, leo = hires(shop, "cashier"), hires(shop, "cashier")
    gold(shop, ADA, BEN, CEM)
    assert follow(shop) == 3

    first, second = sorted((mia.staff_id, leo.staff_id))
    by_id = sorted(("ada", "ben", "cem"), key=lambda one: member_id(shop, one))
    assert [names(shop, one)["shopper"] for one in by_id] == [first, second, first]
    assert shop.told()[-3:] == ["associate.assigned"] * 3
    assert follow(shop) == 0  # and nobody is given twice


def test_who_works_in_their_store_comes_first_and_an_owner_last(shop: Shop) -> None:
    owner = hires(shop, "owner")
    gold(shop, ADA, store="mitte")
    follow(shop)
    assert names(shop, "ada") == {"shopper": owner.staff_id}

    everywhere = hires(shop, "support")
    gold(shop, BEN, store="west")
    follow(shop)
    assert names(shop, "ben") == {"shopper": everywhere.staff_id}

    west = hires(shop, "cashier", stores=("west",))
    settles(shop, CloseStaff(hires(shop, "cashier", stores=("west",)).staff_id, HOUSE))
    hires(shop, "marketer")
    gold(shop, CEM, store="west")
    follow(shop)
    assert names(shop, "cem") == {"shopper": west.staff_id}


def test_nobody_is_given_where_nobody_works_or_somebody_chooses(shop: Shop) -> None:
    gold(shop, ADA)
    assert follow(shop) == 0
    assert after(shop, "ada") == {}
    hires(shop, "cashier")
    follow(shop)
    assert list(after(shop, "ada")) == ["shopper"]  # of `host` somebody chooses
    assert assign(shop, ADA, "host").staff_id


def test_at_first_use_and_when_it_is_granted(shop: Shop) -> None:
    mia = hires(shop, "cashier")
    gold(shop, ADA)
    shop.ask(use_benefits, UseBenefit(ADA, "shopper", store="mitte"))
    assert names(shop, "ada") == {"shopper": mia.staff_id}
    shop.ask(use_benefits, UseBenefit(ADA, "delivery"), UseBenefit(ADA, "shopper"))
    assert len(shop.rows("select 1 from benefit_associate where program_id = $1")) == 1

    until = shop.local("2026-08-01T00:00")
    shop.ask(grant_benefits, GrantBenefit(BEN, "stylist", "kind", "Olga", until_at=until))
    assert names(shop, "ben") == {"stylist": mia.staff_id}
    shop.ask(use_benefits, UseBenefit(BEN, "stylist"))
    follow(shop)
    assert names(shop, "ben") == {"stylist": mia.staff_id}  # used up, and still theirs

    shop.at("2026-08-01 07:00")
    follow(shop)
    assert names(shop, "ben") == {}


def test_who_loses_the_tier_keeps_them_for_the_grace(shop: Shop) -> None:
    mia = hires(shop, "cashier")
    gold(shop, ADA)
    follow(shop)
    shop.at("2026-08-20 09:00")
    shop.night("review_tiers", "follow_associates")
    assert shop.told()[-1] == "associate.ended"
    assert names(shop, "ada") == {"shopper": mia.staff_id}

    shop.at("2026-08-25 09:00")
    gold(shop, ADA)  # again before the grace is over: with the same person
    hires(shop, "cashier")
    follow(shop)
    shop.at("2026-09-05 09:00")
    assert names(shop, "ada") == {"shopper": mia.staff_id}

    shop.at("2026-10-20 09:00")
    shop.night("review_tiers", "follow_associates")
    shop.at("2026-10-30 09:00")
    assert names(shop, "ada") == {}
    no = assign(shop, ADA)
    assert no.code == "tier_too_low"


def test_by_hand_changed_and_ended(shop: Shop) -> None:
    mia, leo = hires(shop, "cashier"), hires(shop, "cashier")
    gold(shop, ADA, BEN)
    follow(shop)
    before = names(shop, "ada")["shopper"]
    other = leo if before == mia.staff_id else mia
    assert assign(shop, ADA, staff_id=other.staff_id).changed
    assert names(shop, "ada") == {"shopper": other.staff_id}
    assert shop.told()[-2:] == ["associate.ended", "associate.assigned"]
    told = len(shop.told())
    assert not assign(shop, ADA, staff_id=other.staff_id).changed
    assert len(shop.told()) == told

    assert ended(shop, ADA).changed
    assert names(shop, "ada") == {}
    assert not ended(shop, ADA).changed
    assert follow(shop) == 0  # whom somebody took away is not given anew
    shop.ask(use_benefits, UseBenefit(ADA, "shopper"))
    assert names(shop, "ada") == {}
    assert assign(shop, ADA).staff_id == before  # the other one has Ben already


def test_what_is_wrong_is_said_and_changes_nothing(shop: Shop) -> None:
    books = hires(shop, "finance")
    gold(shop, ADA)
    before = shop.counts()
    assert assign(shop, ADA, "nothing").code == "unknown_benefit"
    assert assign(shop, BEN).code == "tier_too_low"
    assert assign(shop, BEN, "stylist").code == "not_granted"
    assert assign(shop, ADA, "delivery").field == "/benefit"
    assert isinstance(assign(shop, MemberRef(external="nobody")), UnknownMember)
    assert isinstance(assign(shop, ADA, staff_id=books.staff_id), Invalid)
    assert isinstance(assign(shop, ADA, by=By(books.staff_id)), Forbidden)
    assert shop.counts() == before


def test_who_leaves_has_their_members_passed_on(shop: Shop) -> None:
    mia = hires(shop, "cashier", stores=("mitte",))
    gold(shop, ADA, BEN)
    follow(shop)
    settles(shop, CloseStaff(mia.staff_id, HOUSE))
    follow(shop)
    assert names(shop, "ada") == {"shopper": mia.staff_id}  # it waits for a choice
    leo, eva = hires(shop, "cashier"), hires(shop, "cashier")
    assert isinstance(
        shop.ask(pass_members_on, PassMembersOn(mia.staff_id, HOUSE, mia.staff_id))[0], Invalid
    )
    (done,) = shop.ask(pass_members_on, PassMembersOn(mia.staff_id, HOUSE))
    assert (done.members, done.left) == (2, 0)
    assert {*names(shop, "ada").values(), *names(shop, "ben").values()} == {
        leo.staff_id,
        eva.staff_id,
    }
    (done,) = shop.ask(pass_members_on, PassMembersOn(leo.staff_id, HOUSE, eva.staff_id))
    assert names(shop, "ada") == names(shop, "ben") == {"shopper": eva.staff_id}
    assert shop.ask(pass_members_on, PassMembersOn(leo.staff_id, HOUSE))[0].members == 0


def test_who_was_merged_has_one_and_has_their_own_again(shop: Shop) -> None:
    hires(shop, "cashier"), hires(shop, "cashier")
    gold(shop, ADA, BEN)
    follow(shop)
    was = names(shop, "ada"), names(shop, "ben")
    ada = member_id(shop, "ada")
    merge(shop, ADA, BEN)
    assert names(shop, "ben") == was[1]
    assert follow(shop) == 0
    unmerge(shop, ada)
    assert (names(shop, "ada"), names(shop, "ben")) == was


def test_the_blocked_keep_theirs_and_the_erased_do_not(shop: Shop) -> None:
    hires(shop, "cashier")
    gold(shop, ADA, BEN)
    follow(shop)
    block(shop, ADA)
    shop.ask(erase_members, EraseMember(member_id(shop, "ben")))
    follow(shop)
    kept = shop.rows("select member_id from benefit_associate where program_id = $1")
    assert kept == [(member_id(shop, "ada"),)]


def test_who_climbs_a_further_ladder_is_given_somebody_without_a_use(open_shop: Open) -> None:
    shop = open_shop(CLIMBS)
    shop.joined("ada", "ben", "cem")
    mia = hires(shop, "cashier")
    gold(shop, ADA)
    shop.record(buys(BEN, 5_000))
    assert follow(shop) == 1
    assert names(shop, "ada") == {"coach": mia.staff_id}
    assert names(shop, "ben") == {}  # too low, and asked again
    assert follow(shop) == 0
    assert ended(shop, ADA, "coach").changed
    assert follow(shop) == 0  # whom somebody took away is not given anew

    shop.at("2026-12-10 09:00")
    gold(shop, CEM)
    assert follow(shop) == 1
    shop.at("2028-02-15 09:00")  # a year is over, and what counted with it
    assert follow(shop) == 1
    assert names(shop, "cem") == {}


def test_what_a_further_ladder_gives_everybody_comes_without_any_credit(open_shop: Open) -> None:
    shop = open_shop(CLIMBS.replace('at: "100.00"', "at: 0").replace("tier: friend", "tier: fan"))
    shop.joined("ada")
    mia = hires(shop, "cashier")
    assert follow(shop) == 1
    assert names(shop, "ada") == {"coach": mia.staff_id}
    assert follow(shop) == 0


@pytest.mark.parametrize("most", [1, 2])
def test_of_very_many_on_a_ladder_everybody_has_their_turn(
    open_shop: Open, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """Those who stand too low never stand in the way of those who do not."""
    monkeypatch.setattr(follow_associates, "AT_ONCE", most)
    shop = open_shop(CLIMBS)
    shop.joined(*"abcde")
    hires(shop, "cashier")
    shop.record(*(buys(MemberRef(external=name), 1_000) for name in "abcd"))
    gold(shop, MemberRef(external="e"))
    given = 0
    for _ in range(5):
        shop.now += timedelta(minutes=1)
        given += follow(shop)
    assert given == 1
    assert list(names(shop, "e")) == ["coach"]


def test_who_can_have_nobody_stands_in_nobodys_way(shop: Shop) -> None:
    """Ada works here herself, alone: there is nobody who could look after her."""
    mia = hires(shop, "cashier")
    settles(shop, ChangeStaff(mia.staff_id, HOUSE, member=member_id(shop, "ada")))
    gold(shop, ADA, BEN, CEM)
    assert member_id(shop, "ada") < min(member_id(shop, "ben"), member_id(shop, "cem"))
    for _ in range(5):
        shop.now += timedelta(minutes=1)
        shop.night("follow_associates", most=1)
    assert names(shop, "ada") == {}
    assert names(shop, "ben") == names(shop, "cem") == {"shopper": mia.staff_id}


def test_who_was_taken_away_meanwhile_is_not_written_over(shop: Shop) -> None:
    """The night saw that the benefit is over and waited; meanwhile somebody ended it by hand."""
    hires(shop, "cashier")
    gold(shop, ADA)
    follow(shop)
    shop.at("2026-08-20 09:00")
    shop.night("review_tiers")
    real = read.to_look

    async def slowly(tx: Any, *args: Any) -> Any:
        found_ = await real(tx, *args)
        if found_:
            await tx.fetch(
                "update benefit_associate set ended_at = $2::timestamptz, why = 'by_hand'"
                " where program_id = $1::int returning 1",
                tx.program_id,
                tx.now,
            )
        return found_

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(read, "to_look", slowly)
        told = len(shop.told())
        follow(shop)
    assert shop.rows("select why from benefit_associate where program_id = $1") == [("by_hand",)]
    assert len(shop.told()) == told
