"""Bugs of accounts of several people: who slips, who is told of, which ended."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from tests.planted.bug import Bug
from tests.planted.replay.reporting import _of_a_shop, _pure

if TYPE_CHECKING:
    from tests.makers import Shop

_SIGNAL = "records/standing/alerts/accounts/read.py"
_READ = "insight/metrics/reading/accounts.py"
ACCOUNT_BUGS = (
    Bug(
        "one person is an account of several",
        _SIGNAL,
        "from person group by household_id having count(*) > 1\n",
        "from person group by household_id\n",
        "checks.account_alone",
    ),
    Bug(
        "an account that never came back is told of again and again",
        _SIGNAL,
        "(a.outcome is null or a.as_of >= k.last_on)",
        "a.outcome is null",
        "checks.account_became",
    ),
    Bug(
        "an account is tried by what came after the day itself was known",
        _SIGNAL,
        "and d.orders > 0 and d.day > $4::date and d.day <= $4::date + {AHEAD}",
        "and d.orders > 0 and d.day >= $4::date - {AHEAD}",
        "checks.account_tried",
    ),
    Bug(
        "an account of which half is left is not told of",
        _SIGNAL,
        "2 * s.orders <= s.before",
        "2 * s.orders < s.before",
        "checks.account_half",
    ),
    Bug(
        "only who leads an account brings it back",
        "records/standing/alerts/accounts/write.py",
        "                  and h.left_at is null) p\n",
        "                  and h.left_at is null and h.member_id = o.member_id) p\n",
        "checks.account_became",
    ),
    Bug(
        "an account ends when the last one leaves",
        _READ,
        "(array_agg(left_at order by left_at desc nulls first))[2] as ended_at",
        "(array_agg(left_at order by left_at desc nulls first))[1] as ended_at",
        "checks.account_ended",
    ),
    Bug(
        "who turned out to be one person was an account",
        _READ,
        "    select p.household_id, coalesce(a.into_id, p.member_id) as who, min(p.joined_at)",
        "    select p.household_id, coalesce(p.member_id, a.into_id) as who, min(p.joined_at)",
        "checks.account_merged",
    ),
    Bug(
        "who complains and falls quiet only complains",
        "insight/metrics/defined/accounts.py",
        '    if one.signal in ("quiet", "fewer"):\n',
        '    if one.signal in ("quiet", "fewer") and score is None:\n',
        "checks.account_health",
    ),
)


def _night(test: str) -> Callable[[Shop], None]:
    def check(shop: Shop) -> None:
        there: Any = import_module("tests.runtime.working.reckoning.test_account_alerts")
        shop.begin(there.SHARING, slug=f"a{os.getpid()}-{test.replace('_', '-')[:20].strip('-')}")
        shop.now = shop.now.replace(hour=12)
        getattr(there, f"test_{test}")(there.Firms(shop))

    return check


ACCOUNT_CHECKS: Final[dict[str, Callable[[Shop], None]]] = {
    "account_alone": _night("an_account_is_told_of_once_by_its_own_gap_with_reasons"),
    "account_became": _night(
        "what_became_of_it_and_whoever_never_came_back_is_not_told_of_again"
    ),
    "account_tried": _night("it_is_said_how_right_the_signal_was"),
    "account_half": _night("one_that_orders_on_half_as_many_days_is_told_of"),
    "account_ended": _of_a_shop(
        "behind.test_accounts", "two_accounts",
        "test_an_account_ends_when_fewer_than_two_are_left_of_it",
    ),
    "account_merged": _of_a_shop(
        "behind.test_accounts", "two_accounts", "test_who_is_one_person_now_was_never_two"
    ),
    "account_health": _pure("metrics.behind.test_accounts", "test_what_health_asks_first"),
}  # fmt: skip
