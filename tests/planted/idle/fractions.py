"""Bugs where fractions that rounding keeps are had again; the check is in `remainders.py`."""

from __future__ import annotations

from tests.planted.bug import Bug

_LEFT = "engine/returning/remaining.py"


def _bug(name: str, file: str, healthy: str, broken: str) -> Bug:
    return Bug(name, file, healthy, broken, "checks.remainders_are_had_again")


REMAINDERS_BUGS = (
    _bug("a remainder that is worked out again forgets what came back", _LEFT,
         "stands = steps.stands.get(wallet.id)", "stands = None"),
    _bug("points out of a remainder are worked out as somebody's", _LEFT,
         " + steps.carried.get(wallet.id, 0)", ""),
    _bug("what a budget cut anew is said to be wrong", _LEFT,
         "(steps.rated or (steps.times and place in budgeted))", "steps.rated"),
    _bug("of a deed any decision counts as its last", "runtime/checking/remainders.py",
         "_so_far(before) <= _so_far(steps)", "_so_far(before) >= _so_far(steps)"),
    _bug("fractions that are wrong are shown and not mended", "runtime/checking/rebuild.py",
         "    if any(one.cache == REMAINDERS for one in found):\n", "    if False:\n"),
)  # fmt: skip
