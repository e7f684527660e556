"""What every answer that is not the API's carries, whoever made it: a page, a redirect, a slip."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

App = Callable[[Any, Any, Any], Awaitable[None]]

ONLY_TLS: Final = (b"strict-transport-security", b"max-age=31536000")
"""Who came by TLS comes by nothing else for a year (RFC 6797). Not for names below ours, and not
for the browser's own list: both are decisions of whoever owns the domain."""
PERSONAL: Final = (b"cache-control", b"no-store")
"""An answer that does not say who may keep it is kept by nobody."""


class Hardened:
    """Pages whose answers carry these headers, unless they say something of their own."""

    def __init__(self, pages: Any, always: Mapping[str, str]) -> None:
        self._pages = pages
        self._always = [(name.encode(), value.encode()) for name, value in always.items()]

    @property
    def routes(self) -> Any:
        """Every address behind it."""
        return self._pages.routes

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._pages(scope, receive, send)
            return
        tls = scope["scheme"] == "https"

        async def send_hardened(message: Any) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": self._with(message["headers"], tls)}
            await send(message)

        await self._pages(scope, receive, send_hardened)

    def _with(self, headers: Any, tls: bool) -> list[tuple[bytes, bytes]]:
        said = {name.lower() for name, _ in headers}
        more = [*self._always, PERSONAL, *((ONLY_TLS,) if tls else ())]
        return [*headers, *(one for one in more if one[0] not in said)]
