"""Is it proven that a member is there, as the program asks for something of this worth?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from regulars.base.decimals import units
from regulars.base.faults import Refused
from regulars.base.money import decimals
from regulars.engine.terms import Version

CARD_NEEDED: Final = Refused(
    "card_needed", "something of this worth goes only to who shows the code of their card"
)
"""Nobody showed anything: the number or name alone says who it is for."""


def asks_for_card(version: Version, worth_minor: int) -> bool:
    """Whether something worth so much goes only to who shows the changing code of their card.

    Example: above 5.00 a cake for 5.00 is handed over to a telephone number, one for 5.01 is not.
    """
    said = version.program.spending_proof
    if said is None:
        return False
    return worth_minor > units(said.card_above, decimals(version.program.currency))


def unproven(version: Version, worth_minor: int, missing: Refused | None) -> Refused | None:
    """Why something of this worth is not handed over, where proof is asked for and missing."""
    if missing is None or not asks_for_card(version, worth_minor):
        return None
    return replace(missing, facts={"worth_minor": worth_minor})


def too_much_alone(version: Version, price: Mapping[str, int], most: int | None) -> Refused | None:
    """Why a cashier does not hand this over alone: it takes more points than the shop lets them.

    Units: `most` is in whole points of each wallet, whatever its scale; nothing, and nobody asks.
    Example: at most 50, of a wallet with one decimal: 500 units are 50.0 points and no more.
    """
    for name, units_ in price.items():
        if most is not None and units_ > most * 10 ** version.program.wallets[name].scale:
            says = f"what costs more than {most} points needs the PIN of a manager"
            return Refused("manager_needed", says, {"limit": most})
    return None
