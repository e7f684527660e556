"""What a way through the source leads to, and the API never answers: each with its reason."""

from __future__ import annotations

from typing import Final

UNSAID: Final[dict[str, str]] = {
    "overdue.overdue": "a reservation whose time is over is let go, whatever else was asked",
    "overdue.Overdue": "so it is with all that are over",
    "overdue.lapse_overdue": "so it is with all that are over",
    "spent.take_reserved": "what is taken with a sale lives; that was asked right before",
    "erase_members._whole": "an erasure ends what is held by itself",
    "showing.Shown": "why a code is good no more is shown beside it",
    "lasting.let_last": "what comes back lasts as its terms say, or not; the return is booked",
    "merge.let_last": "what is brought together lasts as its terms say, or not",
    "by_hand.Hands": "limits and budgets are those of staff; a key has none",
    "by_hand.hold_hands": "limits and budgets are those of staff; a key has none",
    "wishing.refuse_paid": "no operation names a bill",
    "life.passed": "what becomes of a membership by itself is no request",
    "correcting.give": "it only gives",
    "come_along.let_go": "a seat that could not come along refuses the merge before",
    "come_along.reserve_anew": "a seat that could not come along refuses the merge before",
    "pay.settle": "what a seat takes ends with the seat, or ended by itself before",
    "pay.give_back": "what was reserved in this moment is given back",
    "pay._may_not": "a key is told which scope is missing; at a till and in the console all may",
    "doors._price": "why there is no seat for somebody is told as they are let in",
    "points.points_of": "it only gives",
    "accounts.Work": "a partner's points are given; what is taken is weighed before",
    "return_payouts._booked": "what could not be paid is given back",
    "looking_after.give_associates": "whoever may have nobody to look after them gets nobody",
    "batch.answer": "whether it may be had again is told as a part of the answer",
    "show_standing._in_reach": "what is not in reach is left out",
    "use_benefits.show_benefits": "why something is not to be had is told as a part of the answer",
    "show_eligible.show_eligible": "whoever cannot be invited is left out",
    "book_prizes.book_prizes": "a prize that cannot be booked is told as such",
    "due.pay_out": "whoever cannot be paid is left out",
    "applying.apply": "what becomes of each record is told as a part of the answer",
    "reading.asking_of": "a record is only read",
    "reserving.reserve": "what cannot be reserved is told as a part of the answer",
    "reserving.release": "what is over is left out",
    "signing_in.SigningIn": "a link is made; what its member does with it is asked elsewhere",
    "proving.pin_right": "it is told as `pin_wrong`",
    "operations._report": "it is told as `bad_parameter`",
    "seen._file": "it is told as `bad_parameter`",
    "operations._rows": "it is told as `bad_parameter`",
    "operations._told": "it is told as `bad_parameter`",
    "played.played": "deeds of days that are over are only counted",
    "plan_rates.plan_rates": "sales of days that are over are only counted",
    "sales._credits": "where nothing can be credited, nothing is shown",
    "answer_lines.answer_lines": "what becomes of each line is told as a part of the answer",
    "recording._item": "what becomes of each is told as a part of the answer",
    "erase_members._means": "what is forgotten was spelled well when it came",
    "keep_associates._forbidden": "roles are of people who sign in; a key has scopes",
}
"""Not followed: nothing behind it is answered by itself."""
ROLE: Final = "roles are of people who sign in; a key has scopes"
BY_OTHERS: Final[tuple[tuple[str, str, str], ...]] = (
    (
        "keep_campaign check_campaign approve_campaign resume_campaign stop_campaign drop_campaign",
        "forbidden",
        ROLE,
    ),
    ("keep_survey look_after_answer", "forbidden", ROLE),
    (
        "keep_club invite_to_club keep_gathering keep_lesson decide_post open_case "
        "note_case close_case want_reference agree_to_references ask_for_reference end_reference",
        "forbidden",
        ROLE,
    ),
    (
        "join_club check_in_at_gathering arrive_at_till answer_quiz decide_post close_case "
        "end_reference",
        "points_already_spent points_reserved too_much_returned",
        "what is recorded of it is no return",
    ),
    (
        "say_inlet_event_is_the_same_sale",
        "unknown_member too_much_returned proof_needed subject_needed told_before member_blocked "
        "key_reused",
        "what is given back is a whole sale of a member who is known, once",
    ),
    (
        "say_inlet_event_is_another_sale",
        "key_reused",
        "events that were refused so are looked for; saying what they are refuses none so",
    ),
    ("try_inlet_payload", "forbidden", "what a forum signs badly does not fit, and says so"),
    ("close_case", "member_blocked", "of whoever is blocked nothing is recorded"),
    (
        "ask_for_reference",
        "points_already_spent points_reserved too_much_returned",
        "asking records nothing",
    ),
    (
        "keep_offer close_offer drop_offer open_offer give_offer activate_offer "
        "activate_offer_at_till",
        "forbidden",
        ROLE,
    ),
    (
        "list_offers_at_till activate_offer_at_till arrive_at_till ask_on_receipt",
        "invalid",
        "the member is named by their id",
    ),
    (
        "keep_offer_choice open_offer_choice close_offer_choice drop_offer_choice",
        "forbidden",
        ROLE,
    ),
    ("open_offer", "key_reused", "it is published under no key"),
    (
        "activate_offer activate_offer_at_till",
        "offer_not_so offer_given_away member_blocked",
        "it gives nothing new",
    ),
    (
        "put_settlement_now",
        "already_settled key_reused period_not_over",
        "where everything is settled, the last settlement is put there",
    ),
    (
        "keep_journey publish_journey pause_journey resume_journey end_journey drop_journey",
        "forbidden",
        ROLE,
    ),
    ("keep_segment drop_segment list_in_segment", "forbidden", ROLE),
    (
        "tag_member handle_member_alert snooze_member_alert reopen_member_alert close_month",
        "forbidden",
        ROLE,
    ),
    ("plan_experiment begin_experiment end_experiment drop_experiment", "forbidden", ROLE),
    ("top_up_gift", "not_enough_points", "it only gives"),
    (
        "redeem_together hand_over_reward",
        "already_captured already_voided hold_lapsed keeps_its_seat off_an_order",
        "what is taken at once was not taken before",
    ),
    (
        "hand_over_reward",
        "points_do_not_pay not_stored_value share_exceeded discount_is_better below_minimum",
        "a till hands over rewards; it pays no basket",
    ),
    (
        "pay_at_till",
        "unknown_reward only_issued not_here not_now not_for_you tier_too_low chosen_otherwise "
        "limit_reached too_soon out_of_stock no_codes_left nothing_fits name_it with_a_seat",
        "points pay for a basket there; no reward is handed over",
    ),
    (
        "pay_at_till take_seat check_in_at_gathering arrive_at_till",
        "already_captured already_voided hold_lapsed keeps_its_seat off_an_order",
        "what is reserved anew was not ended before",
    ),
    (
        "take_seat check_in_at_gathering arrive_at_till",
        "points_do_not_pay not_stored_value share_exceeded discount_is_better below_minimum "
        "payment_changed only_issued no_codes_left out_of_stock nothing_fits name_it "
        "manager_needed",
        "a seat is neither a basket, an article nor a code, and no cashier is alone with it",
    ),
    (
        "check_in_at_gathering arrive_at_till",
        "price_changed",
        "only who takes a reward says which price was shown",
    ),
    (
        "redeem_reward redeem_together quote_reward capture_redemption void_redemption",
        "manager_needed",
        "only at a till somebody asks as a cashier who is alone",
    ),
    (
        "redeem_reward capture_redemption void_redemption hand_over_reward",
        "payment_changed",
        "only the payment at a till says what its quote was",
    ),
    (
        "quote_reward capture_redemption void_redemption pay_at_till",
        "price_changed",
        "only who takes a reward says which price was shown",
    ),
    (
        "make_sandbox renew_sandbox",
        "bad_program warnings_open already_published",
        "a sandbox begins with a version that was published before",
    ),
    ("make_sandbox", "forbidden", "its first key may what its maker may"),
    (
        "put_inlet_catch_up try_inlet_catch_up put_inlet_outlet try_inlet_outlet",
        "bad_mapping",
        "its mapping was read when it was kept; one that a later release cannot read is a problem "
        "that is shown",
    ),
    ("put_inlet_catch_up", "bad_signature", "who says which shop is asked signs nothing"),
    (
        "take_in_events",
        "unknown_member",
        "a checkout goes on, whatever is wrong with its cart",
    ),
    ("take_in_text", "unknown_member", "a number that is nobody's is told nothing of members"),
    ("get_snapshot", "unknown_member", "it looks only at members it found"),
    ("unpair_till", "till_ended", "what is unpaired stays so"),
    (
        "hand_in_records",
        "too_many_lookups unknown_member",
        "whom it looked for alone is counted; nobody is looked for, and nothing refused",
    ),
    ("find_at_till", "invalid unknown_member", "what is no name, or nobody's, finds nobody"),
    ("credit_late", "receipt_reused", "the receipt is what the purchase is found by"),
    (
        "credit_late",
        "too_much_returned points_already_spent points_reserved told_before subject_needed "
        "proof_needed",
        "it is a purchase that was taken once already",
    ),
)
"""Operations, codes of the same flow that others are told, and why not these."""
ELSEWHERE: Final[dict[str, set[str]]] = {
    "pair_till": {"too_many_tries"},  # of the door: wrong codes are counted there
}
"""Answered, though by a way the source does not name."""
