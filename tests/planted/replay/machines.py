"""Bugs by which a replay in parts would say something else than one of all of it."""

from __future__ import annotations

from typing import Any, Final

from tests.planted.bug import Bug

_PARTING = "engine/replaying/parting.py"
MACHINES = (
    Bug(
        "who is tied is decided apart",
        _PARTING,
        "        yield row.other_id\n",
        "        pass\n",
        "checks.parts_tied",
    ),
    Bug(
        "the parts are put together in any order",
        _PARTING,
        'sorted(_all(parts, "came"), key=lambda each: each[0])',
        '_all(parts, "came")',
        "checks.parts_in_order",
    ),
    Bug(
        "a store counts what one part sold",
        _PARTING,
        "store.activities += bought.activities",
        "store.activities = bought.activities",
        "checks.parts_add_up",
    ),
    Bug(
        "a budget of everybody is spent by each part",
        _PARTING,
        "if budgets or any(",
        "if any(",
        "checks.parts_of_a_budget",
    ),
)


def _tests() -> Any:
    # Imported late, so that it meets the source with the bug in it.
    from tests.runtime.checking import test_parting as tests

    return tests


def parts_tied(shop: Any) -> None:
    _tests().test_everybody_is_in_one_part_and_none_is_much_longer()


def parts_in_order(shop: Any) -> None:
    _tests().test_parts_put_together_are_the_whole_in_its_order()


def parts_add_up(shop: Any) -> None:
    _tests().test_parts_put_together_are_the_whole_in_its_order()


def parts_of_a_budget(shop: Any) -> None:
    _tests().test_a_budget_of_everybody_is_not_parted()


PARTING: Final = {
    check.__name__: check for check in (parts_tied, parts_in_order, parts_add_up, parts_of_a_budget)
}
