"""Two records, one person: everything comes along, and goes back while nothing was spent."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.books import assert_books_right
from tests.flows.points.sharing import (
    SHARING,
    block,
    give,
    household,
    member_id,
    merge,
    totals,
    unmerge,
)
from tests.makers import Shop, asked, brings_back, buys, by

from regulars.base.faults import NotFound, UnknownMember
from regulars.flows.commands import Adjust, RecordActivity, Redeem, Settle
from regulars.flows.membership.commands import Merged
from regulars.flows.show_standing import show_standing
from regulars.records.members.types import Identifier, JoinMember, MemberRef

Open = Callable[[str], Shop]
HELLO = "hello"


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    return open_shop(SHARING)


def two(shop: Shop) -> tuple[MemberRef, MemberRef]:
    """Ada with a telephone and Ben, each with points."""
    names = (Identifier("external", "ada"), Identifier("phone", "+4930901820"))
    shop.join(JoinMember(identifiers=names))
    shop.joined("ben")
    ada, ben = by(external="ada"), by(external="ben")
    shop.record(buys(ada, 4_100, receipt="a1"))
    shop.now += timedelta(days=1)
    shop.record(buys(ben, 2_500, receipt="b1"))
    return ada, ben


def picture(shop: Shop) -> list[Any]:
    """Everything that must be as before after a merge that was undone, in any order."""
    lots = shop.rows(
        "select member_id, wallet, remaining, pinned, cause_id, version, earned_at, expires_at "
        "from lot where program_id = $1 and remaining > 0 order by 1, 2, 8, 3"
    )
    # Not since when: who agreed to nothing has addresses that were told anew, so that no yes of the
    # other one goes there (ADR 0957).
    names = shop.rows(
        "select kind, value, member_id from identifier where program_id = $1 order by 1, 2"
    )
    rest = [names, shop.rows("select * from member where program_id = $1 order by 1, 2, 3, 4")]
    figures = shop.rows(
        "select member_id, wallet, available, held, debt, earned from balance "
        "where program_id = $1 and (available <> 0 or held <> 0 or debt <> 0 or earned <> 0) "
        "order by 1, 2"
    )
    counted = shop.rows(
        "select member_id, counter, period, value from counter where program_id = $1 "
        "and value <> 0 order by 1, 2, 3"
    )
    tiers = shop.rows(
        "select member_id, tier, tier_until from standing where program_id = $1 order by 1"
    )
    return [lots, rest, figures, counted, tiers]


def test_everything_that_found_the_one_finds_the_other(shop: Shop) -> None:
    ada, ben = two(shop)
    number = shop.rows(
        "select number from member where program_id = $1 and member_id = $2", member_id(shop, "ada")
    )[0][0]
    gone, stays = member_id(shop, "ada"), member_id(shop, "ben")
    done = merge(shop, ada, ben)
    assert isinstance(done, Merged)
    assert (done.member_id, done.into_id, done.state) == (gone, stays, "merged")
    assert done.balances["points"] == 66
    names = (by(external="ada"), by(phone="+4930901820"), by(number=number), by(id=gone), ben)
    for each, receipt in zip(names, "12345", strict=True):
        (sold,) = shop.record(buys(each, 100, receipt=f"s{receipt}"))
        assert sold.member_id == stays
    assert shop.balances("ada")["points"] == (71, 0, 0)
    standing = shop.do(lambda tx, terms: show_standing(tx, terms, gone))
    assert (standing.member_id, standing.balances["points"].available) == (stays, 71)


def test_lots_come_along_with_origin_age_and_end_and_the_sum_stays(shop: Shop) -> None:
    ada, ben = two(shop)
    before, said = (
        totals(shop),
        "select wallet, remaining, cause_id, version, earned_at, expires_at",
    )
    lots = shop.rows(f"{said} from lot where program_id = $1 and remaining > 0 order by 1, 3")
    merge(shop, ada, ben)
    assert totals(shop) == before
    stays = member_id(shop, "ben")
    own = (
        f"{said} from lot where program_id = $1 and remaining > 0 and member_id = $2 order by 1, 3"
    )
    assert shop.rows(own, stays) == lots


def test_a_return_of_the_others_sale_is_taken_from_the_one_who_stays(shop: Shop) -> None:
    ada, ben = two(shop)
    merge(shop, ada, ben)
    (back,) = shop.record(brings_back("a1", (0, 2_000), receipt="x1"))
    assert back.earned["points"] == -20
    assert shop.balances("ben")["points"] == (46, 0, 0)
    (rest,) = shop.record(brings_back("a1", receipt="x2"))
    assert rest.earned["points"] == -21
    shop.now += timedelta(days=30)
    shop.record(brings_back("b1", (0, 100), receipt="x3"))


def test_fractions_that_rounding_kept_come_together(shop: Shop) -> None:
    ada, ben = shop.joined("ada", "ben")
    shop.record(buys(ada, 500), buys(ben, 500))  # 1 and two thirds each
    merge(shop, ada, ben)
    (sold,) = shop.record(buys(ben, 1))
    assert sold.earned["drops"] == 1
    assert shop.balances("ben")["drops"] == (3, 0, 0)


def test_the_better_tier_is_kept_and_credit_comes_together(shop: Shop) -> None:
    ada, ben = shop.joined("ada", "ben")
    shop.record(buys(ada, 12_000))
    until = shop.rows("select tier_until from standing where program_id = $1 and tier = 'silver'")
    merge(shop, ada, ben)
    tiers = "select tier, tier_until from standing where program_id = $1 order by tier nulls last"
    assert shop.rows(tiers) == [("silver", *until[0]), (None, None)]
    shop.record(buys(ben, 8_000))
    assert shop.rows(tiers)[0][0] == "gold"


def test_credit_that_reaches_a_tier_together_reaches_it(shop: Shop) -> None:
    ada, ben = shop.joined("ada", "ben")
    shop.record(buys(ada, 6_000), buys(ben, 6_000))
    merge(shop, ada, ben)
    assert shop.rows("select tier from standing where program_id = $1 and tier is not null") == [
        ("silver",)
    ]


def test_a_bonus_given_once_is_not_given_again(shop: Shop) -> None:
    ada, ben = shop.joined("ada", "ben")
    hello = [RecordActivity(HELLO, who, source="till", external_id=f"h{n}") for n, who in
             enumerate((ada, ben))]  # fmt: skip
    (first, _) = shop.record(hello[0], hello[0])
    assert first.earned == {"points": 50}
    merge(shop, ada, ben)
    (again,) = shop.record(hello[1])
    assert again.earned == {}
    shop.redeem(Redeem(ben, "mug", capture=True))
    (no,) = shop.redeem(Redeem(ada, "mug", capture=True))
    assert no.code == "limit_reached"


def test_what_is_owed_comes_along(shop: Shop) -> None:
    ada, ben = two(shop)
    shop.adjust(Adjust(ada, "points", -41, "spent", "Olga"))
    shop.record(brings_back("a1"))
    assert shop.balances("ada")["points"] == (0, 0, 41)
    merge(shop, ada, ben)
    assert shop.balances("ben")["points"] == (25, 0, 41)
    (no,) = shop.redeem(Redeem(ben, "mug"))
    assert no.code == "debt_first"


def test_merging_again_changes_nothing(shop: Shop) -> None:
    ada, ben = two(shop)
    gone = by(id=member_id(shop, "ada"))
    first = merge(shop, gone, ben)
    before = shop.counts()
    again = merge(shop, gone, ben)
    assert (again.merge_id, again.balances) == (first.merge_id, first.balances)
    assert shop.counts() == before
    assert merge(shop, ada, ben).code == "same_member"
    once = merge(shop, gone, ben, asked=asked("k1"))
    assert merge(shop, gone, ben, asked=asked("k1")).replayed
    assert once.merge_id == first.merge_id


def test_a_merge_undone_leaves_everything_as_it_was(shop: Shop) -> None:
    ada, ben = two(shop)
    shop.record(RecordActivity(HELLO, ada), buys(ben, 12_000), buys(ada, 777))
    before = picture(shop)
    gone = member_id(shop, "ada")
    merge(shop, ada, ben)
    assert picture(shop) != before
    done = unmerge(shop, gone)
    assert (done.state, done.member_id) == ("active", gone)
    assert picture(shop) == before
    merge(shop, ada, ben)
    unmerge(shop, gone)
    assert picture(shop) == before
    assert isinstance(unmerge(shop, gone), NotFound)


def test_what_is_earned_after_a_merge_stays_where_it_was_earned(shop: Shop) -> None:
    ada, ben = two(shop)
    gone = member_id(shop, "ada")
    merge(shop, ada, ben)
    shop.record(buys(ada, 900, receipt="j1"))
    unmerge(shop, gone)
    assert shop.balances("ada")["points"] == (41, 0, 0)
    assert shop.balances("ben")["points"] == (34, 0, 0)
    (back,) = shop.record(brings_back("j1"))
    assert back.member_id == member_id(shop, "ben")


def test_what_lapsed_meanwhile_had_lapsed_anyway(shop: Shop) -> None:
    ada, ben = two(shop)
    gone = member_id(shop, "ada")
    merge(shop, ada, ben)
    shop.now += timedelta(days=10)
    shop.night()
    unmerge(shop, gone)
    assert shop.balances("ada") == {"drops": (13, 0, 0)}
    assert shop.balances("ben")["points"] == (25, 0, 0)


SPENT: dict[str, Callable[[Shop, MemberRef], Any]] = {
    "a reward": lambda shop, ben: shop.redeem(Redeem(ben, "mug")),
    "a correction": lambda shop, ben: shop.adjust(Adjust(ben, "points", -1, "wrong", "Olga")),
    "a return": lambda shop, ben: shop.record(brings_back("a1", (0, 100))),
    "a return of nothing": lambda shop, ben: shop.record(brings_back("a1", (0, 1))),
    "a gift": lambda shop, ben: give(shop, ben, shop.joined("cem")[0], 10),
}


@pytest.mark.parametrize("what", SPENT)
def test_after_the_first_joint_spend_a_merge_stays(shop: Shop, what: str) -> None:
    ada, ben = two(shop)
    gone = member_id(shop, "ada")
    merge(shop, ada, ben)
    SPENT[what](shop, ben)
    before = shop.counts()
    no = unmerge(shop, gone)
    assert no.code == "spent_together"
    assert shop.counts() == before


def test_paying_the_others_debt_is_spending_together(shop: Shop) -> None:
    ada, ben = two(shop)
    shop.adjust(Adjust(ada, "points", -41, "spent", "Olga"))
    shop.record(brings_back("a1"))
    gone = member_id(shop, "ada")
    merge(shop, ada, ben)
    assert isinstance(unmerge(shop, gone), Merged)
    assert shop.balances("ada")["points"] == (0, 0, 41)
    merge(shop, ada, ben)
    shop.record(buys(ben, 500))
    assert unmerge(shop, gone).code == "spent_together"


def test_a_merge_of_a_merge_is_undone_from_its_end_and_makes_the_first_final(shop: Shop) -> None:
    ada, ben = two(shop)
    (cem,) = shop.joined("cem")
    gone = {name: member_id(shop, name) for name in ("ada", "ben", "cem")}
    merge(shop, ada, ben)
    merge(shop, ben, cem)
    assert {member_id(shop, name) for name in gone} == {gone["cem"]}
    (sold,) = shop.record(buys(by(id=gone["ada"]), 100, receipt="c1"))
    assert sold.member_id == gone["cem"]
    assert unmerge(shop, gone["ada"]).code == "merged_further"
    unmerge(shop, gone["ben"])
    assert member_id(shop, "ada") == gone["ben"]
    (sold,) = shop.record(buys(by(id=gone["ada"]), 100, receipt="c2"))
    assert sold.member_id == gone["ben"]
    shop.record(brings_back("c1"))
    assert unmerge(shop, gone["ada"]).code == "spent_together"


def test_a_chain_in_one_batch_ends_at_the_last(shop: Shop) -> None:
    from regulars.flows.membership.commands import MergeMembers
    from regulars.flows.membership.merge_members import merge_members

    ada, ben = two(shop)
    (cem,) = shop.joined("cem")
    said = {"reason": "one person", "actor": "Olga"}
    first, second = shop.ask(
        merge_members, MergeMembers(ada, ben, **said), MergeMembers(ben, cem, **said)
    )
    assert (first.state, second.state) == ("merged", "merged")
    assert shop.balances("ada")["points"] == (66, 0, 0)


def test_a_merge_that_would_lose_something_is_refused(shop: Shop) -> None:
    ada, ben = two(shop)
    shop.record(buys(by(card="C1"), 100))
    assert merge(shop, ada, by(card="C1")).code == "merge_into_person"
    (held,) = shop.redeem(Redeem(ada, "cup"))
    assert merge(shop, ada, ben).code == "holds_open"
    shop.settle(Settle(held.redemption_id, "voided"))
    block(shop, ben)
    assert merge(shop, ada, ben).code == "member_blocked"
    block(shop, ben, False)
    home = household(shop, ada)
    assert merge(shop, ada, ben).code == "in_household"
    assert home
    assert isinstance(merge(shop, by(external="nobody"), ben), UnknownMember)
    assert merge(shop, ada, by(external="nobody")).field == "/into/external"
    assert merge(shop, ada, ben, reason=" ").field == "/reason"


def test_a_card_that_collected_comes_to_its_person(shop: Shop) -> None:
    (ada,) = shop.joined("ada")
    shop.record(buys(by(card="C1"), 1_000), buys(ada, 1_000))
    merge(shop, by(card="C1"), ada)
    (sold,) = shop.record(buys(by(card="C1"), 1_000))
    assert sold.balances["points"] == 30


def test_a_sale_told_twice_is_one_sale_after_the_merge_too(shop: Shop) -> None:
    ada, ben = two(shop)
    merge(shop, ada, ben)
    (again,) = shop.record(buys(ada, 4_100, receipt="a1"))
    assert again.replayed
    assert shop.balances("ben")["points"] == (66, 0, 0)


def test_many_at_once_merge_one_pair_once(shop: Shop) -> None:
    from regulars.flows.membership.commands import MergeMembers
    from regulars.flows.membership.merge_members import merge_members

    _, ben = two(shop)
    gone = by(id=member_id(shop, "ada"))
    wish = MergeMembers(gone, ben, "one person", "Olga")
    both = shop.together(*[lambda tx, terms: merge_members(tx, terms, [wish])] * 3)
    assert len({one[0].merge_id for one in both}) == 1
    assert shop.rows("select count(*) from member_merge where program_id = $1") == [(1,)]


def test_the_books_are_right_after_all_of_it(database: Any) -> None:
    asyncio.run(assert_books_right(database.owner_dsn))
