"""A shop with an API on a database of a file's own."""

from __future__ import annotations

from tests.surfaces.conftest import counter

__all__ = ["counter"]
