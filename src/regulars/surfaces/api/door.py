"""What every request passes: who asks, how often, and how long we wait for what they say."""

from __future__ import annotations

from typing import NamedTuple

from regulars.surfaces.api.access import Access
from regulars.surfaces.api.strict.metering import Meter
from regulars.surfaces.api.strict.patience import Patience
from regulars.surfaces.connect.inlets.door import Inlets
from regulars.surfaces.given import Given


class Door(NamedTuple):
    """The parts of an application that all its requests share."""

    given: Given
    access: Access
    patience: Patience
    meter: Meter
    inlets: Inlets

    @classmethod
    def to(cls, given: Given) -> Door:
        """A door to what we were given."""
        return cls(
            given,
            Access(given.front, given.ticks),
            Patience(),
            Meter(given.ticks),
            Inlets(given.front, given.ticks, given.keyed),
        )
