"""Everything that can happen between members, partners and the shop, for the reference."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.model.beside.between import friends
from tests.model.beside.between.draws import DRAWS
from tests.model.beside.between.events import LooksAtFriends
from tests.model.beside.between.friends import FRIENDS
from tests.model.beside.between.homes import HOMES
from tests.model.beside.between.partners import PARTNERS
from tests.model.beside.between.state import State
from tests.model.beside.between.teams import TEAMS
from tests.model.events import Answer

if TYPE_CHECKING:
    from tests.model.reference import World

__all__ = ["BETWEEN", "State", "looks_at_friends"]

BETWEEN: dict[type, Callable[[Any, Any], Answer]] = DRAWS | FRIENDS | HOMES | PARTNERS | TEAMS


def looks_at_friends(world: World) -> None:
    """The duty of the night."""
    friends.looks_at_friends(world, LooksAtFriends())
