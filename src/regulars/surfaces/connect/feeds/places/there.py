"""A place where files lie, whatever it is: its files are listed, and one is fetched."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Sequence
from hashlib import blake2b
from ipaddress import ip_address
from pathlib import Path
from typing import Final, Protocol

from msgspec import Struct

from regulars.records.inlets.feeding.types import LONGEST_NAME, Listed
from regulars.surfaces.senders.outgoing.client import NO_ADDRESS, Resolve, by_system
from regulars.surfaces.senders.outgoing.guard import Guard, NotAllowed

CONNECT_S: Final = 15.0
PIECE: Final = 4 * 1024 * 1024
TOO_MANY: Final = "there are more files than are looked through; move those that are read elsewhere"
GREW: Final = "the file changed while it was fetched"


class NotReached(Exception):
    """The place cannot be looked at; `why` says it for whoever connected it."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class NotFetched(NotReached):
    """One file cannot be read, and the others can."""


class Reach(Struct, frozen=True):
    """What this installation reaches: by whom it is guarded, and which folder is open to it."""

    guard: Guard
    folder: Path | None = None
    resolve: Resolve = by_system


class There(Protocol):
    """A place that answers."""

    @property
    def host_key(self) -> str:
        """By which key it proves who it is; nothing where certificates do."""

    async def files(self) -> list[Listed]:
        """The files that lie there. Raises: NotReached."""

    async def fetch(self, one: Listed, to: Path) -> None:
        """A copy of a file as it was listed. Raises: NotFetched, NotReached."""


def as_text(name: str) -> str:
    """A file's name as it is kept and shown, where its bytes are no UTF-8, or it is too long.

    Example: `Verk\\xe4ufe.csv`, which somebody wrote in Latin-1. The file is opened by its own
    name.
    Keeps: two files have two names. One that looks like that already has its strokes twice, and
    what is cut off a long one stands in a digest of all of it.
    """
    own = os.fsencode(name)
    told = own.decode("utf-8", "backslashreplace")
    if told != name or _LOOKS_SO.search(name):
        told = own.replace(b"\\", b"\\\\").decode("utf-8", "backslashreplace")
    if len(told) <= LONGEST_NAME:
        return told
    ends = f"~{blake2b(own, digest_size=16).hexdigest()}{told[-_LAST:]}"
    return told[: LONGEST_NAME - len(ends)] + ends


_LAST: Final = 20
"""So much stays of the end of a long name, which says what kind of file it is."""
_LOOKS_SO: Final = re.compile(r"\\x[89a-f][0-9a-f]")
"""A name that is text and looks as a byte is written that is none."""


async def checked(reach: Reach, host: str, port: int) -> str:
    """The address a name comes to, found good. Raises: NotReached.

    Keeps: the address that was checked is the one that is called.
    """
    try:
        found: Sequence[str] = await asyncio.wait_for(reach.resolve(host, port), CONNECT_S)
    except (OSError, ValueError, TimeoutError):
        found = ()
    if not found:
        raise NotReached(NO_ADDRESS)
    try:
        for one in found:  # one bad address among good ones is no accident
            reach.guard.check_address(ip_address(one.partition("%")[0]), "https")
    except NotAllowed as why:
        raise NotReached(why.why) from None
    return found[0]
