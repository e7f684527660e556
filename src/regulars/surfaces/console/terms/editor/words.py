"""What can be chosen on a form, what is said beside its fields, and what is said of a slip."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from regulars.surfaces.console.words import N

CHOICES: Final = MappingProxyType(
    {
        "give.per_amount": N("By the amount spent"),
        "give.per_item": N("By the piece"),
        "give.fixed": N("The same each time"),
        "give.multiply": N("Times what other rules give"),
        "give.by_table": N("By a table"),
        "stage.base": N("Competes, and is multiplied"),
        "stage.bonus": N("Added on top"),
        "per.activity": N("Purchase or visit"),
        "per.day": N("Day"),
        "per.week": N("Week"),
        "per.month": N("Month"),
        "per.year": N("Year"),
        "per.ever": N("All time"),
        "per.reached": N("Each time it begins with the member"),
        "who.anybody": N("Anybody"),
        "who.members": N("Members only"),
        "who.others": N("Only who is no member"),
        "missed.counted": N("It counts all the same"),
        "missed.given_back": N("It is given back"),
        "chosen.fewest": N("Who has fewest members, by their store"),
        "chosen.by_hand": N("Somebody of the shop chooses"),
        "on_exceed.clip": N("What is left is given"),
        "on_exceed.reject": N("Nothing is given"),
        "on_exceed.fall_through": N("Another rule takes its place"),
        "of.member": N("Each member"),
        "of.everyone": N("Everybody together"),
        "if.all": N("All of these hold"),
        "if.any": N("At least one of these holds"),
        "if.not": N("None of these holds"),
        "if.amount": N("The purchase comes to an amount"),
        "if.basket_has": N("Something is in the basket"),
        "if.channel": N("It comes by a channel"),
        "if.store": N("It is in a store"),
        "if.weekday": N("It is a day of the week"),
        "if.hour": N("It is a time of day"),
        "if.dates": N("It is between two days"),
        "if.tier": N("The member has a tier"),
        "if.plan": N("A paid membership runs"),
        "if.member": N("Something is known of the member"),
        "if.detail": N("Something is told of the activity"),
        "if.code": N("A code is told"),
        "if.anniversary": N("It is an anniversary"),
        "if.days_since": N("Some days have gone by"),
        "by.credit": N("What counts for it"),
        "by.invitation": N("Invitation"),
        "measure.spend": N("What they spend"),
        "measure.visits": N("Visits"),
        "measure.status": N("Status credit"),
        "measure.activities": N("Activities"),
        "measure.friends": N("Friends who stayed"),
        "measure.deeds": N("How often it happens"),
        "measure.items": N("Pieces"),
        "measure.days": N("Different days"),
        "measure.stores": N("Different stores"),
        "measure.categories": N("Different categories"),
        "by.tier": N("Members, by the terms below"),
        "by.grant": N("Whom it is granted to by hand"),
        "every.day": N("Day"),
        "every.week": N("Week"),
        "every.month": N("Month"),
        "every.quarter": N("Quarter"),
        "every.year": N("Year"),
        "per.quarter": N("Quarter"),
        "joins.automatic": N("Everybody, by themselves"),
        "joins.opt_in": N("Who says so, from then on"),
        "overshoot.dropped": N("Counts no more"),
        "overshoot.carried": N("Counts the next time"),
        "again.once": N("Once ever"),
        "again.each_streak": N("In each row anew"),
        "names.initials": N("Initials"),
        "names.nickname": N("The nickname they chose, else initials"),
        "window.calendar_year": N("A calendar year"),
        "window.rolling": N("Rolling time"),
        "window.anniversary": N("A year from joining on"),
        "window.ever": N("All time"),
        "valid.window_end": N("Until that time ends"),
        "valid.next_window_end": N("Until the next such time ends"),
        "valid.for_ever": N("For ever"),
        "downgrade.one_step": N("Falls one step"),
        "downgrade.full": N("Falls to where they belong"),
        "crossing_earns.old_tier": N("As before"),
        "crossing_earns.new_tier": N("As the new tier"),
        "returned_credit.revoke_now": N("At once"),
        "returned_credit.at_period_end": N("At the end of the period"),
        "returned_credit.never": N("Never"),
        "reached.on_activity": N("At once"),
        "reached.at_window_end": N("When that time ends"),
        "members.keep": N("Keeps what they stand on until its time is over"),
        "members.upgrade_only": N("Comes higher at once, and never lower"),
        "members.step_by_step": N("Stands by the old and the new tiers for a while"),
        "members.full": N("Is placed anew"),
        "worth.new": N("Are worth what these terms say"),
        "worth.keep": N("Are worth at least what they were"),
        "kind.discount": N("Money off"),
        "kind.item": N("An article"),
        "kind.code": N("A code"),
        "kind.free_pieces": N("Free pieces of the basket"),
        "from.generated": N("Made by us"),
        "from.pool": N("From a list you upload"),
        "which.cheapest": N("The cheapest"),
        "which.dearest": N("The dearest"),
        "which.named": N("Those the till names"),
        "round_up_to.none": N("Not rounded up"),
        "round_up_to.day": N("Day"),
        "round_up_to.week": N("Week"),
        "round_up_to.month": N("Month"),
        "round_up_to.quarter": N("Quarter"),
        "round_up_to.year": N("Year"),
        "mode.floor": N("Down"),
        "mode.ceil": N("Up"),
        "mode.half_up": N("To the nearest, halves up"),
        "mode.half_even": N("To the nearest, halves to even"),
        "scope.basket": N("Purchase"),
        "scope.line": N("Line of it"),
        "scope.day": N("Day"),
        "spends.soonest_expiring": N("Those that lapse soonest"),
        "spends.oldest": N("The oldest"),
        "spends.newest": N("The newest"),
        "negative.never": N("Take what is there"),
        "negative.debt": N("The rest is a debt"),
        "negative.refuse": N("The return is refused"),
        "span.minute": N("minutes"),
        "span.hour": N("hours"),
        "span.day": N("days"),
        "span.week": N("weeks"),
        "span.month": N("months"),
        "span.year": N("years"),
    }
)
"""By field and value; a tag that is not here is written in the file only."""

MONEY: Final = frozenset(
    {
        "PerAmount.per", "AmountIs.at_least", "AmountIs.at_most", "BasketHas.amount",
        "Reward.money", "Reward.worth", "Reward.cost", "Discount.off", "Discount.at_most",
        "Discount.from_amount", "FreePieces.up_to", "Benefit.worth", "Benefit.cost", "Deed.amount",
        "Code.from_amount",
    }
)  # fmt: skip
"""Fields that are amounts of money; the language itself writes amounts and points alike."""
HINTS: Final = MappingProxyType(
    {
        "names": N("Several are parted by commas"),
        "values": N("Several are parted by commas"),
        "Currencies.currencies": N(
            "So much of the program’s own currency, for so many of the other one. Each purchase "
            "keeps the rate of its day, and a return goes by it."
        ),
        "Rule.says": N("Leave it empty, and the sentence is made from the rule"),
        "Rule.on": N("purchase, visit, or a name of your own"),
        "Rule.until_on": N("The first day on which it no longer holds"),
        "Reward.until_on": N("The first day on which it no longer holds"),
        "DatesAre.until_on": N("The first day on which it no longer holds"),
        "Benefit.until_on": N("The first day on which it no longer holds"),
        "Challenge.until_on": N("The first day on which it no longer counts"),
        "Draw.until_on": N("The first day on which it no longer counts"),
        "Deed.on": N("purchase, visit, or a name of your own"),
        "Rule.group": N("A word of your own: of all with it only one gives"),
        "Reward.choose_one": N("A word of your own: of all with it a member has one"),
        "Benefit.choose_one": N("A word of your own: of all with it a member has one"),
        "Rule.priority": N("The highest goes first"),
        "ByTable.by": N("Details that come with an activity; several are parted by commas"),
        "ByTable.rows": N(
            "The first row that fits gives; a star fits anything. Values are parted by commas, in "
            "the order of the details."
        ),
        "Challenge.target": N("With money, an amount"),
        "MilestoneStep.at": N("With money, an amount"),
        "Draw.words": N("Such as the lottery of a day after it; nobody knows them before"),
        "Draw.each": N("With money, an amount"),
        "Benefit.needs": N("Such as guest-name; several are parted by commas"),
        "Reward.stock": N("Empty: as many as are asked for"),
        "Multiply.by": N("1.5 adds a half, 2 doubles"),
        "Wallet.one": N("Where it differs, such as “Stamp” beside “Stamps”"),
        "Ladder.steps": N("They are put in order by what they take"),
        "Ladder.or_by": N("A step is reached, and kept, by either of the two"),
        "Tiers.or_by": N("A tier is reached, and kept, by either of the two"),
        "FurtherStep.at": N("Money, visits or whatever else counts"),
        "Wallet.expiry": N("Empty: they never lapse"),
        "Rule.expiry": N("Empty: as these points lapse anyway"),
    }
)
THERE: Final = MappingProxyType(
    {
        "Challenge.together": N("Teams reach it, and not each by themselves"),
        "Ladder.or_by": N("Something else counts, too"),
        "Tiers.or_by": N("Something else counts, too"),
    }
)
"""With a part of which everything could be as usual: what is ticked where it is there."""

NOT_NUMBER: Final = N("Write a number such as 1.50")
NOT_WHOLE: Final = N("Write a whole number")
BETWEEN: Final = N("Write a whole number from %(least)s to %(most)s")
NOT_LESS: Final = N("Write a whole number, %(least)s or more")
NOT_DAY: Final = N("Write a day such as 2027-01-31")
NOT_CHOICE: Final = N("Choose one of the list")
NEEDED: Final = N("Something is needed here")
TWICE: Final = N("This currency has a row already")
TOO_LONG: Final = N("At most %(most)s characters")
