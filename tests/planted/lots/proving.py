"""Bugs in what proves that whoever takes something dear is there."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final

from tests.planted.bug import Bug

_PROOFS = "flows/points/choosing/proving.py"
_ONCE = "checks.proof_one_showing_is_good_for_one_thing"
_AT_THE_TILL = "checks.proof_what_a_till_was_shown_is_good_there_for_ten_minutes"
_HOME = "checks.proof_a_household_moves_no_points_for_who_proves_nothing"
PROVING = (
    Bug(
        "one showing is good for everything",
        _PROOFS,
        "if before.redemption_id is not None or before.taken_by",
        "if before.taken_by",
        _ONCE,
    ),
    Bug(
        "what a showing was good for is not kept",
        "flows/redeem_rewards.py",
        "            *batch.proofs.writes(tx),\n",
        "",
        _ONCE,
    ),
    Bug(
        "a showing elsewhere is good here",
        _PROOFS,
        " or before.taken_by != shown.by:",
        ":",
        _AT_THE_TILL,
    ),
    Bug(
        "a showing is good for ever",
        _PROOFS,
        "return None if now <= before.used_at + SHOWN_GOOD else CARD_NEEDED",
        "return None",
        _AT_THE_TILL,
    ),
    Bug(
        "a picture is good for ten minutes",
        _PROOFS,
        "return None if shown.step > step_of(now) - STEPS_GOOD else CARD_NEEDED",
        "return None",
        "checks.proof_a_picture_that_nobody_took_is_soon_over",
    ),
    Bug(
        "anybody's card proves it",
        _PROOFS,
        "self._stands.get(shown.member_id, shown.member_id) != member_id",
        "False",
        "checks.proof_anothers_card_proves_nothing",
    ),
    Bug(
        "the card of who was merged is nobody's",
        _PROOFS,
        "self._stands.get(shown.member_id, shown.member_id)",
        "shown.member_id",
        "checks.proof_the_card_of_who_was_merged_is_that_of_who_they_are_now",
    ),
    Bug(
        "exactly so much needs the card, too",
        "engine/rewarding/counter/proving.py",
        "worth_minor > units(",
        "worth_minor >= units(",
        "checks.proof_up_to_so_much_a_number_is_enough_and_a_cent_above_it_is_not",
    ),
    Bug(
        "points pay whatever it comes to",
        "engine/deciding/redeem.py",
        "    no = not_by(version, promised, wish)\n    if no is not None:\n        return no\n"
        "    said",
        "    said",
        "checks.proof_points_that_pay_are_worth_what_they_pay",
    ),
    Bug(
        "a household hands over before it asks",
        "engine/moving/pool.py",
        "    no = _unproven(version, wish, way, free)\n",
        "    no = None\n",
        _HOME,
    ),
    Bug(
        "together one showing is good for everything",
        "flows/points/redeem_together.py",
        "    batch.proofs.take(version, command.asked.shown, redemption)\n",
        "",
        _HOME,
    ),
)


def _test(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from importlib import import_module

        tests = import_module("tests.flows.points.choosing.test_proof_by_worth")
        shop.begin(tests.DEAR, slug=f"proving-{os.getpid()}")
        getattr(tests, f"test_{name}")(shop, tests.with_points(shop))

    return check


ALONE: Final = {
    name: _test(name.removeprefix("proof_"))
    for name in (bug.check.removeprefix("checks.") for bug in PROVING)
}
