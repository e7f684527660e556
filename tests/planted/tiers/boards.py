"""Bugs in leaderboards, and their tests as the checks that must notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final

from tests.planted.bug import Bug

_READ = "records/standing/boards/read.py"
_STONES = "engine/compiling/stones.py"
_SHOWN = "checks.boards_the_same_much_is_the_same_place_and_only_who_may_be_shown_is"
_EACH = "checks.boards_each_store_and_week_has_its_own_and_what_is_late_counts_for_its_own"
_BACK = "checks.boards_what_comes_back_counts_no_more_and_two_who_become_one_count_together"
BOARDS = (
    Bug(
        "equals follow each other",
        _READ,
        "rank() over (order by score desc) as rank, called",
        "row_number() over (order by score desc) as rank, called",
        _SHOWN,
    ),
    Bug(
        "who does not want to is shown",
        _READ,
        "m.attributes -> $5::text is distinct from 'true'::jsonb",
        "$5::text is not null",
        _SHOWN,
    ),
    Bug("who is blocked is shown", _READ, "m.state = 'active'", "m.state <> 'merged'", _SHOWN),
    Bug(
        "nobody is shown without a name",
        _READ,
        "m.given_name) <> '' or",
        "m.given_name) is not null or",
        _SHOWN,
    ),
    Bug("whole names are shown", _READ, "left(trim(m.family_name), 1)", "m.family_name", _SHOWN),
    Bug(
        "one's own place is among all there are",
        _READ,
        "where other.score > own.score",
        "where other.score >= own.score",
        _SHOWN,
    ),
    Bug(
        "all stores have one board",
        _STONES,
        "counts=replace(one.counts, stores=(store,)) if store else one.counts",
        "counts=one.counts",
        _EACH,
    ),
    Bug(
        "a board never begins anew",
        _STONES,
        "return -1 - period if self.board else period",
        "return -1 if self.board else period",
        _EACH,
    ),
    Bug(
        "what came back counts on boards",
        "engine/rewarding/milestones.py",
        "now = min(stone.counted(left), was)",
        "now = was if stone.board else min(stone.counted(left), was)",
        _BACK,
    ),
)


def _test(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from tests.flows.members.playing import test_boards as tests

        shop.begin(tests.BOARDS, slug=f"boards-{os.getpid()}")
        getattr(tests, f"test_{name}")(tests.met(shop))

    return check


ALONE: Final = {
    bug.check.removeprefix("checks."): _test(bug.check.removeprefix("checks.boards_"))
    for bug in BOARDS
}
