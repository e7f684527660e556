"""What each field of challenges, streaks, milestones and boards means, for who writes the file."""

from __future__ import annotations

from typing import Final

PLAYING: Final[dict[str, dict[str, str]]] = {
    "Challenge": {
        "id": "A short name that stays.",
        "name": "What members read.",
        "target": "So many deeds, pieces, days, stores or categories, or so much money.",
        "prize": "What there is for it.",
        "says": "It in your own words.",
        "counts": "What counts; every purchase, unless said.",
        "measure": "What is added up: `deeds`, money kept (`spend`) or pieces (`items`); or how "
        "many different `days`, `stores` or `categories`.",
        "every": "The period is this one of the calendar in the program's zone, again and again.",
        "within": "The period begins with the member: with the first deed, or with `joins: opt_in` "
        "by taking part; and is so long. When it is over the next can begin.",
        "from_on": "Deeds count from this day on; from when the version began, unless said.",
        "until_on": "The first day on which deeds do not count any more.",
        "joins": "Everybody takes part (`automatic`), or who says so, from then on (`opt_in`).",
        "in_period": "How often it can be reached in one period.",
        "in_all": "How often in all; as often as there are periods, unless said.",
        "overshoot": "What goes beyond the target is `dropped`, or counts the next time "
        "(`carried`).",
        "together": "Teams reach it: what each did in the team counts for all of it.",
    },
    "Together": {
        "most": "How many belong to a team at most.",
        "each": "How much of it everybody does themselves to have the prize: deeds, pieces or "
        "money, as the challenge counts.",
    },
    "Deed": {
        "on": "The kind of activity.",
        "amount": "What of a purchase counts is worth at least so much.",
        "qualifying": "The definition by which money counts.",
        "categories": "Only goods of these categories; all, unless said.",
        "skus": "Only these articles; with categories as well, goods of either.",
        "stores": "Only in these stores.",
        "channels": "Only by these ways.",
    },
    "Prize": {
        "wallet": "The wallet its points go into.",
        "points": "How many points.",
        "benefit": "A benefit that may be used, as if granted by hand.",
        "uses": "How often it may be used.",
        "badge": "The name of a badge that the member keeps.",
        "reward": "A reward of the program, issued for nothing; then there is nothing else.",
    },
    "Streak": {
        "id": "A short name that stays.",
        "name": "What members read.",
        "every": "A deed in each day, week or month, by the calendar where the member lives.",
        "milestones": "What there is when it is so long, the shortest first.",
        "says": "It in your own words.",
        "counts": "What counts; every purchase, unless said.",
        "freezes": "How much may be missed without ending it.",
        "again": "Each milestone `once`, or again in `each_streak`.",
    },
    "Freezes": {"per": "The period of the calendar.", "times": "How many in it."},
    "Reached": {
        "length": "So many days, weeks or months in a row.",
        "prize": "What there is for it.",
    },
    "DeedMilestone": {
        "id": "A short name that stays; what is promised anew for ever needs a new one.",
        "name": "What members read.",
        "steps": "How much it takes and what there is for it, the smallest first.",
        "wallet": "The wallet its points go into; leave it out where no step gives points.",
        "says": "It in your own words.",
        "counts": "What counts; every purchase, unless said.",
        "measure": "What is added up: `deeds`, money kept (`spend`) or pieces (`items`).",
        "per": "Counted anew in each `day`, `week`, `month` or `year`; for `ever`, unless said.",
        "budget": "How many points there are for all members together in each of these periods; "
        "without an end, unless said.",
    },
    "MilestoneStep": {
        "at": "So many deeds or pieces, or so much money, in the period.",
        "points": "How many points there are for it.",
        "again": "Every time so much more came together; only the first time, unless said.",
        "reward": "A reward of the program, issued for nothing some seconds later.",
        "benefit": "A benefit that may be used, as if granted by hand.",
        "uses": "How often it may be used.",
        "badge": "The name of a badge that the member keeps.",
    },
    "Leaderboard": {
        "id": "A short name that stays.",
        "name": "What members read.",
        "says": "It in your own words.",
        "counts": "What counts; every purchase, unless said.",
        "measure": "What is added up: `deeds`, money kept (`spend`) or pieces (`items`).",
        "per": "Begins anew each `day`, `week`, `month` or `year`, or never (`ever`).",
        "stores": "One board for each of these stores; one for all of the program, unless said.",
        "shows": "How many places are shown.",
        "names": "How members are called on it: by `initials`, or by the attribute `nickname` "
        "where they have one.",
        "unlisted": "The attribute that is true of members who are not to be shown.",
        "prizes": "What there is for places once the period is over, the first places first.",
        "pays_after": "How long after the end of the period the places are paid; at once, unless "
        "said.",
        "at_least": "Who has less than this has nothing for their place.",
        "ties": "Who share a place have the points of the places they take `divided`, or `each` "
        "has all of it.",
        "most": "How many have something at most; a place by which it would be more, and those "
        "behind it, have nothing.",
        "returned": "When something comes back after it was paid, it is `kept`, or `taken_back` "
        "from who has less now than somebody behind them had.",
    },
    "BoardPrize": {
        "place": "Which place.",
        "to": "The last of several places that have it; that one alone, unless said.",
        "wallet": "The wallet its points go into.",
        "points": "How many points.",
        "benefit": "A benefit that may be used, as if granted by hand.",
        "uses": "How often it may be used.",
        "badge": "The name of a badge that the member keeps.",
        "reward": "A reward of the program, issued for nothing; then there is nothing else.",
    },
    "Advocacy": {
        "on": "The kind of activity, such as `review`, `share`, `survey` or `photo`.",
        "name": "What members read.",
        "says": "It in your own words.",
        "about": "The detail that says what it is about, such as `product`; each member tells of "
        "each once.",
        "proof": "Whether it needs an `external_id`, under which it can be seen.",
        "moderated": "Its points wait until the shop approves it, so long at most.",
    },
    "Draw": {
        "id": "A short name that stays; each draw has one of its own.",
        "name": "What members read.",
        "from_on": "Deeds count from this day on.",
        "until_on": "The first day on which deeds do not count any more; from then on it may be "
        "drawn.",
        "prize": "What there is to win, in words.",
        "says": "It in your own words.",
        "counts": "What counts; every purchase, unless said.",
        "measure": "What is added up: `deeds`, money kept (`spend`) or pieces (`items`).",
        "each": "A ticket for each so many deeds or pieces, or for so much money.",
        "most": "How many tickets one member has at most.",
        "winners": "How many win; nobody wins twice.",
        "words": "Which words it is drawn by, named before anybody knows them.",
        "excluded": "The attribute that is true of members who may not win, such as staff.",
        "gives": "What is booked with the draw, for the first prize, the second and so on; the "
        "last one for all prizes behind it.",
    },
    "DrawPrize": {
        "wallet": "The wallet its points go into.",
        "points": "How many points.",
        "reward": "A reward of the program, issued for nothing: an article, a code, a seat or a "
        "donation.",
    },
}
