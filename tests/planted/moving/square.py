"""Bugs about the Square API; and the tests of each as the checks that notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final

from tests.planted.bug import Bug

_OPERATIONS = "surfaces/connect/square/operations"
_TELLING = "surfaces/connect/square/telling"
_BILLS = "flows/tills/bills/keep_bills.py"
_PROMOTIONS = "flows/terms/promised/keep_promotions.py"
_HANDED = "checks.square_paying_an_order_hands_its_reward_over_once"
_EARNED = "checks.square_an_order_earns_once_and_only_when_it_is_paid"
_KEYS = "checks.square_the_same_key_is_answered_alike_and_another_body_under_it_refused"
_SCOPES = "checks.square_each_operation_opens_to_its_scopes_and_to_no_other"
_SUM = "checks.square_the_sum_of_all_events_is_the_balance"
_LAST = "checks.square_promotions_multiply_or_add_and_the_last_one_made_gives"
_BASE = "checks.square_a_purchase_without_base_points_earns_none_by_a_promotion"
_NOWHERE = "checks.square_a_place_that_is_none_books_nothing"
_PAGES = "checks.square_pages_end_without_a_cursor"
SQUARE = (
    Bug(
        "an order is paid twice",
        _BILLS,
        'if bill.state == "paid":',
        "if False:",
        _HANDED,
    ),
    Bug(
        "an order is paid and its reward stays where it was",
        _BILLS,
        "    if not command.complete or command.bill_id is None:\n        return\n    for",
        "    if command.complete or command.bill_id is None:\n        return\n    for",
        _HANDED,
    ),
    Bug(
        "an order is paid with another sum than it comes to",
        _BILLS,
        "if paid != due:",
        "if paid < due:",
        _HANDED,
    ),
    Bug(
        "a reward that was deleted still takes something off",
        "engine/rewarding/counter/pricing.py",
        'redemption.state in ("captured", "returned")',
        'redemption.state != "held"',
        _HANDED,
    ),
    Bug(
        "an order earns again under another key",
        f"{_OPERATIONS}/purchases.py",
        "if bill in before and own not in before:",
        "if False:",
        _EARNED,
    ),
    Bug(
        "an order earns before it is paid",
        f"{_OPERATIONS}/purchases.py",
        'if priced.bill.state != "paid":',
        "if False:",
        _EARNED,
    ),
    Bug(
        "a key holds for every account",
        "surfaces/connect/square/desk.py",
        " {of} {key}",
        " {key}",
        _KEYS,
    ),
    Bug(
        "a key holds for every operation",
        "surfaces/connect/square/desk.py",
        "{operation.name} ",
        "",
        _KEYS,
    ),
    Bug(
        "a key holds for every token",
        "records/once/types.py",
        'digest("key", principal, operation, key)',
        'digest("key", operation, key)',
        _KEYS,
    ),
    Bug(
        "a token that reads takes points",
        f"{_OPERATIONS}/points.py",
        "WRITES = (Scope.SQUARE_WRITE,)",
        "WRITES = (Scope.SQUARE_WRITE, Scope.SQUARE_READ)",
        _SCOPES,
    ),
    Bug(
        "a token that writes makes promotions",
        f"{_OPERATIONS}/promotions.py",
        "PROMOTES = (Scope.SQUARE_PROMOTE,)",
        "PROMOTES = (Scope.SQUARE_PROMOTE, Scope.SQUARE_WRITE)",
        _SCOPES,
    ),
    Bug(
        "the program answers to the name of another",
        "surfaces/connect/square/view.py",
        "if not seen.is_meant(program_id):",
        "if False:",
        "checks.square_an_id_of_another_program_is_nothing",
    ),
    Bug(
        "an event tells points that a promotion tells too",
        f"{_TELLING}/told.py",
        "move.delta - more[1])",
        "move.delta)",
        _LAST,
    ),
    Bug(
        "events leave out what a deleted reward gave back",
        "insight/connected/events.py",
        "where (b.delta <> 0 or e.kind = 'capture')",
        "where (b.delta <> 0 and e.kind <> 'void' or e.kind = 'capture')",
        _SUM,
    ),
    Bug(
        "a reward that is deleted keeps its points",
        f"{_OPERATIONS}/rewards.py",
        'Settle(found.redemption_id, "voided"',
        'Settle(found.redemption_id, "captured"',
        _SUM,
    ),
    Bug(
        "a reward is redeemed twice",
        "flows/tills/hand_over.py",
        "store=store, first=True)",
        "store=store)",
        "checks.square_a_reward_is_redeemed_once_and_never_after_it_was_deleted",
    ),
    Bug(
        "the promotion made first gives",
        _PROMOTIONS,
        "priority = max(mine, default=0) + 1",
        "priority = 100 - max(mine, default=0)",
        _LAST,
    ),
    Bug(
        "a promotion that is over goes on",
        _PROMOTIONS,
        "source = _without(latest.source, {promotion_id})",
        "source = latest.source",
        _LAST,
    ),
    Bug(
        "a promotion adds to a purchase that earns nothing",
        f"{_OPERATIONS}/promotions.py",
        'rule["needs_base"] = True',
        'rule["needs_base"] = False',
        _BASE,
    ),
    Bug(
        "an order earns by a promotion alone",
        f"{_OPERATIONS}/purchases.py",
        "if not points:  # a promotion alone gives nothing",
        "if False:",
        _BASE,
    ),
    Bug(
        "the last page says that more follows",
        f"{_TELLING}/paging.py",
        "len(rows) > limit",
        "len(rows) >= limit",
        _PAGES,
    ),
    Bug(
        "the last page of events says that more follow",
        f"{_OPERATIONS}/events.py",
        "if found.goes_on is None:\n            return False",
        "if found.goes_on is None:\n            return True",
        _PAGES,
    ),
    Bug(
        "points that a till told are answered as a correction by hand",
        f"{_TELLING}/told.py",
        "issued=said.earned,",
        "issued=False,",
        "checks.square_points_that_a_till_told_are_answered_as_they_are_found",
    ),
    Bug(
        "a till takes points of who was erased",
        "flows/adjust_balances.py",
        "(living or item.command.units > 0)",
        "item.command.units > 0",
        "checks.square_who_was_erased_is_no_account_to_correct",
    ),
    Bug(
        "points are told from where there is no store",
        "flows/tills/tell_points.py",
        "return no_store() if store is None else",
        "return one.points if store is None else",
        _NOWHERE,
    ),
    Bug(
        "a reward is handed over where there is no store",
        "flows/tills/hand_over.py",
        "        return no_store()\n",
        "        store = None\n",
        _NOWHERE,
    ),
)


def _run(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from tests.surfaces.connect.square import test_bills, test_rules
        from tests.surfaces.connect.square.around import test_told
        from tests.surfaces.connect.square.till import SPEND, Till
        from tests.surfaces.counter import Counter

        shop.begin(SPEND, slug=f"square-{os.getpid()}")
        counter = Counter(shop)
        places = (test_rules, test_bills, test_told)
        (found,) = (vars(one)[test] for one in places if (test := f"test_{name}") in vars(one))
        found(Till(counter))
        shop.run(counter.client.aclose())

    return check


_NAMES = {bug.check.removeprefix("checks.square_") for bug in SQUARE}
ALONE: Final = {f"square_{name}": _run(name) for name in _NAMES}
