"""The counter of the sources of events."""

from tests.surfaces.connect.inlets.conftest import counter

__all__ = ["counter"]
