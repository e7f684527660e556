"""Bugs that could be made, each as a small change of the source and the cheapest check against it.

They exist only here: `garden.py` plants one into a process of its own. A text that no longer fits
its file fails loudly; renew it, so that the guard keeps its control.
"""

from __future__ import annotations

from typing import NamedTuple


class Bug(NamedTuple):
    """One planted bug."""

    name: str
    file: str
    """Under src/regulars."""
    healthy: str
    broken: str
    check: str
    """`games PROGRAM …` (the model in memory), `story NAME`, or a function of checks.py."""


ENGINE = (
    Bug(
        "the oldest lot first, whatever ends sooner",
        "engine/deciding/booking.py",
        "return sorted(lots, key=lambda lot: (lot.expires_at, lot.earned_at, lot.lot_id))",
        "return sorted(lots, key=lambda lot: lot.lot_id)",
        "games owing",
    ),
    Bug(
        "reserved points lapse",
        "engine/deciding/expire.py",
        "        points = lot.free\n",
        "        points, lot.pinned = lot.remaining, 0\n",
        "games owing daily",
    ),
    Bug(
        "points lapse a moment too late",
        "engine/deciding/expire.py",
        "lot.expires_at <= now",
        "lot.expires_at < now",
        "story points-end-at-midnight",
    ),
    Bug(
        "lapsing is not told",
        "engine/deciding/expire.py",
        "        changes.events.append(\n",
        "        [].append(\n",
        "story points-end-at-midnight",
    ),
    Bug(
        "half points are rounded up",
        "engine/deciding/settle.py",
        "STEPS[wallet.mode]",
        'STEPS[wallet.mode.replace("floor", "half_up")]',
        "games coffee-shop",
    ),
    Bug(
        "half to even goes to odd",
        "engine/compiling/grid.py",
        "steps % 2 == 1)",
        "steps % 2 == 0)",
        "checks.half_to_even",
    ),
    Bug(
        "what rounding kept is forgotten",
        "engine/deciding/earn.py",
        "settle(wallet, own, state.counters.get(key, 0))",
        "settle(wallet, own, 0)",
        "games owing status",
    ),
    Bug(
        "the day ends in Greenwich",
        "engine/calendar.py",
        "assert instant.tzinfo is not None, instant\n    there = instant.astimezone(zone)",
        "there = instant",
        "story a-cap-a-month",
    ),
    Bug(
        "the newest terms decide about the past",
        "engine/deciding/earn.py",
        "    version = terms.at(activity.occurred_at)\n    scene",
        "    version = terms.versions[-1]\n    scene",
        "story terms-change-after-the-sale",
    ),
    Bug(
        "a limit knows no end",
        "engine/deciding/earn.py",
        "room[place] = max(limit.full - used, 0)",
        "room[place] = limit.full",
        "games refusing",
    ),
    Bug(
        "a time is used up by nothing",
        "engine/deciding/earn.py",
        '        if points and limit.per != "activity":\n',
        '        if limit.per != "activity":\n',
        "story a-chance-is-used-by-a-point",
    ),
    Bug(
        "debt is not paid first",
        "engine/deciding/booking.py",
        "min(balance.debt, lot.amount)",
        "0",
        "story spent-before-return-debt",
    ),
    Bug(
        "the crossing purchase earns at the old tier whatever is said",
        "engine/deciding/earn.py",
        "return max(step, version.compiled.tier_of(reached))",
        "return step",
        "story crossing-purchase",
    ),
    Bug(
        "every purchase prolongs the tier",
        "engine/deciding/tiering.py",
        "if reached > step_of(version, state.tier):",
        "if reached >= max(step_of(version, state.tier), 1):",
        "checks.tier_ends_when_it_was_said",
    ),
    Bug(
        "the step at 0 begins with the first purchase",
        "engine/deciding/tiering.py",
        "    if state.tier is not None or not lowest:\n",
        "    if True:\n",
        "story bronze-silver-gold-year",
    ),
    Bug(
        "nobody stands on the step at 0 before it is written",
        "engine/deciding/tiering.py",
        'max(version.compiled.tier_of(0), version.elsewhere.get(tier or "", 0))',
        "0",
        "checks.tier_off_the_ladder",
    ),
    Bug(
        "the review judges the wrong window",
        "engine/deciding/tiering.py",
        "last = day - tiers.grace_days - 1",
        "last = day",
        "checks.year_in_silver",
    ),
    Bug(
        "the downgrade knows no grace",
        "engine/deciding/tiering.py",
        "day_starts_at(version.zone, until + tiers.grace_days)",
        "day_starts_at(version.zone, until)",
        "story downgrade-with-grace",
    ),
    Bug(
        "returns are worked out at today's tier",
        "engine/deciding/reverse.py",
        "    after = facts_left(version, sale, returned)\n",
        "    after = replace(facts_left(version, sale, returned),\n"
        "                    tier=tiering.step_of(version, state.tier))\n",
        "checks.sale_keeps_its_tier",
    ),
    Bug(
        "returns are worked out by today's terms",
        "engine/deciding/reverse.py",
        "    version = terms.numbered(sale.steps.version)\n    returned",
        "    version = terms.at(now)\n    returned",
        "story terms-change-after-the-sale",
    ),
    Bug(
        "a return frees no limit",
        "engine/deciding/reverse.py",
        "count_limit(changes, state, version, (place, day), -by)",
        "count_limit(changes, state, version, (place, day), 0)",
        "games refusing",
    ),
    Bug(
        "a return leaves the tier credit",
        "engine/deciding/reverse.py",
        "left - steps.credit)",
        "0)",
        "games climbing status",
    ),
    Bug(
        "a return takes other points before its own",
        "engine/deciding/reverse.py",
        "return sorted(mine, key=lambda lot: lot.cause_id != sale_id)",
        "return mine",
        "games climbing owing",
    ),
    Bug(
        "what lapsed is taken twice",
        "engine/deciding/reverse.py",
        "gone[code] = min(points, lapsed)",
        "gone[code] = 0",
        "story lapsed-before-it-came-back",
    ),
    Bug(
        "owing although nobody may",
        "engine/deciding/reverse.py",
        '.negative == "debt" else 0',
        '.negative != "refuse" else 0',
        "story spent-before-return-never",
    ),
    Bug(
        "more comes back than was bought",
        "engine/deciding/reverse.py",
        "if part.quantity > left:",
        "if part.quantity > sold[part.line]:",
        "story partial-returns",
    ),
    Bug(
        "lapsed points can be spent until the night",
        "engine/deciding/redeem.py",
        "    expire(changes, state, wish.now)\n",
        "",
        "story points-end-at-midnight",
    ),
    Bug(
        "a tier that is over still opens doors",
        "engine/deciding/redeem.py",
        "    tiering.review(changes, state, version, wish.now)\n",
        "",
        "games climbing status",
    ),
    Bug(
        "owing does not keep from spending",
        "engine/deciding/redeem.py",
        "        if balance.debt:\n",
        "        if False:\n",
        "checks.owes_and_has",
    ),
    Bug(
        "a late capture goes through",
        "engine/deciding/conclude.py",
        'if state == "lapsed" or (state == "held" and ending.now >= redemption.lapses_at):',
        'if state == "lapsed":',
        "story reserved-points-are-honoured",
    ),
    Bug(
        "a void leaves its lots pinned",
        "engine/deciding/conclude.py",
        "        lot.pinned -= part\n",
        "        lot.pinned -= taken\n",
        "games coffee-shop refusing",
    ),
    Bug(
        "a part captured keeps the rest",
        "engine/deciding/conclude.py",
        "    released = hold.amount - captured\n",
        "    released = 0 if captured else hold.amount\n",
        "story a-part-is-collected",
    ),
    Bug(
        "what was let go still counts against the member",
        "engine/deciding/conclude.py",
        "promised.limit_counter, promised.limit_period, -1)",
        "promised.limit_counter, promised.limit_period, 0)",
        "games refusing visiting",
    ),
    Bug(
        "what was let go is not on the shelf again",
        "engine/deciding/conclude.py",
        "changes.shelve(redemption.reward, 1)",
        "changes.shelve(redemption.reward, 0)",
        "story the-last-one",
    ),
)

FLOWS = (
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
        "if before.content != asked.content:",
        "if False:",
        "story a-receipt-sent-again-next-year",
    ),
    Bug(
        "a key answers for whoever asks",
        "flows/batch/askings.py",
        "_encode(replace(command, asked=_NOBODY))",
        '_encode(replace(command, asked=_NOBODY, **{"member": None} if natural(command) is None'
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
        "if one.keys and isinstance(one.outcome, Fault | Refused)]",
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
        "max((trail.steps for trail in trails_of_sale), key=lambda steps: sum(steps.returned))",
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
        "from counter where program_id = s.program_id and member_id = s.member_id",
        "from counter where program_id = s.program_id",
        "story a-cap-a-month",
    ),
    Bug(
        "the budget has no lock",
        "flows/recording/budgets.py",
        "write.hold_budgets(tx, keys) if lock else read.budgets(tx, keys)",
        "read.budgets(tx, keys)",
        "checks.budget_at_once",
    ),
    Bug(
        "what came back stays on the budget",
        "engine/deciding/reverse.py",
        "difference.units, sign=-1)",
        "{}, sign=-1)",
        "story a-budget-for-everyone",
    ),
    Bug(
        "a budget is not drawn on",
        "engine/deciding/earn.py",
        "    budgets.draw(changes, version, facts.day, units)\n",
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
PENDING = (
    Bug(
        "pending points can be spent",
        "records/ledger/types.py",
        'return 0 if self.state == "pending" else self.remaining - self.pinned',
        "return self.remaining - self.pinned",
        "games confirming",
    ),
    Bug(
        "a wait ends a moment too late",
        "engine/deciding/pending.py",
        "(at := turns_at(lot)) <= now",
        "(at := turns_at(lot)) < now",
        "story pending-two-weeks",
    ),
    Bug(
        "points that waited do not pay what is owed",
        "engine/deciding/pending.py",
        "paid = min(balance.debt, points)",
        "paid = 0",
        "story pending-came-back",
    ),
    Bug(
        "the life of points begins before they can be spent",
        "engine/deciding/pending.py",
        "_lapses(version, lot.wallet, lot.activates_at)",
        "_lapses(version, lot.wallet, lot.earned_at)",
        "games waiting",
    ),
    Bug(
        "the life of confirmed points begins before they are confirmed",
        "engine/deciding/pending.py",
        "lot.wallet, word.now)",
        "lot.wallet, lot.earned_at)",
        "games confirming",
    ),
    Bug(
        "a return takes what waits of other sales",
        "engine/deciding/pending.py",
        " and lot.wallet == wallet and lot.cause_id == sale_id",
        " and lot.wallet == wallet",
        "games confirming",
    ),
    Bug(
        "a return leaves what waits of its sale",
        "engine/deciding/reverse.py",
        "unripe = pending.take_waiting(changes, state, cause, waiting, points)",
        "unripe = 0",
        "story pending-came-back",
    ),
    Bug(
        "what nobody confirmed in time is confirmed by the clock",
        "engine/deciding/pending.py",
        '"cancelled" if lot.activates_at is None else "confirmed"',
        '"confirmed"',
        "story pending-until-confirmed",
    ),
    Bug(
        "what was cancelled is taken back once more",
        "records/ledger/read.py",
        "e.kind in ('expire', 'cancel')",
        "e.kind in ('expire')",
        "story pending-until-confirmed",
    ),
    Bug(
        "what was cancelled in this batch is taken back once more",
        "engine/deciding/pending.py",
        "state.lapsed.get(of_cause, 0) + points",
        "state.lapsed.get(of_cause, 0)",
        "games confirming",
    ),
    Bug(
        "what was cancelled can be confirmed",
        "engine/deciding/pending.py",
        "return _refusal(lots, word) or {}",
        "return {}",
        "story pending-until-confirmed",
    ),
    Bug(
        "who is told late has no time to confirm",
        "engine/deciding/pending.py",
        "max(lot.earned_at, now)",
        "lot.earned_at",
        "games confirming",
    ),
    Bug(
        "Christmas begins in Greenwich",
        "engine/deciding/pending.py",
        "begins = day_starts_at(zone,",
        'begins = day_starts_at(type(zone)("UTC"),',
        "story pending-until-christmas",
    ),
    Bug(
        "the night cancels nothing",
        "records/ledger/read.py",
        "state = 'pending' and coalesce(activates_at, cancels_at) <= $2",
        "state = 'pending' and activates_at <= $2",
        "story pending-until-confirmed",
    ),
)
BUGS = ENGINE + FLOWS + PENDING
