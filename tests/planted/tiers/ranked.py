"""Bugs in the list of who has most, and in words on members, and the tests that notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final

from tests.planted.bug import Bug

_FLOW = "flows/membership/office/follow_points.py"
_READ = "records/standing/richness/read.py"
_WRITE = "records/standing/richness/write.py"
_ALL = "checks.ranked_everybody_is_listed_and_so_is_whatever_changes_after"
_LATE = "checks.ranked_who_ends_late_is_not_passed_over"
_SPELLED = "checks.ranked_of_two_spellings_at_once_one_is_made"
RANKED = (
    Bug("who ends late is passed over", _READ, "pg_snapshot_xmin(", "pg_snapshot_xmax(", _LATE),
    Bug("a part of everybody is everybody", _FLOW, "_replace(after_id=last)",
        "_replace(after_id=None)", _ALL),
    Bug("what changes after is not listed", _FLOW, "there.below_tx, to)", "to, to)", _ALL),
    Bug("the list stays of the wallet it was of", _FLOW,
        "(there.wallet, there.cluster) != (wallet, cluster)", "there.cluster != cluster", _ALL),
    Bug("who was listed stays as they were", _WRITE, "do update set units = excluded.units",
        "do update set units = richness.units", _ALL),
    Bug("two spell a word at once", "flows/membership/office/tag_members.py",
        "    await write.hold_tags(tx)\n", "", _SPELLED),
)  # fmt: skip


def _test(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        # Imported late, so that they meet the source with the bug in it.
        import pytest
        from tests.flows.members.staff import test_following as tests

        def opened(source: str) -> Any:
            shop.begin(source, slug=f"ranked-{os.getpid()}-{sorted(ALONE).index(name)}")
            return shop

        test = getattr(tests, name.replace("ranked_", "test_", 1))
        if test is tests.test_everybody_is_listed_and_so_is_whatever_changes_after:
            with pytest.MonkeyPatch.context() as patch:
                test(opened, patch)
            return
        test(opened)

    return check


ALONE: Final = {
    name: _test(name) for name in sorted({bug.check.removeprefix("checks.") for bug in RANKED})
}
