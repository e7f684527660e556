"""What a cashier may not hand over alone."""

from __future__ import annotations

from datetime import datetime

from regulars.engine.rewarding.promise import every_way
from regulars.engine.terms import Terms


def above(terms: Terms, reward: str, limit: int, now: datetime) -> bool:
    """Whether this reward costs more points than may be handed over without a manager, in any of
    the ways in which somebody may pay for it.

    Units: whole points of each wallet, whatever its scale.
    """
    version = terms.at(now)
    found = version.rewards.get(reward)
    return any(
        units > limit * 10 ** version.program.wallets[name].scale
        for way in (every_way(version, found) if found is not None else ())
        for name, units in way.price.items()
    )
