"""Faults about money: with partners, and paid out to members."""

from tests.insight.verify.planting import ELSE, at, planted

PARTNERS = {
    "a line that says another balance": planted(
        at("update partner_entry set balance_minor = balance_minor + 1", "partner_entry",
           "kind = 'correction'"),
        "partner_accounts",
        "partner_settlements",
    ),
    "a line that is gone": planted(
        at("delete from partner_entry", "partner_entry", "kind = 'return'"),
        "partner_accounts",
        "once_for_ever",
        "partner_settlements",
    ),
    "a partner paid for points nobody got": planted(
        at(f"update partner_entry set points_entry = {ELSE}", "partner_entry", "kind = 'accrual'"),
        "partner_accounts",
    ),
    "more came back than was booked": planted(
        at("update partner_entry set units = units - 1000", "partner_entry", "kind = 'return'"),
        "partner_accounts",
    ),
    "a claim was granted too late": planted(
        at("update partner_decision set decided_at = decided_at + interval '1 year'",
           "partner_decision", "about_id in (select claim_id from partner_claim)"),
        "partner_decisions",
    ),
    "a claim was granted for other points": planted(
        at("update partner_claim set units = units + 1", "partner_claim"), "partner_decisions"
    ),
    "a dispute that is gone": planted(
        at("delete from partner_dispute", "partner_dispute"), "partner_decisions", "partner_feeds"
    ),
    "a settlement that comes to more": planted(
        at("update partner_settlement set accruals_minor = accruals_minor + 1, "
           "returns_minor = returns_minor - 1", "partner_settlement"),
        "partner_settlements",
    ),
    "a line that is in no settlement": planted(
        at("update partner_settlement set after_step = after_step + 1", "partner_settlement"),
        "partner_settlements",
    ),
    "an answer to what was not settled": planted(
        at("delete from partner_settlement", "partner_settlement"),
        "partner_feeds",
    ),
    "a claim that stands for another line": planted(
        at(f"update partner_claim_match set entry_id = {ELSE}", "partner_claim_match"),
        "partner_feeds",
    ),
}  # fmt: skip
PAYOUTS = {
    "a cent more was sent than left the wallet": planted(
        at("update payout set amount_minor = amount_minor + 1", "payout", "place = 1"),
        "payouts_fit",
        "payouts_returned",
    ),
    "a pay-out nobody sent": planted(
        at("delete from payout", "payout", "place = 2"), "payouts_fit"
    ),
    "a run that counts one too many": planted(
        at("update payout_run set payouts = payouts + 1", "payout_run"), "payouts_fit"
    ),
    "a run that is gone": planted(
        at("delete from payout_run", "payout_run"),
        "payouts_fit",
        "payouts_returned",
        "once_for_ever",
    ),
    "what came back was booked by nobody": planted(
        at("update payout_return set entry_id = return_id", "payout_return"), "payouts_returned"
    ),
    "more came back than was sent": planted(
        at("update payout_return set amount_minor = amount_minor + 1", "payout_return"),
        "payouts_returned",
    ),
    "a return that nobody was told of": planted(
        at("delete from outbox", "outbox", "type = 'payout.returned'"), "payouts_returned"
    ),
}
