"""Bugs of what a payment provider tells, and the checks that notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_STRIPE = "surfaces/connect/stripe"
PAYERS = (
    Bug(
        "any signature of a payment provider will do",
        f"{_STRIPE}/signing.py",
        "good |= hmac.compare_digest(one, made)",
        "good |= len(one) == len(made)",
        "checks.nobody_else_is_the_provider",
    ),
    Bug(
        "a signature of last week is good",
        f"{_STRIPE}/signing.py",
        "if abs(int(now.timestamp()) - int(at)) > FRESH_S:",
        "if int(at) - int(now.timestamp()) > FRESH_S:",
        "checks.nobody_else_is_the_provider",
    ),
    Bug(
        "an event told again with other words is another one",
        f"{_STRIPE}/events.py",
        'return sent_of(("stripe", str(id_)), type_, str(id_), Told([id_, type_], body))',
        'return sent_of(("stripe", str(id_)), type_, str(id_), Told(found, body))',
        "checks.an_event_is_known_by_its_id",
    ),
    Bug(
        "what was told of a subscription is told once more",
        "flows/membership/plans/subscriptions.py",
        "if (fact.id, fact.what) not in life.told and fact.id not in life.named:",
        "if fact.id not in life.named:",
        "checks.in_any_order_a_membership_is_the_same",
    ),
    Bug(
        "the clock ends what is paid a word later",
        "flows/membership/plans/keep_memberships.py",
        "if not command.more_follows:",
        "if not command.reason or command.more_follows or not command.more_follows:",
        "checks.in_any_order_a_membership_is_the_same",
    ),
    Bug(
        "a payment an hour after its term began is late",
        f"{_STRIPE}/telling.py",
        "BEFORE_S: Final = 7_200",
        "BEFORE_S: Final = -3_600",
        "checks.a_payment_in_time_is_in_time",
    ),
    Bug(
        "events between two stretches of time are passed over",
        f"{_STRIPE}/catching_up.py",
        "read_to = instant(until + 1)",
        "read_to = instant(until + 40)",
        "checks.a_long_list_is_read_to_its_end",
    ),
    Bug(
        "after the list of subscriptions events are read from the newest of them on",
        f"{_STRIPE}/catching_up.py",
        "begins_again=through",
        "begins_again=False",
        "checks.events_are_read_from_where_the_list_began",
    ),
    Bug(
        "whoever brings in a break loses its beginning",
        "flows/inlets/keep_catch_ups.py",
        "since = min(since, max(before.since, before.met_at - LOOK_BACK))",
        "since = min(since, max(since, before.met_at - LOOK_BACK))",
        "checks.a_break_is_brought_in_whole",
    ),
    Bug(
        "another account is asked from where the one before was read to",
        "flows/inlets/keep_catch_ups.py",
        'same = wish.address in ("", before.address) and not wish.keys',
        'same = wish.address in ("", before.address)',
        "checks.a_day_stands_as_it_is_said",
    ),
    Bug(
        "a mistaken year stays once the list of it is read",
        "flows/inlets/keep_catch_ups.py",
        "and before.met_at > before.since:",
        "and before.met_at >= before.since:",
        "checks.a_day_stands_as_it_is_said",
    ),
    Bug(
        "what went back of a subscription long ago is not asked for",
        f"{_STRIPE}/events.py",
        "return found and found + WITH_BACKS",
        "return found",
        "checks.a_back_fill_tells_refunds",
    ),
    Bug(
        "a dispute takes before it is lost",
        f"{_STRIPE}/telling.py",
        "if dispute.status != LOST:",
        "if dispute.status == WON:",
        "checks.a_lost_dispute_takes",
    ),
    Bug(
        "a key that may not read disputes reads nothing",
        f"{_STRIPE}/looking.py",
        "if why.why != NO[403]:",
        "if why.why:",
        "checks.a_lost_dispute_takes",
    ),
    Bug(
        "what was told in part is told anew each hour",
        f"{_STRIPE}/events.py",
        'key = ("stripe told in part", name, digest(encoded(found)).hex)',
        'key = ("stripe told in part", name, digest(body).hex)',
        "checks.a_lost_dispute_takes",
    ),
    Bug(
        "what was told in part is all there is to say",
        "runtime/working/inlets/looker.py",
        """[KeepArrivals(one.inlet_id, (part.told,))])
            raise""",
        """[KeepArrivals(one.inlet_id, (part.told,))])
            answer = part.told""",
        "checks.a_dispute_waits_for_its_key",
    ),
    Bug(
        "whoever disputes is kept with what they wrote",
        f"{_STRIPE}/looking.py",
        "for name in _OF_DISPUTES if name in one}",
        "for name in one}",
        "checks.a_lost_dispute_takes",
    ),
    Bug(
        "a refund of another payment leaves less for a dispute to take",
        f"{_STRIPE}/telling.py",
        "it.status == GIVEN_BACK and it.invoice == mine",
        "it.status == GIVEN_BACK",
        "checks.a_dispute_takes_of_its_own_payment",
    ),
    Bug(
        "a dispute takes more than is left of its payment",
        f"{_STRIPE}/telling.py",
        "amount = min(dispute.amount, _left(one, dispute) - taken[dispute.invoice])",
        "amount = dispute.amount",
        "checks.no_more_goes_back_than_was_paid",
    ),
    Bug(
        "an end in years ends the term that runs",
        f"{_STRIPE}/telling.py",
        "(not ends or sub.cancel_at <= ends)",
        "sub.cancel_at > 0",
        "checks.an_end_far_ahead_is_far_ahead",
    ),
    Bug(
        "of a long invoice ten lines are read",
        f"{_STRIPE}/looking.py",
        'not shown.get("has_more")',
        '"has_more" in shown',
        "checks.a_long_invoice_is_read_whole",
    ),
    Bug(
        "a membership that is bought twice is paid twice",
        f"{_STRIPE}/asking.py",
        '("Idempotency-Key", once),',
        '("Idempotency", once),',
        "checks.bought_twice_it_is_one",
    ),
    Bug(
        "what a refund of the same batch took is not given again",
        "flows/membership/plans/batch.py",
        "return fresh or self.took.get(refund.entry_id, {})",
        "return self.took.get(refund.entry_id, {})",
        "checks.a_refund_and_its_failing_at_once",
    ),
)


def _hook(shop: Shop) -> Any:
    from tests.surfaces.connect.stripe.conftest import PRIME
    from tests.surfaces.connect.stripe.hook import Endpoint
    from tests.surfaces.counter import Counter

    shop.begin(PRIME, slug=f"paid-{os.urandom(4).hex()}")
    return Endpoint(Counter(shop, ticks=lambda: shop.now.timestamp()))  # noqa: PLW0108


def nobody_else_is_the_provider(_: Shop) -> None:
    from tests.surfaces.connect.stripe.test_forged import test_its_own_library_agrees_with_ours

    test_its_own_library_agrees_with_ours()


def an_event_is_known_by_its_id(shop: Shop) -> None:
    from tests.surfaces.connect.stripe.test_forged import (
        test_sent_again_it_is_one_event_however_it_is_written,
    )

    test_sent_again_it_is_one_event_however_it_is_written(_hook(shop))


def in_any_order_a_membership_is_the_same(shop: Shop) -> None:
    from tests.surfaces.connect.stripe.test_lives import (
        test_in_any_order_the_membership_is_the_same,
    )

    test_in_any_order_the_membership_is_the_same(_hook(shop), 1)


def a_payment_in_time_is_in_time(shop: Shop) -> None:
    from tests.surfaces.connect.stripe.test_lives import (
        test_a_first_payment_begins_a_membership_and_a_second_brings_its_points,
    )

    test_a_first_payment_begins_a_membership_and_a_second_brings_its_points(_hook(shop))


def a_long_list_is_read_to_its_end(shop: Shop) -> None:
    import pytest
    from tests.surfaces.connect.stripe.test_catching_up import (
        test_a_list_that_is_longer_than_is_read_at_once_is_read_to_its_end,
    )

    with pytest.MonkeyPatch.context() as patch:
        test_a_list_that_is_longer_than_is_read_at_once_is_read_to_its_end(_hook(shop), patch)


def events_are_read_from_where_the_list_began(_: Shop) -> None:
    from tests.surfaces.connect.stripe import test_asked as asked

    asked.test_once_the_list_is_through_events_are_read_from_where_it_began()


def a_break_is_brought_in_whole(shop: Shop) -> None:
    from tests.surfaces.connect.stripe.test_catching_up import (
        test_whoever_brings_in_a_break_misses_nothing_of_its_beginning,
    )

    test_whoever_brings_in_a_break_misses_nothing_of_its_beginning(_hook(shop))


def a_back_fill_tells_refunds(shop: Shop) -> None:
    from tests.surfaces.connect.stripe.test_catching_up import (
        test_a_back_fill_begins_what_was_begun_long_ago_with_every_payment,
    )

    test_a_back_fill_begins_what_was_begun_long_ago_with_every_payment(_hook(shop))


def a_lost_dispute_takes(_: Shop) -> None:
    from tests.surfaces.connect.stripe import test_asked as asked

    asked.test_a_dispute_takes_once_it_is_lost_and_nobody_is_asked_for_one_that_is_not()


def a_dispute_waits_for_its_key(shop: Shop) -> None:
    from tests.surfaces.connect.stripe import test_catching_up as caught

    caught.test_a_key_that_may_not_read_disputes_holds_up_disputes_alone(_hook(shop))


def a_day_stands_as_it_is_said(shop: Shop) -> None:
    from tests.surfaces.connect.stripe import test_catching_up as caught

    caught.test_a_mistaken_day_is_mended_and_the_day_of_another_account_stands(_hook(shop))


def a_dispute_takes_of_its_own_payment(_: Shop) -> None:
    from tests.surfaces.connect.stripe import test_asked as asked

    asked.test_a_lost_dispute_takes_of_its_own_payment_whatever_went_back_of_another()


def no_more_goes_back_than_was_paid(_: Shop) -> None:
    from tests.surfaces.connect.stripe import test_asked as asked

    asked.test_a_listed_subscription_tells_what_went_back_before_any_event_that_is_kept()


def an_end_far_ahead_is_far_ahead(_: Shop) -> None:
    from tests.surfaces.connect.stripe import test_asked as asked

    asked.test_an_end_far_ahead_is_the_end_of_the_last_term_and_not_of_this_one()


def a_long_invoice_is_read_whole(_: Shop) -> None:
    from tests.surfaces.connect.stripe import test_asked as asked

    asked.test_the_line_of_the_term_counts_wherever_it_stands()


def bought_twice_it_is_one(shop: Shop) -> None:
    from tests.surfaces.connect.stripe.conftest import PRIME
    from tests.surfaces.connect.stripe.test_buying import (
        selling,
        test_a_plan_is_bought_at_its_pages_and_runs_once_it_is_paid,
    )

    shop.begin(PRIME, slug=f"bought-{os.urandom(4).hex()}")
    with selling(shop) as sold:
        test_a_plan_is_bought_at_its_pages_and_runs_once_it_is_paid(sold)


def a_refund_and_its_failing_at_once(shop: Shop) -> None:
    from tests.flows.plans import test_refunds_failed as failed

    def opened(source: str) -> Shop:
        shop.begin(source, slug=f"failed-{os.urandom(4).hex()}")
        return shop

    at_once = failed.test_at_once_or_one_by_one_now_or_late_it_is_the_same
    at_once(opened, failed.ROASTERY, 200)


PAID_THERE: dict[str, Callable[[Shop], None]] = {
    check.__name__: check
    for check in (
        nobody_else_is_the_provider, an_event_is_known_by_its_id,
        in_any_order_a_membership_is_the_same, a_payment_in_time_is_in_time,
        a_long_list_is_read_to_its_end, bought_twice_it_is_one, a_refund_and_its_failing_at_once,
        events_are_read_from_where_the_list_began, a_break_is_brought_in_whole,
        a_back_fill_tells_refunds, a_lost_dispute_takes, no_more_goes_back_than_was_paid,
        an_end_far_ahead_is_far_ahead, a_long_invoice_is_read_whole, a_dispute_waits_for_its_key,
        a_day_stands_as_it_is_said, a_dispute_takes_of_its_own_payment,
    )
}  # fmt: skip
