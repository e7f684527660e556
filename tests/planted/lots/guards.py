"""Bugs at the doors of screens; and the tests of each as the checks that notice them."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

from tests.planted.bug import Bug

_PROXIES = "surfaces/api/front/proxies.py"

GUARDS = (
    Bug(
        "a stranger says from where they come",
        _PROXIES,
        "        if not self._proxies.believe(near):\n",
        "        if not near:\n",
        "checks.guard_proxies_nobody_says_for_themselves_from_where_they_come",
    ),
    Bug(
        "what a browser wrote before the proxy is believed",
        _PROXIES,
        "    for address in reversed(said):\n",
        "    for address in said:\n",
        "checks.guard_proxies_nobody_says_for_themselves_from_where_they_come",
    ),
)
_FILES: Final = {"proxies": "tests.surfaces.guards.test_proxies"}


def _check(name: str) -> Callable[[Any], None]:
    kind, _, rest = name.partition("_")

    def check(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        getattr(import_module(_FILES[kind]), f"test_{rest}")()

    return check


_NAMES = {bug.check.removeprefix("checks.guard_") for bug in GUARDS}
ALONE: Final = {f"guard_{name}": _check(name) for name in _NAMES}
