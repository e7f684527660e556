"""Bugs of CRMs that are written to and asked as a mapping says, and what notices them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_CRM = "surfaces/connect/outlets/crm"
CRMS_MAPPED = (
    Bug(
        "an error about nobody we know leaves all of them told",
        f"{_CRM}/answers.py",
        "if at != RefusedMap() and not {one.key for one in records} & set(keys):",
        "if at == at and not keys:",
        "checks.what_a_crm_says_of_records_is_found",
    ),
    Bug(
        "whom HubSpot does not take is told",
        f"{_CRM}/answers.py",
        "said |= dict.fromkeys(keys, refusal)",
        "said |= dict.fromkeys(keys[:0], refusal)",
        "checks.one_contact_is_not_taken",
    ),
    Bug(
        "a key follows wherever an answer says it goes on",
        f"{_CRM}/cases.py",
        "elsewhere = said.netloc and (said.scheme, said.netloc) != (base.scheme, base.netloc)",
        "base, elsewhere = said, False",
        "checks.a_key_goes_to_no_other_address",
    ),
    Bug(
        "cases that come the newest first are read as if they were all",
        f"{_CRM}/cases.py",
        "if times != sorted(times):",
        "if times != times:",
        "checks.tickets_are_booked_once",
    ),
    Bug(
        "a page of tickets ends within a second",
        f"{_CRM}/cases.py",
        "if not more or _is_behind(rows, since.at):",
        "if rows:",
        "checks.tickets_are_booked_once",
    ),
    Bug(
        "a mapping of another shape tells nobody anew",
        "surfaces/connect/outlets/records.py",
        "return () if asked == _PLAIN else (encoded(asked),)",
        "return ()",
        "checks.another_shape_is_told_anew",
    ),
)


def _of_hubspot(test: str, *, has_hub: bool) -> Callable[[Shop], None]:
    """A test of HubSpot, with an account of its own where it needs one."""

    def check(shop: Shop) -> None:
        from tests.surfaces.connect.crm import test_hubspot
        from tests.surfaces.connect.crm.hubspot import Hub
        from tests.surfaces.counter import Counter

        found = getattr(test_hubspot, test)
        if not has_hub:
            found()
            return
        hub = Hub(Counter(shop, ticks=lambda: shop.now.timestamp()))  # noqa: PLW0108
        hub.later(minutes=10)
        hub.tells()
        hub.asks(hub.shop.now)
        found(hub)

    return check


CRMS_MAPPED_TOLD: dict[str, Callable[[Shop], None]] = {
    "what_a_crm_says_of_records_is_found": _of_hubspot(
        "test_what_it_says_of_records_is_found_where_the_mapping_says", has_hub=False
    ),
    "one_contact_is_not_taken": _of_hubspot(
        "test_contacts_are_told_by_their_unique_property_and_one_of_them_is_not_taken",
        has_hub=True,
    ),
    "a_key_goes_to_no_other_address": _of_hubspot(
        "test_a_key_goes_to_no_other_address_whatever_an_answer_says", has_hub=False
    ),
    "tickets_are_booked_once": _of_hubspot(
        "test_tickets_are_asked_for_from_a_day_on_and_each_is_booked_once", has_hub=True
    ),
    "another_shape_is_told_anew": _of_hubspot(
        "test_a_mapping_that_says_nothing_new_compares_members_as_it_always_did", has_hub=False
    ),
}
