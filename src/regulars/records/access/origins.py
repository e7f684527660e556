"""Where pages come from: an origin as browsers spell it (RFC 6454), and which may be a shop's."""

from __future__ import annotations

import re
from typing import Final

LONGEST_ORIGIN: Final = 200
MOST_ORIGINS: Final = 20
_NAME = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = rf"{_NAME}(?:\.{_NAME})*"
_ORIGIN = re.compile(rf"(https?)://({_HOST}|\[::1\])(?::([0-9]{{1,5}}))?/?")
_PORTS: Final = {"https": "443", "http": "80"}
_HERE: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
"""Of this machine, where browsers need no TLS either."""


def origin_of(said: str) -> str | None:
    """An origin as a browser sends it, out of what somebody typed; nothing for what is none.

    Keeps: one host by its full name, never a pattern. Without TLS only this machine itself, as
    anybody on the way could put a script into the page.
    Example: `HTTPS://Shop.Example:443/` is `https://shop.example`; `https://*.example` is none.
    """
    found = _ORIGIN.fullmatch(said.strip().lower()) if len(said) <= LONGEST_ORIGIN else None
    if found is None:
        return None
    scheme, host, port = found[1], found[2], found[3] or ""
    if scheme == "http" and host not in _HERE and not host.endswith(".localhost"):
        return None
    if port and not 0 < int(port) < 65_536:
        return None
    bare = not port or str(int(port)) == _PORTS[scheme]
    return f"{scheme}://{host}" if bare else f"{scheme}://{host}:{int(port)}"
