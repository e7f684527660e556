"""What is asked for: which files, by which mapping, into which program."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

from regulars.base.faults import Fault
from regulars.runtime.problems import SetupProblem
from regulars.surfaces.connect.moving.lines import Source
from regulars.surfaces.connect.moving.mapping import Mapping, read_mapping
from regulars.surfaces.connect.moving.ready import OURS, ready_mapping, ready_names

_ENDINGS: Final = (".csv", ".tsv", ".txt", ".jsonl", ".ndjson", ".parquet")
_READ: Final = 1 << 20


class Wanted(Struct, frozen=True):
    """An import as it is asked for."""

    program: str
    sources: tuple[Source, ...]
    mapping: Mapping
    mapping_text: str
    expected: dict[str, str] = {}
    """What the owner says the files must add up to."""
    dry: bool = False
    leave_out: bool = False
    """Go on without the lines that are wrong."""
    activities_earn: bool = False
    """Activities may earn although balances are brought over too."""
    workers: int = 1
    batch: int = 2_000
    """Lines of one transaction."""
    slips: Path = Path("import-slips.csv")

    @property
    def files(self) -> list[str]:
        return [source.path.name for source in self.sources]


def find_mapping(asked: str) -> tuple[Mapping, str]:
    """A ready mapping by its name, or one of your own by its path; our own files need none."""
    name = asked or OURS
    if name in ready_names():
        text = ready_mapping(name)
    else:
        path = Path(name)
        if not path.is_file():
            ready = ", ".join(ready_names())
            raise SetupProblem(
                f"There is no mapping {name}.", f"Ready are {ready}; or name a file."
            )
        text = _text_of(path)
    try:
        return read_mapping(text), text
    except Fault as fault:
        raise SetupProblem(
            f"{name}: {fault.says}.", "The guide “Moving in” explains mappings."
        ) from None


def _text_of(path: Path) -> str:
    """The words of a mapping."""
    try:
        return path.read_text("utf-8-sig")
    except OSError as wrong:
        raise SetupProblem(f"{path} cannot be read: {wrong.strerror}.", "Check it.") from None
    except UnicodeDecodeError:
        raise SetupProblem(f"{path} is not text in UTF-8.", "Save it as UTF-8.") from None


def find_sources(asked: Sequence[str], mapping: Mapping) -> tuple[Source, ...]:
    """Which files are read as which of the mapping's; a folder gives all its files it knows."""
    found: list[tuple[Path, str]] = []
    for text in asked:
        name, _, rest = text.partition("=")
        if rest and not Path(text).exists():
            found.append((Path(rest), name))
        elif Path(text).is_dir():
            found += [(each, each.stem) for each in _known_in(Path(text), mapping)]
        else:
            found.append((Path(text), _name_of(Path(text), mapping)))
    for path, name in found:
        if name not in mapping.files:
            raise SetupProblem(
                f"{path} is none of the files of the mapping {mapping.mapping}.",
                f"Say which it is, as in {next(iter(mapping.files))}={path}; "
                f"it knows {', '.join(mapping.files)}.",
            )
        if not path.is_file():
            raise SetupProblem(f"There is no file {path}.", "Check the path.")
    if not found:
        raise SetupProblem("There is nothing to import.", f"Name {', '.join(mapping.files)}.")
    order = list(mapping.files)
    found.sort(key=lambda one: order.index(one[1]))
    return tuple(Source(path, name, at) for at, (path, name) in enumerate(found))


def _known_in(folder: Path, mapping: Mapping) -> list[Path]:
    return sorted(
        each
        for each in folder.iterdir()
        if each.suffix.lower() in _ENDINGS and each.stem in mapping.files
    )


def _name_of(path: Path, mapping: Mapping) -> str:
    """A file is known by its name; where the mapping has one file only, by being the only one."""
    return next(iter(mapping.files)) if len(mapping.files) == 1 else path.stem


def fingerprint(wanted: Wanted) -> bytes:
    """One number for these files under this mapping: the same again is the same import."""
    seal = hashlib.sha256(wanted.mapping_text.encode())
    for source in wanted.sources:
        seal.update(f"\x1f{source.name}\x1f{wanted.leave_out}\x1f".encode())
        with source.path.open("rb") as stream:
            while piece := stream.read(_READ):
                seal.update(piece)
    return seal.digest()
