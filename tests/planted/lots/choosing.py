"""Bugs in rewards that depend on the basket, on a choice or on the balance alone."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final

from tests.planted.bug import Bug

_FREEING = "engine/rewarding/freeing.py"
_PAYMENTS = "engine/returning/payments.py"
_FREE = "story which-coffee-is-free"
CHOOSING = (
    Bug(
        "the dearest is free for the cheapest",
        _FREEING,
        'reverse=gives.which == "dearest"',
        'reverse=gives.which != "dearest"',
        _FREE,
    ),
    Bug(
        "the cheapest line is free, not the cheapest piece",
        _FREEING,
        "return Fraction(self.net, self.line.quantity)",
        "return Fraction(self.net)",
        _FREE,
    ),
    Bug(
        "a piece dearer than allowed is free",
        _FREEING,
        "(most is None or fit.each <= most)",
        "True",
        _FREE,
    ),
    Bug(
        "any piece may be named",
        _FREEING,
        "    if any(fit is None or",
        "    if any(fit is not None and",
        _FREE,
    ),
    Bug(
        "what is free earns a stamp",
        "engine/compiling/emit_facts.py",
        'return self._sum(which, "quantity - free", "0")',
        'return self._sum(which, "quantity", "0")',
        _FREE,
    ),
    Bug(
        "other pieces are free in the sale",
        _PAYMENTS,
        "    if told != promised:\n",
        "    if False:\n",
        _FREE,
    ),
    Bug(
        "what is free is paid all the same",
        _PAYMENTS,
        "    if value < worth:\n",
        "    if False:\n",
        _FREE,
    ),
    Bug(
        "the free piece comes back first",
        _PAYMENTS,
        "line.free - min(line.free, line.quantity - back)",
        "min(line.free, back)",
        _FREE,
    ),
    Bug(
        "the stamp of a paid piece stays when it comes back",
        "engine/qualify.py",
        "free=min(line.free, left)",
        "free=0",
        _FREE,
    ),
)


def _test(module: str, source: str, name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from importlib import import_module

        tests = import_module(f"tests.flows.points.test_{module}")
        shop.begin(getattr(tests, source), slug=f"{module}-{os.getpid()}".replace("_", "-"))
        getattr(tests, f"test_{name}")(shop)

    return check


_WHERE: Final[dict[str, tuple[str, str]]] = {}
"""Per first word of a check: the file of tests, and the program in it."""

ALONE: Final = {
    name: _test(*_WHERE[name.partition("_")[0]], name.partition("_")[2])
    for name in (bug.check.removeprefix("checks.") for bug in CHOOSING)
    if name.partition("_")[0] in _WHERE
}
