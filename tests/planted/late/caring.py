"""Bugs of service cases and references, and the tests that notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_READ = "records/community/references/read.py"
_WORK = "flows/community/caring/work_on_cases.py"
CARING = (
    Bug(
        "whoever stands highest waits longest",
        "records/community/support/rules.py",
        "    if place == len(steps) - 1:\n        return 1\n",
        "    if place == len(steps) - 1:\n        return 3\n",
        "checks.cases_by_tier",
    ),
    Bug(
        "a case that ended ends otherwise",
        _WORK,
        "        if one.outcome == command.outcome:\n            return one\n",
        "        if one.outcome:\n            return one\n",
        "checks.cases_once",
    ),
    Bug(
        "a case is an activity each time it is closed",
        _WORK,
        "        external_id=one.case_id.hex,\n",
        '        external_id="",\n',
        "checks.cases_once",
    ),
    Bug(
        "whoever declined is asked again",
        _READ,
        "bool_or(k.request_id = $2::uuid or k.outcome = '')",
        "bool_or(k.outcome = '' and $2::uuid is not null)",
        "checks.references_asked",
    ),
    Bug(
        "two prospects wait for one member",
        _READ,
        "bool_or(k.request_id = $2::uuid or k.outcome = '')",
        "bool_or(k.request_id = $2::uuid)",
        "checks.references_asked",
    ),
    Bug(
        "whoever was asked most is first",
        _READ,
        "order by coalesce(k.many, 0), k.lately",
        "order by coalesce(k.many, 0) desc, k.lately",
        "checks.references_least",
    ),
    Bug(
        "whoever takes back that they may be asked stays asked",
        "flows/community/caring/find_references.py",
        "    if not command.agrees:\n        await tx.write(write.let_off(tx, who))\n",
        "",
        "checks.references_let_off",
    ),
)
_TESTS = {
    "cases_by_tier": "whoever_stands_higher_is_answered_first",
    "cases_once": "how_a_case_ended_is_one_activity_that_rules_see",
    "references_asked": "prospects_hear_from_who_agreed_and_was_asked_least",
    "references_least": "whoever_was_asked_least_is_first",
    "references_let_off": "whoever_takes_back_that_they_may_be_asked_is_asked_no_more",
}


def _test(name: str) -> Callable[[Shop], None]:
    """A check that is one test of these, in a program of its own."""

    def check(shop: Shop) -> None:
        from tests.flows.members.playing.community import test_caring

        shop.begin(test_caring.CARES, slug=f"c{os.urandom(4).hex()}")
        shop.now += timedelta(days=1)
        getattr(test_caring, f"test_{name}")(shop)

    return check


ALONE = {check: _test(name) for check, name in _TESTS.items()}
