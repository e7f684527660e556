"""Bugs about both times and about what comes late."""

from __future__ import annotations

from tests.planted.bug import Bug

LATE = (
    Bug(
        "what came late sees the tier of today",
        "engine/restating/late.py",
        "_tier_then(state, terms, activity, now) if late else None",
        "None",
        "checks.sees_the_tier_of_then",
    ),
    Bug(
        "what came after it stays as it was decided",
        "engine/restating/late.py",
        "if mark.key <= late.key or tier == mark.sale.steps.tier:",
        "if True:",
        "checks.earns_anew_after_it",
    ),
    Bug(
        "the tier is not put where it belongs",
        "engine/restating/late.py",
        "    tiering.restate(changes, state, stands, late.activity_id, now)\n",
        "",
        "checks.earns_anew_after_it",
    ),
    Bug(
        "who is decided anew passes the limit",
        "engine/restating/again.py",
        "has + max(limit.full - used, 0)",
        "has + limit.full",
        "checks.no_limit_is_passed",
    ),
    Bug(
        "what is decided anew is not counted",
        "engine/restating/again.py",
        "budgets.count_limit(changes, state, version, where, by)",
        "pass",
        "checks.no_limit_is_passed",
    ),
    Bug(
        "the story is told in the order it arrived",
        "engine/restating/story.py",
        "sorted(self.marks.values(), key=lambda one: one.key)",
        "list(self.marks.values())",
        "checks.any_order_of_arrival",
    ),
    Bug(
        "what came back in the wrong order leaves its credit",
        "engine/restating/story.py",
        "took = at_least_none(plus(self._left_of(sale), credit_of(steps), -1))",
        "took = NONE",
        "checks.returns_in_the_wrong_order",
    ),
    Bug(
        "a late return ends no tier",
        "engine/restating/late.py",
        "if late and key is not None:",
        "if False:",
        "checks.any_order_of_arrival",
    ),
    Bug(
        "a return knows only the first decision",
        "flows/recording/sales.py",
        "return sum(steps.returned), steps.times",
        "return sum(steps.returned), -steps.times",
        "checks.earns_anew_after_it",
    ),
    Bug(
        "we always knew",
        "records/ledger/read.py",
        "e.recorded_at <= $4",
        "e.occurred_at <= $4",
        "checks.both_times",
    ),
    Bug(
        "points are there at the instant they are gone",
        "records/ledger/read.py",
        "e.occurred_at <= $3",
        "e.occurred_at < $3",
        "checks.both_times",
    ),
    Bug(
        "points lapse when the night comes by",
        "records/ledger/ends/write.py",
        "'expire', lot_id, null, ended_at,",
        "'expire', lot_id, null, $8::timestamptz,",
        "checks.both_times",
    ),
    Bug(
        "of who was ever merged things are decided again",
        "engine/restating/late.py",
        "    if state.united:\n        return False\n",
        "",
        "checks.nothing_again_of_who_was_merged",
    ),
    Bug(
        "what is decided again freezes attributes once more, where no erasure looks",
        "records/trail/write.py",
        "pack(replace(t.steps, member={}))",
        "pack(t.steps)",
        "checks.nothing_personal_is_written_again",
    ),
    Bug(
        "what is decided again has forgotten the attributes of then",
        "records/trail/read.py",
        "if trail.sale_id in saw and not trail.steps.member",
        "if False",
        "checks.again_with_the_attributes_of_then",
    ),
    Bug(
        "what comes late knows nothing of notices",
        "flows/recording/stories.py",
        "    await load_notices(tx, terms, states, late)\n",
        "",
        "checks.told_in_time_lapses_all_the_same",
    ),
    Bug(
        "what cannot be decided again to its end stays half booked",
        "engine/restating/again.py",
        "raise Unfinished(fault) from fault",
        "raise",
        "checks.too_much_leaves_nothing",
    ),
)
