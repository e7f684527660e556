"""Stories as they are written: prose, programs in fenced blocks, and one table of what happens.

docs/guides/developer/inside/stories.md says what a row may say.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
COLUMNS = ("when", "who", "what", "answer", "has", "tier", "told")
_FENCE = re.compile(r"```yaml ?(.*)\n((?:.*\n)*?)```")
_PROGRAM = re.compile(r"^Program: ([a-z0-9-]+)$", re.MULTILINE)


class Row(NamedTuple):
    """One line of the table; a column the table does not have is not looked at."""

    line: int
    cells: dict[str, str]

    def __getattr__(self, name: str) -> str:
        return self.cells.get(name, "")

    def __str__(self) -> str:
        return " | ".join(self.cells.values())


class Story(NamedTuple):
    """A story ready to be played."""

    name: str
    path: str
    """Where it is written, from the top of the source."""
    template: str
    """The ready-made program it is about; empty when it brings its own."""
    programs: dict[str, str]
    """Program files by the name behind their fence; the first one begins."""
    rows: list[Row]


class Unreadable(AssertionError):
    """A story says something nobody understands."""


def stories() -> list[str]:
    """The names of all stories."""
    return sorted(_paths())


def stories_of_templates() -> list[str]:
    """The names of the stories about ready-made programs."""
    return [name for name in stories() if read_story(name).template]


def _paths() -> dict[str, Path]:
    return {path.stem: path for path in HERE.rglob("*.story")}


def read_story(name: str) -> Story:
    """The story of this name."""
    path = _paths()[name]
    text = path.read_text("utf-8")
    named = _PROGRAM.search(text)
    programs = {title.strip(): source for title, source in _FENCE.findall(text)}
    if not (named or programs):
        raise Unreadable(f"{name}: which program? Write `Program: coffee-shop` or bring one")
    where = str(path.relative_to(HERE.parents[1]))
    return Story(name, where, named.group(1) if named else "", programs, _rows(name, text))


def _rows(name: str, text: str) -> list[Row]:
    header: list[str] = []
    rows = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("|"):
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not header:
            header = [cell.lower() for cell in cells]
            if not set(header) <= set(COLUMNS):
                raise Unreadable(f"{name}:{number}: columns are {', '.join(COLUMNS)}")
        elif set(line) - set("|-: "):
            if len(cells) != len(header):
                raise Unreadable(f"{name}:{number}: {len(cells)} cells under {len(header)} columns")
            rows.append(Row(number, dict(zip(header, cells, strict=True))))
    if not rows:
        raise Unreadable(f"{name}: a story needs a table of what happens")
    return rows
