"""Of every field of what members may own or rely on: what happens where a further version says
something else. One table, so that no field is forgotten; a test walks the language beside it.

Order: whatever is compared as a whole (an allowance, a prize) is asked about as the field it stands
in, and what nobody can weigh there counts as less.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from msgspec import Struct

from regulars.records.program.parts.rewards import PayWithPoints
from regulars.records.program.types import (
    Benefit,
    OtherPrice,
    PayingOut,
    Plan,
    Program,
    Reward,
    Tier,
    Wallet,
)

How = Literal["refused", "asked", "worth", "kept", "harmless"]
"""`refused` where anybody has it; `asked` where it is less for anybody; `worth`: asked as what
points are worth; `kept` by what was promised before, whatever is said; `harmless`."""
GONE: Final = "gone"
"""In place of a field: the whole of it is there no more."""


class Word(NamedTuple):
    """What happens, and why."""

    how: How
    why: str


_HAS: Final = Word("asked", "who has it has less")
_BUYS: Final = Word("worth", "what members have buys or pays by it")
_FIGURE: Final = Word("harmless", "a figure or words of the shop; nobody has less")
_NAME: Final = Word("harmless", "what it is known by; another one is another thing")
_COMES: Final = Word("harmless", "it is about what comes; what is there stays as it is")

WALLET: Final[Mapping[str, Word]] = {
    GONE: Word("refused", "what members have could be spent nowhere"),
    "scale": Word("refused", "it is kept in the smallest units: a decimal more is a tenth of it"),
    "kind": Word("refused", "points would be money, or credit"),
    "name": _FIGURE,
    "one": _FIGURE,
    "forms": _FIGURE,
    "rounding": _COMES,
    "expiry": Word("kept", "a lot keeps the end it was earned with"),
    "pending": Word("kept", "a lot keeps the day from which on it can be spent"),
    "inactivity": Word("kept", "a time that is new begins anew, and needs a notice"),
    "negative": _COMES,
    "spends": Word("harmless", "which go first, and nobody has less"),
    "transfers": _HAS,
    "write_off_after": Word("asked", "who owes some was promised that it is forgiven"),
    "notice": Word("asked", "what waits for its notice would lapse at once"),
    "comes_back": _COMES,
    "comes_late": _COMES,
    "comes_over": _COMES,
}
REWARD: Final[Mapping[str, Word]] = {
    GONE: _BUYS,
    "id": _NAME,
    "name": _FIGURE,
    "cost": _FIGURE,
    "hold_for": Word("kept", "what is reserved has its own end"),
    "head_start": Word("harmless", "when it begins for some, and not whether"),
    "automatic": Word("harmless", "the same for the same, by hand or by itself"),
    "kept_for_winner": Word("kept", "a piece that was won has its own end"),
} | dict.fromkeys(
    (
        "price", "worth", "money", "or_", "tier_prices", "gives", "stock", "limit", "tier",
        "stores", "from_on", "until_on", "by", "cooldown", "channels", "for_", "choose_one",
        "in_currency",
    ),
    _BUYS,
)  # fmt: skip
BENEFIT: Final[Mapping[str, Word]] = {
    GONE: _HAS,
    "id": _NAME,
    "name": _FIGURE,
    "says": _FIGURE,
    "worth": Word("harmless", "what a use was worth is kept with it"),
    "cost": _FIGURE,
} | dict.fromkeys(
    (
        "tier", "by", "plan", "allowance", "choose_one", "stores", "channels", "categories",
        "skus", "from_on", "until_on", "head_start", "blackout", "needs", "gives", "guests",
        "appointments", "associate", "birthday",
    ),
    _HAS,
)  # fmt: skip
PLAN: Final[Mapping[str, Word]] = {
    GONE: Word("refused", "what is paid would end without its benefits, its grace and its refund"),
    "id": _NAME,
    "name": _FIGURE,
    "says": _FIGURE,
    "fee": Word("kept", "a higher one is told before the term it is asked for"),
    "trial": Word("kept", "a trial that runs has its own end"),
    "refund": Word("kept", "a term has the refund that was said as it was paid"),
    "term": _HAS,
    "grace": _HAS,
    "meanwhile": _HAS,
    "pause": _HAS,
    "price_notice": _HAS,
    "gives": _HAS,
    "until_on": _HAS,
}
TIER: Final[Mapping[str, Word]] = {
    name: Word("kept", "`changeover` says how people come over, and no tier goes silently")
    for name in (GONE, "id", "at", "or_at", "for_life_at", "by")
} | {"name": _FIGURE, "perks": _HAS}
OTHER_PRICE: Final[Mapping[str, Word]] = {
    "price": _BUYS, "money": _BUYS, "money_in": _BUYS,
}  # fmt: skip
PAYING: Final[Mapping[str, Word]] = dict.fromkeys(
    (
        GONE, "wallet", "points", "per", "minimum", "step", "at_most_percent", "discounts",
        "leaves_at_least", "in_currency",
    ),
    _BUYS,
) | {"hold_for": Word("kept", "what is reserved has its own end")}  # fmt: skip
PAYING_OUT: Final[Mapping[str, Word]] = {
    GONE: _BUYS, "wallet": _BUYS, "minimum": _BUYS, "says": _FIGURE,
}  # fmt: skip
_PEOPLE: Final = Word("kept", "`changeover` says how people come over; a ladder that goes is asked")
_GAME: Final = Word("kept", "what began keeps its terms until its period is over")
PROGRAM: Final[Mapping[str, Word]] = {
    "currency": Word("refused", "what is kept as money would be money of another kind"),
    "wallets": Word("refused", "see Wallet"),
    "plans": Word("refused", "see Plan"),
    "benefits": Word("asked", "see Benefit"),
    "rewards": Word("worth", "see Reward"),
    "paying": Word("worth", "see PayWithPoints"),
    "paying_out": Word("worth", "see PayingOut"),
    "tiers": _PEOPLE,
    "ladders": _PEOPLE,
    "changeover": _PEOPLE,
    "draws": Word("refused", "tickets were bought by its terms (`objections`)"),
    "challenges": _GAME,
    "streaks": _GAME,
    "milestones": _GAME,
    "leaderboards": _GAME,
    "referral": Word("kept", "whoever was named is settled by the terms of that day"),
    "household": Word("asked", "who lives together spends together"),
    "blocked": Word("asked", "a blocked member owns what they have"),
    "currencies": Word("kept", "a purchase counts by the rate of its day"),
    "zone": Word("kept", "ends are kept as instants; days are counted anew from then on"),
    "spending_proof": Word("harmless", "how a member shows who they are"),
    "join": _COMES,
    "advocacy": _COMES,
    "rules": _COMES,
    "budgets": _COMES,
    "stacking": _COMES,
    "qualifying": _COMES,
    "caution": _FIGURE,
    "cases": _FIGURE,
    "regulars": _NAME,
    "program": _NAME,
    "name": _FIGURE,
    "country": Word("harmless", "how telephone numbers are read"),
    "locale": _FIGURE,
    "translations": _FIGURE,
    "store_groups": Word("harmless", "words for stores; what names them is compared"),
}
OWNED: Final[Mapping[type[Struct], Mapping[str, Word]]] = MappingProxyType(
    {
        Program: PROGRAM,
        Wallet: WALLET,
        Reward: REWARD,
        OtherPrice: OTHER_PRICE,
        PayWithPoints: PAYING,
        PayingOut: PAYING_OUT,
        Benefit: BENEFIT,
        Plan: PLAN,
        Tier: TIER,
    }
)
"""Whatever members may own or rely on, field by field."""
INSIDE: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "asked with the field it stands in, as less where nobody can weigh it": (
            "Transfers", "TransferLimit", "Notice", "Allowance", "Guests", "OpenHours",
            "Appointments", "Associate", "Days", "AroundBirthday", "BenefitPoints", "TermPoints",
            "Household", "Minors", "Buyers", "Blocked",
        ),
        "weighed as what points are worth": (
            "Discount", "Item", "Code", "Seat", "Donation", "Payout", "FreePieces", "RewardLimit",
            "PaysIn", "WorthIn",
        ),
        "kept with each lot as it is earned": (
            "Expiry", "ForDuration", "UntilDate", "UntilEvent", "Inactivity", "Rounding",
            "ComesBack", "LeastLife", "Forms",
        ),
        "people come over as `changeover` says": (
            "Tiers", "Ladder", "FurtherStep", "Measure", "Changeover",
        ),
        "what began keeps its terms; a draw is refused": (
            "Challenge", "Streak", "DeedMilestone", "Leaderboard", "Draw", "DrawPrize", "Deed",
            "Freezes", "BoardPrize", "MilestoneStep", "Prize", "Reached", "Together", "Referral",
            "Side",
            "Purse", "Milestone", "MostFriends",
        ),
        "it decides what comes, and what is there stays as it is": (
            "Rule", "Limit", "Cooldown", "Budget", "Stacking", "Qualifying", "Fixed", "PerAmount",
            "PerItem", "Multiply", "ByTable", "TableRow", "All", "AnyOf", "Not", "AmountIs",
            "AmountBounds", "BasketHas", "ChannelIs", "StoreIs", "WeekdayIs", "HourIs",
            "DatesAre", "AnniversaryIs", "DaysSince", "MemberIs", "DetailIs", "CodeIs", "TierIs",
            "PlanIs", "Join", "Advocacy", "SpendingProof", "Rate", "Case", "Caution",
        ),
    }
)  # fmt: skip
"""Parts that are told as one, by why their fields are not in the table by themselves."""
