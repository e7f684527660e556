"""Bugs of who is forgotten in time, of letters that fail for now, and of ends somebody chose."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_FORGETS = "flows/membership/office/forget_inactive.py"
_SILENT = "insight/people/inactive.py"
_MARKS = "records/outbox/bounces/write.py"
_ENDS = "engine/deciding/adjust.py"
FORGOTTEN = (
    Bug(
        "whoever came back after they were told is erased all the same",
        _FORGETS,
        "gone = [one for one in ids if one in quiet]",
        "gone = list(ids)",
        "checks.forgotten_whoever_looks_stays",
    ),
    Bug(
        "members are erased before their day",
        "records/members/erasure/notices/read.py",
        "due_at <= $2::timestamptz\n",
        "noticed_at <= $2::timestamptz\n",
        "checks.forgotten_they_are_told_first_and_erased_on_the_day_that_was_said",
    ),
    Bug(
        "whoever still has points is forgotten unasked",
        _SILENT,
        "not $3::bool and b.available",
        "false and b.available",
        "checks.forgotten_points_keep_somebody_unless_the_shop_says_otherwise",
    ),
    Bug(
        "what a merged record did says nothing of the person",
        _SILENT,
        "({_OF_MERGED} or",
        "(false or",
        "checks.forgotten_what_a_merged_one_did_speaks_for_whom_they_stand_with",
    ),
    Bug(
        "nobody holds whoever is about to be erased",
        _FORGETS,
        "    await standing.lock(tx, family)\n",
        "",
        "checks.forgotten_nobody_goes_who_buys_while_the_night_is_under_way",
    ),
    Bug(
        "whoever a till told a sale of is erased while it waits",
        _SILENT,
        "   and m.member_id not in ({_BUSY})\n",
        "",
        "checks.spared_a_till_named_them",
    ),
    Bug(
        "whoever has a code to use is forgotten unasked",
        _SILENT,
        "k.state = 'issued'",
        "k.state = 'free'",
        "checks.spared_has_a_code",
    ),
    Bug(
        "whoever just came with a file is taken for silent",
        _SILENT,
        "m.recorded_at < $2::timestamptz\n",
        "true\n",
        "checks.spared_came_yesterday",
    ),
    Bug(
        "a purchase that a cut-off till brings late finds nobody",
        _FORGETS,
        "tx.now - LATE, most",
        "tx.now, most",
        "checks.missed_a_sale_of_the_last_day_that_a_till_tells_days_later_keeps_its_member",
    ),
    Bug(
        "an old backup erases whoever came by since it was made",
        _FORGETS,
        "<= PAUSE.days",
        "<= PAUSE.days * 999",
        "checks.missed_after_a_pause_nobody_is_erased_before_they_were_told_anew",
    ),
    Bug(
        "a clock that was ahead stops the nights for years",
        _FORGETS,
        "not -1 <= (",
        "not -9999 <= (",
        "checks.missed_a_clock_that_jumps_ahead_and_back_erases_nobody_and_stops_nothing",
    ),
    Bug(
        "points by hand end as the program says, whatever was chosen",
        _ENDS,
        "return chosen or (",
        "return (",
        "checks.ends_they_are_gone_the_day_after_and_not_before",
    ),
    Bug(
        "a colleague grants another end than was asked for",
        "flows/access/by_hand.py",
        "command.units, command.expires_on)",
        "command.units, request.expires_on)",
        "checks.ends_what_a_colleague_asked_for_is_granted_with_its_end_and_with_no_other",
    ),
    Bug(
        "letters that fail for now are never enough",
        _MARKS,
        "cardinality(s.soft_at) >= $8::int",
        "cardinality(s.soft_at) < 0",
        "checks.soft_the_fifth_within_thirty_days_marks_the_address",
    ),
    Bug(
        "letters that failed long ago count for ever",
        _MARKS,
        "- $9::interval\n",
        "- $9::interval * 1000\n",
        "checks.soft_what_is_longer_ago_counts_for_nothing",
    ),
)
_NAMES: Final = sorted({bug.check.removeprefix("checks.") for bug in FORGOTTEN})


def _check(name: str) -> Callable[[Shop], None]:
    """A check that is one test of members, of ends or of letters."""
    kind, _, rest = name.partition("_")

    def check(shop: Shop) -> None:
        # Imported late, so that it meets the source with the bug in it.
        if kind == "forgotten":
            _forgets(shop, rest)
        elif kind == "spared":
            _spares(shop, rest)
        elif kind == "missed":
            _misses(shop, rest)
        elif kind == "ends":
            _ends_at(shop, rest)
        else:
            _softens(shop, rest)

    return check


def _forgets(shop: Shop, name: str) -> None:
    from tests.flows.night import test_retention as tests

    shop.begin(tests.CAFE, slug=f"retention-{os.getpid()}")
    shop.now = shop.local("2024-01-10 12:00")
    if name == "whoever_looks_stays":
        tests.test_whoever_is_heard_of_after_they_were_told_stays(shop, tests.looks)
    else:
        getattr(tests, f"test_{name}")(shop)


def _spares(shop: Shop, name: str) -> None:
    from tests.flows.night import test_who_is_not_forgotten as tests

    shop.begin(tests.CAFE, slug=f"spared-{os.getpid()}")
    shop.now = shop.local("2024-01-10 12:00")
    if name == "a_till_named_them":
        tests.test_whoever_has_something_under_way_is_neither_told_nor_erased(
            shop, tests.a_till_named_them
        )
    elif name == "has_a_code":
        tests.test_what_somebody_still_has_keeps_them_as_points_do(shop, tests.has_a_code)
    else:
        test = "whoever_came_yesterday_with_a_file_that_says_nothing_of_them_was_not_silent"
        getattr(tests, f"test_{test}")(shop)


def _misses(shop: Shop, name: str) -> None:
    from tests.flows.night import test_nights_that_were_missed as tests

    shop.begin(tests.CAFE, slug=f"missed-{os.getpid()}")
    shop.now = shop.local("2024-01-10 12:00")
    tests.tells(shop)
    getattr(tests, f"test_{name}")(shop)


def _ends_at(shop: Shop, name: str) -> None:
    from tests.flows.members.staff import test_chosen_ends as tests

    shop.begin(tests.BERLIN, slug=f"ends-{os.getpid()}")
    shop.now = tests.BEGINS
    shop.joined("ada")
    getattr(tests, f"test_{name}")(shop)


def _softens(shop: Shop, name: str) -> None:
    from tests.surfaces.connect.inlets import test_soft_letters as tests
    from tests.surfaces.connect.inlets.sender import Sender
    from tests.surfaces.counter import Counter

    counter = Counter(shop, ticks=lambda: shop.now.timestamp())  # noqa: PLW0108
    postmark = Sender(counter, tests.POSTMARK, "letters")
    tests.says(postmark, 5, 30)
    getattr(tests, f"test_{name}")(postmark)


FORGETTING = {name: _check(name) for name in _NAMES}
