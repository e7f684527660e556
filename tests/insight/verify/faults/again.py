"""Faults about decisions that were made again because something came late."""

from tests.insight.verify.planting import ELSE, at, planted

_BY_ONE = """update posting p set amount = amount {} sign(amount)::int
              where entry_id = (select entry_id from entry where kind = 'restate'
                                 order by entry_id limit 1)"""
_SUMS = (
    "balances_follow",
    "earned_follows",
    "trial_balance",
    "lots_match_entries",
    "points_explained",
)

AGAIN = {
    "what was decided again booked a point more": planted(_BY_ONE.format("+"), *_SUMS),
    "what was decided again booked a point less": planted(_BY_ONE.format("-"), *_SUMS),
    "a decision was made again and its difference is of another purchase": planted(
        """update entry e set cause_id = a.activity_id
             from activity a
            where e.kind = 'restate' and a.external_id = 'hal2'
              and a.program_id = e.program_id and a.member_id = e.member_id
              and e.entry_id = (select entry_id from entry where kind = 'restate'
                                 order by entry_id limit 1)""",
        "points_explained",
        "points_told",
    ),
    "that a decision was made again is forgotten": planted(
        at("delete from restatement", "restatement", "version = 1"),
        "points_explained",
    ),
    "a decision was made again for nothing": planted(
        at(f"update restatement set late_id = {ELSE}", "restatement"),
        "activities_have_trails",
    ),
    "a decision about nothing was made again": planted(
        at(f"update restatement set activity_id = {ELSE}", "restatement"),
        "activities_have_trails",
        "points_explained",
    ),
    "that points came from a decision made again is not told": planted(
        """delete from outbox where outbox_id = (select outbox_id from outbox
                where type = 'points.restated' order by outbox_id limit 1)""",
        "points_told",
    ),
}
