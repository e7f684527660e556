"""Bugs of what other systems send, and the checks that notice them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_SIGNING = "surfaces/connect/inlets/signing.py"
_KINDS = "surfaces/connect/inlets/kinds.py"
INLETS = (
    Bug(
        "any signature will do",
        _SIGNING,
        "good |= hmac.compare_digest(one, made)",
        "good |= len(one) == len(made)",
        "checks.nothing_forged_is_taken_in",
    ),
    Bug(
        "what was signed yesterday is taken in",
        _SIGNING,
        "> FRESH_S:",
        "> FRESH_S * 300:",
        "checks.nothing_forged_is_taken_in",
    ),
    Bug(
        "the body is not what was signed",
        _SIGNING,
        "(id_, at, body), ",
        "(id_, at, body[:9]), ",
        "checks.what_is_sent_again_counts_once",
    ),
    Bug(
        "a gzip bomb is no large body",
        "surfaces/connect/inlets/packing.py",
        "if len(found) > most or opening.unconsumed_tail:",
        "if False:",
        "checks.bombs_are_too_large",
    ),
    Bug(
        "a header that nobody signed makes another event",
        _KINDS,
        'return sent_of(("webhook", post.id), above["type"]',
        'return sent_of(("webhook", above["id"]), above["type"]',
        "checks.a_binary_event_comes_once",
    ),
    Bug(
        "another event under the same id is taken for the first",
        "flows/inlets/keep_arrivals.py",
        "if before[0] != event.content:",
        "if False:",
        "checks.what_is_sent_again_counts_once",
    ),
    Bug(
        "what can be booked of an event is booked",
        "flows/inlets/book_arrivals.py",
        "    if half:\n",
        "    if not half and ended is None:\n",
        "checks.events_are_booked_whole",
    ),
    Bug(
        "a full disk refuses the event",
        "runtime/working/inlets/booker.py",
        "return isinstance(error, rows) or not",
        "return True or not",
        "checks.a_full_disk_is_nobodys_fault",
    ),
    Bug(
        "payloads that nobody could read outlive whom they name",
        "flows/membership/erase_members.py",
        "forget(tx, await bodies_that_name(tx, names), gone_now)",
        "forget(tx, [], gone_now)",
        "checks.payloads_go_with_the_erased",
    ),
    Bug(
        "payloads that were booked outlive whom they name",
        "records/inlets/write.py",
        "and member_id = any($4::uuid[])",
        "and member_id = any($4::uuid[]) and first",
        "checks.returns_go_with_whose_sale_it_was",
    ),
    Bug(
        "a return that came first outlives whose sale it was",
        "records/inlets/write.py",
        "and t.member_id = any($4::uuid[]))",
        "and t.member_id = any($3::uuid[]))",
        "checks.returns_go_with_whose_sale_it_was",
    ),
    Bug(
        "the secret of a source before this one is good for ever",
        "records/inlets/types.py",
        "and now < inlet.old_until and",
        "and",
        "checks.an_old_secret_of_a_source_ends",
    ),
    Bug(
        "an address within another one names somebody",
        "records/inlets/types.py",
        "found = small in text and whole.search(text) is not None",
        "found = small in text",
        "checks.texts_name_who_is_meant",
    ),
    Bug(
        "a price that looks like a card loses somebody's sale",
        "flows/inlets/forgetting.py",
        'sure if state == "waiting" else names',
        "names",
        "checks.sales_outlive_whom_they_look_like",
    ),
    Bug(
        "a sale in yen has cents",
        "surfaces/connect/inlets/reading.py",
        "self._in(name or self._place.currency)",
        "self._in(self._place.currency)",
        "checks.yen_have_no_cents",
    ),
)


def a_sender(shop: Shop, kind: str = "webhook") -> Any:
    from tests.surfaces.connect.inlets.sender import MAPPING, Sender
    from tests.surfaces.counter import Counter

    return Sender(Counter(shop, ticks=lambda: shop.now.timestamp()), MAPPING, kind)  # noqa: PLW0108


def nothing_forged_is_taken_in(shop: Shop) -> None:
    from tests.surfaces.connect.inlets.test_forged import test_nothing_forged_comes_in

    test_nothing_forged_comes_in(a_sender(shop), a_sender(shop))


def bombs_are_too_large(shop: Shop) -> None:
    from tests.surfaces.connect.inlets.test_forged import (
        test_large_bombs_and_garbled_are_refused_and_kept_nowhere,
    )

    test_large_bombs_and_garbled_are_refused_and_kept_nowhere(a_sender(shop))


def a_binary_event_comes_once(shop: Shop) -> None:
    from tests.surfaces.connect.inlets.test_cloudevents import (
        test_another_header_makes_no_second_event_of_a_binary_one,
    )

    test_another_header_makes_no_second_event_of_a_binary_one(a_sender(shop, "cloudevents"))


def what_is_sent_again_counts_once(shop: Shop) -> None:
    from tests.surfaces.connect.inlets.test_forged import (
        test_sent_a_hundred_times_it_counts_once_and_is_answered_alike,
    )

    test_sent_a_hundred_times_it_counts_once_and_is_answered_alike(a_sender(shop))


def events_are_booked_whole(shop: Shop) -> None:
    from tests.surfaces.connect.inlets.test_booking import (
        test_nothing_of_an_event_is_booked_by_half,
    )

    test_nothing_of_an_event_is_booked_by_half(a_sender(shop))


def a_full_disk_is_nobodys_fault(_: Shop) -> None:
    import asyncpg

    from regulars.runtime.working.inlets.booker import own

    assert not own(asyncpg.DiskFullError("no space left on device"))
    assert own(asyncpg.CheckViolationError("a sum below nothing"))


def payloads_go_with_the_erased(shop: Shop) -> None:
    from tests.surfaces.connect.inlets.test_forgetting import (
        test_with_whom_it_names_a_payload_goes,
    )

    sender = a_sender(shop)
    test_with_whom_it_names_a_payload_goes(sender, sender.counter)


def an_old_secret_of_a_source_ends(shop: Shop) -> None:
    from tests.surfaces.connect.inlets.test_forged import (
        test_both_secrets_are_good_while_they_overlap,
    )

    test_both_secrets_are_good_while_they_overlap(a_sender(shop).counter)


def texts_name_who_is_meant(_: Shop) -> None:
    from regulars.records.inlets.types import named_in

    assert not named_in(["anna@x.org"], [("email", "na@x.org")])
    assert named_in(["Na <na@x.org>"], [("email", "na@x.org")])


def returns_go_with_whose_sale_it_was(shop: Shop) -> None:
    from tests.surfaces.connect.inlets.test_forgetting import (
        test_a_return_that_came_first_goes_with_whom_its_sale_was,
    )

    sender = a_sender(shop)
    test_a_return_that_came_first_goes_with_whom_its_sale_was(sender, sender.counter)


def sales_outlive_whom_they_look_like(shop: Shop) -> None:
    from tests.surfaces.connect.inlets.test_forgetting import (
        test_a_sale_that_only_looks_like_somebody_erased_is_booked,
    )

    sender = a_sender(shop)
    test_a_sale_that_only_looks_like_somebody_erased_is_booked(sender, sender.counter)


def yen_have_no_cents(_: Shop) -> None:
    from tests.surfaces.connect.inlets.test_currencies import (
        test_amounts_have_the_decimals_of_their_currency,
    )

    test_amounts_have_the_decimals_of_their_currency("JPY", "4000", 4000)


TAKEN_IN: dict[str, Callable[[Shop], None]] = {
    check.__name__: check
    for check in (
        nothing_forged_is_taken_in, bombs_are_too_large, a_binary_event_comes_once,
        what_is_sent_again_counts_once, events_are_booked_whole, a_full_disk_is_nobodys_fault,
        payloads_go_with_the_erased, an_old_secret_of_a_source_ends, texts_name_who_is_meant,
        sales_outlive_whom_they_look_like, returns_go_with_whose_sale_it_was, yen_have_no_cents,
    )
}  # fmt: skip
