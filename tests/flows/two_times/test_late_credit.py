"""Late credit: a purchase that named nobody becomes a member's afterwards, once, to the point."""

from datetime import timedelta
from typing import Any

from tests.books import assert_books_right
from tests.flows.members.staff.people import HOUSE, settles
from tests.makers import Shop, brings_back, buys, by, line

from regulars.flows.access.commands import ChangeSetting
from regulars.flows.recording.catch_up import catch_up_returns
from regulars.flows.recording.record_activities import record_activities
from regulars.flows.tills.credit_late import CreditLate, credit_late
from regulars.records.activity.types import SaleRef
from regulars.records.members.types import Asked, MemberRef

SUMS = """select member_id = '00000000-0000-0000-0000-000000000000', kind, count(*)::int
            from activity where program_id = $1 group by 1, 2 order by 1, 2"""


def credited(shop: Shop, member: MemberRef, receipt: str = "r1", key: str = "") -> Any:
    sale = SaleRef(source="till", external_id=receipt)
    (done,) = shop.ask(credit_late, CreditLate(sale, member, Asked("mia", key)))
    return done


def test_it_is_as_if_the_member_had_been_named_then(cafe: Shop) -> None:
    ada, bo = cafe.joined("ada", "bo")
    cafe.record(buys(None, line(1000, "coffee", 2), receipt="r1"))
    cafe.record(buys(bo, line(1000, "coffee", 2), receipt="r2"))
    cafe.now += timedelta(days=2)
    done = credited(cafe, ada)
    assert done.earned == {"points": 10, "stamps": 2}
    assert cafe.balances("ada") == cafe.balances("bo")
    assert [lot[3] for lot in cafe.lots("ada")] == [lot[3] for lot in cafe.lots("bo")]
    assert cafe.rows(SUMS) == [
        (False, "purchase", 2),
        (True, "purchase", 1),
        (True, "return", 1),
    ], "nobody's is taken back, dated as it was"
    cafe.run(assert_books_right(cafe.made.owner_dsn))


def test_it_counts_once_whoever_asks(cafe: Shop) -> None:
    ada, bo = cafe.joined("ada", "bo")
    cafe.record(buys(None, 1000, receipt="r1"), buys(bo, 1000, receipt="r2"))
    first = credited(cafe, ada, key="one")
    assert credited(cafe, ada, key="one").replayed
    assert credited(cafe, ada, key="another").replayed
    assert credited(cafe, bo).code == "credited_already"
    assert credited(cafe, ada, "r2").code == "credited_already"
    assert credited(cafe, ada, "r3").code == "unknown_sale"
    assert credited(cafe, by(card="nobody-has-it")).code == "unknown_member"
    assert cafe.balances("ada") == {"points": (first.earned["points"], 0, 0)}
    assert cafe.balances("bo") == {"points": (10, 0, 0)}


def test_two_who_ask_at_once_do_not_both_get_it(cafe: Shop) -> None:
    ada, bo = cafe.joined("ada", "bo")
    cafe.record(buys(None, 1000, receipt="r1"))
    sale = SaleRef(source="till", external_id="r1")
    wishes = [CreditLate(sale, one, Asked("mia", str(n))) for n, one in enumerate((ada, bo))]
    done = cafe.ask(credit_late, *wishes)
    assert [getattr(one, "code", "") for one in done] == ["", "credited_already"]
    assert cafe.balances("bo") == {}


def test_what_came_back_comes_back_again_and_the_rest_by_its_receipt(cafe: Shop) -> None:
    (ada,) = cafe.joined("ada")
    cafe.record(buys(None, line(1000, "coffee", 2), receipt="r1"))
    cafe.record(brings_back("r1", (0, 1), receipt="b1"))
    done = credited(cafe, ada)
    assert done.balances == {"points": 5, "stamps": 1}
    again = credited(cafe, ada)
    assert (again.replayed, again.balances, again.tier) == (True, done.balances, done.tier)
    (no,) = cafe.record(brings_back("r1", (0, 2), receipt="b2"))
    assert no.code == "too_much_returned"
    (rest,) = cafe.record(brings_back("r1", receipt="b3"))
    assert rest.earned == {"points": -5, "stamps": -1}
    assert cafe.balances("ada") == {}


def test_all_that_came_back_and_what_is_too_old_is_nobodys(cafe: Shop) -> None:
    (ada,) = cafe.joined("ada")
    cafe.record(buys(None, 1000, receipt="r1"), brings_back("r1", receipt="b1"))
    assert credited(cafe, ada).code == "credited_already"
    cafe.record(buys(None, 1000, receipt="r2"))
    cafe.now += timedelta(days=31)
    no = credited(cafe, ada, "r2")
    assert (no.code, no.facts) == ("too_late_to_credit", {"days": 30})
    settles(cafe, ChangeSetting("late_credit_days", 40, HOUSE))
    assert credited(cafe, ada, "r2").earned == {"points": 10}


def test_a_return_that_missed_its_sale_finds_whose_it_became(cafe: Shop) -> None:
    """Both told at the same instant, each without the other; then it was credited."""
    (ada,) = cafe.joined("ada")
    sale = buys(None, line(1000, "coffee", 2), receipt="r1")
    back = brings_back("r1", (0, 1), receipt="b1")
    terms = cafe.terms

    async def both() -> None:
        async with cafe.transaction() as one, cafe.transaction() as other:
            await record_activities(one, terms, [sale])
            await record_activities(other, terms, [back])

    cafe.run(both())
    assert credited(cafe, ada).balances == {"points": 10, "stamps": 2}
    assert cafe.do(lambda tx, terms: catch_up_returns(tx, terms, 10)) == 1
    assert cafe.balances("ada") == {"points": (5, 0, 0), "stamps": (1, 0, 0)}
    (no,) = cafe.record(brings_back("r1", (0, 2), receipt="b2"))
    assert no.code == "too_much_returned"
    cafe.run(assert_books_right(cafe.made.owner_dsn))
