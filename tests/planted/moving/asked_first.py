"""Bugs of consents that somebody gives at an address nobody proved, and the checks against them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_RULES = "records/outbox/delivery/rules.py"
_WANTS = "flows/telling/said/want_channels.py"
ASKED_FIRST = (
    Bug(
        "a telephone that nobody proved is agreed to",
        _WANTS,
        "return not self.proved.get(place.digest, set()).isdisjoint(self.family[who])",
        "return True",
        "checks.asked_at_the_address_itself",
    ),
    Bug(
        "a code that was never read proves its address",
        "records/access/members/read.py",
        "   and used_at is not null and member_id is not null\n",
        "   and member_id is not null\n",
        "checks.asked_for_by_others_alone",
    ),
    Bug(
        "whoever is waited for is written to with each touch",
        _WANTS,
        "if before is not None and fresh and not before.over:",
        "if False:",
        "checks.asked_at_the_address_itself",
    ),
    Bug(
        "who typed wrong digits too often is sent nothing further for a while",
        _WANTS,
        "if before is not None and fresh and not before.over:",
        "if before is not None and fresh:",
        "checks.asked_again_at_once",
    ),
    Bug(
        "who had a telephone before hides what is asked of who has it now",
        "records/access/members/read.py",
        "select distinct on (address, member_id) code_id",
        "select distinct on (address) code_id",
        "checks.asked_each_for_themself",
    ),
    Bug(
        "that nobody could be asked is not said to who signs in",
        "surfaces/card/coming_in/sign_in.py",
        'return let_in(request, answer, form["to"], slips)',
        'return let_in(request, answer, form["to"], slips[:0])',
        "checks.asked_nowhere_is_said",
    ),
    Bug(
        "who took it back is asked by the shop",
        _WANTS,
        'if stands is not None and stands.state == "withdrawn" and not one.source:',
        "if False:",
        "checks.asked_for_by_others_alone",
    ),
    Bug(
        "of two members asked under one key the second is told of the first one's question",
        "flows/access/ask_for_codes.py",
        'return None if code.purpose == "sign_in" or same else reused()',
        'return None if code.purpose != "spending" or same else reused()',
        "checks.asked_for_by_others_alone",
    ),
    Bug(
        "what proved an address is forgotten after three days",
        "records/access/members/write.py",
        "   and (c.used_at is null or c.member_id is null",
        "   and (true or c.member_id is null",
        "checks.asked_not_again_for_half_a_year",
    ),
)

SILENCED = (
    Bug(
        "a word of a direct line that waits goes out after a no",
        _RULES,
        'kind in ("earned", "redeemed", "line")',
        'kind in ("earned", "redeemed")',
        "checks.silenced_everywhere",
    ),
    Bug(
        "devices are told of points after a no",
        _RULES,
        'return channel != "email" or kind in',
        'return channel == "sms" or kind in',
        "checks.silenced_everywhere",
    ),
    Bug(
        "a card is laid letters into after a no",
        "flows/telling/campaigns/reaching.py",
        "if channel not in people.given.get(who, ()):",
        'if channel not in (*people.given.get(who, ()), "inbox"):',
        "checks.silenced_everywhere",
    ),
)


def _everywhere(shop: Shop) -> None:
    from tests.runtime.working.senders.cards import test_silenced_everywhere as tests
    from tests.runtime.working.senders.post_office import post_office, provider

    with post_office() as office, provider() as sms:
        house = tests.House(shop, office, sms)
        tests.test_whoever_said_no_is_reached_by_no_path_and_whoever_said_yes_by_all(house)


def _asks(name: str) -> Callable[[Shop], None]:
    def check(shop: Shop) -> None:
        from tests.surfaces.card.written import test_asked_first as tests
        from tests.surfaces.counter import Counter

        from regulars.records.program.templates import load_template

        shop.begin(load_template("coffee-shop"))
        counter = Counter(shop, channels=frozenset({"email", "sms"}))
        getattr(tests, f"test_{name}")(counter)

    return check


def _nowhere(shop: Shop) -> None:
    import pytest
    from tests.surfaces.card.written import test_asked_first as tests
    from tests.surfaces.counter import Counter

    from regulars.records.program.templates import load_template

    shop.begin(load_template("coffee-shop"))
    counter = Counter(shop, channels=frozenset({"email", "sms"}))
    with pytest.MonkeyPatch.context() as patching:
        tests.test_what_became_of_a_yes_while_signing_in_is_said(counter, patching)


ASKED_FIRST_CHECKS: dict[str, Callable[[Shop], None]] = {
    "silenced_everywhere": _everywhere,
    "asked_at_the_address_itself": _asks("only_the_address_that_was_proved_is_agreed_to_at_once"),
    "asked_for_by_others_alone": _asks("whoever_asks_for_them_gives_nothing"),
    "asked_again_at_once": _asks("who_typed_wrong_digits_too_often_is_asked_again_at_once"),
    "asked_each_for_themself": _asks(
        "a_telephone_that_changes_hands_is_asked_about_by_each_of_them"
    ),
    "asked_nowhere_is_said": _nowhere,
    "asked_not_again_for_half_a_year": _asks("what_proved_an_address_is_known_for_half_a_year"),
}
