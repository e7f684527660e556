"""The door of the web server: the hot routes first, everything else to the framework."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

App = Callable[[Any, Any, Any], Awaitable[None]]


class Front:
    """An ASGI application before another one."""

    def __init__(self, hot: dict[tuple[str, str], App], behind: App) -> None:
        self._hot = hot
        self._behind = behind

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            hot = self._hot.get((scope["method"], scope["path"]))
            if hot is not None:
                await hot(scope, receive, send)
                return
        await self._behind(scope, receive, send)
