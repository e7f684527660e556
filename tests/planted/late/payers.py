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
    )
}  # fmt: skip
