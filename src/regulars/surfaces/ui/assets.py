"""Files that never change under their address: styles, scripts, type and signs of every face."""

from __future__ import annotations

from functools import lru_cache
from gzip import compress
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final, NamedTuple

FACES: Final = ("ui", "pages", "till", "card", "console", "shop")
"""The folders of surfaces that may have a `static` folder."""
KINDS: Final = {
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
    "png": "image/png",
    "woff2": "font/woff2",
    "json": "application/json",
    "txt": "text/plain",
}
SMALL: Final = frozenset({"css", "js", "svg", "json", "txt"})
"""What gets smaller when it is packed; type and pictures are packed already."""


class Asset(NamedTuple):
    """One file as it is sent, and packed with gzip where that makes it smaller."""

    kind: str
    plain: bytes
    packed: bytes | None


def address(name: str) -> str:
    """Where a file such as `till/app.js` is found; another edition has other addresses.

    The edition stands before the name, so that a script finds its neighbours of the same edition.
    """
    if name not in _found():
        raise LookupError(f"there is no file {name} among {', '.join(sorted(_found()))}")
    return f"/static/{edition()}/{name}"


def asset(name: str) -> Asset | None:
    """A file by its name below its face, or nothing."""
    return _found().get(name)


def names() -> list[str]:
    """The name of every file there is."""
    return sorted(_found())


@lru_cache(maxsize=1)
def edition() -> str:
    """A short name for the content of all files together."""
    seen = sha256()
    for name, one in sorted(_found().items()):
        seen.update(name.encode() + b"\0" + sha256(one.plain).digest())
    return seen.hexdigest()[:12]


@lru_cache(maxsize=1)
def _found() -> dict[str, Asset]:
    found = {}
    for face in FACES:
        top = files("regulars.surfaces").joinpath(face, "static")
        if top.is_dir():
            found.update(_below(top, face))
    return found


def _below(folder: Traversable, name: str) -> dict[str, Asset]:
    found: dict[str, Asset] = {}
    for one in folder.iterdir():
        if one.is_dir():
            found.update(_below(one, f"{name}/{one.name}"))
            continue
        suffix = one.name.rpartition(".")[2]
        if suffix in KINDS:
            plain = one.read_bytes()
            packed = compress(plain, 9, mtime=0) if suffix in SMALL else None
            found[f"{name}/{one.name}"] = Asset(KINDS[suffix], plain, packed)
    return found
