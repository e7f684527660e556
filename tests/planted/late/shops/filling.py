"""Bugs of pages of a shop that are booked in the transaction that keeps them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_WORK = "runtime/working/inlets"
_WHOLE = "checks.a_page_is_booked_and_moved_over_or_neither"
FILLING = (
    Bug(
        "a page of which something cannot be booked is passed over",
        f"{_WORK}/catcher.py",
        "            if wish.events:\n",
        "            if not wish.events:\n",
        _WHOLE,
    ),
    Bug(
        "how far a shop is, is said after what it told is booked",
        f"{_WORK}/catcher.py",
        "            return await _moved(tx, one, pages, {kept",
        "        async with self._database.transaction(program_id) as tx:\n"
        "            return await _moved(tx, one, pages, {kept",
        _WHOLE,
    ),
    Bug(
        "a mistake of ours is a line among others",
        f"{_WORK}/catcher.py",
        'log.error("inlets.page_not_booked", **told, exc_info=error)',
        'log.info("inlets.booked_later", **told)',
        _WHOLE,
    ),
    Bug(
        "a database that is gone is taken for what a page tells",
        f"{_WORK}/catcher.py",
        "        elif own(error):",
        "        elif error:",
        _WHOLE,
    ),
    Bug(
        "pages of a shop are booked over what waits",
        f"{_WORK}/catcher.py",
        "            if await waiting_in(tx, one.inlet_id, 1):\n",
        "            if await waiting_in(tx, one.inlet_id, 1) < 0:\n",
        "checks.nothing_is_booked_over_what_waits",
    ),
    Bug(
        "who was forgotten is named by pages that were asked for before",
        f"{_WORK}/catcher.py",
        "return await inlets.forgot_since(tx, one.inlet_id, pages[0].before)",
        "return False and await inlets.forgot_since(tx, one.inlet_id, pages[0].before)",
        "checks.who_was_forgotten_is_named_by_no_page",
    ),
    Bug(
        "who was forgotten long before holds up every page",
        "records/inlets/read.py",
        "and arrival_id <> all($5::uuid[]) limit 1",
        "and ($5::uuid[] is null or true) limit 1",
        "checks.who_was_forgotten_before_holds_up_no_page",
    ),
    Bug(
        "what comes in by a paused source is booked at once",
        f"{_WORK}/booker.py",
        'open_ = all(one.state != "paused" for id_',
        "open_ = all(one.state for id_",
        "checks.what_was_overtaken_is_left",
    ),
    Bug(
        "one paused source holds up all others",
        f"{_WORK}/booker.py",
        "in taken.inlets.items() if id_ in came_by)",
        "in taken.inlets.items() if id_)",
        "checks.what_was_overtaken_is_left",
    ),
    Bug(
        "an order is booked as it stood before, at once",
        f"{_WORK}/booker.py",
        "    if one.arrival_id not in taken.overtaken:\n        return told\n",
        "    if one.arrival_id:\n        return told\n",
        "checks.what_was_overtaken_is_left",
    ),
    Bug(
        "what a hand read by the mapping before is booked",
        f"{_WORK}/catcher.py",
        "return (order.inlet, order.place, order.is_asked) == (inlet, place, is_asked)",
        "return (order.place, order.is_asked) == (place, is_asked)",
        "checks.a_mapping_that_changed_counts",
    ),
    Bug(
        "a hand that fell is started again for the next page",
        "runtime/importing/paging.py",
        "                self._rests_until = time.monotonic() + REST_S\n",
        "",
        "checks.a_hand_that_fell_rests",
    ),
    Bug(
        "a shop waits for the page of another one",
        "runtime/importing/paging.py",
        "        if self._going:\n            return None\n",
        "",
        "checks.a_page_waits_for_nobody",
    ),
    Bug(
        "what a hand says is taken for as long as it likes",
        "runtime/importing/crew.py",
        "if longest is not None and length > longest:",
        "if longest is not None and length < 0:",
        "checks.a_hand_that_says_too_much_falls",
    ),
    Bug(
        "a shop that reads no goods is read without its discounts",
        "surfaces/connect/woocommerce/orders.py",
        "return any(name in mapping for name in _OF_GOODS)",
        "return any(name in mapping for name in _OF_GOODS[:2])",
        "checks.goods_are_read_where_a_mapping_names_them",
    ),
)


def a_page_is_booked_and_moved_over_or_neither(shop: Shop) -> None:
    import pytest
    from tests.planted.late.shops.traps import _woo
    from tests.surfaces.connect.woocommerce import test_catching_up as catching

    for way in ("a mistake", "cut before"):
        with pytest.MonkeyPatch.context() as patch:
            catching.test_a_page_is_booked_and_moved_over_or_neither(_woo(shop), patch, way)


def nothing_is_booked_over_what_waits(shop: Shop) -> None:
    from tests.planted.late.shops.traps import _woo
    from tests.surfaces.connect.woocommerce import test_catching_up as catching

    catching.test_nothing_is_booked_over_what_waits(_woo(shop))


def who_was_forgotten_is_named_by_no_page(shop: Shop) -> None:
    from tests.planted.late.shops.shopify import _hook
    from tests.surfaces.connect.shopify import test_people as people

    with _hook(shop) as hook:
        people.test_who_was_forgotten_since_pages_were_asked_for_is_named_by_none_of_them(hook)


def who_was_forgotten_before_holds_up_no_page(shop: Shop) -> None:
    import pytest
    from tests.planted.late.shops.shopify import _hook
    from tests.surfaces.connect.shopify import test_people as people

    with _hook(shop) as hook, pytest.MonkeyPatch.context() as patch:
        people.test_who_was_forgotten_long_before_holds_up_no_page(hook, patch)


def what_was_overtaken_is_left(shop: Shop) -> None:
    from tests.planted.late.shops.traps import _woo
    from tests.surfaces.connect.woocommerce import test_catching_up as catching

    catching.test_what_waits_or_was_overtaken_meanwhile_is_not_booked_at_once(_woo(shop))


def a_mapping_that_changed_counts(shop: Shop) -> None:
    import pytest
    from tests.planted.late.shops.traps import _woo
    from tests.surfaces.connect.woocommerce import test_read_apart as apart

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(apart.catcher, "WORTH_A_HAND", 0)
        apart.mapping_changed_meanwhile(_woo(shop), apart.count_used(patch))


def a_hand_that_fell_rests(shop: Shop) -> None:
    from tests.surfaces.connect.woocommerce import test_hand as paging

    paging.test_a_hand_that_is_killed_leaves_the_page_to_who_asked_and_rests()


def a_page_waits_for_nobody(shop: Shop) -> None:
    from tests.surfaces.connect.woocommerce import test_hand as paging

    paging.test_while_a_page_is_read_another_waits_for_nobody()


def a_hand_that_says_too_much_falls(shop: Shop) -> None:
    import pytest
    from tests.surfaces.connect.woocommerce import test_hand as paging

    with pytest.MonkeyPatch.context() as patch:
        what = "line.sendall(b'\\xff' * 100)"
        paging.test_a_hand_that_says_rubbish_leaves_the_page_to_who_asked(
            patch, what, "something else"
        )


def goods_are_read_where_a_mapping_names_them(shop: Shop) -> None:
    from tests.surfaces.connect.woocommerce import test_read_apart as apart

    apart.test_of_goods_so_much_is_read_as_a_mapping_names()


FILLING_MET: dict[str, Callable[[Shop], None]] = {
    one.__name__: one
    for one in (
        a_page_is_booked_and_moved_over_or_neither,
        nothing_is_booked_over_what_waits,
        who_was_forgotten_is_named_by_no_page,
        who_was_forgotten_before_holds_up_no_page,
        what_was_overtaken_is_left,
        a_mapping_that_changed_counts,
        a_page_waits_for_nobody,
        a_hand_that_fell_rests,
        a_hand_that_says_too_much_falls,
        goods_are_read_where_a_mapping_names_them,
    )
}
