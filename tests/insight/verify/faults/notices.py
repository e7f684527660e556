"""Faults about notices of expiry and ends of lots that moved."""

from tests.insight.verify.planting import at, planted

NOTICES = {
    "an end moved further than the books say": planted(
        at("update postponement set to_at = to_at + interval '1 hour'", "postponement"),
        "courtesy_fits",
    ),
    "an end moved and nothing says so": planted(
        at(
            "update lot set expires_at = expires_at + interval '1 day'",
            "lot",
            "wallet = 7 and remaining > 0",
        ),
        "courtesy_fits",
    ),
    "a notice is about a lot that never was": planted(
        "insert into notice_lot select program_id, member_id, message_id, message_id from message "
        "order by message_id limit 1",
        "told_in_time",
    ),
    "points lapsed of which nobody was told": planted(
        at(
            "update message set delivered_at = null, delivered_by = ''",
            "message",
            "delivered_at is not null and kind = 'expiry_notice'",
        ),
        "lapsed_after_notice",
    ),
    "a notice was shown a day too late": planted(
        at(
            "update message set delivered_at = delivered_at + interval '2 days'",
            "message",
            "delivered_at is not null and kind = 'expiry_notice'",
        ),
        "lapsed_after_notice",
    ),
    "that points live on is not told": planted(
        """delete from outbox where outbox_id = (select outbox_id from outbox
                where type = 'points.postponed' order by outbox_id limit 1)""",
        "points_told",
    ),
}
