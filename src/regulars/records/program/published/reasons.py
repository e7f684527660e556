"""Why each switch of a program file is what it is unless said, in a sentence for who decides.

Chosen for a café: nothing surprises its guests, and nothing costs more than what was promised. A
test fails when a switch has no reason, and when a reason is of no switch.
"""

from __future__ import annotations

from typing import Final

_ONE_DOES = "One is what people mean who give no number."
_NO_WORTH = "Nothing is counted that nobody said."
_NO_POINTS = "A prize is what is written down, and points are one of several."
_ALL_COUNTS = "The amount that counts is what the program calls `standard`, once for everything."
_EACH_DEED = "Coming is what is thanked for, not spending more at once."
_BASE = "What competes and is multiplied is the usual; what comes on top says so."
_BY_MONTH = "Pocket money is thought of by the month."
_LADDER: Final = {
    "measure": "What somebody spent is what most shops mean; never what can be spent, or spending "
    "points would cost the tier.",
    "qualifying": _ALL_COUNTS,
    "window": "A year that begins for everybody on the same day is understood without explaining.",
    "rolling_days": "A rolling window is a year unless somebody says less.",
    "valid": "Who reached a tier in November has it for longer than weeks.",
    "downgrade": "Where somebody belongs is plain from what they did.",
    "grace_days": "An end that was told is the end.",
    "crossing_earns": "The price on the shelf was seen before the tier was reached.",
    "credit_after_days": "What was done counts when it was done.",
    "reached": "Joy that waits is no joy: up at once.",
    "accept_within_days": "A month is enough to answer an invitation.",
    "notice_days": "No letter is sent that nobody asked for.",
}

REASONS: Final[dict[str, dict[str, str]]] = {
    "Program": {"locale": "The language most systems beside it speak."},
    "Guests": {
        "counts": "Four visits are four chairs, whoever sits in them.",
        "who": "A friend needs no card to come along.",
    },
    "Appointments": {
        "places": "One person serves one guest at a time.",
        "ahead": "Nobody keeps a time for a day that lies beyond next month.",
        "missed": "The time was kept for them, and nobody else had it.",
    },
    "Associate": {
        "chosen": "Everybody of the shop has as many members to know as the others.",
    },
    "Wallet": {
        "kind": "Most programs give points.",
        "scale": "Whole points are counted in the head.",
        "negative": "A guest never owes the café anything: what is not there is not taken back.",
        "spends": "So that as little as possible lapses.",
    },
    "Rounding": {
        "mode": "Never more than was promised: 9.99 are nine points.",
        "scope": "A receipt is rounded once, as it is added up once.",
        "step": "The smallest unit there is.",
        "carry": "A receipt tells all there is to know; nothing is carried along unseen.",
    },
    "Expiry": {"round_up_to": "A day that has begun is not cut off."},
    "Inactivity": {
        "reset_by": "Points live as long as somebody collects or spends them.",
    },
    "Qualifying": {
        "order_discounts": "What was not paid earns nothing.",
        "tax": "Guests see prices with tax, and points follow what they see.",
        "shipping": "It is what the carrier gets.",
        "tips": "They are what the staff gets.",
        "points_paid": "Points do not earn points.",
    },
    "Stacking": {
        "base": "Of two promises the better one is kept, and they do not add up unseen.",
        "multipliers": "Two doublings triple: the cost stays near what each was planned for.",
    },
    "Rule": {
        "needs_base": "A bonus is a promise of its own.",
        "priority": "None is before another unless somebody says so.",
    },
    "PerAmount": {"qualifying": _ALL_COUNTS, "stage": _BASE},
    "PerItem": {"every": "Each piece counts.", "stage": _BASE},
    "Fixed": {"stage": _BASE},
    "ByTable": {"per": "Each one counts.", "stage": _BASE},
    "AnniversaryIs": {
        "attribute": "Birthdays are what is asked for.",
        "days_before": "The day itself.",
        "days_after": "The day itself.",
    },
    "AroundBirthday": {"days_before": "The day itself.", "days_after": "The day itself."},
    "DaysSince": {"attribute": "Joining is known of everybody.", "at_least": "From the first day."},
    "Limit": {
        "on_exceed": "What is left is given: nobody loses all of it for one point too many.",
        "of": "A limit is each one's; what is for all together says so.",
    },
    "Budget": {
        "on_exceed": "What is left is given.",
        "of": "A budget is the shop's; what is each one's says so.",
    },
    "Tiers": {
        **_LADDER,
        "returned_credit": "A tier that was shown is not taken away over a pair of shoes; what is "
        "left counts when its time is over.",
    },
    "Tier": {"by": "Whoever has done enough is up, without being asked."},
    "Measure": {"qualifying": _ALL_COUNTS},
    "Ladder": {
        **_LADDER,
        "returned_credit": "Where somebody stands on a further ladder follows from what counts "
        "now.",
    },
    "FurtherStep": {"by": "Whoever has done enough is up, without being asked."},
    "Reward": {
        "worth": _NO_WORTH,
        "hold_for": "Long enough for a queue, short enough that nothing lies reserved.",
        "by": "Rewards are for points.",
        "money": "A reward is free unless it says what it costs besides.",
        "automatic": "Members decide when to spend.",
        "kept_for_winner": "A month to come by, as for anything kept behind the counter.",
    },
    "WorthIn": {
        "worth": _NO_WORTH,
        "money": "A reward is free unless it says what it costs besides.",
    },
    "Item": {"quantity": _ONE_DOES},
    "Code": {"from": "Codes made by us are never used up and cannot be guessed."},
    "FreePieces": {
        "which": "The cheapest that fits is free: it costs what it was planned to.",
        "pieces": _ONE_DOES,
    },
    "OtherPrice": {"money": "Points alone, unless said."},
    "Benefit": {"by": "A tier brings it; what is a favour says so.", "worth": _NO_WORTH},
    "Plan": {
        "term": "Most memberships are by the year.",
        "meanwhile": "Nobody is punished for a card that expired while there is still time to pay.",
        "refund": "Money back for what was not used, and only for that.",
        "price_notice": "A month to think about it.",
    },
    "TermPoints": {
        "on": "Each term that is paid is thanked for.",
        "claw_back": "Points that came with money go with it.",
    },
    "Blocked": {
        "may_earn": "Blocked is blocked until somebody has looked.",
        "may_redeem": "Blocked is blocked until somebody has looked.",
        "may_transfer": "Blocked is blocked until somebody has looked.",
    },
    "Household": {
        "most_members": "A family; more are a club.",
        "spends": "A household shares.",
        "draws": "So that as little as possible lapses.",
    },
    "Minors": {"per": _BY_MONTH},
    "Buyers": {"per": _BY_MONTH},
    "PayWithPoints": {
        "step": "Every point may be used.",
        "at_most_percent": "Points are as good as money.",
        "discounts": "Who has a discount may use their points besides.",
        "hold_for": "Long enough for a queue, short enough that nothing lies reserved.",
        "leaves_at_least": "Points may pay all of it.",
    },
    "Join": {
        "by": "A program is for whoever walks in.",
        "of_age": "As most laws have it.",
        "guardian_for_minors": "A stamp card asks no parents; who needs them says so.",
        "double_opt_in": "Where codes are sent the address is proved anyhow.",
    },
    "Referral": {
        "amount": "Any purchase shows that the friend came.",
        "qualifying": _ALL_COUNTS,
        "after": "What can be sent back within two weeks has not been kept yet.",
        "within": "A month to say who brought them.",
        "buys_within": "A season to buy for the first time.",
    },
    "Side": {"points": "Each side gets what is written down for it."},
    "Challenge": {
        "measure": _EACH_DEED,
        "joins": "Everybody takes part without finding a button.",
        "in_period": "Reached once is reached.",
        "overshoot": "Each period begins at nothing, for everybody.",
    },
    "Prize": {"points": _NO_POINTS, "uses": _ONE_DOES},
    "Deed": {
        "on": "Purchases are what a till tells.",
        "amount": "However small.",
        "qualifying": _ALL_COUNTS,
    },
    "Together": {"most": "A table of friends.", "each": "Everybody in a team does something."},
    "Streak": {"again": "A prize is a surprise once."},
    "DeedMilestone": {
        "measure": _EACH_DEED,
        "per": "What somebody did for the shop is not forgotten at new year.",
    },
    "MilestoneStep": {"points": _NO_POINTS, "again": "Reached is reached.", "uses": _ONE_DOES},
    "Leaderboard": {
        "measure": _EACH_DEED,
        "per": "A new chance each week.",
        "shows": "Ten fit a poster.",
        "names": "Initials: who comes how often is nobody's business.",
        "unlisted": "One word with which anybody stays off every list.",
        "at_least": "Everybody who did something is on it.",
        "ties": "The prizes cost what was planned, however many are equal.",
        "most": "So many can be looked through by hand.",
        "returned": "What was won in public is not fetched back.",
    },
    "BoardPrize": {"points": _NO_POINTS, "uses": _ONE_DOES},
    "Draw": {
        "measure": _EACH_DEED,
        "each": "One deed, one ticket.",
        "winners": _ONE_DOES,
        "excluded": "One word with which anybody stays out of every draw.",
    },
    "DrawPrize": {"points": _NO_POINTS},
    "Changeover": {
        "members": "What was promised is kept until its time is over; only then the new terms "
        "count for whoever stands on it.",
        "worth": "What somebody reads on the shelf is what holds; who promises otherwise says so, "
        "and whoever makes points cheaper is asked.",
    },
    "Caution": {
        "share_percent": "Three tenths of a sale given back is more than most shops earn on it.",
        "small_sale": "On smaller receipts fixed points are a large share of any sale.",
        "liability_percent": "What makes all points worth a fifth more should be meant.",
    },
    "Advocacy": {"proof": "A word is believed."},
    "Rate": {"per": "Rates are told for one."},
}

UNSAID: Final[dict[str, dict[str, str]]] = {
    "Program": {
        "tiers": "A program is good without them.",
        "household": "Points are one person's.",
        "paying": "Points buy rewards; what they are worth in money is a promise of its own.",
        "paying_out": "Money leaves the shop only where somebody set it up.",
        "join": "Open to whoever walks in.",
        "referral": "Nobody is asked to bring friends.",
        "currencies": "One shop, one currency.",
        "spending_proof": "A coffee is handed over to who says their number; whoever stands at the "
        "counter asks for the first name.",
    },
    "Wallet": {
        "expiry": "Points of a café do not lapse.",
        "transfers": "Points are one person's.",
        "write_off_after": "What is owed is forgiven by a person, not by a clock.",
        "pending": "What was earned is there at once.",
        "notice": "No notice is sent, for nothing lapses unless said.",
        "inactivity": "Who comes back after a year finds their stamps.",
        "comes_back": "What comes back has the end it had, or redeeming and returning would make "
        "points live for ever.",
        "comes_late": "What is told late has the end it would have had.",
        "comes_over": "Merging two cards makes no point live longer.",
    },
    "Rule": {"limits": "What is promised is given each time.", "cooldown": "It never rests."},
    "Tier": {"for_life_at": "Nothing is for ever unless it was promised."},
    "Reward": {
        "stock": "There is always another coffee.",
        "limit": "Who has the points may have it.",
        "cooldown": "Who has the points may have it.",
    },
    "Benefit": {"allowance": "As often as they like."},
    "Plan": {
        "trial": "A fee is a fee.",
        "grace": "What was not paid is over.",
        "pause": "Who does not come may stop, and begin anew.",
    },
    "Household": {
        "minors": "Who is in spends like everybody.",
        "buyers": "Who is in spends like everybody.",
    },
    "Join": {
        "minimum_age": "A café sells coffee, not wine.",
        "countries": "Guests come from everywhere.",
    },
    "Referral": {"most": "As many friends as come."},
    "Side": {"budget": "What is promised for a friend is given for each."},
    "Streak": {"freezes": "A streak is a streak."},
}
"""What is not there unless it is said, where leaving it out decides something, too."""
