"""Every operation of the API, in the order the reference shows them."""

from __future__ import annotations

from typing import Final

from regulars.surfaces.api.call import Operation
from regulars.surfaces.api.operations import (
    activities,
    books,
    keys,
    members,
    pending,
    privacy,
    programs,
    rewards,
)

OPERATIONS: Final[tuple[Operation, ...]] = (
    *activities.OPERATIONS,
    *pending.OPERATIONS,
    *members.OPERATIONS,
    *privacy.OPERATIONS,
    *books.OPERATIONS,
    *rewards.OPERATIONS,
    *programs.OPERATIONS,
    *keys.OPERATIONS,
)
