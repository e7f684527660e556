"""Bugs in what happens once, at once and in batches."""

from __future__ import annotations

from tests.planted.bug import Bug

FLOWS = (
    Bug(
        "an associate is whoever has most members",
        "engine/rewarding/including/associates.py",
        "has.get(one.staff_id, 0), one.staff_id",
        "-has.get(one.staff_id, 0), one.staff_id",
        "story somebody-who-knows-you",
    ),
    Bug(
        "an associate of another store is as good",
        "engine/rewarding/including/associates.py",
        'return one.role == "owner", _far(one, store)',
        'return one.role == "owner", 0',
        "story somebody-who-knows-you",
    ),
    Bug(
        "an associate goes with the tier, whatever grace was promised",
        "engine/rewarding/including/associates.py",
        "return now if grace is None else",
        "return now if True else",
        "story somebody-who-knows-you",
    ),
    Bug(
        "whom the shop took away is given anew",
        "flows/membership/benefits/looking_after.py",
        'if latest is not None and latest.why == "by_hand":',
        "if False:",
        "story somebody-who-knows-you",
    ),
    Bug(
        "what lapses by the clock stays in the balance",
        "records/ledger/ends/write.py",
        "set available = available - b.points",
        "set available = available",
        "story points-end-at-midnight",
    ),
    Bug(
        "what lapses by the clock is not told",
        "flows/batch/lapsing.py",
        "*tell_lapsed(tx, told)",
        "*tell_lapsed(tx, told[:0])",
        "story points-end-at-midnight",
    ),
    Bug(
        "points behind a lapsed hold wait for the duty",
        "flows/batch/overdue.py",
        "    if not found:\n",
        "    if True:\n",
        "checks.spends_what_was_not_taken",
    ),
    Bug(
        "a key is kept but its content is not looked at",
        "flows/batch/askings.py",
        "if before.content not in (asked.content, FORGOTTEN):",
        "if False:",
        "story a-receipt-sent-again-next-year",
    ),
    Bug(
        "a key answers for whoever asks",
        "flows/batch/askings.py",
        "_encode(told)",
        '_encode(replace(told, **{"member": None} if natural(command) is None'
        ' and hasattr(command, "kind") else {}))',
        "story a-receipt-sent-again-next-year",
    ),
    Bug(
        "the same twice in one batch is done twice",
        "flows/batch/askings.py",
        "if earlier is not None and asked.open:",
        "if False:",
        "checks.twice_in_one_batch",
    ),
    Bug(
        "a refusal is not looked at again",
        "flows/batch/askings.py",
        "if one.keys and isinstance(one.outcome, _NO)]",
        "if False]",
        "checks.asked_twice_at_once",
    ),
    Bug(
        "a further key of a known receipt is forgotten",
        "flows/batch/askings.py",
        "        if first.stands is not None:\n",
        "        if False:\n",
        "story a-receipt-sent-again-next-year",
    ),
    Bug(
        "the latest return is the one with the latest clock",
        "flows/recording/sales.py",
        "max((trail.steps for trail in trails_of_sale), key=_so_far)",
        "trails_of_sale[-1].steps",
        "story return-before-its-sale",
    ),
    Bug(
        "a return that waits is forgotten",
        "flows/recording/record_activities.py",
        "in early.get(key, []) + own:",
        "in own:",
        "story return-before-its-sale",
    ),
    Bug(
        "the lock is missing",
        "records/standing/read.py",
        " order by member_id for update\n",
        " order by member_id\n",
        "checks.spends_twice_at_once",
    ),
    Bug(
        "the shelf has no lock",
        "records/rewards/read.py",
        "order by reward for update",
        "order by reward",
        "checks.last_one_at_once",
    ),
    Bug(
        "members share their room",
        "records/standing/read.py",
        "from counter where program_id = $1 and member_id = m.member_id",
        "from counter where program_id = $1",
        "story a-cap-a-month",
    ),
    Bug(
        "the budget has no lock",
        "flows/recording/begin.py",
        "write.hold_budgets(tx, keys) if lock else read.budgets(tx, keys)",
        "read.budgets(tx, keys)",
        "checks.budget_at_once",
    ),
    Bug(
        "what came back stays on the budget",
        "engine/deciding/reverse.py",
        "    budgets.draw_again(changes, state, version, sale.steps, steps)\n",
        "",
        "story a-budget-for-everyone",
    ),
    Bug(
        "a budget is not drawn on",
        "engine/deciding/earn.py",
        "    budgets.draw(changes, state, version, facts.day, units)\n",
        "",
        "games budgets",
    ),
    Bug(
        "a budget that gives all or nothing gives what is left",
        "engine/deciding/budgets.py",
        "0 if budget.rejects else room[first + place]",
        "room[first + place]",
        "games budgets",
    ),
    Bug(
        "receipts last a day",
        "records/once/read.py",
        "where program_id = $1 and key = any($2::uuid[])",
        "where program_id = $1 and key = any($2::uuid[])"
        " and recorded_at > (select max(recorded_at) from once) - interval '1 day'",
        "checks.receipt_next_year",
    ),
)
