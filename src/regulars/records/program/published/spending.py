"""What each field of rewards and of paying with points means, in a sentence for who writes."""

from __future__ import annotations

from typing import Final

SPENDING: Final[dict[str, dict[str, str]]] = {
    "RewardLimit": {"times": "At most so many.", "per": "In this period."},
    "Reward": {
        "id": "A short name that never changes.",
        "name": "The name members read.",
        "price": "What it costs, per wallet.",
        "worth": "What it is worth to the member, in money.",
        "cost": "What it costs the shop, in money; its worth when not said.",
        "tier": "Only for members of this tier or a higher one.",
        "stock": "How many there are; no end, unless said.",
        "limit": "How many for one member.",
        "stores": "Only in these stores; everywhere when empty.",
        "from_on": "The first day it can be had.",
        "until_on": "The first day it can no longer be had.",
        "hold_for": "How long it stays reserved before it must be captured.",
        "gives": "What kind of thing it is; an article of the shop, unless said.",
        "by": "Whether members take it for `points`, or the `shop` issues it, such as vouchers.",
        "money": "What is to be paid in money besides, told with the answer.",
        "or": "Other prices, tried in this order when those before cannot be paid.",
        "cooldown": "So long after taking one a member takes no other.",
        "channels": "Only through these channels; any when empty.",
        "for": "Attributes of members, and the values that match; each of them must.",
        "head_start": "Tiers for which it begins so much earlier.",
        "choose_one": "Of all rewards and benefits with this word a member has one in a period of "
        "its limit.",
        "automatic": "It is taken by itself as soon as the balance reaches its price, and given "
        "back unused when the points for it are taken back.",
        "kept_for_winner": "Of an article that was won: how long it is kept for whoever won it, to "
        "be handed over at the counter.",
        "in_currency": "By currency, what it is where members pay in that one; in another than "
        "these, and the program's, it is not to be had.",
    },
    "WorthIn": {
        "worth": "What it is worth to the member, in that currency.",
        "money": "What is to be paid in money besides, in that currency.",
        "off": "Of a discount: so much off, in that currency.",
        "at_most": "A percentage takes at most this much off, in that currency.",
        "from_amount": "The basket comes to this much at least, in that currency.",
    },
    "PaysIn": {
        "points": "So many points …",
        "per": "… pay for each so much of that currency; as much as at home, at the rate of the "
        "day, unless said.",
        "leaves_at_least": "So much of a basket is left to pay in that currency; as at home, at "
        "the rate of the day, unless said.",
    },
    "PayWithPoints": {
        "wallet": "Whose points pay.",
        "points": "So many points …",
        "per": "… pay for each so much money.",
        "minimum": "The fewest points paid at once; any, unless said.",
        "step": "Points are paid in multiples of this.",
        "at_most_percent": "The largest share of what is to be paid, after discounts.",
        "discounts": "What is paid with points comes beside the discounts of the basket "
        "(`stacked`), or in their place when it is worth more (`best`).",
        "hold_for": "How long the points stay reserved before the sale must be told.",
        "leaves_at_least": "So much of each basket is left to pay in money, after discounts; it "
        "may be all of it, unless said.",
        "in_currency": "Other currencies in which points pay, too: `USD: {}` at the rate of the "
        "day, or how many points for so much of it.",
    },
    "OtherPrice": {
        "price": "What it costs, per wallet.",
        "money": "What is to be paid in money besides.",
        "money_in": "By currency, what that is in others.",
    },
    "Discount": {
        "off": "So much money off.",
        "percent": "So many percent off.",
        "at_most": "A percentage takes at most this much money off.",
        "from_amount": "The basket comes to this much at least; told with the answer.",
    },
    "Item": {"sku": "The article.", "quantity": "So many pieces."},
    "Code": {
        "from": "Made by us when it is handed over (`generated`), or the next of the codes that "
        "were uploaded (`pool`).",
        "valid_for": "So long after it was issued it can be used; for ever, unless said.",
        "percent": "So many percent off, in place of what the reward is worth.",
        "from_amount": "The basket comes to this much at least; told to the shop that takes it.",
        "skus": "It takes something off these articles alone; with no percentage off one piece of "
        "them, so a free article is its price as `worth`.",
    },
    "Seat": {
        "begins": "When it begins, by the shop's clock; it cannot be had after that. Left out, "
        "with `seats`, it is a seat at whichever events ask for this reward.",
        "seats": "How many there are.",
        "where": "Where it is, in words members read.",
    },
    "Donation": {"cause": "To whom it goes, in words members read.", "amount": "How much money."},
    "Payout": {"amount": "How much money."},
    "PayingOut": {
        "wallet": "The wallet of kind cashback that is paid out.",
        "minimum": "Who has less waits for the next time.",
        "says": "What stands on the bank statement; the name of the program, unless said.",
    },
    "FreePieces": {
        "categories": "Pieces of these categories fit.",
        "skus": "Pieces of these articles fit; with neither named, each piece of the basket does.",
        "which": "Of the pieces that fit the `cheapest` are free, or the `dearest`, or those the "
        "till names (`named`).",
        "pieces": "So many pieces are free; all of them must be in the basket.",
        "up_to": "A piece that costs more than this does not fit; any price, unless said.",
    },
}
