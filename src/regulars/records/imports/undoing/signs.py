"""By what one sees that a member did something since an import, or has more than can be taken.

Every table that names a member is in one of the two lists; a test compares them with the database.
"""

from __future__ import annotations

from typing import Final

SIGNS: Final = {
    "member_alias": "united", "member_alias.into_id": "united",
    "member_merge.from_id": "united", "member_merge.into_id": "united",
    "household_member": "united", "admission.guardian_id": "united",
    "redemption": "spent", "benefit_use": "spent", "payout": "spent", "bill": "spent",
    "till_record": "bought", "arrival_activity": "bought", "partner_entry": "bought",
    "member_session": "changed", "pass_device": "changed", "push_device": "changed",
    "line_word": "changed", "line_task": "changed",
    "sign_in_code": "changed",
    "bank_account": "changed", "member_note": "changed", "member_tag": "changed",
    "staff": "changed", "message_choice": "changed", "terms_word": "changed",
    "segment_listed": "changed", "survey_answer": "changed", "text_heard": "changed",
    "adjustment_request": "more", "admission": "more", "benefit_grant": "more",
    "came_along": "more", "challenge_part": "more", "choice": "more", "courtesy": "more",
    "draw_entrant": "more", "draw_prize": "more", "membership_turn": "more",
    "partner_claim": "more", "prize": "more", "referral": "more",
    "referral.referrer_id": "more", "reward_code": "more", "team": "more", "team_place": "more",
    "tier_grant": "more", "trial_taken": "more",
    "club_place": "changed", "seat": "changed", "lesson_try": "changed",
    "member_post": "changed", "post_report": "changed", "service_case": "changed",
    "reference_member": "changed", "reference_request": "changed", "reference_ask": "changed",
}  # fmt: skip
"""A row of the member in such a table, by the column where it is no `member_id`, and what it means.
"""
LOOKED_AT: Final = frozenset(
    {
        "activity",
        "entry",
        "member",
        "identifier",
        "consent",
        "block",
        "lot",
        "tier_move",
        "used_before",
    }
)
"""Where it depends on the row; see `read`."""
FOLLOWS: Final = frozenset(
    {
        "automatic_clock", "balance", "board_place", "bounced_address", "card_code",
        "counter", "deed", "delivery",
        "entry_place", "erased_name", "erasure", "hold", "hold_lot", "hook_line", "hook_sending",
        "idle_clock", "import_made", "import_row", "import_undone", "ladder_clock", "lot_move",
        "membership_clock", "message", "notice_lot", "once", "outbox", "parked_member",
        "payout_return", "posting", "postponement", "prize_clock", "quarantine", "referral_code",
        "referral_mark", "referral_milestone", "richness", "seal_link", "seal_salt",
        "restatement", "standing",
        "tier_clock", "tier_notice", "tier_turn", "trail", "unsent_letter",
        "member_day", "member_good", "member_orders", "points_day",
        "segment_member", "segment_move", "segment_touch", "campaign_message",
        "card_letter", "campaign_trial", "offer_member", "offer_choice_made",
        "journey_run",
        "survey_invitation", "outlet_member", "club_invitation",
        "benefit_associate", "erasure_notice", "experiment_member", "member_alert", "member_value",
    }
)  # fmt: skip
"""What follows from other rows, or that the house does by itself: nobody lifted a finger for it."""


def sign(place: str, reason: str) -> str:
    """The statement that finds who has a row in such a table."""
    table, _, column = place.partition(".")
    column = column or "member_id"
    return (
        f"select t.{column} as member_id, '{reason}' as reason from {table} t "  # noqa: S608 - ours
        f"where t.program_id = $1::int and t.{column} in "
        "(select member_id from concerned where made)"
    )
