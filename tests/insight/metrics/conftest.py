"""Shops on a database of a file's own."""

from __future__ import annotations

from tests.flows.conftest import mall, open_shop

__all__ = ["mall", "open_shop"]
