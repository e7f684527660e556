"""What staff may give by hand: limits, budgets, a colleague's yes; and nothing for themselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from tests.flows.members.staff.people import HOUSE, found, hires, key, settles
from tests.makers import Shop, buys, by

from regulars.base.faults import Forbidden, Refused
from regulars.flows.access.ask_adjustments import ask_adjustments
from regulars.flows.access.commands import (
    AskAdjustment,
    ChangeSetting,
    ChangeStaff,
    RejectAdjustment,
)
from regulars.flows.access.keep_staff import keep_staff
from regulars.flows.adjust_balances import adjust_balances
from regulars.flows.commands import Adjust, Adjusted, Redeem
from regulars.records.access.staff.types import By, Staff
from regulars.records.members.types import MemberRef

Open = Callable[[str], Shop]


def gives(one: Staff, who: MemberRef, units: int, name: str = "k", **more: Any) -> Adjust:
    return Adjust(who, "points", units, "we were slow", one.principal, key(one, name), **more)


def given_in_all(shop: Shop) -> int:
    sql = "select coalesce(sum(given), 0)::bigint from goodwill where program_id = $1"
    return int(shop.rows(sql)[0][0])


def test_support_gives_up_to_its_limit_and_it_is_written_down(cafe: Shop) -> None:
    (ada,), one = cafe.joined("ada"), hires(cafe, "support")
    (given,) = cafe.adjust(gives(one, ada, 500, address="203.0.113.0/24"))
    assert isinstance(given, Adjusted)
    assert given_in_all(cafe) == 500
    acts = cafe.rows(
        "select staff_id, did, about_id, after ->> 'units', address from staff_act"
        " where program_id = $1 and did = 'points.adjusted'"
    )
    told = (one.staff_id, "points.adjusted", given.member_id.hex, "500", "203.0.113.0/24")
    assert acts == [told]


@pytest.mark.parametrize(("units", "role"), [(501, "support"), (-501, "support"), (1, "cashier")])
def test_beyond_the_limit_nothing_is_written(cafe: Shop, units: int, role: str) -> None:
    (ada,), one = cafe.joined("ada"), hires(cafe, role)
    before = cafe.counts()
    (no,) = cafe.adjust(gives(one, ada, units))
    assert isinstance(no, Refused if role == "support" else Forbidden)
    assert no.code == ("above_limit" if role == "support" else "forbidden")
    assert cafe.counts() == before


def test_a_months_budget_is_spent_to_the_point_and_begins_anew(cafe: Shop) -> None:
    (ada,), one = cafe.joined("ada"), hires(cafe, "support")
    settles(cafe, ChangeSetting("goodwill_budget", 700, HOUSE, "support"))
    first, second, third = cafe.adjust(
        gives(one, ada, 500, "1"), gives(one, ada, 201, "2"), gives(one, ada, 200, "3")
    )
    assert (first.units, third.units) == (500, 200)
    assert (second.code, second.facts["left"]) == ("goodwill_budget_used", 200)
    assert isinstance(cafe.adjust(gives(one, ada, -50, "4"))[0], Adjusted)  # taking is no goodwill
    (no,) = cafe.adjust(gives(one, ada, 1, "5"))
    assert no.code == "goodwill_budget_used"
    cafe.now += timedelta(days=40)
    assert isinstance(cafe.adjust(gives(one, ada, 1, "6"))[0], Adjusted)


def test_many_at_once_never_overshoot_a_budget(cafe: Shop) -> None:
    cafe.joined(*[f"m{n}" for n in range(64)])
    one = hires(cafe, "support")
    settles(cafe, ChangeSetting("goodwill_budget", 1_000, HOUSE, "support"))

    def act(n: int) -> Any:
        wish = gives(one, by(external=f"m{n}"), 37, f"k{n}")
        return lambda tx, terms: adjust_balances(tx, terms, [wish])

    booked = 0
    for wave in range(0, 64, 4):
        for (outcome,) in cafe.together(*[act(n) for n in range(wave, wave + 4)]):
            booked += outcome.units if isinstance(outcome, Adjusted) else 0
    assert booked == 27 * 37  # one more would be above a thousand
    assert given_in_all(cafe) == booked
    sql = (
        "select coalesce(sum(amount), 0)::bigint from posting where program_id = $1 and account = 1"
    )
    assert cafe.rows(sql) == [(booked,)]


def test_somebody_else_grants_what_is_above_the_limit_exactly_once(cafe: Shop) -> None:
    (ada,) = cafe.joined("ada")
    asker, boss, other = (hires(cafe, role) for role in ("support", "owner", "finance"))
    wish = AskAdjustment(ada, "points", 5_000, "a lost parcel", asked=key(asker, "ask"))
    (asked,) = cafe.ask(ask_adjustments, wish)
    (again,) = cafe.ask(ask_adjustments, wish)
    assert (asked.state, again.request_id, again.replayed) == ("waiting", asked.request_id, True)

    def grants(one: Staff, name: str = "yes") -> Adjust:
        return gives(one, ada, 5_000, name, approves=asked.request_id)

    assert cafe.adjust(grants(asker))[0].code == "forbidden"
    assert cafe.adjust(replace(grants(other), units=5_001))[0].code == "invalid"
    outcomes = cafe.together(
        *[
            lambda tx, terms, one=one: adjust_balances(tx, terms, [grants(one)])
            for one in (boss, other)
        ]
    )
    said = sorted(getattr(one, "code", "booked") for (one,) in outcomes)
    assert said == ["already_decided", "booked"]
    assert cafe.balances("ada") == {"points": (5_000, 0, 0)}
    kept = """
    select state, entry_id is null, decided_by <> asked_by from adjustment_request
     where program_id = $1
    """
    assert cafe.rows(kept) == [("booked", False, True)]
    assert given_in_all(cafe) == 0  # what a colleague grants is not of the asker's budget


def test_nobody_grants_or_rejects_what_they_asked_for(cafe: Shop) -> None:
    (ada,), boss, second = cafe.joined("ada"), hires(cafe, "owner"), hires(cafe, "owner")
    wish = AskAdjustment(ada, "points", 9, "slow", asked=key(boss, "ask"))
    (asked,) = cafe.ask(ask_adjustments, wish)
    assert cafe.adjust(gives(boss, ada, 9, approves=asked.request_id))[0].code == "own_request"
    no = RejectAdjustment(asked.request_id, "no", asked=key(boss, "no"))
    assert cafe.ask(ask_adjustments, no)[0].code == "own_request"
    no = RejectAdjustment(asked.request_id, "not this time", asked=key(second, "no"))
    assert cafe.ask(ask_adjustments, no)[0].state == "rejected"
    again = cafe.adjust(gives(second, ada, 9, approves=asked.request_id))
    assert again[0].code == "already_decided"
    assert cafe.balances("ada") == {}


def test_a_key_grants_nothing_for_a_colleague(cafe: Shop) -> None:
    (ada,), one = cafe.joined("ada"), hires(cafe, "support")
    (asked,) = cafe.ask(
        ask_adjustments, AskAdjustment(ada, "points", 9, "slow", asked=key(one, "ask"))
    )
    granted = Adjust(ada, "points", 9, "slow", "key", approves=asked.request_id)
    assert cafe.adjust(granted)[0].code == "forbidden"


def test_who_somebody_is_as_a_member_is_said_once_by_themselves(cafe: Shop) -> None:
    cafe.joined("ada", "mia")
    one, boss = hires(cafe, "cashier"), hires(cafe, "owner")
    ada, mia = member_id(cafe, "ada"), member_id(cafe, "mia")
    settles(cafe, ChangeStaff(one.staff_id, By(one.staff_id), member=ada))
    for other in (mia, None):
        (no,) = cafe.ask(keep_staff, ChangeStaff(one.staff_id, By(one.staff_id), member=other))
        assert no.code == "forbidden"
    assert found(cafe, one.staff_id).member_id == ada
    settles(cafe, ChangeStaff(one.staff_id, By(boss.staff_id), member=mia))
    assert found(cafe, one.staff_id).member_id == mia


def test_nobody_credits_or_redeems_for_themselves(cafe: Shop) -> None:
    ada, mia = cafe.joined("ada", "mia")
    one = hires(cafe, "owner")
    settles(cafe, ChangeStaff(one.staff_id, HOUSE, member=member_id(cafe, "ada")))
    cafe.record(buys(ada, 5_000, receipt="r1"), buys(mia, 5_000, receipt="r2"))
    before = cafe.counts()
    (earned,) = cafe.record(replace(buys(ada, 900, receipt="r3"), asked=key(one, "e")))
    (by_id,) = cafe.record(
        replace(buys(by(id=member_id(cafe, "ada")), 900, receipt="r4"), asked=key(one, "i"))
    )
    (redeemed,) = cafe.redeem(Redeem(ada, "coffee", asked=key(one, "r")))
    (adjusted,) = cafe.adjust(gives(one, ada, 5, "a"))
    (asked,) = cafe.ask(ask_adjustments, AskAdjustment(ada, "points", 5, "me", asked=key(one, "q")))
    said = [one.code for one in (earned, by_id, redeemed, adjusted, asked)]
    assert said == ["own_membership"] * 5
    assert cafe.counts() == before
    (earned,) = cafe.record(replace(buys(mia, 900, receipt="r5"), asked=key(one, "o")))
    assert earned.state == "recorded"


def test_somebodys_address_tells_that_a_membership_is_theirs(cafe: Shop) -> None:
    from regulars.records.members.types import Identifier, JoinMember

    cafe.join(JoinMember(identifiers=(Identifier("email", "Olga@Example.org"),)))
    one = hires(cafe, "owner", email="olga@example.org")
    (no,) = cafe.adjust(gives(one, by(email="olga@example.org"), 5))
    assert no.code == "own_membership"


def member_id(shop: Shop, external: str) -> Any:
    sql = "select member_id from identifier where program_id = $1 and value = $2"
    return shop.rows(sql, external)[0][0]
