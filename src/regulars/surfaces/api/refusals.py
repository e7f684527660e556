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
    # --- rewards
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
        409, "Unknown reward", "The program has no such reward now.", "List the rewards."
    ),
    "not_here": Entry(
        409, "Not in this store", "The reward is for other stores.", "The facts name them."
    ),
    "not_now": Entry(
        409,
        "Not today",
        "The reward's first day has not come, or its last is over.",
        "The facts name them.",
    ),
    "tier_too_low": Entry(
        409, "For a higher tier", "The reward is for members of a higher tier.", "See the tiers."
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
        "The facts have price and available.",
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
