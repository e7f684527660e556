"""What members say they choose: once, by one of two tills, and through all that becomes of them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from tests.flows.points.sharing import merge, unmerge
from tests.makers import Shop, named

from regulars.flows.membership.erase_members import erase_members
from regulars.flows.points.choosing.choose_one import choose_one
from regulars.flows.points.choosing.commands import ChoiceMade, ChooseOne
from regulars.records.members.types import EraseMember, MemberRef

Open = Callable[[str], Shop]
GIFTS = """
regulars: 1
program: gifts
name: Gifts
currency: EUR
zone: Europe/Berlin
wallets: {points: {}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: mug, name: A mug, price: {points: 10}, limit: {times: 1, per: year}, choose_one: gift}
  - {id: tote, name: A bag, price: {points: 10}, limit: {times: 1, per: year}, choose_one: gift}
  - {id: pen, name: A pen, price: {points: 10}, limit: {times: 1, per: year}, choose_one: gift}
"""
WITHOUT_MUG = GIFTS.replace("choose_one: gift}", "}", 1)
_KEPT = "select chosen, actor from choice where program_id = $1 order by chosen_at, choice_id"


def chooses(shop: Shop, who: MemberRef, option: str) -> Any:
    return shop.ask(choose_one, ChooseOne(who, "gift", option, "mia"))[0]


def said(shop: Shop) -> list[str]:
    return [row[0] for row in shop.rows(_KEPT)]


def test_of_two_tills_at_once_one_is_told_that_the_other_was_chosen(open_shop: Open) -> None:
    shop = open_shop(GIFTS)
    (ada,) = shop.joined("ada")
    found = shop.together(
        *[
            lambda tx, terms, one=one: choose_one(tx, terms, [ChooseOne(ada, "gift", one)])
            for one in ("mug", "tote")
        ]
    )
    assert sorted(getattr(one, "code", "chosen") for (one,) in found) == [
        "chosen", "chosen_otherwise",
    ]  # fmt: skip
    assert len(said(shop)) == 1


def test_what_was_chosen_and_is_not_offered_any_more_is_chosen_anew(open_shop: Open) -> None:
    shop = open_shop(GIFTS)
    (ada,) = shop.joined("ada")
    first = chooses(shop, ada, "mug")
    shop.publish(named(WITHOUT_MUG, shop.terms.slug))
    assert isinstance(chooses(shop, ada, "tote"), ChoiceMade)
    assert chooses(shop, ada, "pen").facts == {"chosen": "tote"}
    # Offered again, the first word holds again: nobody has chosen twice.
    shop.publish(named(GIFTS, shop.terms.slug))
    assert chooses(shop, ada, "tote").facts == {"chosen": "mug"}
    assert chooses(shop, ada, "mug").choice_id == first.choice_id
    assert said(shop) == ["mug", "tote"]


def test_of_two_who_become_one_the_first_word_holds_and_each_has_their_own_again_after(
    open_shop: Open,
) -> None:
    shop = open_shop(GIFTS)
    ada, bea = shop.joined("ada", "bea")
    first = chooses(shop, bea, "tote")
    chooses(shop, ada, "mug")
    merge(shop, bea, ada)
    assert chooses(shop, ada, "mug").facts == {"chosen": "tote"}
    assert chooses(shop, ada, "tote").choice_id == first.choice_id
    unmerge(shop, first.member_id)
    assert chooses(shop, ada, "tote").facts == {"chosen": "mug"}
    assert chooses(shop, MemberRef(id=first.member_id), "mug").facts == {"chosen": "tote"}
    assert said(shop) == ["tote", "mug"]


def test_who_is_erased_has_chosen_without_a_name(open_shop: Open) -> None:
    shop = open_shop(GIFTS)
    (grace,) = shop.joined("grace", family_name="Hopper")
    (done,) = shop.ask(choose_one, ChooseOne(grace, "gift", "mug", "G. Hopper"))
    assert shop.rows(_KEPT) == [("mug", "G. Hopper")]
    who: UUID = done.member_id
    shop.ask(erase_members, EraseMember(who))
    assert shop.rows(_KEPT) == [("mug", "erased")]
    (no,) = shop.ask(choose_one, ChooseOne(MemberRef(id=who), "gift", "mug"))
    assert no.code == "member_erased"
