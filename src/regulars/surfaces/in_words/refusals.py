"""Why something is not done, as whoever looks at a screen reads it: by the code, in their language.

A flow says it in English, for the API and the log. A screen says it by the code, which never
changes; the sentences are translated in `words/`, and a test sees to it that no code has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final

from regulars.base.faults import Fault, Outage, Refused
from regulars.surfaces.ui.reader import Reader

NO_SCREEN: Final = frozenset(
    (
        "malformed_json", "duplicate_name", "too_deep", "unknown_field", "bad_parameter",
        "bad_cursor", "bad_idempotency_key", "missing_scope", "method_not_allowed",
        "body_too_large", "body_too_slow", "unsupported_media_type", "too_many_requests",
        "bad_mapping", "bad_signature", "event_reused", "unexpected_body",
    )
)  # fmt: skip
"""What is wrong with a request of a program: no screen of ours sends such a one."""
POINTS: Final = frozenset(("available", "limit", "left", "at_least", "at_most"))
"""Facts in units of a wallet, where `wallet` is told beside them."""


def told_to(
    reader: Reader, no: Refused | Fault | Outage, scales: Mapping[str, int] = MappingProxyType({})
) -> str:
    """What a reader is told about what was not done.

    Shape: `scales` are those of the wallets, so that points are written as people know them.
    Order: the sentence of the flow where it has words in this language, as it says more; else that
    of the code with its numbers; else that of the code.
    """
    if isinstance(no, Outage):
        return _own(reader, no.says) or reader.say(SAID["unavailable"])
    if isinstance(no, Fault):
        return _own(reader, no.says) or by_code(reader, no.code, no.facts, scales) or no.says
    return by_code(reader, no.code, no.facts, scales) or _own(reader, no.says) or no.says


def by_code(
    reader: Reader,
    code: str,
    facts: Mapping[str, Any],
    scales: Mapping[str, int] = MappingProxyType({}),
) -> str:
    """The sentence of a code, with its numbers where all of them are told; nothing for no code.

    Example: `too_many_tries` with `retry_after_seconds` 61 is `… wait 2 min`.
    """
    places = _places(reader, facts, scales)
    numbered = WITH_NUMBERS.get(code, "")
    if numbered and all(name in places for name in _names(numbered)):
        return reader.say(numbered, **places)
    said = SAID.get(code) or OF_RECORDS.get(code, "")
    return reader.say(said) if said else ""


def for_device(reader: Reader) -> dict[str, list[str]]:
    """Every sentence as a device needs it that puts the numbers in itself, the plain one last."""
    say = reader.say
    numbered = {code: _kept(reader, text) for code, text in WITH_NUMBERS.items()}
    return {code: [numbered[code], say(said)] if code in numbered else [say(said)]
            for code, said in {**SAID, **OF_RECORDS}.items()}  # fmt: skip


def _kept(reader: Reader, text: str) -> str:
    """The sentence with its places left open, as `%(left)s`."""
    return reader.say(text, **{name: f"%({name})s" for name in _names(text)})


def _names(text: str) -> list[str]:
    return [part.split(")s")[0] for part in text.split("%(")[1:]]


def _own(reader: Reader, says: str) -> str:
    """What the flow said, in English or where a catalogue has it; with a capital letter."""
    words = reader.say(says)
    if words == says and reader.language != "en":
        return ""
    return words[:1].upper() + words[1:]


def _places(reader: Reader, facts: Mapping[str, Any], scales: Mapping[str, int]) -> dict[str, str]:
    scale = scales.get(str(facts.get("wallet", "")), 0)
    found = {name: _one(reader, name, told, scale) for name, told in facts.items()}
    if "retry_after_seconds" in facts:
        found["minutes"] = reader.number(max(1, -(-int(facts["retry_after_seconds"]) // 60)))
    return found


def _one(reader: Reader, name: str, told: Any, scale: int) -> str:
    if isinstance(told, bool) or not isinstance(told, int):
        return reader.day(_day(told)) if name.endswith(("_at", "_on")) else str(told)
    return reader.quantity(told, scale if name in POINTS else 0)


def _day(told: Any) -> date | datetime:
    return told if isinstance(told, date) else datetime.fromisoformat(str(told))


SAID: Final[Mapping[str, str]] = MappingProxyType(
    {
        "unauthorized": "Not signed in any more; sign in or pair again",
        "till_ended": "This till has ended; pair the device anew",
        "forbidden": "You may not do this; ask somebody who may",
        "too_few_members": "There are too few members to hold anybody out; it would say nothing",
        "held_out_already": "A part of the members is held out of everything already; "
        "end that first",
        "segment_in_use": "Other segments stand on it, or campaigns go to it; "
        "change or drop those first",
        "campaign_not_so": "This is not its next step, or it was changed since; look at it again",
        "offer_not_so": "It is not where this begins, or it was promised and stays as it is",
        "too_many_offers": "There are too many offers at a time; close one first",
        "program_planned": "Another version of the program waits for its day; wait for it",
        "offer_given_away": "As many members have this offer as may",
        "offer_over": "This offer is over",
        "offer_not_yours": "This was not offered to this member",
        "journey_not_so": "This is not its next step, or it was changed since; look at it again",
        "second_person_needed": "Somebody else than wrote it has to approve it, as so many read it",
        "asked_lately": "They were asked not long ago",
        "survey_closed": "Nobody is asked this any more",
        "survey_answered": "This was answered already",
        "survey_expired": "It could be answered until a while ago",
        "nothing_to_do": "Nobody has to look after this answer",
        "club_closed": "Nobody joins this club any more",
        "club_by_invitation": "Into this club comes whoever was invited",
        "club_by_tier": "This club is for other tiers",
        "club_only": "This is for who is in its club",
        "gathering_not_open": "Seats cannot be asked for yet",
        "gathering_begun": "It has begun already",
        "gathering_cancelled": "It does not take place",
        "gathering_not_now": "It is on another day",
        "no_seat": "They have no seat, and none is free",
        "lesson_closed": "Nobody is asked this any more",
        "came_only": "This is for who came to an event at which it is taught",
        "lesson_again_later": "Read it once more; the next try comes in ten minutes",
        "reviewed_already": "This was reviewed already; take the first one back to write anew",
        "post_waits": "So much waits to be read already; a little patience",
        "post_over": "It was taken back",
        "own_post": "Take back what is yours instead",
        "came_already": "They are here already",
        "cases_open": "So many of their cases are open already; close some of them first",
        "case_full": "So much was noted already; close it, and open another",
        "case_over": "It ended otherwise already",
        "reference_not_so": "This is not its next step; look at it again",
        "nobody_fits": "Nobody who agreed has all of this, or they wait with somebody already",
        "experiment_begun": "It has begun, and what it compares stays; end it and plan another",
        "experiment_not_begun": "It never began; drop the plan instead",
        "experiment_ended": "This experiment is over; plan another",
        "not_found": "There is nothing like this here",
        "invalid": "Something here is not what it must be; look at it once more",
        "bad_program": "The program file has problems; nothing was published",
        "already_published": "The newest version says the same and begins earlier",
        "warnings_open": "A warning is open; mend it, or say that it is meant",
        "draft_changed": "Somebody wrote this draft since you opened it; nothing was overwritten",
        "version_decided": "Activities were decided by this version already; it stays",
        "version_followed": "Another version follows this one; take that one back first",
        "key_reused": "This form was sent before with something else in it; load the page again",
        "receipt_reused": "This receipt was recorded before with other content; what was "
        "recorded stands",
        "unknown_member": "Nobody is a member by this",
        "member_erased": "This member was erased on request",
        "identifier_taken": "This belongs to another member already",
        "merge_needed": "Two members would have to become one first",
        "member_blocked": "This member is blocked",
        "too_much_returned": "More would come back than was bought",
        "points_already_spent": "These points were spent already",
        "points_reserved": "These points are still reserved for a reward",
        "nothing_pending": "Nothing of this is pending",
        "already_confirmed": "This was confirmed before",
        "already_cancelled": "This was cancelled before",
        "internal_error": "This is our mistake; it is in our log",
        "unavailable": "We cannot answer right now; nothing is lost, try again in a moment",
        "minor_limit": "Under age no more can be spent for now",
        "staff_only": "Only the shop lets people in here",
        "invitation_needed": "A member has to invite whoever joins",
        "country_closed": "The program is for people who live in other countries",
        "detail_needed": "Something more has to be told",
        "too_young": "The program is for older people",
        "guardian_needed": "A member of age has to answer for them",
        "join_first": "They have to join first",
        "no_such_tier": "There is no such tier",
        "not_by_invitation": "Nobody is invited to this tier",
        "has_tier": "The member stands on this tier already",
        "invited_already": "The member is invited already",
        "not_invited": "The member is not invited",
        "invitation_over": "The invitation is over",
        "unknown_challenge": "There is no such challenge now",
        "no_part_needed": "Everybody takes part in this by themselves",
        "draw_id_taken": "There was a draw of this name already",
        "draw_over": "The draw is over",
        "draw_not_announced": "The draw was not announced",
        "draw_not_over": "The draw still runs",
        "nobody_entered": "Nobody takes part in this draw",
        "no_referrals": "This program has nothing for bringing friends",
        "unknown_benefit": "There is no such benefit",
        "not_for_this": "The benefit is not for this",
        "not_granted": "This was not granted to the member",
        "birthday_unknown": "This is for around the birthday, and none is known yet",
        "not_birthday": "This is for the days around the birthday",
        "chosen_otherwise": "The member chose something else",
        "used_up": "This is used up for now",
        "too_many_guests": "So many guests may not come along",
        "not_this_guest": "This guest may not come along",
        "no_such_time": "There is no appointment at this time",
        "fully_booked": "This time is fully booked",
        "too_late_to_cancel": "It is too late to move or cancel this",
        "unknown_reward": "There is no such reward now",
        "only_issued": "This reward is given, not asked for",
        "with_a_seat": "This goes with a seat at an event; take the seat there",
        "keeps_its_seat": "This belongs to a seat at an event; give the seat up instead",
        "not_for_you": "This is for other members",
        "too_soon": "Not again so soon",
        "no_codes_left": "No codes are left",
        "points_do_not_pay": "Points pay for nothing in this program",
        "share_exceeded": "Points may pay for a part of it only",
        "discount_is_better": "The discount is worth more than the points",
        "price_changed": "By now it takes another price; look at it again",
        "payment_changed": "By now it takes other points; look at it again",
        "below_minimum": "So little is not paid with points",
        "unknown_code": "There is no such code",
        "code_used": "The code was used already",
        "code_expired": "The code is too old",
        "code_withdrawn": "The code was withdrawn",
        "not_here": "Not in this store",
        "not_now": "Not at this time",
        "tier_too_low": "This is for a higher tier",
        "limit_reached": "No more for now; the limit is reached",
        "out_of_stock": "Nothing is left on the shelf",
        "not_enough_points": "Not enough points",
        "debt_first": "Points that are owed come first",
        "hold_lapsed": "The reservation is over",
        "already_captured": "This was handed over already",
        "already_voided": "This was given back already",
        "off_an_order": "It is off an order of yours; once that is cancelled it can be given back",
        "already_paid": "This bill is paid already",
        "other_sum": "What was paid is not what the bill comes to",
        "bill_changed": "This bill was changed since you looked at it",
        "no_promotion": "The program cannot give this as a promotion now",
        "transfers_not_allowed": "Points are not given away in this program",
        "not_registered": "Nobody has claimed this card yet; let its person join first",
        "too_few_points": "So few points are not given",
        "too_many_points": "So many points are not given at once",
        "lot_empty": "Nothing is left of these points",
        "lot_lapsed": "These points have lapsed",
        "not_lapsed": "Not so many points had lapsed",
        "nothing_owed": "Nothing is owed",
        "same_member": "This is one member already",
        "merge_into_person": "Merge the card into the person, not the person into the card",
        "holds_open": "A reward is reserved; hand it over or give it back first",
        "points_pending": "These points are still pending",
        "merged_further": "They were merged further since; undo that first",
        "spent_together": "Points were spent since; this cannot be undone exactly",
        "no_households": "This program has no households",
        "in_household": "They are in a household already",
        "household_full": "The household is full",
        "head_stays": "The head stays as long as others are in it",
        "head_only": "Only the head of the household spends",
        "gone": "This is over",
        "no_plan": "This is for members who pay for a plan",
        "plan_frozen": "This waits until the membership goes on",
        "unknown_plan": "There is no such plan",
        "has_plan": "The member has a membership that runs",
        "trial_taken": "There is one trial for each person",
        "no_trial": "This plan has no trial",
        "membership_over": "The membership has ended",
        "plan_ended": "This plan is not sold any more",
        "not_running": "This cannot be done as the membership stands",
        "paid_ahead": "The next term is paid already",
        "other_amount": "Another amount is due",
        "no_pauses": "This plan cannot be paused",
        "same_plan": "The membership is of this plan already",
        "no_contract": "Nothing was agreed with this partner for that",
        "name_mismatch": "The name does not belong to this number",
        "before_enrolment": "It happened too long before they became a member",
        "already_credited": "This is in the account already",
        "pack_used_up": "What the partner paid beforehand is used up",
        "partner_limit_reached": "The partner would owe too much",
        "nothing_left": "All of it came back before",
        "too_early": "It is too early for this",
        "too_late": "It is too late for this",
        "already_claimed": "This was claimed before",
        "claim_lapsed": "This was not decided in time",
        "already_decided": "Somebody decided this before",
        "already_disputed": "This was disputed before",
        "period_not_over": "That day has not begun",
        "already_settled": "Everything up to then is settled",
        "not_settled": "This is in no settlement yet",
        "already_answered": "The partner answered something else before",
        "no_payouts": "This program pays nothing to bank accounts",
        "nothing_due": "Nobody is due anything",
        "already_returned": "The bank sent this back before",
        "more_than_paid": "This is more than was paid",
        "proof_needed": "Say where it can be seen",
        "subject_needed": "Say what it is about",
        "told_before": "This was told before; it counts once",
        "not_reserved": "This was not reserved at this till",
        "no_offline_rewards": "Nothing can be reserved at this till",
        "team_needed": "Teams take part in this; form one or join one",
        "no_teams": "This is not for teams",
        "in_team": "They are in a team already",
        "team_full": "The team is full",
        "nothing_fits": "Too little in the basket fits the reward",
        "not_stored_value": "This wallet is no gift balance",
        "buyer_limit": "No more can be spent by this buyer for now",
        "unknown_choice": "There is nothing like this to choose",
        "name_it": "Say which pieces are free",
        "draw_drawn": "This was drawn already",
        "own_membership": "Nobody credits or redeems for themselves; ask a colleague",
        "above_limit": "This is more than your role gives at once; ask a colleague to grant it",
        "goodwill_budget_used": "This month's budget is used; ask a colleague to grant it",
        "own_request": "Somebody else has to decide what you asked for",
        "email_taken": "Somebody who works or worked here has this address",
        "last_owner": "The last owner stays; make somebody else an owner first",
        "unknown_own_member": "Nobody is a member by this number",
        "sign_in_failed": "This address and password do not fit; try again",
        "too_many_tries": "This was tried too often; wait a while",
        "unknown_import": "There is no such import; look at the list again",
        "import_not_linked": "This import came before it was kept whom it made",
        "too_many_errands": "So much long work is open or kept already; stop or delete some first",
        "too_many_uploads": "So many files lie here already; delete one first",
        "credited_already": "This purchase is somebody's already, or all of it came back",
        "too_late_to_credit": "This purchase is too long ago to be credited",
        "unknown_sale": "No purchase has this receipt here yet; check it for a slip",
        "several_sales": "Several purchases have this receipt; choose the right one at a till",
        "manager_needed": "A manager has to say yes with their PIN",
        "sender_there": "Codes are sent here; let the member ask for one on their card's page",
        "signed_out": "Nobody is signed in on this page any more; sign in once more",
        "goodwill_worth_used": "This month's budget in money is used; ask a colleague to grant it",
        "upload_in_use": "A job is reading this file; stop it first, or wait for its end",
        "not_a_demo": "This is no demo: its members are real, and nothing was done",
        "name_differs": "The name of the shop is another one; type it as it is shown",
        "perhaps_real": "Members joined since the demo was made; type how many they are",
        "too_many_lookups": "This till looked for too many whom nobody knows; scan their cards",
        "pin_wrong": "This PIN does not fit",
        "card_needed": "For this the member shows their card; scan its square, then try again",
        "proof_not_asked": "For this no proof is needed; hand it over",
        "no_consent": "The member did not agree to be written to this way",
        "no_address": "The member cannot be reached this way",
        "nobody_looks_after": "Nobody of the shop looks after this member",
        "enough_for_now": "So much was written within a day that it is enough for now",
        "nowhere_to_send": "No code can be sent to this member; let them show their card",
        "card_code_wrong": "This code is not good any more; let them show the card again",
        "card_code_used": "This code was taken already; wait for the next one",
        "unknown_cashier": "Nobody of this store is at the till by this name",
        "passkey_not_added": "The passkey was not added; begin again",
        "form_not_ours": "This form is not from here, or is too old; open the page again",
        "too_many_codes": "Several codes were asked for; use the last one, or wait",
        "code_wrong": "These are not the digits we sent",
        "code_over": "This code is over; ask for another one",
        "not_a_sandbox": "This program is real, and its clock is everybody's",
        "in_a_sandbox": "A sandbox has no sandboxes of its own",
        "sandbox_exists": "There is a sandbox of this name already; choose another",
        "too_many_sandboxes": "There are as many sandboxes as there may be; delete one first",
        "clock_is_moving": "The clock is being moved; wait until it is there",
        "clock_only_forward": "The clock goes forward only; begin the sandbox anew to go back",
        "clock_too_far": "This is too far at once; go there in several moves",
    }
)
OF_RECORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "fork": "Two devices recorded as this till",
        "suspended": "The till was suspended when it told this",
        "unpaired": "The till was unpaired when it told this",
        "bad_signature": "This record is not from this till",
        "malformed": "This record cannot be read",
        "trouble": "This is our mistake; try it again after an update",
    }
)
"""Why a record of a till waits, besides what a flow says."""
WITH_NUMBERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "not_enough_points": "Not enough points: %(available)s are there",
        "above_limit": "At most %(limit)s at once; ask a colleague to grant more",
        "goodwill_budget_used": "Left of this month's budget: %(left)s; ask a colleague to grant "
        "more",
        "too_many_tries": "This was tried too often; wait %(minutes)s min",
        "too_many_lookups": "Too many whom nobody knows were looked for; scan cards, or wait "
        "%(minutes)s min",
        "too_many_codes": "Several codes were asked for; use the last one, or wait %(minutes)s min",
        "code_wrong": "These are not the digits we sent; tries left: %(tries_left)s",
        "too_young": "The program is for people from %(minimum_age)s years on",
        "too_few_points": "At least %(at_least)s are given at once",
        "too_many_points": "At most %(at_most)s are given at once",
        "too_few_members": "Members so far: %(members)s; to hold anybody out it takes %(at_least)s",
        "household_full": "At most %(most)s belong to one household",
        "team_full": "At most %(most)s are in one team",
        "too_soon": "Not again so soon; from %(again_at)s on",
        "not_now": "Not yet; from %(begins_at)s on",
        "not_birthday": "This is for the days around the birthday; from %(from_on)s on",
        "off_an_order": "It is off order %(order)s of %(shop)s; cancel that there first",
    }
)
"""The same with numbers, for where the facts tell them."""
