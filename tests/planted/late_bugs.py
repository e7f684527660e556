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
        "if mark.key <= key or tier == mark.sale.steps.tier:",
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
        "count_limit(changes, state, version, (place, steps.day), by)",
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
        "engine/deciding/expire.py",
        'booking.Cause("expire", changes.new_id(), lot.lot_id, lot.expires_at, actor)',
        'booking.Cause("expire", changes.new_id(), lot.lot_id, now, actor)',
        "checks.both_times",
    ),
)
