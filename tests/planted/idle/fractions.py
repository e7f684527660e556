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
         "mended + await _mend_remainders(connection, remainders))", "mended)"),
    _bug("fractions of everybody are mended by those of some", "runtime/checking/remainders.py",
         "     where a.program_id = $1 and a.member_id = any($2::uuid[])\n",
         "     where a.program_id = $1 and a.member_id = ($2::uuid[])[1]\n"),
    _bug("whose fractions lie together is mended by half of them", "runtime/checking/remainders.py",
         "where program_id = $1 and into_id = any($2::uuid[])",
         "where program_id = $1 and into_id = any($2::uuid[]) and false"),
    _bug("what nobody says any more of who was erased is worked out",
         "runtime/checking/remainders.py",
         "from erasure where program_id = $1 and", "from erasure where program_id = $1 and false and"),
    _bug("fractions from before a move are not counted", "runtime/checking/remainders.py",
         "should = due.get(key, 0) + before", "should = due.get(key, 0)"),
)  # fmt: skip
