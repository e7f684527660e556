"""A sentence for each field of a program file.

The JSON Schema and the reference page show them. A test fails when a field has none.
"""

from __future__ import annotations

from typing import Final

from regulars.records.program.published.including import INCLUDING
from regulars.records.program.published.playing import PLAYING
from regulars.records.program.published.spending import SPENDING

NOTES: Final[dict[str, dict[str, str]]] = {
    "Program": {
        "regulars": "The edition of the language; always 1.",
        "program": "A short name that never changes; part of every address.",
        "name": "The name members read.",
        "currency": "The currency of every amount (ISO 4217).",
        "zone": "The time zone in which days, hours and months are counted (IANA).",
        "country": "The country telephone numbers without `+` belong to (ISO 3166).",
        "locale": "The language of texts and the way numbers are written.",
        "wallets": "The kinds of balance a member has, by name.",
        "qualifying": "Which part of a purchase counts, by name; `standard` unless said.",
        "stacking": "How several matching rules come together.",
        "rules": "What is given when. The order matters only with `stacking: {base: first}`.",
        "budgets": "What may be given of a wallet at most: for one activity, or in a period to all "
        "members together or to each of them.",
        "join": "Who may join; leave it out for a program that is open to everybody.",
        "advocacy": "Reviews, photos, surveys and the like: what is asked of them.",
        "referral": "Members bring friends; leave it out for a program in which they do not.",
        "challenges": "So much of something within a period, and what there is for it.",
        "streaks": "Days, weeks or months in a row, and what there is for them.",
        "milestones": "Points as soon as so much came together: every tenth visit, 500 in a year.",
        "leaderboards": "Who has most of something in a period, for everybody to see.",
        "draws": "Tickets for what members do, and a draw that anybody can check.",
        "tiers": "The ladder of tiers; leave it out for a program without tiers.",
        "rewards": "What members can have for their points.",
        "benefits": "What a tier includes, or what is granted by hand; nothing is paid for it.",
        "plans": "Memberships people pay for; leave it out for a program without them.",
        "cases": "Examples that say exactly what is earned; every check runs them.",
        "blocked": "What a blocked member may do all the same; nothing, unless said.",
        "household": "Members may form households; leave it out for a program without them.",
        "translations": "What members read in other languages, by the place of the text: "
        "`rules.happy-hour.says`, `tiers.gold.name`, `tiers.gold.perks.1`.",
        "paying": "Members may pay a part of a basket with points; not, unless said.",
        "paying_out": "Money of a wallet is paid to bank accounts; not, unless said.",
        "changeover": "How members come over from the version before; what they stand on stays "
        "until its time is over, unless said.",
        "caution": "From when on a promise is called too much.",
        "currencies": "Other currencies in which members may pay: what so much of each counts, "
        "from which day on. What is bought keeps the rate of its day.",
        "store_groups": "Words that stand for several stores, in `if: store` and `stores:`.",
    },
    "Forms": {
        "zero": "After 0, in languages that have a form for it: Arabic.",
        "two": "Of two of them; the number is left out before it: in Arabic نقطتان.",
        "few": "After few of them: in Arabic from 3 to 10, نقاط.",
        "many": "After many of them: in Arabic from 11 to 99, نقطة.",
        "other": "After all others: in Arabic 100, نقطة.",
    },
    "Wallet": {
        "kind": "What it is: points, stamps, status credit (never spent), cashback, gift balance.",
        "name": "The name members read.",
        "one": "The name of a single one, where it differs: `Stamp` beside `Stamps`.",
        "forms": "How the name reads after other numbers, in languages with more forms than one "
        "and many; in Arabic all of them. The name stands where nothing is said.",
        "scale": "How many decimals it has: 0 for whole points, 2 for cents.",
        "rounding": "How fractions become whole.",
        "expiry": "When what was earned lapses; never, unless said.",
        "spends": "Which points are spent first: those that lapse soonest, the oldest, "
        "or the newest.",
        "negative": "When a return takes back more than is there: take what is there (`never`), "
        "let it become a debt that the next points pay (`debt`), or refuse the return.",
        "pending": "Until when what rules give is pending: there, but not to be spent yet. "
        "At once, unless said.",
        "notice": "What lapses was shown to the member in time: a notice lies in their inbox, and "
        "without it having been shown the end moves. No notice, unless said.",
        "inactivity": "Points also lapse when the member did nothing for so long; it needs "
        "`notice:`. They do not, unless said.",
        "comes_back": "What a return gives back lives so long from then on, also if it had ended.",
        "comes_late": "What is told on a later day than it happened lives so long from then on.",
        "comes_over": "What a merge brings over lives at least so long from then on.",
    },
    "Referral": {
        "wallet": "The wallet that both sides get points in.",
        "referrer": "What whoever brings a friend gets.",
        "newcomer": "What the friend gets.",
        "amount": "What the friend buys counts at least so much, less what comes back.",
        "qualifying": "The definition by which it counts.",
        "after": "So long after the purchase it counts as kept: your time for returns.",
        "within": "So long after joining a newcomer may name a code.",
        "buys_within": "So long after naming it the purchase is made at the latest.",
        "most": "How many friends bring points to one member in a period; all, unless said.",
        "milestones": "Something more when so many friends have stayed, the fewest first.",
        "link": "Where members send their friends; `{code}` stands for the code.",
    },
    "Side": {
        "points": "How much it gets; nothing, unless said.",
        "budget": "How much all referrals together give to this side in a period; as much as "
        "comes, unless said. Milestones count with the referrers.",
    },
    "Purse": {"per": "The period.", "points": "How much in it."},
    "MostFriends": {"per": "The period.", "times": "How many friends in it."},
    "Milestone": {
        "friends": "How many friends have stayed.",
        "points": "What there is for it, once.",
    },
    "Changeover": {
        "members": "Keep what they stand on until its time is over (`keep`), look at everybody "
        "once and let nobody fall (`upgrade_only`), count the old ladder beside the new one for "
        "a while (`step_by_step`), or place everybody anew (`full`).",
        "until_on": "With `keep`: what is kept stays until this day at least. With `step_by_step`: "
        "the old ladder counts until this day; until the running window ends, unless said.",
        "removed": "For each tier that is no more: as which tier of this ladder its holders count.",
        "notice_days": "This version begins so many days after it was published, at least.",
        "worth": "What points that were earned before buy and pay: what this version says (`new`), "
        "or never less than under the one before (`keep`). Said for the whole program.",
        "worth_until_on": "With `keep`: the first day on which that is over; as long as the points "
        "live, unless said.",
        "rates_from_on": "Where a table of this version rates otherwise: what happened from this "
        "day on is rated by it too, once, and the differences are booked; unless said, only what "
        "is to come.",
    },
    "Caution": {
        "share_percent": "A rule that gives more than this share of a sale, at what rewards make "
        "points worth, is warned of.",
        "small_sale": "What a rule gives for however small a purchase is looked at, at this one.",
        "liability_percent": "A version that makes what members have together worth so much more "
        "is warned of.",
    },
    "ComesBack": {"days": "So many whole days after the day of the return, at least."},
    "LeastLife": {"days": "So many whole days after the day on which it came, at least."},
    "Notice": {
        "days": "So many days before they lapse the notice was shown to the member at the latest; "
        "it lies ready twice as long before."
    },
    "Inactivity": {
        "after": "So long without activity, counted in days of the program's calendar; nobody "
        "loses points before that long after this was switched on.",
        "reset_by": "What counts as activity: `earning` points of this wallet, any `purchase`, any "
        "`activity` we are told of (both also when they give nothing), `redeeming` a reward "
        "for points of this wallet. Coming back for a return is none.",
    },
    "ForDuration": {"after": "So long they are pending, counted from the activity."},
    "UntilDate": {"on": "The first day on which they can be spent."},
    "UntilEvent": {
        "cancel_after": "So long a confirmation can come, counted from the activity or from when "
        "we were told of it, whichever is later; after that they are cancelled."
    },
    "Transfers": {
        "at_least": "The fewest points given at once.",
        "at_most": "The most points given at once.",
        "limit": "The most one member gives away in a period.",
    },
    "TransferLimit": {"points": "At most so many points.", "per": "In this period."},
    "Rounding": {
        "mode": "Cut off, round up, or round halves up or to the even number.",
        "scope": "Round each line, each purchase, or the day's sum.",
        "step": "Round to multiples of this many smallest units.",
        "carry": "Keep the remainder for the member's next purchase (only floor per basket).",
    },
    "Expiry": {
        "after": "How long it lives, counted from when it could be spent.",
        "round_up_to": "It lives on to the end of this period.",
        "yearly_on": "It lives on through the next such day of a year, such as `03-31`.",
    },
    "Qualifying": {
        "only_categories": "Only lines of these categories count; all of them when empty.",
        "except_categories": "Lines of these categories do not count.",
        "except_skus": "These articles do not count: gift cards, deposits.",
        "only_skus": "Only these articles count; with `only_categories` as well, lines of either.",
        "order_discounts": "A discount on the whole order: ignored (`none`), spread over all "
        "lines (`pro_rata`), or taken wholly from the lines that count (`full`).",
        "tax": "Does contained tax count?",
        "shipping": "Does shipping count?",
        "tips": "Do tips count?",
        "points_paid": "Does what was paid with points count? Not, unless said: who pays 4 of 10 "
        "with points earns on 6 (`out`), or on 10 (`in`).",
    },
    "All": {"of": "The conditions."},
    "AnyOf": {"of": "The conditions."},
    "Not": {"that": "The condition."},
    "AmountIs": {
        "at_least": "This amount or more.",
        "at_most": "This amount or less.",
        "in_currency": "By currency, bounds for what was paid in it, instead of these.",
    },
    "AmountBounds": {
        "at_least": "This amount or more, in that currency.",
        "at_most": "This amount or less, in that currency.",
    },
    "Rate": {
        "counts": "So much of the program's currency, with up to six decimals.",
        "per": "For so many of the other currency.",
        "from_on": "From this day on, until the next rate; the first may leave it out.",
    },
    "BasketHas": {
        "categories": "Lines of these categories match.",
        "skus": "Lines of these articles match.",
        "quantity": "At least so many pieces.",
        "amount": "At least so much money.",
    },
    "ChannelIs": {"in": "Names of channels, such as till, web, app."},
    "StoreIs": {"in": "Names of stores."},
    "WeekdayIs": {"in": "Days of the week."},
    "HourIs": {"from": "From this hour on, 0 to 23.", "until": "Until before this hour, to 24."},
    "DatesAre": {"from_on": "The first day.", "until_on": "The first day after."},
    "TierIs": {"at_least": "This tier or a higher one."},
    "PlanIs": {"runs": "The plan whose membership runs then."},
    "MemberIs": {"attribute": "The name of the attribute.", "in": "The values that match."},
    "AnniversaryIs": {
        "attribute": "Which of the member's days; `joined-on` is when they joined.",
        "days_before": "So many days before it count as well.",
        "days_after": "So many days after it count as well.",
    },
    "DaysSince": {
        "attribute": "Since which of the member's days; `joined-on` is when they joined.",
        "at_least": "From so many days on; the day itself is 0.",
        "before": "Until before so many days; without an end when not said.",
    },
    "ByTable": {
        "by": "The details whose values choose the row, such as `[carrier, fare-class]`.",
        "rows": "The rows; the first that fits gives.",
        "of": "The detail that holds the number, such as `miles`; once, when not said.",
        "per": "The row's points are for each so much of that number; fractions count.",
        "stage": "Base awards compete and are multiplied; a bonus is added after.",
    },
    "TableRow": {
        "is": "The values, one for each detail of `by`; `*` fits anything.",
        "points": "So many points, with up to six decimals; they are rounded once, at the end.",
        "from_on": "The first local day on which this row is in force.",
        "until_on": "The first local day on which it no longer is.",
    },
    "CodeIs": {
        "in": "Words that everybody may say, such as SUMMER24.",
        "of": "A reward that gives codes; one of them that is not used yet, and is used up by it.",
    },
    "DetailIs": {"detail": "The name of the detail.", "in": "The values that match."},
    "PerAmount": {
        "points": "So many points …",
        "per": "… for each so much money.",
        "qualifying": "Which qualifying amount counts.",
        "only_categories": "Only lines of these categories (then no shipping, no tips).",
        "only_skus": "Only lines of these articles.",
        "stage": "Base awards compete and are multiplied; a bonus is added after.",
    },
    "PerItem": {
        "points": "So many points for each full set.",
        "categories": "Pieces of these categories count.",
        "skus": "Pieces of these articles count.",
        "every": "How many pieces make a set.",
        "stage": "Base awards compete and are multiplied; a bonus is added after.",
    },
    "Fixed": {
        "points": "So many points each time.",
        "stage": "Base awards compete and are multiplied; a bonus is added after.",
    },
    "Multiply": {"by": "1.5 adds a half, 2 doubles."},
    "Limit": {
        "per": "The period the limit counts in; `activity` is a single one.",
        "points": "At most so many points.",
        "times": "At most so many times. A time is used when the rule gives at least one whole "
        "point: who got nothing still has their chance.",
        "on_exceed": "Give what is left (`clip`), give nothing (`reject`), or, for a base rule, "
        "let another rule take its place (`fall_through`).",
        "of": "Of each `member`, or of `everyone` together.",
    },
    "Budget": {
        "id": "A short name that never changes.",
        "wallet": "The wallet whose points are counted.",
        "per": "The period the budget is for; `activity` is one purchase or visit by itself.",
        "points": "At most so many points in all.",
        "on_exceed": "Give what is left (`clip`), or nothing of this wallet (`reject`).",
    },
    "Rule": {
        "id": "A short name that never changes; limits and explanations refer to it.",
        "on": "The kind of activity: purchase, visit, or any name of your own.",
        "wallet": "The wallet it gives to.",
        "award": "What it gives.",
        "says": "The rule in words members read.",
        "when": "The conditions; always, unless said.",
        "from_on": "The first day it is in force.",
        "until_on": "The first day it is no longer in force.",
        "limits": "How much or how often for one member.",
        "expiry": "When its points lapse, where that is not as the wallet says.",
        "ends_on": "Its points lapse when this local day begins, whenever they were earned.",
        "group": "Of all rules with this word that would give something, only one does.",
        "priority": "Within its group the highest goes first; of equal ones who gives most.",
        "cooldown": "How long it rests for a member after it gave to them.",
    },
    "Cooldown": {
        "hours": "Not again within so many hours of the minute it happened.",
        "days": "Not again within so many days in the program's zone: with 1, once a day.",
    },
    "Stacking": {
        "base": "Of several base rules: the best, the first in the file, or the sum.",
        "multipliers": "Two doublings triple (`additive`) or quadruple (`multiplicative`).",
    },
    "Tier": {
        "id": "A short name that never changes.",
        "at": "What it takes: money, visits or status credit.",
        "name": "The name members read.",
        "perks": "What it brings, in words members read.",
        "by": "Reached by credit, or only by an invitation that the member accepts.",
    },
    "Tiers": {
        "steps": "The tiers from the lowest to the highest.",
        "measure": "What is counted.",
        "qualifying": "Which qualifying amount `spend` counts.",
        "wallet": "The status wallet that `status` counts.",
        "window": "Over which time it is counted.",
        "rolling_days": "The length of a rolling window.",
        "downgrade": "Who no longer qualifies falls one step, or to where they belong.",
        "grace_days": "So many days more before a tier is lost.",
        "reached": "When a higher step is reached: at once, or at the end of the window.",
        "returned_credit": "When a return takes away the credit for a tier: at once, at the end "
        "of the period, or never.",
    },
    "Plan": {
        "id": "A short name that never changes.",
        "name": "The name members read.",
        "says": "What it is, in words members read.",
        "fee": "What each term costs, in money.",
        "term": "How long a term is. A term of a month that began on the 31st ends on the last day "
        "of shorter months.",
        "trial": "The first so long are free, once for each person; no trial, unless said.",
        "grace": "So long after a term that was not paid on, a payment still continues it. It ends "
        "at once, unless said.",
        "meanwhile": "Whether benefits go on in that time, or are frozen.",
        "pause": "For how long a member may pause at most; not at all, unless said.",
        "refund": "What comes back when a member wants their money for the running term: nothing, "
        "all of it while no benefit of the plan was used, or the part for the rest of the term.",
        "price_notice": "A higher fee is told at least so many days before the first term it is "
        "asked for; a lower one counts from the next term.",
        "gives": "Points that come with a paid term; none, unless said.",
        "until_on": "From this day on nobody begins it or goes on with another term.",
    },
    "TermPoints": {
        "wallet": "The wallet they go into.",
        "points": "How many.",
        "on": "With each paid term, or only from the second on.",
        "claw_back": "Whether a refund takes back its share of them, as far as they are there.",
    },
    "Blocked": {
        "may_earn": "Purchases and visits still earn.",
        "may_redeem": "Rewards can still be had.",
        "may_transfer": "Points can still be given and received.",
    },
    "Minors": {"per": "The period."},
    "Buyers": {"per": "The period."},
    "Household": {"most_members": "So many belong to one household at most."},
    "Case": {
        "says": "What the example shows.",
        "tier": "The member's tier before it happens.",
        "member": "Attributes of the member.",
        "plans": "Paid plans of the member that run then.",
    },
    **INCLUDING,
    **PLAYING,
    **SPENDING,
}
