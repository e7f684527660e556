"""Bugs in what becomes of members who were merged and parted: where a ladder changed in between,
where points ended or lived again, and where something was given by hand."""

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
    Bug(
        "who is parted has what was given by hand to the one who stays",
        _UNMERGE,
        "    theirs = {gone.member_id, *apart.under}\n",
        "    theirs = {gone.member_id, stays.member_id, *apart.under}\n",
        "checks.apart_parted_nobody_has_what_was_given_to_who_stays",
    ),
    Bug(
        "what lives again of points that came along stays where it lapsed",
        _UNMERGE,
        "    came = [*brought.lots, *apart.again]\n",
        "    came = [*brought.lots]\n",
        "checks.apart_what_lives_again_meanwhile_goes_back_with_whom_it_came",
    ),
    Bug(
        "points that live again and paid the other's debt go back all the same",
        "flows/membership/unmerge_members.py",
        "    takes += sum(one.paid for one in again)\n",
        "",
        "checks.apart_points_that_live_again_and_paid_what_the_other_owed_are_spent_together",
    ),
    Bug(
        "a debt that was forgiven while they were one was paid together",
        "flows/membership/unmerge_members.py",
        "    return replace(merge, brought=brought), paid_in_part(brought, let_go)\n",
        "    return merge, 0\n",
        "checks.apart_an_old_debt_that_came_along_and_was_forgiven_is_forgiven",
    ),
    Bug(
        "what lapsed with one they were merged on into is taken again",
        "records/ledger/read.py",
        "u.from_id = s.as_id\n",
        "u.from_id = s.as_id and s.as_id = s.who\n",
        "checks.apart_what_lapsed_with_one_they_were_merged_on_into_is_not_taken_again",
    ),
    Bug(
        "a replay takes what lapsed while they were one once more",
        "engine/replaying/between.py",
        "        gone.lapsed[key] = gone.lapsed.get(key, 0) + since\n",
        "",
        "checks.again_what_lapsed_while_they_were_one_is_not_taken_again",
    ),
)


def _parted(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        from tests.flows.terms import test_merged_between as tests

        came = ("Ada",) if "as_if" in name else ()
        getattr(tests, f"test_{name}")(_opens(shop), *came)

    return check


def _apart(name: str, *, replayed: bool = False) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        from tests.flows.points import sharing, test_parted
        from tests.flows.tiers import houses, test_by_hand
        from tests.planted.replay.checks import differences

        if hasattr(test_by_hand, f"test_{name}"):
            house = _opens(shop)(houses.MAISON)
            house.joined("ada", "ben")
            getattr(test_by_hand, f"test_{name}")(house)
            return
        opened = _opens(shop)(sharing.SHARING)
        getattr(test_parted, f"test_{name}")(opened)
        assert not replayed or differences(opened) == []

    return check


def _check(called: str) -> Callable[[Any], None]:
    how, _, name = called.partition("_")
    return _parted(name) if how == "parted" else _apart(name, replayed=how == "again")


ALONE: Final = {
    name: _check(name) for name in (bug.check.removeprefix("checks.") for bug in MERGED)
}
