"""Bugs about how a shop opens; and the tests of each as the checks that notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

from tests.planted.bug import Bug

_REAL = "flows/terms/start_for_real.py"
OPENING = (
    Bug(
        "a real shop is wiped as if it were a demo",
        _REAL,
        "if not await read.is_made_up(tx) or not versions:",
        "if not versions:",
        "checks.opening_a_real_shop_is_never_wiped",
    ),
    Bug(
        "a demo is wiped by whoever presses the button, whatever they typed",
        _REAL,
        'if " ".join(wish.typed.split()).casefold() != " ".join(now.name.split()).casefold():',
        "if not wish.typed:",
        "checks.opening_the_shop_is_named_and_an_owner_stays",
    ),
    Bug(
        "a shop starts without an owner",
        _REAL,
        "if not owners & set(wish.stay) or not set(wish.stay) <= set(found):",
        "if not set(wish.stay) <= set(found):",
        "checks.opening_the_shop_is_named_and_an_owner_stays",
    ),
    Bug(
        "the demo's owner goes on with a password that others know",
        _REAL,
        "if wish.by.staff_id is not None and not wish.kept:",
        "if False:",
        "checks.opening_nobody_goes_on_with_the_password_of_the_demo",
    ),
    Bug(
        "whoever stays comes in with the demo's password",
        _REAL,
        "await tx.write([*shelve(tx, stock), *invite_anew(tx, wish.stay)])",
        "await tx.write(shelve(tx, stock))",
        "checks.opening_a_demo_starts_for_real_without_its_people_and_with_its_program",
    ),
    Bug(
        "who joined since the demo was made goes without a word",
        _REAL,
        "if since and wish.since != since:",
        "if False:",
        "checks.opening_who_joined_since_the_demo_was_made_goes_only_when_their_number_was_typed",
    ),
    Bug(
        "what was hidden in the file of a logo is kept",
        "surfaces/ui/pictures.py",
        "    return _png(fresh)\n",
        "    return upload\n",
        "checks.opening_only_pixels_of_a_logo_are_kept",
    ),
    Bug(
        "any link sets up an empty house",
        "surfaces/console/begin/link.py",
        "return same(word, _word(keyed))",
        "return bool(word)",
        "checks.opening_nobody_comes_in_by_another_link",
    ),
)
_FILES: Final = {
    "only_pixels_of_a_logo_are_kept": "tests.surfaces.console.test_looks",
    "nobody_comes_in_by_another_link": "tests.surfaces.console.test_looks",
}


def _check(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from regulars.records.program.templates import load_template

        told = _FILES.get(name)
        if told is not None:
            getattr(import_module(told), f"test_{name}")()
            return
        shop.begin(load_template("coffee-shop"), slug=f"opening-{os.getpid()}")
        getattr(import_module("tests.flows.terms.test_opening"), f"test_{name}")(shop)

    return check


_NAMES = {bug.check.removeprefix("checks.opening_") for bug in OPENING}
ALONE: Final = {f"opening_{name}": _check(name) for name in _NAMES}
