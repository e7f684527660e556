"""What is wrong with a program file, where, and how to mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from regulars.base.faults import Fault

Step = str | int
Path = tuple[Step, ...]
"""The way from the top of the file to a value: `("rules", 2, "award", "points")`."""
Severity = Literal["error", "warning"]


class Mark(Struct, frozen=True):
    """A place in the text, counted from 1 as editors do."""

    line: int
    column: int


TOP = Mark(1, 1)


class Problem(Struct, frozen=True):
    """One thing that is wrong: the place, what it is, and what to write instead."""

    line: int
    column: int
    path: str
    says: str
    mend: str
    severity: Severity = "error"
    code: str = ""
    """The name under which its author says that it is meant; without one, it may just be read."""
    text: str = ""
    """What it says before names and numbers are put in, for those who say it in their language."""
    places: Mapping[str, object] = {}
    mend_text: str = ""
    """The same of the mend, where names or numbers are put into it."""
    mend_places: Mapping[str, object] = {}
    where: str = ""
    """The path as people name it: `rules.welcome.award.points`, by ids in place of numbers."""

    @property
    def what(self) -> str:
        """What is wrong with which part, in one line: the rule by its id, as everywhere."""
        named = self.where or self.path
        return f"{named}: {self.says}" if named else self.says

    def __str__(self) -> str:
        told = f"line {self.line}, column {self.column}: {self.what}"
        return told + (f" ({self.mend})" if self.mend else "")


class Worded(str):
    """A sentence with names and numbers put in, which knows how it stands without them: so a screen
    can say it in a language of its own."""

    text: str
    places: Mapping[str, object]


def worded(text: str, **places: object) -> Worded:
    """A sentence with these put in.

    Example: `worded("at most %(n)s", n=3)` is `at most 3`, and its `text` is `at most %(n)s`.
    """
    one = Worded(text % places)
    one.text, one.places = text, places
    return one


class Finding(Struct, frozen=True):
    """One thing that is wrong, before anyone knows the line it stands on."""

    path: Path
    says: str
    mend: str = ""
    severity: Severity = "error"
    code: str = ""
    also: Path | None = None
    """Another place that it is about, too: its line is told."""


class ProgramFault(Fault):
    """The program file cannot be used; every problem that was found is listed."""

    code = "bad_program"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        self.file = ""
        """Which one it is, where several are read at once; the only one, unless said."""
        first = self.problems[0]
        more = len(self.problems) - 1
        tail = f" — and {more} more" if more else ""
        super().__init__(f"The program file has a problem at {first}{tail}")


class Marks:
    """Where each value of a file stands; a value that is not there stands with its parent."""

    def __init__(self) -> None:
        self._values: dict[Path, Mark] = {}
        self._keys: dict[Path, Mark] = {}
        self._ids: dict[Path, str] = {}

    def put(self, path: Path, value: Mark, key: Mark | None = None) -> None:
        """Remember where a value begins, and its key when it has one."""
        self._values[path] = value
        if key is not None:
            self._keys[path] = key

    def call(self, path: Path, id_: str) -> None:
        """Remember the id of a part that stands in a list."""
        self._ids[path] = id_

    def named(self, path: Path) -> str:
        """A path with the ids of parts in place of their numbers, where they have one.

        Example: `rules.welcome.limits[0].points`.
        """
        ids = (self._ids.get(path[: length + 1]) for length in range(len(path)))
        return text_of(
            tuple(step if id_ is None else id_ for step, id_ in zip(path, ids, strict=True))
        )

    def of(self, path: Path) -> Mark:
        """The place of a value or of the nearest thing around it that is in the file."""
        for length in range(len(path), -1, -1):
            part = path[:length]
            mark = self._values.get(part) if length == len(path) else None
            mark = mark or self._keys.get(part) or self._values.get(part)
            if mark is not None:
                return mark
        return TOP

    def problem(self, found: Finding) -> Problem:
        """The finding with its line and column."""
        mark = self.of(found.path)
        says = str(found.says)  # a plain one: what is told leaves this house
        if found.also is not None:
            says += f", on line {self.of(found.also).line}"
        words = (text_of(found.path), says, str(found.mend), found.severity, found.code)
        (text, places), (mend_text, mend_places) = _apart(found.says), _apart(found.mend)
        return Problem(
            mark.line, mark.column, *words, text=text, places=places, mend_text=mend_text,
            mend_places=mend_places, where=self.named(found.path),
        )  # fmt: skip


def _apart(said: str) -> tuple[str, dict[str, object]]:
    """A sentence without what is put into it, and that; nothing of a plain one."""
    return (said.text, dict(said.places)) if isinstance(said, Worded) else ("", {})


def text_of(path: Path) -> str:
    """A path as people write it: `rules[2].award.points`."""
    parts: list[str] = []
    for step in path:
        parts.append(f"[{step}]" if isinstance(step, int) else f".{shown(step, quote=False)}")
    return "".join(parts).removeprefix(".")


def shown(value: object, *, quote: bool = True) -> str:
    """A value from the file, short enough to print and without control characters."""
    text = value if isinstance(value, str) else repr(value)
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[:61])
    text = text[:60] + "…" if len(text) > 60 else text
    return f'"{text}"' if quote and isinstance(value, str) else text


def closest(word: str, known: Iterable[str]) -> str:
    """A hint for a name nobody knows: the nearest known one, else what there is."""
    choices = sorted(set(known))
    near = difflib.get_close_matches(word[:80], choices, n=1)
    if near:
        return f"did you mean {near[0]}?"
    if not choices:
        return "there is none yet; add it first"
    return "known: " + ", ".join(choices[:20]) + (", …" if len(choices) > 20 else "")
