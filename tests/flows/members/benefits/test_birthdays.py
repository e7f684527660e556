"""What is bound to a birthday: had on its days, once for each, by whoever told it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.flows.members.benefits.house import may, take
from tests.flows.points.sharing import merge
from tests.makers import Shop

from regulars.engine.checking.admission import admit
from regulars.flows.membership.benefits.grant_benefits import grant_benefits
from regulars.flows.membership.change_members import change_members
from regulars.flows.membership.commands import GrantBenefit
from regulars.flows.points.choosing.choose_one import choose_one
from regulars.flows.points.choosing.commands import ChooseOne
from regulars.records.members.types import ChangeMember, MemberRef
from regulars.records.program.problems import ProgramFault

Open = Callable[[str], Shop]
CAFE = """
regulars: 1
program: cafe
name: Cafe
currency: EUR
zone: Europe/Istanbul
wallets: {points: {}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
benefits:
  - id: cake
    name: A cake
    choose_one: gift
    birthday: {days_before: 3, days_after: 3}
    allowance: {times: 1, per: year}
  - id: tea
    name: A tin of tea
    choose_one: gift
    birthday: {days_before: 3, days_after: 3}
    allowance: {times: 1, per: year}
  - {id: coffee, name: A coffee, birthday: {}}
"""


def born(shop: Shop, name: str, day: str) -> MemberRef:
    (who,) = shop.joined(name, attributes={"birthday": day})
    return who


def no(shop: Shop, name: str, at: str, benefit: str = "cake") -> Any:
    shop.at(at)
    found = may(shop, name, benefit).no
    return None if found is None else (found.code, found.facts)


def chooses(shop: Shop, who: MemberRef, option: str) -> Any:
    return shop.ask(choose_one, ChooseOne(who, "gift", option, "mia"))[0]


def test_from_the_first_midnight_to_the_last_on_the_shops_own_calendar(open_shop: Open) -> None:
    shop = open_shop(CAFE)
    shop.at("2026-01-02T12:00")
    ada = born(shop, "ada", "1990-05-20")
    days = {"from_on": "2026-05-17", "until_on": "2026-05-24"}
    assert no(shop, "ada", "2026-05-16T23:59:59") == ("not_birthday", days)
    before = shop.counts()
    assert take(shop, ada, "cake").code == "not_birthday"
    assert shop.counts() == before
    assert no(shop, "ada", "2026-05-17T00:00") is None
    assert no(shop, "ada", "2026-05-23T23:59:59") is None
    later = {"from_on": "2027-05-17", "until_on": "2027-05-24"}
    assert no(shop, "ada", "2026-05-24T00:00") == ("not_birthday", later)


def test_of_whom_no_birthday_is_known_it_is_said_why(open_shop: Open) -> None:
    shop = open_shop(CAFE)
    shop.at("2026-05-20T12:00")
    (ada,) = shop.joined("ada")
    assert no(shop, "ada", "2026-05-20T12:00") == ("birthday_unknown", {})
    assert take(shop, ada, "cake").code == "birthday_unknown"
    wish = ChangeMember(ada, attributes={"birthday": "05-20"})
    shop.do(lambda tx, _: change_members(tx, "DE", [wish]))
    assert take(shop, ada, "cake").left == 0


def test_a_birthday_told_on_joining_goes_before_the_attribute(open_shop: Open) -> None:
    shop = open_shop(CAFE)
    shop.at("2026-05-20T12:00")
    shop.joined("ada", birthday="1990-05-20", attributes={"birthday": "11-11"})
    assert may(shop, "ada", "cake").no is None
    assert no(shop, "ada", "2026-11-11T12:00")[0] == "not_birthday"


@pytest.mark.parametrize(
    ("at", "code"),
    [
        ("2027-02-28T00:00", None),
        ("2027-02-27T23:59", "not_birthday"),
        ("2027-03-01T00:00", "not_birthday"),
        ("2028-02-28T12:00", "not_birthday"),
        ("2028-02-29T12:00", None),
    ],
)
def test_born_on_29_february_it_is_the_28th_in_other_years(
    open_shop: Open, at: str, code: str | None
) -> None:
    shop = open_shop(CAFE)
    shop.at("2026-01-02T12:00")
    born(shop, "ada", "1992-02-29")
    assert (no(shop, "ada", at, "coffee") or (None,))[0] == code


def test_one_birthday_counts_once_though_its_days_reach_into_another_year(open_shop: Open) -> None:
    shop = open_shop(CAFE)
    shop.at("2026-12-28T12:00")
    ada = born(shop, "ada", "1990-01-01")
    shop.at("2026-12-30T12:00")
    assert take(shop, ada, "cake").left == 0
    shop.at("2027-01-02T12:00")
    assert take(shop, ada, "cake").code == "used_up"
    assert take(shop, ada, "tea").code == "chosen_otherwise"
    shop.at("2027-12-29T12:00")
    assert take(shop, ada, "tea").left == 0


def test_what_is_chosen_before_new_year_holds_for_the_birthday_after_it(open_shop: Open) -> None:
    shop = open_shop(CAFE)
    shop.at("2026-12-30T12:00")
    ada = born(shop, "ada", "1990-01-01")
    first = chooses(shop, ada, "tea")
    assert chooses(shop, ada, "tea").choice_id == first.choice_id
    shop.at("2027-01-02T12:00")
    assert take(shop, ada, "cake").facts == {"chosen": "tea"}
    assert take(shop, ada, "tea").left == 0


def test_what_was_granted_by_hand_waits_for_no_birthday(open_shop: Open) -> None:
    shop = open_shop(CAFE)
    shop.at("2026-08-01T12:00")
    ada = born(shop, "ada", "1990-05-20")
    shop.ask(grant_benefits, GrantBenefit(ada, "cake", reason="missed it", actor="Olga"))
    assert take(shop, ada, "cake").granted
    assert take(shop, ada, "cake").code == "not_birthday"


def test_who_becomes_one_with_another_has_the_birthday_that_stays(open_shop: Open) -> None:
    shop = open_shop(CAFE)
    shop.at("2026-05-20T12:00")
    ada, _ = born(shop, "ada", "1990-05-20"), born(shop, "bea", "1990-11-11")
    take(shop, ada, "cake")
    merge(shop, MemberRef(external="bea"), ada)
    assert may(shop, "ada", "cake").no.code == "used_up"
    assert no(shop, "bea", "2026-11-11T12:00")[0] == "not_birthday"


@pytest.mark.parametrize(
    ("was", "is_", "says"),
    [
        ("birthday: {}}", "birthday: {}, by: grant}", "who was granted it may use it"),
        ("birthday: {}}", "birthday: {}, allowance: {times: 1, per: reached, good_for: 1 month}}",
         "begins with the birthday"),
        ("birthday: {days_before: 3, days_after: 3}", "birthday: {days_before: 2}",
         "around other days"),
        ("days_before: 3", "days_before: 61", "too large"),
    ],
)  # fmt: skip
def test_days_around_a_birthday_that_cannot_be_are_refused(was: str, is_: str, says: str) -> None:
    with pytest.raises(ProgramFault) as no:
        admit(CAFE.replace(was, is_, 1))
    assert says in str(no.value)
