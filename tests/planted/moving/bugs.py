"""Bugs where points move by hand, each with the check that must notice it (see bugs.py)."""

from __future__ import annotations

from tests.planted.bug import Bug

MOVING = (
    Bug(
        "a debt that came over with a merge is new",
        "engine/moving/merge.py",
        "        owed_since={code: owes[code] for code in debt if code in owes},\n",
        "        owed_since={},\n",
        "checks.merged_debt_is_as_old",
    ),
    Bug(
        "the night forgets how old a debt was that came over",
        "records/ledger/ends/read.py",
        "               debt_begins(e, $2, d.adds) as recorded_at,\n",
        "               e.recorded_at,\n",
        "checks.merged_debt_is_as_old",
    ),
    Bug(
        "a gift lives longer than it did",
        "engine/deciding/booking.py",
        "        entry_id=entry_id,\n        amount=part,\n",
        "        entry_id=entry_id,\n        expires_at=lot.expires_at.replace(year=2090),\n"
        "        amount=part,\n",
        "checks.gift_keeps_its_life",
    ),
    Bug(
        "a gift forgets where it came from",
        "engine/deciding/booking.py",
        "        entry_id=entry_id,\n        amount=part,\n",
        "        entry_id=entry_id,\n        cause_id=entry_id,\n        amount=part,\n",
        "checks.gift_keeps_its_life",
    ),
    Bug(
        "gifts are not counted",
        "engine/moving/transfer.py",
        "period, gift.units)",
        "period, 0)",
        "checks.gifts_have_a_limit",
    ),
    Bug(
        "who owes gives away",
        "engine/moving/transfer.py",
        "    if balance.debt:\n",
        "    if False:\n",
        "checks.debtor_gives_nothing",
    ),
    Bug(
        "the blocked give",
        "engine/moving/transfer.py",
        'if "blocked" in both and not version.program.blocked.may_transfer:',
        "if False:",
        "checks.blocked_does_nothing",
    ),
    Bug(
        "the blocked redeem",
        "engine/rewarding/having.py",
        'if state.state == "blocked" and not version.program.blocked.may_redeem:',
        "if False:",
        "checks.blocked_does_nothing",
    ),
    Bug(
        "limits do not unite",
        "engine/moving/merge.py",
        "changes.keep(taker, key, taker.counters.get(key, 0) + value)",
        "changes.keep(taker, key, taker.counters.get(key, 0))",
        "checks.bonus_is_given_once",
    ),
    Bug(
        "the worse tier is kept",
        "engine/moving/merge.py",
        "return steps[0] > steps[1] or other.tier is None",
        "return steps[0] < steps[1]",
        "checks.better_tier_is_kept",
    ),
    Bug(
        "a debt is left behind",
        "engine/moving/merge.py",
        "    debt = {code: b.debt for code, b in gone.balances.items() if b.debt}\n",
        "    debt: dict[int, int] = {}\n",
        "checks.debt_comes_along",
    ),
    Bug(
        "cards of the one that went find nobody",
        "records/members/write.py",
        "update identifier set member_id = $3::uuid\n where program_id = $1::int and member_id"
        " = $2::uuid\n",
        "update identifier set member_id = $2::uuid\n where program_id = $1::int and member_id"
        " = $2::uuid and $3::uuid is not null\n",
        "checks.everything_finds_who_stays",
    ),
    Bug(
        "an id of the one that went is not followed",
        "records/standing/read.py",
        "and member_id = s.member_id) as into_id,",
        "and member_id = s.member_id and false) as into_id,",
        "checks.everything_finds_who_stays",
    ),
    Bug(
        "the trail of a return lies with the one who stays",
        "engine/deciding/reverse.py",
        "trail = Trail(activity.activity_id, activity.member_id,",
        "trail = Trail(activity.activity_id, state.member_id,",
        "checks.sale_comes_back_once",
    ),
    Bug(
        "a merge is undone although points were spent together",
        "engine/moving/unmerge.py",
        "if takes != merge.takes:",
        "if False:",
        "checks.spent_together_stays",
    ),
    Bug(
        "who was merged is read as anybody else",
        "flows/batch/load.py",
        '[member_id for member_id in held if held[member_id]["tied"]]',
        "[]",
        "checks.everything_finds_who_stays",
    ),
    Bug(
        "a merge undone leaves the counters",
        "engine/moving/unmerge.py",
        "    shift(changes, (stays, gone), brought.counters, left)\n",
        "    shift(changes, (stays, gone), (), left)\n",
        "checks.unmerge_is_exact",
    ),
    Bug(
        "an extension is booked and not done",
        "engine/moving/courtesy.py",
        "        lot.moved = True\n",
        "",
        "checks.extension_lengthens",
    ),
    Bug(
        "the same points live again twice",
        "flows/points/show_courtesy.py",
        "life.lapsed + late - life.again",
        "life.lapsed + late",
        "checks.lives_again_once",
    ),
    Bug(
        "a debt is forgiven at once",
        "engine/moving/write_off.py",
        "add_span(version.zone, since, after) <= now",
        "since <= now",
        "checks.debt_waits",
    ),
    Bug(
        "a household spends the taker's points first",
        "engine/moving/pool.py",
        "(lot.expires_at, lot.earned_at, lot.member_id != taker, lot.lot_id)",
        "(lot.member_id != taker, lot.expires_at, lot.earned_at, lot.lot_id)",
        "checks.household_spends_soonest",
    ),
    Bug(
        "who owes lends to a household",
        "engine/moving/pool.py",
        "return not any(balance.debt for balance in state.balances.values())",
        "return True",
        "checks.household_spends_soonest",
    ),
    Bug(
        "what lapsed with others is excused beside them",
        "records/ledger/read.py",
        "   and exists (select from stood s where s.who = g.member_id and s.as_id = l.member_id)\n",
        "",
        "checks.gift_lapsed_elsewhere",
    ),
)
