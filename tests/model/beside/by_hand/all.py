"""Everything that is handed out by hand, for the reference."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.model.beside.by_hand.benefits import BENEFITS
from tests.model.beside.by_hand.codes import CODES
from tests.model.beside.by_hand.quarrels import QUARRELS
from tests.model.beside.by_hand.state import Hand
from tests.model.beside.by_hand.tiers import TIERS
from tests.model.beside.by_hand.turning import TURNING
from tests.model.beside.looked_after.brought import BROUGHT
from tests.model.beside.looked_after.care import CARE
from tests.model.events import Answer
from tests.model.money.trusted.all import TRUSTED

__all__ = ["HANDED", "Hand"]

HANDED: dict[type, Callable[[Any, Any], Answer]] = (
    BENEFITS | BROUGHT | CARE | CODES | QUARRELS | TIERS | TURNING | TRUSTED
)
