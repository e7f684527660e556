"""What a program does not let happen: rewards, benefits, points that move, members who are one."""

from __future__ import annotations

from typing import Final, NamedTuple


class Entry(NamedTuple):
    """One kind of problem."""

    status: int
    title: str
    means: str
    mend: str


REFUSALS: Final[dict[str, Entry]] = {
    "minor_limit": Entry(
        409,
        "No more for now",
        "Members under age spend at most so much in a period, and this would be more.",
        "The facts say what is left per wallet.",
    ),
    # --- who may join
    "staff_only": Entry(
        409,
        "The shop lets people in",
        "In this program somebody of the shop lets each member in.",
        "Say who, in `actor`.",
    ),
    "invitation_needed": Entry(
        409,
        "Members invite",
        "In this program an active member invites whoever joins.",
        "Say who, in `invited_by`.",
    ),
    "country_closed": Entry(
        409,
        "For people elsewhere",
        "The program is for people who live in other countries.",
        "The facts name them.",
    ),
    "detail_needed": Entry(
        409,
        "Something must be told",
        "The program asks whoever joins for more.",
        "The facts name what to send: attributes, or the birthday.",
    ),
    "too_young": Entry(
        409, "Too young", "The program is for older people.", "The facts name the age."
    ),
    "guardian_needed": Entry(
        409,
        "Somebody must answer for them",
        "Whoever is under age names a member of age who answers for them.",
        "Say who, in `guardian`.",
    ),
    "join_first": Entry(
        409,
        "Let them join",
        "The program asks who joins, so a card gets its person only by joining.",
        "POST /v1/members with the card among the identifiers.",
    ),
    # --- tiers given by hand
    "no_such_tier": Entry(
        404,
        "No such tier",
        "The ladder in force has no tier of this name.",
        "The facts name its tiers.",
    ),
    "not_by_invitation": Entry(
        409,
        "Not by invitation",
        "This tier is reached by credit, so nobody is invited to it.",
        "POST /v1/tier-grants gives it by hand.",
    ),
    "has_tier": Entry(
        409,
        "Stands there already",
        "The member stands on this tier or a higher one.",
        "Nothing needs to be done.",
    ),
    "invited_already": Entry(
        409,
        "Invited already",
        "An invitation to this tier waits for the member's answer.",
        "Let them answer it, or withdraw it first.",
    ),
    "not_invited": Entry(
        409,
        "No invitation that waits",
        "This was answered already, was withdrawn, or never was an invitation.",
        "GET /v1/members/{member_id}/tier-grants shows what became of it.",
    ),
    "invitation_over": Entry(
        409,
        "Too late to answer",
        "The time in which the invitation could be answered is over.",
        "Invite the member anew.",
    ),
    # --- challenges
    "unknown_challenge": Entry(
        409, "No such challenge", "There is no such challenge now.", "Name one of `challenges:`."
    ),
    "no_part_needed": Entry(
        409, "Everybody takes part", "This challenge asks nobody to take part.", "Do nothing."
    ),
    "draw_id_taken": Entry(
        409,
        "Another draw has this id",
        "Another draw was announced under this id before.",
        "Give the new one its own id.",
    ),
    "draw_over": Entry(
        409, "The draw is over", "Its days are over: too late to announce it.", "Do it before."
    ),
    "draw_not_announced": Entry(
        409, "Not announced", "Nobody was told the digest of its secret.", "Announce it first."
    ),
    "draw_not_over": Entry(
        409, "Too early to draw", "Deeds still count for it.", "Draw it from `until_on` on."
    ),
    "nobody_entered": Entry(
        409, "Nobody entered", "Nobody who may win has a ticket.", "Draw another one."
    ),
    # --- referrals
    "no_referrals": Entry(
        409,
        "No referrals here",
        "The program in force promises nothing to who brings a friend.",
        "Write `referral:` in the program file and publish it.",
    ),
    # --- benefits and rewards
    "unknown_benefit": Entry(
        404,
        "No such benefit",
        "The program in force has no benefit of this name.",
        "GET /v1/benefits lists them.",
    ),
    "not_for_this": Entry(
        409,
        "Not for this article",
        "The benefit opens other articles or categories.",
        "The facts name them.",
    ),
    "not_granted": Entry(
        409,
        "Not granted",
        "The benefit is only for members to whom it was granted by hand, or all that was granted "
        "is used.",
        "POST /v1/benefit-grants grants it.",
    ),
    "chosen_otherwise": Entry(
        409,
        "Another one was chosen",
        "Of these benefits a member chooses one in a period, and chose another.",
        "The facts name it; taking its uses back makes the choice free again.",
    ),
    "used_up": Entry(
        409,
        "Used up",
        "The member used the benefit as often as its allowance says in this period.",
        "The facts say how often; grant one by hand as a courtesy.",
    ),
    "unknown_reward": Entry(
        404,
        "No such reward",
        "The program in force has no reward of this name.",
        "GET /v1/rewards lists them.",
    ),
    "only_issued": Entry(
        409,
        "Only issued by the shop",
        "Nobody takes this reward for points; the shop issues its codes.",
        "POST /v1/code-issues issues them.",
    ),
    "not_for_you": Entry(
        409,
        "For other members",
        "The reward is for members with an attribute that this one does not have.",
        "The facts name the attribute.",
    ),
    "too_soon": Entry(
        409,
        "Too soon after the last one",
        "The program lets some time pass between two of these rewards.",
        "The facts say from when on it can be had again.",
    ),
    "no_codes_left": Entry(
        409,
        "No codes left",
        "Every code of this reward was handed over.",
        "Upload more with POST /v1/code-uploads, or choose another reward.",
    ),
    "points_do_not_pay": Entry(
        409,
        "Points pay for no basket here",
        "The program does not let members pay a part of a basket with points.",
        "The owner of the program can allow it with `paying:`.",
    ),
    "share_exceeded": Entry(
        409,
        "So much is not paid with points",
        "The program lets members pay a share of a basket with points, after discounts.",
        "The facts say how much at most.",
    ),
    "discount_is_better": Entry(
        409,
        "The discount is worth more",
        "In this program points pay in place of a discount, and the discount is worth as much.",
        "Leave the discount out of the basket to pay with points all the same.",
    ),
    "below_minimum": Entry(
        409,
        "Too little to pay with points",
        "The program has a fewest number of points to pay with at once.",
        "The facts have it, and what it is worth.",
    ),
    "unknown_code": Entry(
        404,
        "No such code",
        "Nobody was given this code here.",
        "Check it for a slip: our codes have 16 signs without I, L, O and U.",
    ),
    "code_used": Entry(
        409, "Used already", "A code is used once.", "The facts say when it was used."
    ),
    "code_expired": Entry(
        409, "Its time is over", "The end of the code has come.", "The facts say when that was."
    ),
    "code_withdrawn": Entry(
        409,
        "Withdrawn",
        "The shop withdrew the code, or the sale its reward paid for came back.",
        "Issue another one as a courtesy.",
    ),
    "not_here": Entry(
        409,
        "Not here",
        "The reward or benefit is for other stores, or for other channels.",
        "The facts name them.",
    ),
    "not_now": Entry(
        409,
        "Not now",
        "The reward or benefit has not begun for this member, is over, or is not to be had on "
        "these days.",
        "The facts name the days, or the instant from which on.",
    ),
    "tier_too_low": Entry(
        409,
        "For a higher tier",
        "The reward or benefit is for members of a higher tier.",
        "See the tiers.",
    ),
    "limit_reached": Entry(
        409,
        "Limit reached",
        "The member had this reward as often as the program allows in this period.",
        "The facts name limit and period.",
    ),
    "out_of_stock": Entry(409, "None left", "The last one is gone.", "Choose another reward."),
    "not_enough_points": Entry(
        409,
        "Not enough points",
        "The wallet does not hold the price. Points that are held, pending or lapsed do not count.",
        "The facts have price and available; `there_at`, where points that are on their way are "
        "enough then.",
    ),
    "debt_first": Entry(
        409,
        "Points are owed",
        "A return took back more than was there; what is earned next pays that first.",
        "The facts have the debt.",
    ),
    "hold_lapsed": Entry(
        409,
        "The reservation is over",
        "The redemption was not captured in time; its points are back.",
        "Start a new redemption.",
    ),
    "already_captured": Entry(
        409,
        "Handed over already",
        "A captured redemption cannot be voided.",
        "Return the sale it paid for, or send an adjustment.",
    ),
    "already_voided": Entry(
        409, "Voided already", "A voided redemption cannot be captured.", "Start a new one."
    ),
    # --- points that move
    "transfers_not_allowed": Entry(
        409,
        "Not to be given away",
        "The program lets nobody give points of this wallet away.",
        "The owner of the program can allow it with `transfers:`.",
    ),
    "not_registered": Entry(
        409,
        "A card without a person",
        "Nobody has claimed this card yet; it only collects.",
        "Let its person join with the card first.",
    ),
    "too_few_points": Entry(
        409,
        "Too few points",
        "The program has a smallest number of points to give at once.",
        "The facts name it.",
    ),
    "too_many_points": Entry(
        409,
        "Too many points",
        "The program has a largest number of points to give at once.",
        "The facts name it.",
    ),
    "lot_empty": Entry(
        409,
        "Nothing left of these points",
        "The lot was spent, returned or has lapsed.",
        "Points that lapsed can be reinstated.",
    ),
    "lot_lapsed": Entry(
        409,
        "Their end has come",
        "Only what is reserved of these points is still honoured.",
        "Reinstate what lapsed instead.",
    ),
    "not_lapsed": Entry(
        409,
        "Not so many lapsed",
        "No more lives again than had lapsed and was not given back.",
        "The facts say how many there are.",
    ),
    "nothing_owed": Entry(
        409, "Nothing is owed", "The member owes nothing in this wallet.", "Look at the standing."
    ),
    # --- members who are one, and households
    "same_member": Entry(
        409, "One member already", "Both names find the same member.", "There is nothing to merge."
    ),
    "merge_into_person": Entry(
        409,
        "The person stays",
        "A person cannot be merged into a card nobody has claimed.",
        "Merge the card into the person.",
    ),
    "holds_open": Entry(
        409,
        "A reward is reserved",
        "A reward is reserved for the member who would be merged.",
        "Capture or void it first.",
    ),
    "points_pending": Entry(
        409,
        "Points are pending",
        "Points that are pending cannot be made to live longer; their life has not begun.",
        "Wait until they can be spent.",
    ),
    "merged_further": Entry(
        409,
        "Merged further",
        "The one they were merged into was merged into somebody else.",
        "Undo that merge first.",
    ),
    "spent_together": Entry(
        409,
        "Spent together",
        "Points were taken since the merge, so it cannot be undone exactly.",
        "Correct what is wrong by adjustments.",
    ),
    "no_households": Entry(
        409,
        "No households",
        "The program has no households.",
        "The owner of the program can allow them with `household:`.",
    ),
    "in_household": Entry(
        409, "In a household", "A member belongs to one household at most.", "Leave it first."
    ),
    "household_full": Entry(
        409,
        "Household is full",
        "As many belong to it as the program allows.",
        "The facts name the number.",
    ),
    "head_stays": Entry(
        409,
        "The head stays",
        "A household has a head as long as anybody else belongs to it.",
        "Make somebody else the head first.",
    ),
    "head_only": Entry(
        409,
        "Only the head spends",
        "In this program only the head takes rewards for all.",
        "Let the head ask.",
    ),
    "gone": Entry(410, "Over", "What you name existed and is over.", "Look for its successor."),
}
