"""Every operation of the API, in the order the reference shows them."""

from __future__ import annotations

from typing import Final

from regulars.surfaces.api.call import Operation
from regulars.surfaces.api.operations import (
    activities,
    books,
    households,
    inbox,
    keys,
    members,
    moving,
    pending,
    privacy,
    programs,
    rewards,
    unions,
)

OPERATIONS: Final[tuple[Operation, ...]] = (
    *activities.OPERATIONS,
    *pending.OPERATIONS,
    *members.OPERATIONS,
    *privacy.OPERATIONS,
    *books.OPERATIONS,
    *inbox.OPERATIONS,
    *rewards.OPERATIONS,
    *moving.OPERATIONS,
    *unions.OPERATIONS,
    *households.OPERATIONS,
    *programs.OPERATIONS,
    *keys.OPERATIONS,
)
