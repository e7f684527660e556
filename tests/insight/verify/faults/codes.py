"""Faults about codes and the runs they came with."""

from tests.insight.verify.planting import ELSE, at, planted

_OF_POOL = "printed <> '' and redemption_id is not null"
CODES = {
    "a code that was paid for is gone": planted(
        at(
            "delete from reward_code", "reward_code", "redemption_id is not null and run_id is null"
        ),
        "codes_handed_over",
        "codes_told",
    ),
    "a code is somebody else's": planted(
        at(f"update reward_code set member_id = {ELSE}", "reward_code", _OF_POOL),
        "codes_handed_over",
        "members_exist",
    ),
    "a code for a redemption that never was": planted(
        at(f"update reward_code set redemption_id = {ELSE}", "reward_code", _OF_POOL),
        "codes_handed_over",
    ),
    "a code was used after its end": planted(
        at(
            "update reward_code set closed_at = ends_at",
            "reward_code",
            "state = 'used' and member_id is null",
        ),
        "codes_in_time",
    ),
    "a pool lost a code": planted(
        at("delete from reward_code", "reward_code", "state = 'free'"),
        "runs_are_whole",
        "stock_counts",
    ),
    "a voucher that was printed is not there": planted(
        at("delete from reward_code", "reward_code", "state = 'issued' and member_id is null"),
        "runs_are_whole",
    ),
    "a use that nobody was told of": planted(
        at("delete from outbox", "outbox", "type = 'code.used'"), "codes_told"
    ),
    "a used code can be used again": planted(
        at(
            "update reward_code set state = 'issued', closed_at = null",
            "reward_code",
            "state = 'used' and member_id is not null",
        ),
        "codes_told",
    ),
}
