"""Bugs of consents that somebody gives at an address nobody proved, and the checks against them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

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
        "if before is not None and tx.now < before.asked_at + ASKED_AGAIN:",
        "if False:",
        "checks.asked_at_the_address_itself",
    ),
    Bug(
        "who took it back is asked by the shop",
        _WANTS,
        "if stands is not None and not one.source:",
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


def _asks(name: str) -> Callable[[Shop], None]:
    def check(shop: Shop) -> None:
        from tests.surfaces.card import test_asked_first as tests
        from tests.surfaces.counter import Counter

        from regulars.records.program.templates import load_template

        shop.begin(load_template("coffee-shop"))
        counter = Counter(shop, channels=frozenset({"email", "sms"}))
        getattr(tests, f"test_{name}")(counter)

    return check


ASKED_FIRST_CHECKS: dict[str, Callable[[Shop], None]] = {
    "asked_at_the_address_itself": _asks("only_the_address_that_was_proved_is_agreed_to_at_once"),
    "asked_for_by_others_alone": _asks("whoever_asks_for_them_gives_nothing"),
    "asked_not_again_for_half_a_year": _asks("what_proved_an_address_is_known_for_half_a_year"),
}
