"""A sentence for each field of what a program file says of benefits."""

from __future__ import annotations

from typing import Final

INCLUDING: Final[dict[str, dict[str, str]]] = {
    "BenefitPoints": {"wallet": "Into which wallet.", "points": "So many points."},
    "Allowance": {
        "times": "At most so many times.",
        "per": "In this period; `reached` each time the tier is reached or confirmed, or somebody "
        "joined.",
        "good_for": "Of one that is `reached`: over so long after, at a midnight. Another one "
        "begins after that at the soonest.",
    },
    "Guests": {
        "most": "At most so many come along.",
        "counts": "Whether each of them counts as a use of the allowance too.",
        "who": "Whether they may be anybody, only `members`, or only `others` who are none.",
    },
    "OpenHours": {
        "on": "Days of the week.",
        "from": "The first appointment begins at this time on the clock.",
        "until": "The last one ends by this time.",
    },
    "Appointments": {
        "hours": "When the shop receives people for it.",
        "lasts": "How many minutes one takes; they follow one another.",
        "places": "How many people can be there at a time, guests too, in each store.",
        "ahead": "How long beforehand it can be booked.",
        "cancel_until": "Moved or cancelled so long before at the latest; until it begins, unless "
        "said.",
        "missed": "What becomes of the use when nobody came: it is `counted`, or `given_back`.",
    },
    "Associate": {
        "chosen": "`fewest`: who works in the store where the member was most often within a year, "
        "and looks after fewest members; `by_hand`: somebody of the shop chooses.",
        "grace": "So long they stay with the member when the benefit is over, such as a tier that "
        "is lost; who has it again before is with the same person. Not at all, unless said.",
    },
    "AroundBirthday": {
        "days_before": "From so many days before the birthday.",
        "days_after": "To so many days after it.",
    },
    "Days": {"from_on": "The first day.", "until_on": "The first day after."},
    "Benefit": {
        "id": "A short name that never changes.",
        "name": "The name members read.",
        "says": "What it is, in words members read.",
        "tier": "Only for members of this tier or a higher one; for all of them when not said.",
        "choose_one": "Of all benefits and rewards with this word a member chooses one in a period "
        "of its allowance.",
        "gives": "Points that come with each use; taken back with it. None, unless said.",
        "skus": "It opens these articles; with `categories` empty too, anything.",
        "head_start": "Tiers for which it begins so much earlier.",
        "blackout": "Days on which it cannot be used.",
        "needs": "Details that must be told with each use, such as the name of a companion.",
        "plan": "Only for members whose paid membership of this plan runs.",
        "by": "Whether a tier brings it, or somebody grants it by hand.",
        "allowance": "How often; as often as they like, unless said.",
        "stores": "Only in these stores; everywhere when empty.",
        "channels": "Only through these channels; any when empty.",
        "categories": "It opens articles of these categories; with `skus` empty too, anything.",
        "from_on": "The first day it can be used.",
        "until_on": "The first day it can no longer be used.",
        "guests": "Whom a member may bring along; nobody, unless said.",
        "appointments": "It is used at a time that was booked; at once, unless said.",
        "associate": "It comes with one person of the shop who looks after the member; with "
        "nobody, unless said.",
        "birthday": "It is used around the member's birthday only, once that is known: the one "
        "told on joining, or else the attribute `birthday`. An allowance of a year is that of the "
        "birthday, also where its days reach into another year. What was granted by hand waits for "
        "no birthday. At any time, unless said.",
        "worth": "What one use is worth to the member, in money.",
        "cost": "What one use costs the shop, in money; its worth when not said.",
    },
}
