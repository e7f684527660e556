"""Bugs in replaying: the fold, the given facts, and how a history is read out of the books."""

from __future__ import annotations

from tests.planted.bug import Bug

_CHECK = "checks.replays_to_the_books"
_MOVED = "checks.replays_moved_points"
_PAID = "checks.replays_what_paid"
_READ = 'joinpath(f"{name}.sql").read_text("utf-8")'
_LASTS = "checks.replays_what_lasts"
_DRAFT = "checks.replays_by_the_drafts_own_word"
REPLAY = (
    Bug(
        "a replay ends with the last row",
        "engine/replaying/fold.py",
        "            self.night(member_id, until)\n",
        "            self.night(member_id, self._told.get(member_id, until))\n",
        _CHECK,
    ),
    Bug(
        "a replay takes what was given and gives what was taken",
        "insight/replay/own.py",
        'units=int(row["units"])',
        'units=abs(int(row["units"]))',
        _CHECK,
    ),
    Bug(
        "a replay forgets what came back of a sale before",
        "engine/replaying/fold.py",
        "        self._sales[activity.activity_id] = sale",
        "        self._sales.setdefault(activity.member_id, sale)",
        _CHECK,
    ),
    Bug(
        "a replay takes what was reserved and given back",
        "engine/replaying/given.py",
        "    left, held = fact.units, 0\n",
        "    left, held = sum(part for _, part in pinned.lots), 0\n",
        _CHECK,
    ),
    Bug(
        "a replay lets reserved points lapse",
        "engine/replaying/given.py",
        "            lot.pinned += part\n",
        "            lot.pinned += 0\n",
        _CHECK,
    ),
    Bug(
        "a replay corrects upwards only",
        "engine/replaying/given.py",
        "    units = max(fact.units, -balance.available)\n",
        "    units = max(fact.units, 0)\n",
        _CHECK,
    ),
    Bug(
        "a replay puts a return that waited before its sale",
        "insight/replay/own.py",
        "max(id_, activity.sale_id.bytes) if activity.sale_id else id_",
        "id_",
        _CHECK,
    ),
    Bug(
        "a replay hears a refusal as a confirmation",
        "engine/replaying/given.py",
        '"confirmed" if fact.what == "confirm" else "cancelled"',
        '"confirmed"',
        _CHECK,
    ),
    Bug(
        "a replay hands points on twice",
        "engine/replaying/between.py",
        "    units = min(fact.units, giver.balance(scene.code).available)\n",
        "    units = min(2 * fact.units, giver.balance(scene.code).available)\n",
        _MOVED,
    ),
    Bug(
        "a replay never parts who was merged",
        "engine/replaying/between.py",
        "    if fact.cause_id not in unions:\n",
        "    if gone.member_id not in unions:\n",
        _MOVED,
    ),
    Bug(
        "a replay lets other points live longer",
        "engine/replaying/favours.py",
        "        if lot.cause_id == fact.cause_id and",
        "        if lot.cause_id != fact.cause_id and",
        _MOVED,
    ),
    Bug(
        "a replay gives nothing back that lapsed",
        "engine/replaying/favours.py",
        "    if units <= 0:\n",
        "    if units <= 1000:\n",
        _MOVED,
    ),
    Bug(
        "a replay forgets which notices were shown",
        "engine/replaying/favours.py",
        "            state.notices[lot.lot_id] = fact.now\n",
        "            state.notices[lot.lot_id] = None\n",
        _MOVED,
    ),
    Bug(
        "a replay never forgives what is owed for long",
        "engine/replaying/nights.py",
        "        if since is not None and is_due(",
        "        if since is None and is_due(",
        _MOVED,
    ),
    Bug(
        "a replay keeps what a sale was paid with when it comes back",
        "engine/replaying/fold.py",
        "        sale.spent = paid.of_sale(",
        "        paid.of_sale(",
        _PAID,
    ),
    Bug(
        "a replay gives back what somebody paid who was merged since as their own",
        "engine/replaying/paid.py",
        "    if by != state.member_id:\n",
        "    if by == state.member_id and by in stands:\n",
        _PAID,
    ),
    Bug(
        "a replay never decides again what came before something late",
        "engine/replaying/fold.py",
        "Story({}, {}, []) if self._told_in_order else None",
        "None",
        _PAID,
    ),
    Bug(
        "a replay takes a return from who was merged, not from whom they became",
        "engine/replaying/fold.py",
        '        if one.what in ("return", "refund"):\n            whose',
        '        if one.what == "":\n            whose',
        _PAID,
    ),
    Bug(
        "a draft keeps the courtesies that the old terms gave at a merge",
        "insight/replay/own.py",
        _READ,
        _READ + """.replace("'came over with a merge'", "''")""",
        _DRAFT,
    ),
    Bug(
        "a draft keeps the courtesies of a merge of whom nobody knows any more",
        "insight/replay/own.py",
        _READ,
        _READ + """.replace(", 'erased'", "")""",
        _DRAFT,
    ),
    Bug(
        "a replay takes a debt that came over for points",
        "engine/replaying/given.py",
        "    if fact.units > 0:\n        open_lot",
        "    if fact.units:\n        open_lot",
        _LASTS,
    ),
    Bug(
        "a replay begins the time of a debt anew that came over",
        "engine/replaying/given.py",
        "    nights.owed_before(debts, state, scene.code, fact.at)\n",
        "    nights.owed_before(debts, state, scene.code, fact.now)\n",
        _LASTS,
    ),
    Bug(
        "a replay gives again what was used before",
        "engine/replaying/fold.py",
        "            state.counters[key] = state.counters.get(key, 0) + one.units\n",
        "",
        _LASTS,
    ),
    Bug(
        "a replay draws again on what was used of budgets before",
        "engine/replaying/fold.py",
        "            self.budgets[code, one.period] += one.units\n",
        "            self.budgets[code, one.period] += 0\n",
        _LASTS,
    ),
)
