"""What an export needs of a connection; runtime opens it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class Connection(Protocol):
    """A connection of asyncpg, as far as it is used here."""

    async def fetch(self, query: str, *args: Any) -> Sequence[Mapping[str, Any]]: ...

    async def fetchval(self, query: str, *args: Any) -> Any: ...

    async def copy_from_query(self, query: str, **more: Any) -> str: ...

    def cursor(self, query: str, *args: Any, prefetch: int) -> Any: ...

    def transaction(self, *, isolation: str, readonly: bool) -> Any: ...
