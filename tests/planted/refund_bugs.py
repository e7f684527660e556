"""Bugs in giving back what a sale was paid with."""

from __future__ import annotations

from tests.planted.bug import Bug

_FILE = "engine/deciding/refund.py"
_STORY = "story paid-with-points-and-returned"

REFUNDS = (
    Bug(
        "every part gives back all that was spent",
        _FILE,
        "    return points * came // total if total else 0\n",
        "    return points\n",
        _STORY,
    ),
    Bug(
        "the lot that ends first comes back first",
        _FILE,
        "for lot_id in spent.taken)[::-1]",
        "for lot_id in spent.taken)",
        _STORY,
    ),
    Bug(
        "what has ended comes back to be spent",
        _FILE,
        "        expire(changes, state, now)\n",
        "",
        _STORY,
    ),
    Bug(
        "a part puts the reward on the shelf",
        _FILE,
        'if back.whole and spent.redemption.state == "captured":',
        'if spent.redemption.state == "captured":',
        _STORY,
    ),
    Bug(
        "a redemption pays for two sales",
        _FILE,
        "        if redemption.paid_for is not None:\n",
        "        if False:\n",
        _STORY,
    ),
    Bug(
        "what came back before comes back again",
        "records/ledger/read.py",
        "                    and r.reverses = c.capture_id), 0)::bigint as back",
        "                    and r.reverses = m.lot_id), 0)::bigint as back",
        _STORY,
    ),
    Bug(
        "what came back pays no debt",
        _FILE,
        "        owed = min(balance.debt, sum(lot.free for lot in own))\n",
        "        owed = 0\n",
        "story paid-with-points-and-owed",
    ),
    Bug(
        "points are taken back before they are given back",
        "engine/deciding/reverse.py",
        "        free = again.get(code, 0)\n",
        "        free = 0\n",
        "story paid-with-points-and-refused",
    ),
)
