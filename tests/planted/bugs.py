"""Bugs that could be made, each as a small change of the source and the cheapest check against it.

They exist only here: `garden.py` plants one into a process of its own. A text that no longer fits
its file fails loudly; renew it, so that the guard keeps its control.
"""

from __future__ import annotations

from tests.planted.bug import Bug
from tests.planted.leaving_bugs import LEAVING

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
        "games daily",
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
        "room[place] = max(limit.full - state.counters.get(key, 0), 0)",
        "room[place] = limit.full",
        "games refusing",
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
        "a key is kept but its content is not looked at",
        "flows/batch/askings.py",
        "if before.content not in (asked.content, FORGOTTEN):",
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
        "receipts last a day",
        "records/once/read.py",
        "where program_id = $1 and key = any($2::uuid[])",
        "where program_id = $1 and key = any($2::uuid[])"
        " and recorded_at > (select max(recorded_at) from once) - interval '1 day'",
        "checks.receipt_next_year",
    ),
)
BUGS = ENGINE + FLOWS + LEAVING
