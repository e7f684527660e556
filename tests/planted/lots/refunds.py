"""Bugs in giving back what a sale was paid with."""

from __future__ import annotations

from tests.planted.bug import Bug

_FILE = "engine/returning/refund.py"
_PAYMENTS = "engine/returning/payments.py"
_LASTING = "engine/returning/lasting.py"
_LIVES_ON = "story paid-with-points-and-lives-on"
_MERGED = "story paid-with-points-and-merged"
_STORY = "story paid-with-points-and-returned"

REFUNDS = (
    Bug(
        "every part gives back all that was spent",
        _PAYMENTS,
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
        "        expire(changes, taker, now)\n",
        "",
        _STORY,
    ),
    Bug(
        "a part puts the reward on the shelf",
        _FILE,
        'if over and spent.redemption.state == "captured":',
        'if spent.redemption.state == "captured":',
        _STORY,
    ),
    Bug(
        "a redemption pays for two sales",
        _PAYMENTS,
        "    if redemption.paid_for is not None:\n",
        "    if False:\n",
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
        "engine/returning/owed.py",
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
    Bug(
        "what came back to the merged stays with them",
        _FILE,
        "        if spent.taker is not None:\n",
        "        if False:\n",
        _MERGED,
    ),
    Bug(
        "nobody pays with what was taken before they were merged",
        "flows/recording/spent.py",
        "stands.get(payer, payer)",
        "payer",
        _MERGED,
    ),
    Bug(
        "the day of the return counts as one that points live on",
        _LASTING,
        "local(version.zone, now).day + days + 1)",
        "local(version.zone, now).day + days)",
        _LIVES_ON,
    ),
    Bug(
        "what else is in the lot lives longer too",
        _LASTING,
        "extend_part(changes, state, lot, points, favour)",
        "extend_part(changes, state, lot, lot.free, favour)",
        _LIVES_ON,
    ),
    Bug(
        "what ends later than it must ends sooner",
        _LASTING,
        "        if until is None or ends >= until:\n",
        "        if until is None:\n",
        _LIVES_ON,
    ),
    Bug(
        "what was paid with points counts although the terms say out",
        "engine/qualify.py",
        'in_points == 0 or definition.points_paid == "in"',
        'definition.points_paid == "in" or True',
        "story paid-with-points-gross-or-net",
    ),
    Bug(
        "what was paid with points does not count although the terms say in",
        "engine/qualify.py",
        'in_points == 0 or definition.points_paid == "in"',
        "in_points == 0",
        "story paid-with-points-gross-or-net",
    ),
)
