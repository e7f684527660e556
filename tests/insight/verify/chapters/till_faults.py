"""Faults about tills that were cut off."""

from tests.insight.verify.planting import ELSE, at, planted

TILLS = {
    "a record became what is not there": planted(
        at(f"update till_record set subject_id = {ELSE}", "till_record", "state = 'applied'"),
        "till_records_end",
    ),
    "a record is no till's": planted(
        at(f"update till_record set till_id = {ELSE}", "till_record", "state = 'quarantined'"),
        "till_records_end",
    ),
    "a record was left half way": planted(
        at(
            "update till_record set state = 'taken', recorded_at = recorded_at - interval '2 days'",
            "till_record",
            "state = 'quarantined'",
        ),
        "till_records_end",
    ),
    "a record has not come for months": planted(
        at(
            "update till_record set sequence = 9, recorded_at = recorded_at - interval '61 days'",
            "till_record",
            "sequence = 3",
        ),
        "till_records_end",
    ),
    "something is reserved for no till": planted(
        at(
            "update redemption set actor = 'til_1 offline'",
            "redemption",
            "actor like '% offline' and state = 'held'",
        ),
        "nothing_left_reserved",
    ),
    "something is reserved for a week": planted(
        at(
            "update redemption set lapses_at = opened_at + interval '7 days'",
            "redemption",
            "actor like '% offline' and state = 'held'",
        ),
        "nothing_left_reserved",
    ),
}
