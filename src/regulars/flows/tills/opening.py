"""What a till may do, by how it stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from regulars.base.tx import Tx, Write
from regulars.records.access import write as access
from regulars.records.access.types import Scope
from regulars.records.tills.types import Till

AT_WORK: Final = frozenset(
    {
        Scope.TILL,
        Scope.ACTIVITIES_WRITE,
        Scope.MEMBERS_READ,
        Scope.MEMBERS_WRITE,
    }
)
"""What a till may do with the network there. It redeems as a till alone, where the limits are."""
AT_REST: Final = frozenset({Scope.TILL})
"""What is left to one that is suspended or unpaired: to hand in what it still has."""


def opened(tx: Tx, tills: Sequence[Till]) -> list[Write]:
    """What the keys of these tills open, by how the tills stand."""
    return access.open_to(
        tx, {one.key_id: AT_WORK if one.state == "paired" else AT_REST for one in tills}
    )
