"""Bugs of pages of a shop that are booked in the transaction that keeps them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_WORK = "runtime/working/inlets"
FILLING = (
    Bug(
        "a page of which something cannot be booked is passed over",
        f"{_WORK}/catcher.py",
        "            if wish.events:\n",
        "            if not wish.events:\n",
        "checks.what_one_lane_booked_is_there_once",
    ),
    Bug(
        "whatever one lane could not book, the shop is further",
        f"{_WORK}/catcher.py",
        "            if failure is not None:\n",
        "            if failure is None and failure:\n",
        "checks.what_one_lane_booked_is_there_once",
    ),
    Bug(
        "what comes in by a paused source is booked at once",
        f"{_WORK}/booker.py",
        'open_ = all(one.state != "paused" for one in taken.inlets.values())',
        "open_ = all(one.state for one in taken.inlets.values())",
        "checks.what_was_overtaken_is_left",
    ),
    Bug(
        "an order is booked as it stood before, at once",
        f"{_WORK}/booker.py",
        "    if one.arrival_id not in taken.overtaken:\n        return told\n",
        "    if one.arrival_id:\n        return told\n",
        "checks.what_was_overtaken_is_left",
    ),
)


def what_one_lane_booked_is_there_once(shop: Shop) -> None:
    import pytest
    from tests.planted.late.shops.traps import _woo
    from tests.surfaces.connect.woocommerce import test_catching_up as catching

    with pytest.MonkeyPatch.context() as patch:
        catching.test_what_one_lane_booked_is_not_booked_again(_woo(shop), patch, "in a lane")


def what_was_overtaken_is_left(shop: Shop) -> None:
    from tests.planted.late.shops.traps import _woo
    from tests.surfaces.connect.woocommerce import test_catching_up as catching

    catching.test_what_waits_or_was_overtaken_meanwhile_is_not_booked_at_once(_woo(shop))


FILLING_MET: dict[str, Callable[[Shop], None]] = {
    one.__name__: one for one in (what_one_lane_booked_is_there_once, what_was_overtaken_is_left)
}
