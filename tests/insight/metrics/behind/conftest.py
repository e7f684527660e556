"""A shop with the same books as its neighbours."""

from __future__ import annotations

from tests.flows.conftest import mall, open_shop
from tests.surfaces.conftest import counter

__all__ = ["counter", "mall", "open_shop"]
