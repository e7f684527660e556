"""Points that cannot be spent yet: until a day, for a while, or until somebody confirms them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.makers import SECOND, Shop, asked, brings_back, buys, ends

from regulars.flows.commands import Adjust, Confirm, RecordActivity, Redeem
from regulars.flows.midnight import STEPS
from regulars.flows.recording.confirm_activities import confirm_activities
from regulars.flows.recording.preview_activities import preview_activities
from regulars.flows.redeem_rewards import redeem_rewards
from regulars.flows.show_standing import show_standing
from regulars.records.activity.types import SaleRef

JOURNEYS = """
regulars: 1
program: journeys
name: Journeys
currency: EUR
zone: Europe/Berlin
wallets:
  points: {pending: {until: event, cancel_after: 30 days}, expiry: {after: 1 month}}
  days: {pending: {until: duration, after: 2 days}, negative: refuse}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: day, on: visit, wallet: days, award: {give: fixed, points: 5}}
  - {id: piece, on: purchase, wallet: days, award: {give: per_amount, points: 1, per: "10.00"}}
rewards:
  - {id: cup, name: A cup, price: {points: 30}}
  - {id: nap, name: A nap, price: {days: 5}}
"""


@pytest.fixture
def shop(open_shop: Callable[[str], Shop]) -> Shop:
    return open_shop(JOURNEYS)


def test_what_is_earned_says_how_much_of_it_waits(shop: Shop) -> None:
    (ada,) = shop.joined("ada")
    (done,) = shop.record(buys(ada, 4000, receipt="r1"))
    assert done.earned == done.pending == {"points": 40, "days": 4}
    assert done.balances == {"points": 0, "days": 0}
    payload = "select payload -> 'pending' from outbox where program_id = $1 order by outbox_id"
    assert shop.rows(payload)[-1] == ('{"days": 4, "points": 40}',)


def test_the_standing_says_what_waits_and_until_when(shop: Shop) -> None:
    (ada,) = shop.joined("ada")
    (first,) = shop.record(buys(ada, 4000, receipt="r1"))
    shop.now += timedelta(hours=1)
    shop.record(buys(ada, 2000, receipt="r2"))
    standing = shop.do(lambda tx, terms: show_standing(tx, terms, first.member_id))
    points, days = standing.balances["points"], standing.balances["days"]
    assert (points.available, points.pending, days.available, days.pending) == (0, 60, 0, 6)
    begins = datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert standing.activates_next == {"days": (begins + timedelta(days=2), 4)}
    # Thirty days later by the wall clock, on which an hour was skipped meanwhile.
    assert standing.cancels_next == {"points": (begins + timedelta(days=30, hours=-1), 40)}
    assert standing.lapses_next == {}


def test_the_standing_sees_what_the_clock_did_although_no_job_ran(shop: Shop) -> None:
    (ada,) = shop.joined("ada")
    (first,) = shop.record(buys(ada, 4000))
    before = shop.counts()
    shop.now += timedelta(days=40)
    standing = shop.do(lambda tx, terms: show_standing(tx, terms, first.member_id))
    points, days = standing.balances["points"], standing.balances["days"]
    assert (points.available, points.pending, points.earned) == (0, 0, 0)
    assert (days.available, days.pending, days.earned) == (4, 0, 4)
    assert shop.counts() == before


def test_an_adjustment_takes_what_became_usable_and_nothing_earlier(shop: Shop) -> None:
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 4000))
    less = Adjust(ada, "days", -4, "a mistake", "Olga")
    shop.now += timedelta(days=2) - SECOND
    (no,) = shop.adjust(less)
    assert no.code == "not_enough_points"
    shop.now += SECOND
    (done,) = shop.adjust(less)
    assert done.balances == {"points": 0, "days": 0}


def test_a_preview_of_a_return_sees_what_waits(shop: Shop) -> None:
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 4000, receipt="r1"))
    back = brings_back("r1")
    before = shop.counts()
    (shown,) = shop.do(lambda tx, terms: preview_activities(tx, terms, [back]))
    assert shown.earned == {"points": -40, "days": -4}
    assert shop.counts() == before
    (done,) = shop.record(back)
    assert (done.earned, shop.pending("ada")) == ({"points": -40, "days": -4}, {})


def test_a_wallet_that_refuses_counts_what_waits_of_that_sale_only(shop: Shop) -> None:
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 4000, receipt="r1"))
    shop.now += timedelta(days=2)
    shop.adjust(Adjust(ada, "days", -4, "a wager", "Olga"))
    shop.record(buys(ada, 9000, receipt="r2"))
    (no,) = shop.record(brings_back("r1"))
    assert (no.code, no.facts) == ("points_already_spent", {"wallet": "days", "short": 4})
    assert shop.pending("ada") == {"points": 130, "days": 9}


def test_confirming_by_id_and_by_receipt_is_the_same(shop: Shop) -> None:
    (ada,) = shop.joined("ada")
    (first,) = shop.record(buys(ada, 4000, receipt="r1"))
    by_id = Confirm(SaleRef(id=first.activity_id), "confirmed")
    one, two = shop.confirm(by_id, ends("r1"))
    assert (one.points, two.points) == ({"points": 40}, {})
    assert one.balances == two.balances == {"points": 40, "days": 0}


def test_a_key_gives_the_first_answer_again(shop: Shop) -> None:
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 4000, receipt="r1"))
    (one,) = shop.confirm(ends("r1", asked=asked("k")))
    (two,) = shop.confirm(ends("r1", asked=asked("k")))
    (no,) = shop.confirm(ends("r1", "cancelled", asked=asked("k")))
    assert (one.points, two.points, two.replayed) == ({"points": 40}, {"points": 40}, True)
    assert no.code == "key_reused"


def test_of_two_at_once_that_differ_one_wins(shop: Shop) -> None:
    (ada,) = shop.joined("ada")
    for number in range(6):
        shop.record(buys(ada, 1000, receipt=f"r{number}"))
        says = [ends(f"r{number}", outcome) for outcome in ("confirmed", "cancelled")]
        answers = shop.together(
            *(lambda tx, terms, s=say: confirm_activities(tx, terms, [s]) for say in says)
        )
        told = sorted(getattr(one[0], "code", "done") for one in answers)
        assert told in (["already_cancelled", "done"], ["already_confirmed", "done"])
    assert shop.pending("ada") == {"days": 6}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (Confirm(SaleRef(source="till", external_id="r9"), "confirmed"), "not_found"),
        (Confirm(SaleRef(id=UUID(int=7)), "confirmed"), "not_found"),
        (Confirm(SaleRef(), "confirmed"), "not_found"),
        (Confirm(SaleRef(source="till", external_id="r1"), "perhaps"), "invalid"),
        (Confirm(SaleRef(source="till", external_id="r1"), "confirmed", "visit"), "not_found"),
        (Confirm(SaleRef(source="till", external_id="n1"), "confirmed"), "nothing_pending"),
        (Confirm(SaleRef(source="till", external_id="v1"), "cancelled", "visit"),
         "nothing_pending"),
    ],
)  # fmt: skip
def test_what_cannot_be_confirmed_leaves_nothing_behind(
    shop: Shop, wrong: Confirm, code: str
) -> None:
    (ada,) = shop.joined("ada")
    visit = RecordActivity(kind="visit", member=ada, source="till", external_id="v1")
    shop.record(buys(ada, 4000, receipt="r1"), buys(None, 1000, receipt="n1"), visit)
    before = shop.counts()
    (no,) = shop.confirm(wrong)
    assert no.code == code
    assert shop.counts() == before


def test_late_tellings_have_their_full_time_to_be_confirmed(shop: Shop) -> None:
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 4000, receipt="r1", occurred_at=shop.now - timedelta(days=45)))
    assert shop.pending("ada") == {"points": 40}  # the days are over: told too late to wait
    assert shop.balances("ada") == {"days": (4, 0, 0)}
    shop.now += timedelta(days=29)
    (done,) = shop.confirm(ends("r1"))
    assert done.points == {"points": 40}


def test_the_night_goes_on_where_it_stopped_and_does_nothing_twice(shop: Shop) -> None:
    names = shop.joined("ada", "ben", "cem")
    shop.record(*(buys(one, 1000) for one in names))
    shop.now += timedelta(days=30)
    step = STEPS["activate_pending"]
    assert shop.do(lambda tx, terms: step(tx, terms, 1)) == 1

    async def dies(tx: Any, terms: Any) -> None:
        await step(tx, terms, 2)
        raise ConnectionError("killed")

    with pytest.raises(ConnectionError):
        shop.do(dies)
    assert shop.night() == {
        "activate_pending": 2, "lapse_holds": 0, "review_tiers": 0, "post_notices": 0,
        "expire_lots": 0, "write_off_debts": 0, "move_over": 0, "rate_again": 0,
        "foretell_tiers": 0, "foretell_ladders": 0, "list_idle": 0, "look_at_idle": 0,
        "renew_plans": 0, "settle_referrals": 0, "settle_prizes": 0, "close_boards": 0, "take_automatic": 0,
        "follow_associates": 0,
    }  # fmt: skip
    kinds = "select kind, count(*) from entry where program_id = $1 group by 1 order by 1"
    assert shop.rows(kinds) == [("activate", 3), ("cancel", 3), ("earn", 3)]
    assert set(shop.night().values()) == {0}


def test_two_nights_and_a_till_at_once_turn_each_lot_once(shop: Shop) -> None:
    names = shop.joined("ada", "ben", "cem")
    shop.record(*(buys(one, 5000) for one in names))
    shop.now += timedelta(days=2)

    async def takes(tx: Any, terms: Any) -> Any:
        return await redeem_rewards(tx, terms, [Redeem(names[0], "nap", capture=True)])

    step = STEPS["activate_pending"]
    answers = shop.together(
        lambda tx, terms: step(tx, terms, 10), takes, lambda tx, terms: step(tx, terms, 10)
    )
    assert not [one for one in answers if isinstance(one, BaseException)], answers
    assert answers[1][0].state == "captured"
    turned = "select count(*) from entry where program_id = $1 and kind = 'activate'"
    assert shop.rows(turned) == [(3,)]
