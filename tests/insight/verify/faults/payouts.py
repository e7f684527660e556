"""Faults about money that goes to bank accounts."""

from tests.insight.verify.planting import at, planted

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
