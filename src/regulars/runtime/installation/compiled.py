"""The rules in machine code, where somebody has built them of exactly this source.

`make compiled` builds them beside the installation. Who books history in bulk takes them; all
others run the source as it is. Where nothing is built, or the source has changed since, everybody
does: it is the same program, slower.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Final

import msgspec
from msgspec import Struct

SOURCE: Final = Path(__file__).parents[3]
"""The folder in which the package lies."""
PLACE: Final = Path(sys.prefix) / "share" / "regulars" / "compiled"
"""Where it is built for whoever runs this Python."""
BUILT: Final = "built.json"


class Built(Struct, frozen=True):
    """What was built: for which Python, of which source, and where each module is."""

    python: str
    sources: dict[str, str]
    """Per file below the source, a digest of what it said."""
    modules: dict[str, str]
    """Per module, its file beside this record."""


class Finder(MetaPathFinder):
    """Finds modules that were compiled before anybody looks for their source."""

    def __init__(self, place: Path, modules: Mapping[str, str]) -> None:
        self._place, self._modules = place, modules

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        file = self._modules.get(name)
        return None if file is None else spec_from_file_location(name, self._place / file)


def use_compiled(place: Path = PLACE, source: Path = SOURCE) -> bool:
    """From now on take what is compiled, if it was made of exactly this source for this Python.

    Order: before anything of it is loaded; what is loaded already stays as it is.
    """
    built = fitting(place, source)
    if built is None or any(name in sys.modules for name in built.modules):
        return False
    sys.meta_path.insert(0, Finder(place, built.modules))
    return True


def fitting(place: Path, source: Path) -> Built | None:
    """What was built there, if it is of this source and for this Python.

    Keeps: all of it or nothing, since compiled functions call each other as they were built.
    """
    try:
        built = msgspec.json.decode((place / BUILT).read_bytes(), type=Built)
        fits = built.python == sys.version and built.sources == digests(source, built.sources)
    except (OSError, msgspec.MsgspecError):
        return None
    return built if fits else None


def digests(source: Path, files: Sequence[str] | Mapping[str, str]) -> dict[str, str]:
    """A digest of each of these files as it is now."""
    return {
        file: blake2b((source / file).read_bytes(), digest_size=16).hexdigest() for file in files
    }


def is_compiled(module: str) -> bool:
    """Whether this module is machine code here."""
    found = find_spec(module)
    return found is not None and not str(found.origin).endswith(".py")
