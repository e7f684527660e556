"""Short checks about points that are left alone; the healthy source passes them all."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta

from tests.flows.points.sharing import member_id, merge, unmerge
from tests.makers import Shop, buys, by, named

SILENT = """
regulars: 1
program: silent
name: Silent
currency: EUR
zone: Europe/Berlin
wallets:
  points: {notice: {days: 10}, expiry: {after: 5 years}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
"""
QUIET = SILENT.replace("expiry: {after: 5 years}", "inactivity: {after: 6 months}")
_ACTIVE = "select last_qualifying_at from balance where program_id = $1 and member_id = $2"


def everybody_is_listed(shop: Shop) -> None:
    shop.begin(SILENT, slug=_own("listed"))
    names = [f"m{number}" for number in range(30)]
    shop.joined(*names)
    shop.record(*(buys(by(external=name), 1000) for name in names))
    shop.publish(named(QUIET, _own("listed")))
    shop.now += timedelta(days=1)
    shop.night(most=1)
    assert shop.rows("select count(*) from idle_clock where program_id = $1") == [(30,)]


def activity_comes_along_and_goes_back(shop: Shop) -> None:
    shop.begin(QUIET, slug=_own("along"))
    ada, ben = shop.joined("ada", "ben")
    ids = member_id(shop, "ada"), member_id(shop, "ben")
    shop.record(buys(ada, 1000))
    before = shop.now
    shop.now += timedelta(days=40)
    shop.record(buys(ben, 1000))
    merge(shop, ben, ada)
    assert shop.rows(_ACTIVE, ids[0]) == [(shop.now,)]
    unmerge(shop, ids[1])
    assert [shop.rows(_ACTIVE, one) for one in ids] == [[(before,)], [(shop.now,)]]


def last_activity_only_rises(shop: Shop) -> None:
    shop.begin(QUIET, slug=_own("rises"))
    (ada,) = shop.joined("ada")
    shop.now += timedelta(days=40)
    shop.record(buys(ada, 1000))
    shop.record(buys(ada, 1000, occurred_at=shop.now - timedelta(days=20)))
    assert shop.rows(_ACTIVE, member_id(shop, "ada")) == [(shop.now,)]


def shorter_time_begins_anew(shop: Shop) -> None:
    shop.begin(QUIET, slug=_own("shorter"))
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 1000))
    shop.now += timedelta(days=90)
    shop.publish(named(QUIET.replace("6 months", "2 months"), _own("shorter")))
    shop.now += timedelta(days=1)
    shop.night()
    assert shop.rows("select count(*) from message where program_id = $1") == [(0,)]


def waiting_begins_no_clock(shop: Shop) -> None:
    waits = QUIET.replace("{notice", "{pending: {until: duration, after: 7 months}, notice")
    shop.begin(waits, slug=_own("waits"))
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 1000))
    shop.now += timedelta(days=220)
    shop.night()
    assert shop.balances("ada") == {"points": (10, 0, 0)}
    assert shop.rows("select count(*) from message where program_id = $1") == [(0,)]


def _own(name: str) -> str:
    return f"p{os.getpid()}-{name}"[:40].rstrip("-")


def _beside(name: str) -> Callable[[Shop], None]:
    """A test of its own, in a shop of this process."""

    def check(shop: Shop) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from tests.flows.points import test_idle_beside as tests

        def opens(source: str) -> Shop:
            shop.begin(source, slug=_own(name[-20:].replace("_", "-").strip("-")))
            return shop

        getattr(tests, f"test_{name}")(opens)

    return check


BESIDE = (
    "who_earns_once_it_is_decided_again_was_here_then",
    "what_comes_back_after_its_time_lapses_in_the_same_breath",
    "what_comes_back_to_somebody_merged_is_alive_with_whom_they_are_now",
    "what_comes_back_lives_its_least_life_whatever_its_member_does",
    "what_comes_back_to_be_left_alone_again_is_spared_for_its_least_life",
)
ALONE: dict[str, Callable[[Shop], None]] = {
    check.__name__: check
    for check in (
        everybody_is_listed,
        activity_comes_along_and_goes_back,
        last_activity_only_rises,
        shorter_time_begins_anew,
        waiting_begins_no_clock,
    )
} | {f"idle_{name}": _beside(name) for name in BESIDE}
