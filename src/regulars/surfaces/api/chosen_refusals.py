"""What a program does not let happen with rewards that depend on the basket or on a choice, with
teams of a challenge and lists of draws; what staff may not do, and what codes are refused."""

from __future__ import annotations

from typing import Final

from regulars.surfaces.api.refusals import Entry

CHOSEN_REFUSALS: Final[dict[str, Entry]] = {
    "too_few_members": Entry(
        409,
        "Too few members",
        "To hold somebody out of so few members would say nothing.",
        "Wait until there are as many as the facts name, or compare two promises (`split`).",
    ),
    "held_out_already": Entry(
        409,
        "Held out already",
        "A part of the members is held out of all campaigns already.",
        "End that experiment first; the facts name it.",
    ),
    "segment_in_use": Entry(
        409,
        "It is in use",
        "Other segments stand on this one, or campaigns or journeys name it; the facts say which.",
        "Change or drop those first.",
    ),
    "experiment_begun": Entry(
        409,
        "It has begun",
        "What an experiment compares stays as it was when it began.",
        "End it, and plan another.",
    ),
    "experiment_not_begun": Entry(
        409, "It never began", "Only what has begun can end.", "Drop the plan instead."
    ),
    "experiment_ended": Entry(
        409, "It is over", "An experiment that is over stays as it is.", "Plan another."
    ),
    "already_paid": Entry(
        409,
        "Paid already",
        "The bill, or the payment, was paid before.",
        "Do nothing; open another bill for something more.",
    ),
    "other_sum": Entry(
        409,
        "Another sum",
        "What was paid is not what the bill comes to; a reward for it may be gone.",
        "Look at the bill anew, and pay what it comes to (`facts.due_minor`).",
    ),
    "bill_changed": Entry(
        409,
        "Changed since",
        "The bill is not the version that is paid; a reward for it came or is gone.",
        "Look at the bill anew, and pay what it comes to.",
    ),
    "no_promotion": Entry(
        409,
        "Not as a promotion",
        "The program cannot give this as a promotion now; the sentence says why.",
        "Cancel another promotion, or change the program file.",
    ),
    "proof_needed": Entry(
        409,
        "Where can it be seen?",
        "The program asks of this kind of activity under which id it is found where it was told.",
        "Send `external_id`, with the `source` it is of.",
    ),
    "subject_needed": Entry(
        409,
        "What is it about?",
        "The program asks of this kind of activity what it is about.",
        "Send the detail that the facts name.",
    ),
    "told_before": Entry(
        409,
        "Told before",
        "The member told of this once already; it counts once.",
        "Do nothing; what was not approved may be told again.",
    ),
    "not_reserved": Entry(
        409,
        "Not reserved here",
        "The reward was not reserved at this till, so it could not be handed over without network.",
        "Correct it by hand, or dismiss the record.",
    ),
    "no_offline_rewards": Entry(
        409,
        "Nothing is reserved",
        "The store lets its tills reserve nothing, or this till has as much as it may have.",
        "Release what is not needed, or say more for the store (`offline_most`).",
    ),
    "team_needed": Entry(
        409,
        "Teams take part",
        "Nobody takes part in this challenge by themselves.",
        "Form a team for it (`POST /v1/teams`), or join one by its code.",
    ),
    "no_teams": Entry(
        409,
        "Not for teams",
        "Everybody reaches this challenge by themselves.",
        "Take part with `POST /v1/challenge-parts`, or name a challenge with `together:`.",
    ),
    "in_team": Entry(
        409,
        "In a team already",
        "The member is in another team of this challenge.",
        "They leave it first; what they did in it stays with it.",
    ),
    "team_full": Entry(
        409,
        "The team is full",
        "So many are in it as may be.",
        "Join another team, or form one; `most` of the facts says how many a team has.",
    ),
    "nothing_fits": Entry(
        409,
        "Nothing in the basket fits",
        "The reward makes pieces of the basket free, and too few that fit are in it.",
        "The facts say how many it frees and how many fit.",
    ),
    "not_stored_value": Entry(
        409,
        "No gift balance",
        "Stored value is paid from a wallet of kind gift, and this is none.",
        "Name a wallet of kind gift, or leave `wallet` out to pay with points.",
    ),
    "buyer_limit": Entry(
        409,
        "No more for now",
        "Buyers of a company spend at most so much in a period, and this would be more.",
        "The facts say what is left per wallet; the head may let them in again with another limit.",
    ),
    "unknown_choice": Entry(
        404,
        "Nothing to choose there",
        "The program in force has no such choice, or nothing of this name to choose from.",
        "The facts name the choices there are.",
    ),
    "name_it": Entry(
        409,
        "Which piece is free?",
        "Several pieces fit and the till says which are free; or the program says which.",
        "Name so many pieces of the lines in the facts, in `free`; or leave `free` out.",
    ),
    "draw_drawn": Entry(
        409,
        "Drawn already",
        "It was drawn from the list as it was then.",
        "Close the list of the next one before its words are known.",
    ),
    # --- staff
    "own_membership": Entry(
        409,
        "Not for oneself",
        "Nobody who works here credits or redeems for their own membership, whoever typed it in.",
        "Ask a colleague.",
    ),
    "above_limit": Entry(
        409,
        "More than the role gives at once",
        "This is more than the role gives or takes by hand at once; the facts say how much.",
        "Ask a colleague to grant it.",
    ),
    "goodwill_budget_used": Entry(
        409,
        "This month's budget is used",
        "Each of the staff gives so many points by hand in a month; the facts have what is left.",
        "Give less, or ask a colleague to grant it.",
    ),
    "goodwill_worth_used": Entry(
        409,
        "This month's budget in money is used",
        "Each of the staff gives points worth so much by hand in a month; the facts have what is "
        "left, in whole units of the currency.",
        "Give less, or ask a colleague to grant it.",
    ),
    "own_request": Entry(
        409,
        "Somebody else decides",
        "What somebody asks for is granted or rejected by a colleague.",
        "Ask a colleague who may grant it.",
    ),
    "already_decided": Entry(
        409,
        "Decided before",
        "Somebody granted or rejected this request already; it is booked once at most.",
        "Look at what became of it.",
    ),
    "email_taken": Entry(
        409,
        "This address is known",
        "Somebody who works or worked here has this e-mail address.",
        "Look for them among the staff.",
    ),
    "last_owner": Entry(
        409,
        "The last owner stays",
        "Without an owner nobody could let anybody in.",
        "Make somebody else an owner first.",
    ),
    "unknown_own_member": Entry(
        409,
        "No such member",
        "A member of the staff can only be a member of this program.",
        "Look them up by their number.",
    ),
    "sign_in_failed": Entry(
        401,
        "Not signed in",
        "The address and the password, or the passkey, do not let anybody in; why is not told.",
        "Try again, or ask an owner for a link.",
    ),
    "unknown_import": Entry(
        404,
        "No such import",
        "Nothing was brought over under this id here.",
        "Look at the list of imports (`list_imports`).",
    ),
    "import_not_linked": Entry(
        409,
        "Not known whom it made",
        "It began before imports kept which members they made (migration 0061).",
        "Restore the backup of before, or mend single members by hand.",
    ),
    "too_many_errands": Entry(
        409,
        "Too many errands",
        "So many long works of a shop are open or kept at once.",
        "Wait until one is done, stop one, or delete an old one.",
    ),
    "too_many_uploads": Entry(
        409,
        "Too many files",
        "So many files of a shop lie there at once.",
        "Delete one that is not wanted any more.",
    ),
    "upload_in_use": Entry(
        409,
        "File in use",
        "A job that waits or is being done reads this file.",
        "Stop the job, or wait for its end; then delete the file.",
    ),
    "not_a_demo": Entry(
        409,
        "Not a demo",
        "Only a demo that never started for real can lose its people.",
        "Nothing was done; members of a real shop are erased one by one.",
    ),
    "name_differs": Entry(
        409,
        "Another name",
        "The name that was typed is not that of the shop.",
        "Type it as it is shown.",
    ),
    "perhaps_real": Entry(
        409,
        "Perhaps real people",
        "Members joined since the demo was made; whoever starts for real loses them, too.",
        "Make a backup, and type how many they are.",
    ),
    "too_many_tries": Entry(
        429,
        "Tried too often",
        "So many tries are compared in a quarter of an hour, of one account, address or PIN.",
        "Wait as many seconds as the facts say.",
    ),
    "too_many_lookups": Entry(
        429,
        "Looked for too many whom nobody knows",
        "A till may look for 30 in ten minutes and 300 in a day whom nobody knows.",
        "Scan cards, or wait as many seconds as the facts say.",
    ),
    "pin_wrong": Entry(
        401,
        "The PIN does not fit",
        "Whoever takes over a till types the PIN they set, in a store they work in.",
        "Try again, or set another PIN.",
    ),
    "card_code_wrong": Entry(
        409,
        "The code is not good any more",
        "The code of a card changes every half minute, and this one is none of now.",
        "Let the member show their card again, or look them up.",
    ),
    "card_code_used": Entry(
        409,
        "The code was taken already",
        "Each code of a card is taken once; a picture of it is good for nobody.",
        "Wait for the next code, half a minute at most.",
    ),
    "card_needed": Entry(
        409,
        "The card is needed",
        "Above the worth that the program names (`spending_proof`) a number or name is not enough.",
        "Let the member show the code of their card, or send them one (`POST /v1/spending-codes`), "
        "and send it along (`card_code`).",
    ),
    "manager_needed": Entry(
        409,
        "A manager is needed",
        "It takes more points than the shop lets a cashier hand over alone.",
        "Let a manager of the store type their PIN (`approved_by`, `pin`).",
    ),
    "payment_changed": Entry(
        409,
        "It takes other points by now",
        "Since the quote the program or the member's points changed, and nobody agreed to that.",
        "Ask for a quote again, and show it before you ask for this.",
    ),
    "price_changed": Entry(
        409,
        "It takes another price by now",
        "Since it was shown the program changed, or what the member has; nobody agreed to that.",
        "Show the price in `facts`, and ask again with it once they want it.",
    ),
    "credited_already": Entry(
        409,
        "A member's already",
        "The purchase is somebody's, or all of it came back.",
        "Nothing is left to credit; look at the receipt again.",
    ),
    "too_late_to_credit": Entry(
        409,
        "Too long ago",
        "A purchase can be credited afterwards for so many days (`late_credit_days`).",
        "Give points by hand, with a reason.",
    ),
    "proof_not_asked": Entry(
        409,
        "No proof is asked for",
        "The program has no `spending_proof`: a number is enough for whatever it is worth.",
        "Redeem without a code.",
    ),
    "nowhere_to_send": Entry(
        409,
        "No code can be sent",
        "This house has no sender for any address of the member, or they have none.",
        "Let the member show the code of their card, or link a telephone or e-mail first.",
    ),
    "sender_there": Entry(
        409,
        "Codes are sent here",
        "A till shows a square to sign in only until messages can be sent.",
        "Let the member ask for a code on their card's page.",
    ),
    "several_sales": Entry(
        409,
        "Several purchases",
        "Several purchases of the store have the number that was noted down from a receipt.",
        "Choose the right one at a till that is connected, then dismiss the record.",
    ),
    "unknown_cashier": Entry(
        409,
        "No cashier of this store",
        "The record names somebody who does not work in the store of its till, or has left.",
        "Let them be taken on for the store and try the record again, or dismiss it.",
    ),
    "passkey_not_added": Entry(
        409,
        "The passkey was not added",
        "The device answered another question, too late, or was known already.",
        "Begin again.",
    ),
    "form_not_ours": Entry(
        403,
        "Not our form",
        "A form of the console came from another site, or from a session that is over.",
        "Open the page again and send it from there.",
    ),
    # --- at the door and at the till
    "too_many_codes": Entry(
        409,
        "Too many codes",
        "Several codes were asked for at this address, or from this machine, a short while ago.",
        "Use the last one, or wait; the facts say how long.",
    ),
    "code_wrong": Entry(
        409,
        "Other digits",
        "These are not the digits that were sent.",
        "Look again; the facts say how many tries are left.",
    ),
    "code_over": Entry(
        409,
        "The code is over",
        "It was used, tried too often, or it is too old.",
        "Ask for another one.",
    ),
    # --- in a sandbox
}
