"""Bugs of codes that members are sent to spend with, and the checks that notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_USE = "flows/access/use_codes.py"
_ASK = "flows/access/ask_for_codes.py"
DIGITS = (
    Bug(
        "a code sent for a coffee is good for a bicycle",
        "flows/points/choosing/proving.py",
        "if self._sent_for.get(before.asked, reward) != reward:",
        "if False:",
        "checks.digits_a_code_is_good_for_what_it_was_sent_for",
    ),
    Bug(
        "digits are tried until they are right",
        _USE,
        "if code.tries >= MOST_TRIES:",
        "if False:",
        "checks.digits_five_tries_and_it_is_over_though_the_sixth_is_right",
    ),
    Bug(
        "a code to spend with is good for days",
        "records/access/members/types.py",
        'return CONSENT_LASTS if self.purpose == "consent" else CODE_LASTS',
        'return CODE_LASTS if self.purpose == "sign_in" else CONSENT_LASTS',
        "checks.digits_a_code_is_over_after_ten_minutes_to_the_second",
    ),
    Bug(
        "whoever reads out a code to spend lets somebody in",
        _USE,
        "if c.purpose == purpose}",
        "if c}",
        "checks.digits_it_signs_nobody_in_and_no_sign_in_code_spends",
    ),
    Bug(
        "a till rings telephones without end",
        _ASK,
        'machine = digest_of(keyed, "machine", one.machine) if one.machine else None\n'
        "            code = SignInCode(",
        "machine = None\n            code = SignInCode(",
        "checks.digits_ten_codes_in_a_quarter_of_an_hour_are_sent_from_one_till",
    ),
    Bug(
        "a telephone is rung without end",
        _ASK,
        "limits = [(code.address, limit) for limit in LIMITS]",
        "limits = []",
        "checks.digits_three_codes_in_a_quarter_of_an_hour_go_to_one_address",
    ),
    Bug(
        "what was said at one till is told to another",
        _USE,
        " and u.taken_by == one.by)",
        ")",
        "checks.digits_typed_again_it_is_the_same_answer_and_anothers_is_none",
    ),
    Bug(
        "digits take the half minute of a card that was shown",
        _USE,
        "if (who, step) not in used",
        "if True",
        "checks.digits_a_card_that_was_shown_in_the_same_half_minute_stays_its_own",
    ),
)


def _test(name: str) -> Callable[[Shop], None]:
    """The test itself, in a shop of its own."""

    def check(shop: Shop) -> None:
        tests = import_module("tests.flows.points.choosing.test_spending_codes")
        shop.begin(tests.DEAR, slug=f"digits-{os.getpid()}")
        test = getattr(tests, f"test_{name}")
        takes_one = test.__code__.co_argcount == 1
        test(shop) if takes_one else test(shop, tests.ada_of(shop))

    check.__name__ = f"digits_{name}"
    return check


SAID: dict[str, Callable[[Shop], None]] = {
    name: _test(name.removeprefix("digits_"))
    for name in (bug.check.removeprefix("checks.") for bug in DIGITS)
}
