"""Shops on a database of a file's own, and the API of one."""

from __future__ import annotations

from tests.flows.conftest import mall, open_shop
from tests.surfaces.conftest import counter

__all__ = ["counter", "mall", "open_shop"]
