"""Every operation of the API, in the order the reference shows them."""

from __future__ import annotations

from typing import Final

from regulars.surfaces.api.call import Operation
from regulars.surfaces.api.operations import (
    activities,
    balances,
    books,
    keys,
    members,
    pending,
    programs,
    rewards,
)

OPERATIONS: Final[tuple[Operation, ...]] = (
    *activities.OPERATIONS,
    *pending.OPERATIONS,
    *members.OPERATIONS,
    *books.OPERATIONS,
    *balances.OPERATIONS,
    *rewards.OPERATIONS,
    *programs.OPERATIONS,
    *keys.OPERATIONS,
)
