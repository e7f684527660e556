"""Faults about memberships people pay for."""

from tests.insight.verify.planting import at, planted

PLANS = {
    "a term nobody paid": planted(
        at(
            "update membership_turn set until_at = until_at + interval '1 month'",
            "membership_turn",
            "what = 'failed'",
        ),
        "memberships_follow",
        "memberships_watched",
    ),
    "a payment is forgotten": planted(
        at("delete from membership_turn", "membership_turn", "what = 'paid'"),
        "memberships_follow",
        "memberships_told",
        "once_for_ever",
    ),
    "more was given back than is told": planted(
        at(
            "update membership_turn set amount_minor = amount_minor - 1",
            "membership_turn",
            "what = 'refunded'",
        ),
        "memberships_follow",
    ),
    "a membership the night never looks at": planted(
        at("delete from membership_clock", "membership_clock"), "memberships_watched"
    ),
    "a second trial": planted(
        """update membership_turn set in_trial = true
            where what = 'started' and program_id = 1
              and member_id in (select member_id from membership_turn where in_trial)""",
        "trials_once",
    ),
    "a payment that nobody was told of": planted(
        at("delete from outbox", "outbox", "type = 'membership.paid'"), "memberships_told"
    ),
    "points of a term that came from nowhere": planted(
        at(
            "update membership_turn set entry_id = membership_id",
            "membership_turn",
            "entry_id is not null",
        ),
        "memberships_follow",
    ),
}
