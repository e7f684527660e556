"""Faults about tiers given by hand."""

from tests.insight.verify.planting import ELSE, at, planted

TIERS = {
    "who climbs by waiting is not listed": planted(
        at("delete from tier_clock", "tier_clock"), "climbers_listed"
    ),
    "who climbs by waiting is looked at a day too late": planted(
        at("update tier_clock set look_at = look_at + interval '1 day'", "tier_clock"),
        "climbers_listed",
    ),
    "who climbed by waiting was forgotten": planted(
        at(
            "update counter set period = period - 25",
            "counter",
            "exists (select from tier_clock k where k.member_id = counter.member_id)",
        )
        + "; delete from tier_clock",
        "climbers_listed",
        "counters_follow",
    ),
    "who is listed is never looked at": planted(
        at("update tier_clock set look_at = look_at - interval '30 days'", "tier_clock"),
        "climbers_looked_at",
    ),
    "a tier that nobody gave": planted(
        at(f"update tier_turn set grant_id = {ELSE}", "tier_turn", "what = 'begun'"),
        "given_tiers",
        "given_tiers_told",
    ),
    "an invitation accepted too late": planted(
        at("update tier_grant set answer_by = given_at", "tier_grant", "kind = 'invited'"),
        "given_tiers",
    ),
    "a tier given that never began": planted(
        at(
            "update tier_grant set kind = 'matched'",
            "tier_grant",
            "kind = 'granted' and tier = 'silver'",
        ),
        "given_tiers",
    ),
    "held longer than given": planted(
        at(
            "update tier_turn set until_at = coalesce(until_at, at) + interval '1 year'",
            "tier_turn",
            "what = 'begun' and until_at is not null",
        ),
        "given_tiers",
    ),
    "a notice of a tier that nobody was told of": planted(
        at("delete from outbox", "outbox", "type = 'tier.lost_soon'"), "tier_notices_told"
    ),
    "a notice of a tier nobody looked at": planted(
        at("delete from tier_notice", "tier_notice", "message_id is not null"),
        "tier_notices_told",
    ),
    "an invitation that nobody was told of": planted(
        at("delete from outbox", "outbox", "type = 'tier.invited'"), "given_tiers_told"
    ),
}
