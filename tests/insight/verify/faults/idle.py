"""Faults about points that are left alone."""

from tests.insight.verify.planting import at, planted

_ALONE = "kind = 'expire' and reason like 'no activity%'"

IDLE = {
    "points left alone lapsed of which nobody was told": planted(
        at(
            "update message set delivered_at = null, delivered_by = ''",
            "message",
            "delivered_at is not null and kind = 'idle_notice'",
        ),
        "long_enough",
    ),
    "points left alone lapsed a day too early": planted(
        at("update entry set occurred_at = occurred_at - interval '1 day'", "entry", _ALONE),
        "long_enough",
    ),
    "points are left alone, told of and still there": planted(
        at(
            "update message set delivered_at = recorded_at + interval '1 day'",
            "message",
            "delivered_at is null and kind = 'idle_notice'",
        ),
        "gone_in_a_night",
    ),
    "somebody who left points alone is not listed": planted(
        at("delete from idle_clock", "idle_clock"), "listed"
    ),
    "a last activity is later than anything that happened": planted(
        at(
            "update balance set last_qualifying_at = last_qualifying_at + interval '1 day'",
            "balance",
            "last_qualifying_at is not null",
        ),
        "last_active",
    ),
    "a last activity is forgotten": planted(
        at(
            "update balance set last_qualifying_at = null",
            "balance",
            "last_qualifying_at is not null and available > 0",
        ),
        "last_active",
    ),
}
