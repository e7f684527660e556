"""What a mapping says of a forum: where it is, and into which of its groups members come."""

from __future__ import annotations

from typing import Final, Literal
from urllib.parse import urlsplit

from msgspec import Struct

from regulars.records.program.problems import Finding

DISCOURSE: Final = "discourse"
_NOWHERE: Final = "this is no address of a forum"


class ForumMap(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The forum members sign in to with their card, of a source of the kind discourse."""

    address: str
    """Where it is, as https://forum.example.org. Nobody is sent anywhere else."""
    groups: tuple[Literal["tier", "clubs"], ...] = ()
    """Into which of its groups members come as they sign in: `tier-gold`, `club-runners`."""


def wrong_in_forum(one: ForumMap | None) -> list[Finding]:
    """What is wrong with it beside its shape."""
    if one is None:
        return []
    at = ("forum", "address")
    mend = "write it as https://forum.example.org, with nothing behind it"
    try:
        parts = urlsplit(one.address)
        host = parts.hostname if parts.port != 0 else None
    except ValueError:
        return [Finding(at, _NOWHERE, mend)]
    plain = f"{parts.scheme}://{parts.netloc}{parts.path}" == one.address
    safe = parts.scheme == "https" or (
        parts.scheme == "http" and host in ("localhost", "127.0.0.1")
    )
    asks = (
        one.address.isascii()
        and one.address.isprintable()
        and not set("\" '<>\\@;") & set(one.address)
    )
    fits = plain and safe and asks and host and not one.address.endswith("/")
    return [] if fits else [Finding(at, _NOWHERE, mend)]
