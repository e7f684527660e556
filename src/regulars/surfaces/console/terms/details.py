"""What differs where no sentence says it: its name, and both values as the file has them."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from regulars.engine.changing.comparing import Difference
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.terms.editor.labels import LABELS
from regulars.surfaces.console.words import N

_OTHERWISE: Final = N("%(what)s: %(after)s, before %(before)s")
_NOTHING: Final = N("nothing")
_PARTS: Final = MappingProxyType(
    {
        "rules": "Rule",
        "wallets": "Wallet",
        "rewards": "Reward",
        "benefits": "Benefit",
        "plans": "Plan",
        "tiers": "Tiers",
        "ladders": "Tiers",
        "challenges": "Challenge",
        "streaks": "Streak",
        "milestones": "DeedMilestone",
        "leaderboards": "Leaderboard",
        "draws": "Draw",
    }
)
"""By the first word of an address the part of the program that is there."""
_WHOLES: Final = MappingProxyType(
    {
        "advocacy": N("Reviews and the like"),
        "blocked": N("What blocked members may do"),
        "budgets": N("The budget %(name)s"),
        "changeover": N("How members come over"),
        "currencies": N("Other currencies"),
        "currency": N("Currency"),
        "household": N("Households"),
        "join": N("Who may join"),
        "paying": N("What points pay of a purchase"),
        "paying_out": N("What is paid to bank accounts"),
        "plans": N("The membership %(name)s"),
        "qualifying": N("What counts of a purchase (%(name)s)"),
        "referral": N("What there is for bringing friends"),
        "spending_proof": N("For what the card is shown"),
        "stacking": N("How rules come together"),
        "zone": N("Time zone"),
    }
)
"""What has no form, by the first word of its address."""


def detail(here: Here, change: Difference) -> str:
    """One difference in the reader's language; a field without a name of its own keeps the file's.

    Example: "At most: per day, points 50, before nothing".
    """
    nothing = here.reader.say(_NOTHING)
    return here.reader.say(
        _OTHERWISE,
        what=_what(here, change),
        after=change.after or nothing,
        before=change.before or nothing,
    )


def _what(here: Here, change: Difference) -> str:
    into, _, rest = change.path.partition(".")
    field = rest.rpartition(".")[2] or into
    label = LABELS.get(f"{_PARTS.get(into, '')}.{field}")
    if label is not None:
        return here.reader.say(label)
    if into in _WHOLES:
        return here.reader.say(_WHOLES[into], name=change.what)
    return field
