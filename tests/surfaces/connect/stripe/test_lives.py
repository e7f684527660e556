"""What happens to a subscription happens to the membership it pays for, whatever comes first."""

from __future__ import annotations

from random import Random

import pytest
from tests.surfaces.connect.stripe.hook import Endpoint

from regulars.insight.verify.run import run_verify
from regulars.surfaces.connect.stripe.events import WHOLE
from regulars.surfaces.connect.stripe.telling import seen


def test_a_first_payment_begins_a_membership_and_a_second_brings_its_points(hook: Endpoint) -> None:
    sub = hook.account.subscribes(hook.member("begun"))
    hook.hear()
    found = hook.membership(sub)
    assert (found["plan"], found["state"], hook.turns(sub)) == ("plus", "active", ["started"])
    assert hook.paid(sub) == 4900
    assert found["until_at"].startswith("2027-03-02")
    hook.hear()
    assert hook.turns(sub) == ["started"]
    before = hook.points("begun")
    hook.account.renews(sub)
    hook.hear()
    assert hook.turns(sub) == ["started", "paid"]
    assert hook.points("begun") - before == 200
    assert hook.became()[-1] == ("booked", "membership")


def test_a_trial_a_renewal_a_payment_that_fails_and_comes_after_all(hook: Endpoint) -> None:
    account = hook.account
    sub = account.subscribes(hook.member("tried"), trial=30)
    hook.hear()
    assert hook.membership(sub)["state"] == "trial"
    first = account.renews(sub)
    hook.hear()
    assert (hook.membership(sub)["state"], hook.turns(sub)) == ("active", ["started", "paid"])
    ends = hook.membership(sub)["until_at"]
    late = account.renews(sub, paid=False)
    hook.hear()
    assert hook.membership(sub)["state"] == "past_due"
    assert "failed" in hook.turns(sub)
    account.waits(days=4)
    account.pays_after_all(late)
    hook.hear()
    found = hook.membership(sub)
    assert (found["state"], found["from_at"]) == ("active", ends)  # nobody gains days
    account.gives_back(late, 4900)
    hook.hear()
    assert hook.membership(sub)["state"] == "ended"
    assert first in {turn["external_id"] for turn in hook.membership(sub)["turns"]}


def test_a_second_trial_is_refused_and_the_first_payment_begins_it_all_the_same(
    hook: Endpoint,
) -> None:
    account, email = hook.account, hook.member("twice")
    first = account.subscribes(email, trial=30)
    account.cancels(first, now=True)
    hook.hear()
    assert hook.membership(first)["state"] == "ended"
    again = account.subscribes(email, trial=30)
    hook.hear()
    assert hook.became()[-1] == ("refused", "trial_taken")
    invoice = account.renews(again)
    hook.hear()
    assert hook.became()[-1] == ("booked", "membership")
    assert hook.membership(invoice)["state"] == "active"
    account.renews(again)
    hook.hear()
    assert hook.turns(invoice) == ["started", "paid"]


def test_they_cancel_go_on_and_cancel_again(hook: Endpoint) -> None:
    account = hook.account
    sub = account.subscribes(hook.member("unsure"))
    for act in (account.cancels, account.goes_on, account.cancels):
        account.waits(days=1)
        act(sub)
        hook.hear()
    assert hook.turns(sub) == ["started", "cancelled", "resumed", "cancelled"]
    account.waits(days=400)
    account.cancels(sub, now=True)  # the provider ends it with the term
    hook.hear()
    assert hook.membership(sub)["state"] == "ended"
    assert hook.turns(sub)[-1] == "cancelled"  # nothing more was said: it ran to its end


def test_another_plan_in_the_middle_of_a_term_and_part_of_the_money_back(hook: Endpoint) -> None:
    account = hook.account
    sub = account.subscribes(hook.member("climbs"))
    begun = next(iter(account.rows["invoices"]))
    hook.hear()
    account.waits(days=90)
    account.gives_back(begun, 900)
    hook.hear()
    assert hook.paid(sub) == 4000
    account.switches(sub, "price_club")
    hook.hear()
    assert hook.membership(sub)["plan"] == "club"
    assert hook.turns(sub) == ["started", "refunded", "changed"]
    account.renews(sub)
    hook.hear()
    found = hook.membership(sub)
    assert (found["plan"], hook.paid(sub)) == ("club", 9900)


def test_money_that_is_on_its_way_back_is_not_back(hook: Endpoint) -> None:
    account = hook.account
    sub = account.subscribes(hook.member("on-its-way"))
    begun = next(iter(account.rows["invoices"]))
    failed = account.gives_back(begun, 900, "pending")
    hook.hear()
    account.settles(failed, "failed")
    hook.hear()
    assert hook.turns(sub) == ["started"]
    late = account.gives_back(begun, 700, "pending")
    hook.hear()
    assert hook.turns(sub) == ["started"]
    account.settles(late, "succeeded")
    hook.hear()
    assert (hook.turns(sub), hook.paid(sub)) == (["started", "refunded"], 4200)


def test_a_refund_that_failed_after_all_gives_again_what_it_took_once(hook: Endpoint) -> None:
    account, name = hook.account, "came-back"
    sub = account.subscribes(hook.member(name))
    hook.hear()
    last = account.renews(sub)
    hook.hear()
    stood, points = hook.membership(sub), hook.points(name)
    account.waits(days=2)
    part = account.gives_back(last, 900)
    hook.hear()
    rest = account.gives_back(last, 4000)
    hook.hear()
    assert (hook.membership(sub)["state"], hook.points(name)) == ("ended", points - 200)
    account.settles(part, "failed")
    hook.hear()
    assert (hook.membership(sub)["state"], hook.paid(sub)) == ("active", 900)
    assert hook.points(name) == points - 200 + 36
    account.settles(rest, "failed")
    account.settles(rest, "failed")
    hook.hear()
    found = hook.membership(sub)
    assert (found["state"], found["until_at"]) == (stood["state"], stood["until_at"])
    assert (hook.paid(sub), hook.points(name)) == (4900, points)
    assert hook.turns(sub)[2:] == ["refunded", "refunded", "restored", "restored"]
    account.gives_back(last, 4900)
    hook.hear()
    assert (hook.membership(sub)["state"], hook.points(name)) == ("ended", points - 200)


def test_a_refund_of_a_term_that_is_over_that_failed_leaves_the_one_that_runs(
    hook: Endpoint,
) -> None:
    account, name = hook.account, "came-late"
    sub = account.subscribes(hook.member(name))
    first = account.renews(sub)
    account.renews(sub)
    hook.hear()
    stood, points = hook.membership(sub), hook.points(name)
    back = account.gives_back(first, 4900)
    hook.hear()
    assert hook.points(name) == points - 200
    account.settles(back, "failed")
    hook.hear()
    found = hook.membership(sub)
    assert (found["state"], found["until_at"]) == (stood["state"], stood["until_at"])
    assert (hook.points(name), hook.paid(sub)) == (points, 4900)
    account.gives_back(first, 4900)
    hook.hear()
    assert hook.points(name) == points - 200


def test_a_dispute_that_is_lost_takes_what_a_refund_takes_and_won_after_all_gives_it_again(
    hook: Endpoint,
) -> None:
    account, name = hook.account, "disputes"
    sub = account.subscribes(hook.member(name))
    last = account.renews(sub)
    hook.hear()
    stood, points = hook.membership(sub), hook.points(name)
    dispute = account.disputes(last)
    account.decides(dispute, "under_review")
    hook.hear()
    assert (hook.turns(sub), hook.points(name)) == (["started", "paid"], points)
    account.waits(days=60)
    account.decides(dispute, "lost")
    account.decides(dispute, "lost")
    hook.hear()
    assert (hook.membership(sub)["state"], hook.points(name)) == ("ended", points - 200)
    account.waits(days=5)
    account.decides(dispute, "won")
    hook.hear()
    found = hook.membership(sub)
    assert (found["state"], found["until_at"]) == (stood["state"], stood["until_at"])
    assert (hook.paid(sub), hook.points(name)) == (4900, points)
    assert hook.turns(sub)[2:] == ["refunded", "restored"]


@pytest.mark.parametrize("seed", range(2))
def test_a_refund_that_failed_stands_so_in_any_order(hook: Endpoint, seed: int) -> None:
    account, name = hook.account, f"any-{seed}"
    sub = account.subscribes(hook.member(name))
    hook.hear()
    begun = hook.points(name)
    last = account.renews(sub)
    refund = account.gives_back(last, 4900)
    before = account.told[-1]
    if seed:
        hook.hear()
    account.settles(refund, "failed")
    hook.shop.now = max(hook.shop.now, account.clock)
    for event in (account.told[-1], before, *account.told[-3:]):
        assert hook.tell(event).status_code == 202
        if event["type"] == "refund.failed":  # as older endpoints are told it
            older = {"id": f"{event['id']}x", "type": "charge.refund.updated"}
            assert hook.tell(event | older).status_code == 202
        hook.work()
    assert (hook.membership(sub)["state"], hook.paid(sub)) == ("active", 4900)
    assert hook.points(name) == begun + 200
    assert hook.turns(sub)[2:] == (["refunded", "restored"] if seed else [])


def test_a_coupon_makes_another_sum_and_the_sum_is_what_was_paid(hook: Endpoint) -> None:
    account = hook.account
    sub = account.subscribes(hook.member("coupon"))
    account.renews(sub, amount=2450)
    hook.hear()
    assert hook.paid(sub) == 2450


def test_whoever_is_not_known_yet_is_booked_when_it_is_run_again(hook: Endpoint) -> None:
    account = hook.account
    sub = account.subscribes("later@x.org")
    hook.hear()
    assert hook.became()[-1] == ("refused", "unknown_member")
    hook.member("later")
    assert hook.counter.post(f"{hook.place}/again").status_code == 202
    hook.work()
    assert hook.membership(sub)["state"] == "active"
    assert hook.became()[-1] == ("booked", "membership")


def test_a_price_that_is_no_plan_is_kept_until_the_mapping_is_mended(hook: Endpoint) -> None:
    account = hook.account
    account.prices["price_new"] = 4900
    sub = account.subscribes(hook.member("unmapped"), "price_new")
    hook.hear()
    assert ("unfit", "unfit", "items") in hook.states()
    mended = hook.mapping.replace("{price_plus: plus", "{price_new: plus, price_plus: plus")
    answer = hook.counter.ask("PATCH", hook.place, {"mapping": mended})
    assert answer.status_code == 200, answer.text
    hook.counter.post(f"{hook.place}/again")
    hook.work()
    assert hook.membership(sub)["plan"] == "plus"


@pytest.mark.parametrize("seed", range(5))
def test_in_any_order_the_membership_is_the_same(hook: Endpoint, seed: int) -> None:
    account = hook.account
    sub = account.subscribes(hook.member(f"shuffled-{seed}"), trial=30)
    invoice = account.renews(sub)
    account.waits(days=20)
    account.gives_back(invoice, 1000)
    account.waits(days=20)
    account.gives_back(invoice, 500)
    account.renews(sub)
    account.cancels(sub)
    hook.shop.now = max(hook.shop.now, account.clock)
    told = [*account.told, *account.told[::3]]
    if seed:
        Random(seed).shuffle(told)
    for at, event in enumerate(told):
        assert hook.tell(event).status_code == 202
        if at % 4 == seed % 4:
            hook.work()
    hook.work()
    assert set(hook.became()) == {("booked", "membership")}, hook.states()
    turns = hook.membership(sub)["turns"]
    assert sorted(turn["what"] for turn in turns) == [
        "cancelled", "paid", "paid", "refunded", "refunded", "started",
    ]  # fmt: skip
    found = hook.membership(sub)
    assert (found["state"], hook.paid(sub)) == ("cancelled", 4900)
    # 200 with each term; of the first, 15.00 of 49.00 came back.
    assert hook.points(f"shuffled-{seed}") == 200 - 61 + 200


def test_events_before_their_time_are_a_hint_at_how_it_is_by_now(hook: Endpoint) -> None:
    account = hook.account
    sub = account.subscribes(hook.member("ahead"))
    account.waits(days=2)
    account.cancels(sub, now=True)
    hook.shop.now = max(hook.shop.now, account.clock)
    hook.tell(account.told[-1])  # that it is over comes before all else
    hook.work()
    assert hook.turns(sub) == ["started", "cancelled"]
    assert hook.membership(sub)["state"] == "ended"
    before = len(hook.became())
    for event in account.told:
        hook.tell(event)
    hook.later(seconds=3)
    hook.work()
    assert hook.turns(sub) == ["started", "cancelled"]
    assert len(hook.became()) == before + 1


def test_whatever_was_told_the_books_hold(hook: Endpoint) -> None:
    async def wrong() -> dict[str, object]:
        report = await run_verify(await hook.shop.owning())
        return {one.check: one.examples for one in report.wrong}

    assert hook.shop.run(wrong()) == {}


@pytest.mark.parametrize("paid_since", [True, False])
def test_an_invoice_given_up_before_a_later_one_was_paid_is_no_news(paid_since: bool) -> None:
    given_up = {"id": "in_1", "created": 10, "status": "uncollectible", "attempt_count": 4}
    paid = {"id": "in_2", "created": 20, "status": "paid", "billing_reason": "subscription_cycle"}
    sub = {
        "id": "sub_1", "status": "active", "currency": "eur", "start_date": 1, "customer": "cus_1",
        "items": {"data": []},
    }  # fmt: skip
    whole = {
        "object": WHOLE, "asked_at": 30, "subscription": sub,
        "invoices": [given_up, *([paid] if paid_since else [])],
    }  # fmt: skip
    told = [fact["what"] for fact in seen(whole)["facts"]]
    assert told == (["paid"] if paid_since else ["failed"])
