"""Bugs in what becomes of members who were merged before a ladder changed, and parted after it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tests.planted.bug import Bug
from tests.planted.tiers.bugs import _opens

_UNMERGE: Final = "engine/moving/unmerge.py"
MERGED: Final = (
    Bug(
        "who is parted has the change behind them that they went through together",
        _UNMERGE,
        "    held, state.moved_at = had\n",
        "    held, _ = had\n",
        "checks.parted_parted_after_a_change_both_stand_as_if_they_had_never_been_one",
    ),
    Bug(
        "who is parted keeps what a change gave both together",
        _UNMERGE,
        "over is not None or _by_terms(stays, merge):",
        "over is not None:",
        "checks.parted_parted_nobody_keeps_what_a_change_gave_both_together",
    ),
)


def _parted(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        from tests.flows.terms import test_merged_between as tests

        came = ("Ada",) if "as_if" in name else ()
        getattr(tests, f"test_{name}")(_opens(shop), *came)

    return check


ALONE: Final = {
    bug.check.removeprefix("checks."): _parted(bug.check.removeprefix("checks.parted_"))
    for bug in MERGED
}
