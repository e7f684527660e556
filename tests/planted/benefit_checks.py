"""The tests of benefits as checks that a planted bug must fail."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Final

from tests.makers import Shop, buys


def _test(name: str) -> Callable[[Shop], None]:
    def check(shop: Shop) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from tests.flows.members import test_benefits as tests

        shop.begin(tests.WINGS, slug=f"p{os.getpid()}-{name}"[:40].rstrip("-").replace("_", "-"))
        ada, ben, _ = shop.joined("ada", "ben", "cem")
        shop.record(buys(ada, 20_000), buys(ben, 10_000))
        getattr(tests, f"test_{name}")(shop)

    return check


ALONE: Final = {
    f"benefit_{name}": _test(name)
    for name in (
        "twice_a_year_and_no_third_time",
        "taken_back_it_is_left_again_in_the_year_it_was_counted_in",
        "blackout_days_are_local_days",
        "a_drop_begins_earlier_the_higher_one_stands",
        "of_several_one_is_chosen_for_the_year",
        "what_was_granted_goes_before_the_allowance_when_it_ends",
        "what_was_granted_without_an_end_goes_last_and_asks_for_no_tier",
        "of_one_batch_nobody_uses_more_than_was_granted",
        "merged_members_share_their_year_and_part_again_with_their_own",
        "a_detail_that_is_needed_is_asked_for_by_its_name",
    )
}
