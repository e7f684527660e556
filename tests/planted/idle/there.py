"""Bugs about by when a reward can be had, and about what a demo leaves lying."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from tests.planted.bug import Bug

_SHOW = "flows/show_standing.py"
_LEFT = "runtime/working/errands/leftovers.py"
THERE = (
    Bug(
        "what lapses before is counted into what will be there",
        _SHOW,
        "if name in had and came and ends > at:",
        "if name in had and came:",
        "checks.there_what_lapses_before_is_not_counted",
    ),
    Bug(
        "each batch on its way is looked at alone",
        _SHOW,
        "lot.activates_at <= at",
        "lot.activates_at == at",
        "checks.there_two_batches_together_are_enough_and_each_reward_has_its_day",
    ),
    Bug(
        "the card does not say by when",
        "surfaces/card/showing/shelf.py",
        "    if there_at is not None:\n",
        "    if False:\n",
        "checks.there_two_batches_together_are_enough_and_each_reward_has_its_day",
    ),
    Bug(
        "a refused redemption says no day",
        "surfaces/api/front/by_when.py",
        "        if at is None:\n",
        "        if True:\n",
        "checks.there_a_refused_redemption_says_the_day_that_the_card_says",
    ),
    Bug(
        "a refused redemption looks only at the wallet that lacks first",
        _SHOW,
        "    if wanted is not None:\n",
        "    if False:\n        assert wanted is not None\n",
        "checks.there_a_price_in_two_wallets_is_there_when_both_are",
    ),
    Bug(
        "files of a demo that started for real stay",
        _LEFT,
        "if int(one.name) not in there]",
        "if False]",
        "checks.there_files_and_sign_ins_of_a_demo_go_when_it_started_and_not_before",
    ),
    Bug(
        "files of every program go",
        _LEFT,
        "if int(one.name) not in there]",
        "if True]",
        "checks.there_of_a_real_shop_nothing_goes",
    ),
    Bug(
        "how to sign in to a demo goes while it is one",
        _LEFT,
        "over = bool(there) and not any(there.values())",
        "over = bool(there)",
        "checks.there_files_and_sign_ins_of_a_demo_go_when_it_started_and_not_before",
    ),
)
_LEFTOVERS: Final = {bug.check.removeprefix("checks.there_") for bug in THERE if bug.file == _LEFT}


def _check(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from tests.makers import NOON
        from tests.surfaces.counter import Counter

        from regulars.records.program.templates import load_template

        own = f"there-{os.getpid()}"
        if name in _LEFTOVERS:
            shop.begin(load_template("coffee-shop"), slug=own)
            module = import_module("tests.runtime.supervising.test_leftovers")
            with TemporaryDirectory() as home:
                getattr(module, f"test_{name}")(shop, Path(home))
            return
        module = import_module("tests.surfaces.card.test_by_when")
        shop.begin(module.LATER.replace("{name}", own), slug=own)
        shop.now = NOON
        getattr(module, f"test_{name}")(Counter(shop))

    return check


_NAMES = {bug.check.removeprefix("checks.there_") for bug in THERE}
ALONE: Final = {f"there_{name}": _check(name) for name in _NAMES}
