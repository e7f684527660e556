"""What is not let happen with paid memberships, pay-outs and partners, with sandboxes and their
clock, and with guests and appointments."""

from __future__ import annotations

from typing import Final

from regulars.surfaces.api.chosen_refusals import CHOSEN_REFUSALS
from regulars.surfaces.api.operations.belonging.caring.refusals import CARING
from regulars.surfaces.api.operations.belonging.community.refusals import COMMUNITY_REFUSALS
from regulars.surfaces.api.refusals import REFUSALS, Entry

PAID_REFUSALS: Final[dict[str, Entry]] = {
    "offer_not_so": Entry(
        409,
        "Not its next step",
        "The offer is not where this step begins, or it was promised and stays as it is.",
        "Look at it again (`facts.state`); close it, and write another.",
    ),
    "too_many_offers": Entry(
        409,
        "Too many offers",
        "As many offers as may be are in the program at a time (`facts.at_most`).",
        "Close one first.",
    ),
    "program_planned": Entry(
        409,
        "A version is planned",
        "Another version of the program waits for its day.",
        "Open the offer after that day, or withdraw the version.",
    ),
    "offer_given_away": Entry(
        409,
        "Given away",
        "As many members have the offer as may (`facts.most`).",
        "Write another offer.",
    ),
    "off_an_order": Entry(
        409,
        "Off an order",
        "What was reserved is off an order in the shop, which is not paid yet.",
        "Cancel the order; then it can be given back.",
    ),
    "offer_over": Entry(409, "It is over", "The time of this offer is over.", "Offer another."),
    "offer_not_yours": Entry(
        409,
        "Not offered",
        "This was not offered to this member.",
        "Look at what they were offered.",
    ),
    "campaign_not_so": Entry(
        409,
        "Not its next step",
        "A campaign is written, checked, approved and sent, in this order; it is elsewhere, or was "
        "changed since.",
        "Read it again; the facts say in which state and version it is.",
    ),
    "journey_not_so": Entry(
        409,
        "Not its next step",
        "A journey is planned, published, paused or ended; it is elsewhere, or was changed since.",
        "Read it again; the facts say in which state and version it is.",
    ),
    "second_person_needed": Entry(
        409,
        "A second person is needed",
        "So many members read it that somebody else than wrote it has to approve it.",
        "Let another key approve it, or raise `campaign_alone` in the settings.",
    ),
    "no_consent": Entry(
        409,
        "They did not agree",
        "Whoever looks after a member writes to them by ways they agreed to, and by no other.",
        "Choose another way, or let them agree on their card.",
    ),
    "no_address": Entry(
        409,
        "They cannot be reached this way",
        "The member has no address of this kind, or what is sent there comes back.",
        "Choose another way.",
    ),
    "nobody_looks_after": Entry(
        409,
        "Nobody looks after them",
        "A member writes to whoever looks after them because of a benefit; nobody does.",
        "Let somebody look after them first (`POST /v1/members/{member_id}/associates`).",
    ),
    "enough_for_now": Entry(
        409,
        "Enough for now",
        "A member writes twenty words a day at most.",
        "Let them write again tomorrow.",
    ),
    "asked_lately": Entry(
        409,
        "Asked not long ago",
        "A member is asked by one survey at most in so many days.",
        "Ask again from `again_at` on, or change `survey_days` in the settings.",
    ),
    "survey_closed": Entry(
        409,
        "The survey is closed",
        "Nobody is asked it any more, and nobody answers it.",
        "Keep it with the state `open`, or ask by another one.",
    ),
    "survey_answered": Entry(
        409,
        "Answered already",
        "An invitation is answered once.",
        "What was said first counts; nothing is to be done.",
    ),
    "survey_expired": Entry(
        409,
        "Its time is over",
        "An invitation may be answered for 30 days.",
        "Ask the member anew.",
    ),
    "nothing_to_do": Entry(
        409,
        "Nobody has to look after it",
        "Only answers of unhappy members are taken on.",
        "Look for answers with a `due_at`.",
    ),
    "birthday_unknown": Entry(
        409,
        "No birthday is known",
        "The benefit is used around the member's birthday, and none is known of this member.",
        "Tell it with PATCH /v1/members/{member_id}, as the attribute `birthday`.",
    ),
    "not_birthday": Entry(
        409,
        "Not around the birthday",
        "The benefit is used around the member's birthday, and that is at another time.",
        "The facts name the first day of the next time, and the first day after it.",
    ),
    "no_plan": Entry(
        409,
        "For paying members",
        "The benefit is for members who pay for a plan.",
        "The facts name the plan.",
    ),
    "plan_frozen": Entry(
        409,
        "The membership stands still",
        "It is paused, or its last term was not paid on; until it goes on nothing of it is used.",
        "Resume it, or pay.",
    ),
    "unknown_plan": Entry(
        409, "No such plan", "The program in force has no such plan.", "Name one of `plans:`."
    ),
    "has_plan": Entry(
        409,
        "A member already",
        "The member has a membership that runs.",
        "The facts name it. Change its plan, or let it end first.",
    ),
    "trial_taken": Entry(
        409,
        "One trial for each person",
        "This person, their telephone, address, card or payment card had a trial before.",
        "Begin with the first term paid.",
    ),
    "no_trial": Entry(409, "No trial", "The plan has no trial.", "Begin with the first term paid."),
    "membership_over": Entry(
        409,
        "The membership has ended",
        "Nothing continues a membership that ended.",
        "Begin another one.",
    ),
    "plan_ended": Entry(
        409,
        "Not sold any more",
        "The plan is not in the program any more, or its `until_on` is there; what was paid for "
        "runs to its end.",
        "Begin another plan when it has ended.",
    ),
    "not_running": Entry(
        409,
        "Not as it stands",
        "This cannot be done while the membership is as the facts say.",
        "Resume a paused or cancelled one first; pay for one that is past due.",
    ),
    "paid_ahead": Entry(
        409,
        "Paid already",
        "The next term is paid already: the one after it cannot be, nor the plan be changed now.",
        "See whether the payment was taken twice; change the plan from the next term on. The facts "
        "say until when is paid, or when the next term begins.",
    ),
    "other_amount": Entry(
        409,
        "Another amount is due",
        "What was paid is not what the term costs this member.",
        "The facts say what is due. If another amount was agreed, say the reason.",
    ),
    "no_pauses": Entry(
        409, "No pauses", "The plan cannot be paused.", "Cancel it at the end of its term."
    ),
    "same_plan": Entry(
        409, "That plan already", "The membership is of that plan already.", "Nothing to do."
    ),
    "no_contract": Entry(
        409,
        "No contract",
        "Nothing was agreed with this partner for that wallet and that moment.",
        "The facts name the moment. Keep a contract, or see whether the time is right.",
    ),
    "name_mismatch": Entry(
        409,
        "The name does not fit",
        "The name that was passed on does not belong to this number. Whose it is is not told.",
        "Compare number and name with the member's card.",
    ),
    "before_enrolment": Entry(
        409,
        "Before they were a member",
        "It happened longer before the member joined than the contract looks back.",
        "Nothing to do; the facts say how many days it is.",
    ),
    "already_credited": Entry(
        409,
        "In the account already",
        "The partner's account has a line under this number.",
        "See the statement. A number stands for one activity.",
    ),
    "pack_used_up": Entry(
        409,
        "The pack is used up",
        "What the partner paid beforehand does not suffice for the price.",
        "The facts say what is left. Book a payment, then tell it again.",
    ),
    "partner_limit_reached": Entry(
        409,
        "The partner owes too much",
        "The price would bring the partner over what it may owe.",
        "The facts say what is left. Book a payment, then tell it again.",
    ),
    "nothing_left": Entry(
        409, "Nothing is left of it", "All of this activity came back before.", "Nothing to do."
    ),
    "too_early": Entry(
        409,
        "Too early to claim",
        "The partner may still tell of it by itself.",
        "The facts say from when on it can be claimed.",
    ),
    "too_late": Entry(
        409, "Too late to claim", "It is too long ago.", "The facts say until when it could be."
    ),
    "already_claimed": Entry(
        409, "Claimed before", "This activity was claimed before.", "Wait for the decision."
    ),
    "claim_lapsed": Entry(
        409,
        "Not decided in time",
        "The time to decide this claim is over.",
        "Give points by hand, with a reason, if they are due all the same.",
    ),
    "already_decided": Entry(
        409, "Decided before", "This was granted or rejected before.", "The facts say which."
    ),
    "period_not_over": Entry(
        409,
        "That day has not begun",
        "An account is settled up to the beginning of a day that is here.",
        "Settle up to today, or wait.",
    ),
    "already_settled": Entry(
        409,
        "Settled before",
        "Everything up to then is in a settlement.",
        "The facts say in which; settle up to a later day.",
    ),
    "not_settled": Entry(
        409, "In no settlement yet", "This line is in no settlement.", "Settle the account first."
    ),
    "already_answered": Entry(
        409,
        "Answered otherwise",
        "The partner said something else of this line before.",
        "The facts say what. Open a dispute by itself, or decide the one there is.",
    ),
    "already_disputed": Entry(
        409, "Disputed before", "This line was disputed before.", "Wait for the decision."
    ),
    "no_payouts": Entry(
        409,
        "Nothing is paid out",
        "The program in force pays nothing to bank accounts.",
        "Say so in the program file: `paying_out:`.",
    ),
    "nothing_due": Entry(
        409,
        "Nobody is due anything",
        "No member with a usable bank account has as much as is paid out at least.",
        "Nothing to do. What is pending is due once it is confirmed.",
    ),
    "already_returned": Entry(
        409,
        "It came back before",
        "The bank sent this pay-out back under another reference, and it was booked.",
        "The facts name that reference. A pay-out comes back once at most.",
    ),
    "more_than_paid": Entry(
        409,
        "More than was paid",
        "Only what was paid for the running term, and not yet given back, can be given back.",
        "The facts say how much that is.",
    ),
    "not_a_sandbox": Entry(
        409,
        "No sandbox",
        "This program is real: its clock is everybody's, and what it sends is sent.",
        "Make a sandbox with `POST /v1/sandboxes`, and ask with its key.",
    ),
    "in_a_sandbox": Entry(
        409,
        "In a sandbox",
        "A sandbox has no sandboxes of its own.",
        "Ask with a key of the program it belongs to.",
    ),
    "sandbox_exists": Entry(
        409,
        "The name is taken",
        "There is a sandbox of this name already.",
        "Begin it anew with `POST /v1/sandboxes/{name}/renew`, or choose another name.",
    ),
    "too_many_sandboxes": Entry(
        409,
        "Enough sandboxes",
        "The program has as many sandboxes as there may be.",
        "Delete one first; the facts say how many there may be.",
    ),
    "clock_is_moving": Entry(
        409,
        "The clock is moving",
        "The clock of this sandbox is on its way to another moment, and does the nights between.",
        "Ask `GET /v1/sandbox` until `moving` is null.",
    ),
    "clock_only_forward": Entry(
        409,
        "Only forward",
        "What was decided at a later time cannot be undone, so a clock never goes back.",
        "The facts say what it shows. To go back, begin the sandbox anew.",
    ),
    "clock_too_far": Entry(
        409,
        "Too far at once",
        "A clock is moved by at most three years at once, and fifty altogether.",
        "The facts say how many days are possible now. Go there in several moves.",
    ),
    "too_many_guests": Entry(
        409,
        "Too many guests",
        "The benefit is shared with fewer guests, or with nobody.",
        "The facts say how many may come along.",
    ),
    "not_this_guest": Entry(
        409,
        "Not this guest",
        "The benefit is not shared with such a guest: a member or one who is none, the member "
        "themselves, or somebody who is blocked or erased.",
        "The facts say who may not.",
    ),
    "no_such_time": Entry(
        409,
        "No such time",
        "No appointment begins then, it is over, it is too far ahead, or there are none.",
        "GET /v1/benefits/{benefit}/slots lists the times of a day.",
    ),
    "fully_booked": Entry(
        409,
        "Fully booked",
        "Fewer places are left at this time than people would come.",
        "The facts say how many are left; choose another time.",
    ),
    "too_late_to_cancel": Entry(
        409,
        "Too late to cancel",
        "The time until which this appointment could be moved or cancelled is over.",
        "Say `late` where the shop lets it go all the same.",
    ),
}
ALL_REFUSALS: Final = REFUSALS | PAID_REFUSALS | CHOSEN_REFUSALS | CARING | COMMUNITY_REFUSALS
