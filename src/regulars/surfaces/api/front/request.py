"""One request as the API sees it, whichever server interface it came by."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import NamedTuple

from regulars.surfaces.api.answers import Header


class Asking(NamedTuple):
    """The headers of a request that matter here."""

    authorization: bytes | None = None
    content_type: bytes | None = None
    length: bytes | None = None
    key: bytes | None = None
    chunked: bool = False
    """A body comes of which nobody said how long it is."""


class Request(NamedTuple):
    """What is asked, where, by whom; `body` reads as much of the body as we take."""

    method: str
    path: str
    """Without its question mark, percent signs resolved."""
    query: bytes
    asking: Asking
    body: Callable[..., Awaitable[bytes]]
    """All of it, up to the size that is given, or that of any body."""
    address: Callable[[], str] = str
    """From where; made out only where somebody could guess."""
    headers: Iterable[Header] = ()
    """All of them, for who knows more than we."""


def asking_of(headers: Iterable[Header]) -> Asking:
    """The headers that matter, out of all of them."""
    authorization = content_type = length = key = None
    chunked = False
    for name, value in headers:
        if name == b"authorization":
            authorization = value
        elif name == b"content-type":
            content_type = value
        elif name == b"content-length":
            length = value
        elif name == b"idempotency-key":
            key = value
        elif name == b"transfer-encoding":
            chunked = True
    return Asking(authorization, content_type, length, key, chunked)
