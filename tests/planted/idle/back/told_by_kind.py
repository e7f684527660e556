"""Bugs about what a return names by its kind, about what an undo gives back, and about mends."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from tests.planted.bug import Bug

_FLIGHTS = "checks.kinds_brought_over"
_VISITS = "checks.kinds_given_back"
_FOLLOWS = "checks.kinds_and_what_follows"
_UNKNOWN = "checks.kinds_nobody_knows"
TOLD_BY_KIND: Final = (
    Bug(
        "a source says in vain what comes back",
        "surfaces/connect/inlets/reading.py",
        'kind=_kind(kind, place) if kind else "purchase")',
        'kind="purchase")',
        "checks.kinds_told_by_a_source",
    ),
    Bug(
        "a file that is brought over says in vain what comes back",
        "surfaces/connect/moving/history.py",
        'of = reading.sale_kind(values) or "purchase"',
        'of = "purchase"',
        _FLIGHTS,
    ),
    Bug(
        "a flight that is brought over is found by its return as if it were a purchase",
        "surfaces/connect/moving/history.py",
        "    return key_of(sale)\n",
        '    return natural_key(sale.source, sale.external_id, "purchase")\n',
        _FLIGHTS,
    ),
    Bug(
        "the return of a flight is booked beside it and not after it",
        "records/imports/staging.py",
        "and s.key = r.sale_key",
        "and s.key = r.sale_key and s.label = 'purchase'",
        _FLIGHTS,
    ),
    Bug(
        "an import that is taken back keeps what its visits used",
        "flows/importing/take_back.py",
        'sorted({"purchase", *shares})',
        '["purchase"]',
        _VISITS,
    ),
    Bug(
        "a preview of a return takes every kind for a purchase",
        "flows/recording/preview_activities.py",
        "sales = await find_sales(tx, still, await known(tx, named))",
        "sales = await find_sales(tx, still, {})",
        _FOLLOWS,
    ),
    Bug(
        "a visit that was taken back keeps its part of a budget",
        "engine/deciding/budgets.py",
        "        if budget.shared:\n            yield counter",
        '        if budget.shared and kind == "purchase":\n            yield counter',
        _FOLLOWS,
    ),
    Bug(
        "a return of a kind that nothing knows waits for ever",
        "flows/recording/decide_one.py",
        "if not batch.changes.history and command.sale.kind not in batch.kinds:",
        "if False:",
        _UNKNOWN,
    ),
    Bug(
        "what only reports count is a slip where its return comes first",
        "records/program/checks/caution/kinds.py",
        "(*AT_TILLS, *BY_THE_HOUSE, *FOR_REPORTS)",
        "(*AT_TILLS, *BY_THE_HOUSE)",
        "checks.kinds_of_reports",
    ),
    Bug(
        "what no game counts links no days of a streak in a replay",
        "engine/replaying/games.py",
        "        if not counts and not self._linked:\n",
        "        if not counts:\n",
        "checks.kinds_that_link",
    ),
    Bug(
        "whoever is due after the end of a replay is not looked at",
        "engine/replaying/fold.py",
        "            if self._games.next_look(member_id) is not None:\n",
        "            if False:\n",
        "checks.kinds_of_ends",
    ),
    Bug(
        "games that give no points keep a program from the kernel",
        "engine/replaying/games.py",
        "return any(one.wallet is not None for one in prizes)",
        "return bool(prizes)",
        "checks.kinds_of_prizes",
    ),
    Bug(
        "whoever did much is looked at after each deed",
        "engine/replaying/games.py",
        "wait = self._later * max(1, member.told // _FEW)",
        "wait = self._later",
        "checks.kinds_of_looks",
    ),
    Bug(
        "how a warning is mended is said in English only",
        "surfaces/in_words/warned.py",
        "if asked in MENDS:",
        "if False:",
        "checks.kinds_of_mends",
    ),
)


def _brought(module: str, source: str, check: str) -> Callable[[Any], None]:
    """Something that is brought over, in a program of its own."""

    def play(shop: Any) -> None:
        from tests.makers import named

        tests = import_module(f"tests.runtime.importing.{module}")
        mark = f"p{os.getpid()}-{os.urandom(3).hex()}"
        folder = Path(tempfile.mkdtemp())
        house = tests.House.open(shop.made, folder, named(getattr(tests, source), mark))
        getattr(tests, check)(house)

    return play


def _told(check: str) -> Callable[[Any], None]:
    """Something of a shop, in a program of its own."""

    def play(shop: Any) -> None:
        def opens(source: str) -> Any:
            shop.begin(source, slug=f"p{os.getpid()}-{os.urandom(3).hex()}")
            return shop

        getattr(import_module("tests.flows.test_returns"), f"test_{check}")(opens)

    return play


def _by_a_source(shop: Any) -> None:
    from tests.planted.leaving.inlets import a_sender

    tests = import_module("tests.surfaces.connect.inlets.test_booking")
    tests.test_what_is_no_purchase_is_taken_back_by_its_kind_in_either_order(a_sender(shop))


def _alone(module: str, name: str) -> Callable[[Any], None]:
    """One without books."""

    def check(_shop: Any) -> None:
        getattr(import_module(f"tests.{module}"), f"test_{name}")()

    return check


BY_KIND: Final = {
    "kinds_told_by_a_source": _by_a_source,
    "kinds_brought_over": _brought("test_import", "FLIGHTS", "flights_come_back"),
    "kinds_given_back": _brought("undoing.test_undo", "SHARED", "visits_give_back"),
    "kinds_and_what_follows": _told("whatever_follows_from_a_visit_follows_when_it_is_taken_back"),
    "kinds_nobody_knows": _told("a_return_of_a_kind_that_no_version_knows_does_not_wait"),
    "kinds_of_reports": _told("what_reports_count_is_taken_back_in_either_order"),
    "kinds_that_link": _alone(
        "engine.replaying.test_playing",
        "a_day_on_which_only_something_else_was_done_links_a_streak_as_in_the_books",
    ),
    "kinds_of_ends": _alone(
        "engine.replaying.test_playing", "what_is_due_after_the_end_is_settled_at_the_end"
    ),
    "kinds_of_prizes": _alone(
        "engine.replaying.test_playing", "games_that_give_no_points_leave_a_program_in_columns"
    ),
    "kinds_of_looks": _alone(
        "engine.replaying.test_playing",
        "whoever_did_much_is_looked_at_less_often_and_ends_the_same",
    ),
    "kinds_of_mends": _alone(
        "surfaces.words.test_warnings", "names_and_numbers_are_put_into_a_mend"
    ),
}
