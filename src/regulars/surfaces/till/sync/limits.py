"""What a cashier may not hand over alone."""

from __future__ import annotations

from datetime import datetime

from regulars.engine.terms import Terms


def above(terms: Terms, reward: str, limit: int, now: datetime) -> bool:
    """Whether this reward costs more points than may be handed over without a manager.

    Units: whole points of each wallet, whatever its scale.
    """
    program = terms.at(now).program
    price = next((one.price for one in program.rewards if one.id == reward), {})
    return any(units > limit * 10 ** program.wallets[name].scale for name, units in price.items())
