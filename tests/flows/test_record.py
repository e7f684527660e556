"""Recording: each activity once, exact to the point; a no leaves nothing behind."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.makers import Shop, asked, brings_back, buys, by, line

from regulars.base.money import LARGEST
from regulars.flows.commands import RecordActivity, Recorded
from regulars.flows.recording.record_activities import record_activities
from regulars.records.activity.types import Body, Payment, ReturnedLine, SaleRef
from regulars.records.members.types import Asked

Open = Callable[[str], Shop]
RICH = """
regulars: 1
program: rich
name: Rich
currency: EUR
zone: Europe/Berlin
wallets:
  points: {expiry: {after: 12 months, round_up_to: month}}
  stamps: {kind: stamps}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 100, per: "0.01"}}
  - {id: cup, on: purchase, wallet: stamps,
     award: {give: per_item, points: 1, categories: [coffee]}}
  - {id: visit, on: visit, wallet: points, award: {give: fixed, points: 3},
     limits: [{per: day, times: 1}]}
"""


def test_a_purchase_is_kept_with_everything_that_follows(cafe: Shop) -> None:
    (ada,) = cafe.joined("ada")
    (given,) = cafe.record(buys(ada, line(780, "coffee", 2), line(450, "cake"), receipt="r1"))
    assert isinstance(given, Recorded)
    assert given.earned == {"points": 12, "stamps": 2}
    assert given.rules == {"point-per-euro": 12, "stamp-per-coffee": 2}
    assert given.balances == {"points": 12, "stamps": 2}
    assert (given.state, given.version, given.replayed) == ("recorded", 1, False)
    postings = """select w.name, p.account, p.amount from posting p join program_code w
        on w.program_id = p.program_id and w.kind = 'wallet' and w.code = p.wallet
        where p.program_id = $1 order by p.line"""
    assert cafe.rows(postings) == [
        ("points", 11, -12), ("points", 1, 12), ("stamps", 11, -2), ("stamps", 1, 2),
    ]  # fmt: skip
    assert cafe.lots("ada") == [
        ("points", 12, 0, datetime(2027, 3, 31, 22, 0, tzinfo=UTC)),
        ("stamps", 2, 0, datetime(9999, 12, 31, tzinfo=UTC)),
    ]
    told = "select type, sequence, payload from outbox where program_id = $1 order by outbox_id"
    types = [(row[0], row[1]) for row in cafe.rows(told)]
    assert types == [("member.joined", 1), ("points.earned", 2)]
    versions = "select version from standing where program_id = $1"
    assert cafe.rows(versions) == [(2,)]


@pytest.mark.parametrize("again", ["key", "receipt", "both"])
def test_what_is_asked_again_gets_its_first_answer_and_changes_nothing(
    cafe: Shop, again: str
) -> None:
    (ada,) = cafe.joined("ada")
    how: dict[str, Any] = {"asked": asked("k1")} if again != "receipt" else {}
    receipt = "r1" if again != "key" else ""
    command = buys(ada, line(1000), receipt=receipt, **how)
    (first,) = cafe.record(command)
    cafe.record(buys(ada, line(500), receipt="r2"))
    before = cafe.counts()
    (second,) = cafe.record(command)
    assert second.replayed
    assert (second.activity_id, second.balances) == (first.activity_id, {"points": 10})
    (no,) = cafe.record(buys(ada, line(1001), receipt=receipt, **how))
    assert no.code == "key_reused"
    assert cafe.counts() == before


def test_a_key_belongs_to_who_uses_it(cafe: Shop) -> None:
    (ada,) = cafe.joined("ada")
    (first,) = cafe.record(buys(ada, 1000, asked=asked("k1")))
    (other,) = cafe.record(buys(ada, 1000, asked=Asked("shop", "k1")))
    assert first.activity_id != other.activity_id
    assert cafe.balances("ada") == {"points": (20, 0, 0)}


def test_twice_in_one_batch_is_once(cafe: Shop) -> None:
    (ada,) = cafe.joined("ada")
    sale = buys(ada, 1000, receipt="r1")
    first, second, other, third = cafe.record(sale, sale, buys(ada, 999, receipt="r1"), sale)
    assert (first.replayed, second.replayed, third.replayed) == (False, True, True)
    assert first.activity_id == second.activity_id == third.activity_id
    assert other.code == "key_reused"
    assert cafe.balances("ada") == {"points": (10, 0, 0)}


def test_a_receipt_is_not_spoiled_by_a_key_that_was_used_before(cafe: Shop) -> None:
    (ada,) = cafe.joined("ada")
    cafe.record(buys(ada, 100, receipt="r1", asked=asked("k1")))
    spoiled, good = cafe.record(
        buys(ada, 1000, receipt="r2", asked=asked("k1")),
        buys(ada, 1000, receipt="r2", asked=asked("k2")),
    )
    assert spoiled.code == "key_reused"
    assert isinstance(good, Recorded)
    assert cafe.balances("ada") == {"points": (11, 0, 0)}


def test_each_of_a_batch_sees_what_the_one_before_left(open_shop: Open) -> None:
    shop = open_shop(RICH)
    (ada,) = shop.joined("ada")
    visit = RecordActivity(kind="visit", member=ada)
    first, second = shop.record(visit, visit)
    assert (first.earned, second.earned) == ({"points": 3}, {})


def test_a_new_card_collects_and_is_one_member(cafe: Shop) -> None:
    card = by(card="C1")
    first, second = cafe.record(
        buys(card, line(300, "coffee"), receipt="r1"), buys(card, line(300, "coffee"), receipt="r2")
    )
    assert first.member_id == second.member_id
    assert cafe.balances("C1") == {"points": (6, 0, 0), "stamps": (2, 0, 0)}
    states = "select state from member where program_id = $1"
    assert cafe.rows(states) == [("unregistered",)]


LINE = ReturnedLine(0, 1)
MANY = Body(lines=tuple(line(100) for _ in range(1001)))
NO_SALE = RecordActivity(kind="return", body=Body(returned=(LINE,)))
WRONG = {
    "nobody": (lambda ada: buys(by(external="nobody"), 100), "unknown_member", "/member/external"),
    "no id": (lambda ada: buys(by(id=UUID(int=9)), 100), "unknown_member", "/member/id"),
    "before 1970": (
        lambda ada: buys(ada, 100, occurred_at=datetime(1969, 12, 31, tzinfo=UTC)),
        "invalid",
        "/occurred_at",
    ),
    "far ahead": (
        lambda ada: buys(ada, 100, occurred_at=datetime(2026, 3, 3, 12, 0, 1, tzinfo=UTC)),
        "invalid",
        "/occurred_at",
    ),
    "no amount": (buys, "invalid", "/amount"),
    "another amount": (
        lambda ada: buys(ada, line(100), line(1), amount_minor=99),
        "invalid",
        "/amount",
    ),
    "too many lines": (
        lambda ada: RecordActivity(kind="purchase", member=ada, body=MANY),
        "invalid",
        "/lines",
    ),
    "discount": (
        lambda ada: buys(ada, line(100, discount_minor=101)),
        "invalid",
        "/lines/0/discount",
    ),
    "tax": (lambda ada: buys(ada, line(100, tax_minor=101)), "invalid", "/lines/0/tax"),
    "order discount": (
        lambda ada: buys(ada, line(100), basket={"order_discount_minor": 101}),
        "invalid",
        "/order_discount",
    ),
    "payments": (
        lambda ada: buys(ada, line(100), basket={"payments": (Payment("points", 101),)}),
        "invalid",
        "/payments",
    ),
    "too large": (lambda ada: buys(ada, line(LARGEST), line(1)), "invalid", "/lines"),
    "visit with lines": (
        lambda ada: RecordActivity(kind="visit", member=ada, body=Body(lines=(line(1),))),
        "invalid",
        "/lines",
    ),
    "return of nothing": (lambda ada: NO_SALE, "invalid", "/sale"),
    "sale that returns": (
        lambda ada: RecordActivity(
            kind="purchase", member=ada, amount_minor=1, sale=SaleRef(source="till")
        ),
        "invalid",
        "/sale",
    ),
    "too much back": (
        lambda ada: brings_back("first", (0, 2)),
        "too_much_returned",
        "/returned/0/quantity",
    ),
    "no such line": (
        lambda ada: brings_back("first", (1, 1)),
        "too_much_returned",
        "/returned/0/line",
    ),
    "key reused": (lambda ada: buys(ada, 1, receipt="first"), "key_reused", ""),
}


@pytest.mark.parametrize("why", WRONG)
def test_what_is_wrong_is_said_at_its_field_and_leaves_nothing_behind(cafe: Shop, why: str) -> None:
    (ada,) = cafe.joined("ada")
    cafe.record(buys(ada, line(1000, "coffee"), receipt="first"))
    make, code, field = WRONG[why]
    before = cafe.counts()
    (no,) = cafe.record(make(ada))
    assert (no.code, no.field) == (code, field)
    assert cafe.counts() == before
    wrong, right = cafe.record(make(ada), buys(ada, 200))
    assert (wrong.code, right.earned) == (code, {"points": 2})


def test_points_past_the_largest_balance_are_a_fault_in_every_wallet(open_shop: Open) -> None:
    shop = open_shop(RICH)
    (ada,) = shop.joined("ada")
    before = shop.counts()
    (no,) = shop.record(buys(ada, line(LARGEST // 100 + 1, "coffee"), receipt="r1"))
    assert no.code == "invalid"
    assert shop.counts() == before
    (most,) = shop.record(buys(ada, line(LARGEST // 100, "coffee"), receipt="r1"))
    assert most.earned == {"points": LARGEST - LARGEST % 100, "stamps": 1}
    (no,) = shop.record(buys(ada, line(1, "coffee"), receipt="r2"))
    assert no.code == "invalid"
    assert shop.balances("ada") == {"points": (LARGEST - LARGEST % 100, 0, 0), "stamps": (1, 0, 0)}


def test_a_card_whose_first_purchase_is_a_fault_is_not_made(open_shop: Open) -> None:
    shop = open_shop(RICH)
    before = shop.counts()
    (no,) = shop.record(buys(by(card="C1"), line(LARGEST, "coffee"), receipt="r1"))
    assert no.code == "invalid"
    assert shop.counts() == before
    no, yes = shop.record(
        buys(by(card="C1"), line(LARGEST, "coffee"), receipt="r1"),
        buys(by(card="C2"), line(1, "coffee"), receipt="r2"),
    )
    assert (no.code, yes.earned) == ("invalid", {"points": 100, "stamps": 1})
    assert shop.rows("select count(*) from member where program_id = $1") == [(1,)]


def test_four_tills_with_one_receipt_record_it_once(cafe: Shop) -> None:
    """Asked at once; who comes too late is told to try again and then gets the first answer."""
    (ada,) = cafe.joined("ada")
    sale = buys(ada, 1000, receipt="r1")
    answers = cafe.together(
        *(lambda tx, terms: record_activities(tx, terms, [sale]) for _ in range(4))
    )
    done = [one[0] for one in answers if not isinstance(one, BaseException)]
    assert len({one.activity_id for one in done}) == 1
    (again,) = cafe.record(sale)
    assert again.replayed
    assert cafe.balances("ada") == {"points": (10, 0, 0)}


def test_late_and_early_activities_count_where_they_happened(open_shop: Open) -> None:
    shop = open_shop(RICH)
    (ada,) = shop.joined("ada")
    for hours in (0, -24, 11, 13):  # noon in London: 13:00 in Berlin, 11 hours to its midnight
        (one,) = shop.record(
            RecordActivity(kind="visit", member=ada, occurred_at=shop.now + timedelta(hours=hours))
        )
        assert one.earned == ({} if hours == 13 else {"points": 3}), hours
