"""A sentence for each field and an example for each part of a program file.

The JSON Schema shows them while someone writes; the reference page prints them. A test fails when
a field has no sentence or an example is not what its part allows.
"""

from __future__ import annotations

from typing import Final

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
        "budgets": "What all members together may get of a wallet in a period.",
        "tiers": "The ladder of tiers; leave it out for a program without tiers.",
        "rewards": "What members can have for their points.",
        "benefits": "What a tier includes, or what is granted by hand; nothing is paid for it.",
        "cases": "Examples that say exactly what is earned; every check runs them.",
        "blocked": "What a blocked member may do all the same; nothing, unless said.",
        "household": "Members may form households; leave it out for a program without them.",
    },
    "Wallet": {
        "kind": "What it is: points, stamps, status credit (never spent), cashback, gift balance.",
        "name": "The name members read.",
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
        "comes_back": "Points that paid for a sale and come back with its return live a while at "
        "least, also when they had ended. They keep the end they have, unless said.",
    },
    "ComesBack": {"days": "So many whole days after the day of the return, at least."},
    "Notice": {
        "days": "So many days before they lapse the notice was shown to the member at the latest; "
        "it lies ready twice as long before."
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
    },
    "Qualifying": {
        "only_categories": "Only lines of these categories count; all of them when empty.",
        "except_categories": "Lines of these categories do not count.",
        "except_skus": "These articles do not count: gift cards, deposits.",
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
    "AmountIs": {"at_least": "This amount or more.", "at_most": "This amount or less."},
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
    "MemberIs": {"attribute": "The name of the attribute.", "in": "The values that match."},
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
        "per": "The period the budget is for.",
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
        "returned_credit": "When a return takes away the credit for a tier: at once, at the end "
        "of the period, or never.",
    },
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
    },
    "Allowance": {"times": "At most so many times.", "per": "In this period."},
    "Days": {"from_on": "The first day.", "until_on": "The first day after."},
    "Benefit": {
        "id": "A short name that never changes.",
        "name": "The name members read.",
        "says": "What it is, in words members read.",
        "tier": "Only for members of this tier or a higher one; for all of them when not said.",
        "choose_one": "Of all benefits with this word a member chooses one in a period of its "
        "allowance.",
        "skus": "It opens these articles; with `categories` empty too, anything.",
        "head_start": "Tiers for which it begins so much earlier.",
        "blackout": "Days on which it cannot be used.",
        "needs": "Details that must be told with each use, such as the name of a companion.",
        "by": "Whether a tier brings it, or somebody grants it by hand.",
        "allowance": "How often; as often as they like, unless said.",
        "stores": "Only in these stores; everywhere when empty.",
        "channels": "Only through these channels; any when empty.",
        "categories": "It opens articles of these categories; with `skus` empty too, anything.",
        "from_on": "The first day it can be used.",
        "until_on": "The first day it can no longer be used.",
        "worth": "What one use is worth to the member, in money.",
        "cost": "What one use costs the shop, in money; its worth when not said.",
    },
    "Blocked": {
        "may_earn": "Purchases and visits still earn.",
        "may_redeem": "Rewards can still be had.",
        "may_transfer": "Points can still be given and received.",
    },
    "Household": {"most_members": "So many belong to one household at most."},
    "Case": {
        "says": "What the example shows.",
        "tier": "The member's tier before it happens.",
        "member": "Attributes of the member.",
    },
}

EXAMPLES: Final[dict[str, str]] = {
    "Program": (
        "regulars: 1\nprogram: corner\nname: Corner Shop\ncurrency: EUR\nzone: Europe/Berlin\n"
        "wallets:\n  points: {}\n"
        "rules:\n  - id: point-per-euro\n    on: purchase\n    wallet: points\n"
        '    award: {give: per_amount, points: 1, per: "1.00"}\n'
    ),
    "Wallet": "kind: points\nname: Points\nexpiry: {after: 12 months, round_up_to: month}\n",
    "Notice": "days: 30\n",
    "ComesBack": "days: 14\n",
    "Transfers": "at_least: 10\nat_most: 500\nlimit: {points: 1000, per: month}\n",
    "TransferLimit": "points: 1000\nper: month\n",
    "ForDuration": "until: duration\nafter: 14 days\n",
    "UntilDate": "until: date\non: 2026-12-24\n",
    "UntilEvent": "until: event\ncancel_after: 30 days\n",
    "Rounding": "mode: floor\nscope: basket\ncarry: true\n",
    "Expiry": "after: 12 months\nround_up_to: month\n",
    "Qualifying": "except_categories: [gift-card, tobacco]\ntax: out\n",
    "All": "if: all\nof:\n  - {if: weekday, in: [sat, sun]}\n  - {if: channel, in: [app]}\n",
    "AnyOf": "if: any\nof:\n  - {if: hour, from: 22, until: 24}\n"
    "  - {if: hour, from: 0, until: 2}\n",
    "Not": "if: not\nthat: {if: store, in: [airport]}\n",
    "AmountIs": 'if: amount\nat_least: "25.00"\n',
    "BasketHas": "if: basket_has\ncategories: [coffee]\nquantity: 2\n",
    "ChannelIs": "if: channel\nin: [web, app]\n",
    "StoreIs": "if: store\nin: [main-street]\n",
    "WeekdayIs": "if: weekday\nin: [sat, sun]\n",
    "HourIs": "if: hour\nfrom: 15\nuntil: 17\n",
    "DatesAre": "if: dates\nfrom_on: 2026-12-01\nuntil_on: 2027-01-01\n",
    "TierIs": "if: tier\nat_least: silver\n",
    "MemberIs": "if: member\nattribute: student\nin: [true]\n",
    "DetailIs": "if: detail\ndetail: rating\nin: [1, 2, 3, 4, 5]\n",
    "PerAmount": 'give: per_amount\npoints: 2\nper: "1.00"\nonly_categories: [coffee]\n',
    "PerItem": "give: per_item\npoints: 1\ncategories: [coffee]\n",
    "Fixed": "give: fixed\npoints: 50\nstage: bonus\n",
    "Multiply": 'give: multiply\nby: "1.5"\n',
    "Limit": "per: month\npoints: 200\non_exceed: clip\n",
    "Rule": "id: happy-hour\nsays: Double points from three to five\non: purchase\n"
    "wallet: points\naward: {give: multiply, by: 2}\nwhen: {if: hour, from: 15, until: 17}\n",
    "Budget": "id: spring\nwallet: points\nper: month\npoints: 50000\n",
    "Stacking": "base: best\nmultipliers: additive\n",
    "Tier": 'id: silver\nname: Silver\nat: "500.00"\nperks: [Free delivery]\n',
    "Tiers": 'measure: spend\nwindow: calendar_year\nsteps:\n  - {id: silver, at: "500.00"}\n'
    '  - {id: gold, at: "1500.00"}\n',
    "RewardLimit": "times: 1\nper: month\n",
    "Reward": "id: free-coffee\nname: A free coffee\nprice: {points: 100}\n"
    'worth: "3.50"\ncost: "0.80"\n',
    "Allowance": "times: 2\nper: year\n",
    "Days": "from_on: 2026-12-20\nuntil_on: 2027-01-07\n",
    "Benefit": "id: companion\nname: A companion flies along\ntier: gold\n"
    "allowance: {times: 2, per: year}\nneeds: [companion]\n"
    "blackout: [{from_on: 2026-12-20, until_on: 2027-01-07}]\n",
    "Blocked": "may_earn: true\n",
    "Household": "most_members: 6\nspends: everyone\n",
    "Case": "says: A coffee gives 3 points\ngiven:\n  kind: purchase\n"
    "  at: 2026-03-02T08:15\n  lines:\n"
    '    - {sku: latte, category: coffee, quantity: 1, amount: "3.90"}\nearns: {points: 3}\n',
}
