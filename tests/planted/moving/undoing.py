"""Bugs in taking an import back, all to be noticed by one check (taking_back.py)."""

from __future__ import annotations

from typing import Final

from tests.planted.bug import Bug

_FLOW: Final = "flows/importing/take_back.py"
_CHECK: Final = "checks.takes_an_import_back"
UNDOING: Final = (
    Bug(
        "who spent what an import brought loses everything",
        _FLOW,
        "reason=one.reason or refused",
        "reason=refused",
        _CHECK,
    ),
    Bug(
        "points stay with a member who is taken back",
        "engine/moving/take_back.py",
        "        if not left:\n",
        "        if left:\n",
        _CHECK,
    ),
    Bug(
        "what a member had before the import goes with it",
        _FLOW,
        "if own or lot.entry_id in opened",
        "if True",
        _CHECK,
    ),
    Bug(
        "an opening that is taken back is not named",
        "engine/moving/take_back.py",
        "lot.entry_id if exact else None",
        "None",
        _CHECK,
    ),
    Bug(
        "a member who is taken back is still found",
        _FLOW,
        "fresh = dict(zip(goes.made, numbers, strict=True))",
        "fresh = {}",
        _CHECK,
    ),
    Bug(
        "receipts of what was taken back stay taken",
        "records/imports/undoing/write.py",
        "    await tx.fetch(_COME_AGAIN, import_id)\n",
        "",
        _CHECK,
    ),
    Bug(
        "purchases of an import that is taken back still count",
        "runtime/importing/undoing.py",
        "    if goes.made:\n",
        "    if False:\n",
        _CHECK,
    ),
    Bug(
        "nobody knows whom an import made",
        "flows/importing/bring_members.py",
        "history.import_id, desk.made)",
        "history.import_id, desk.made[:0])",
        _CHECK,
    ),
)
