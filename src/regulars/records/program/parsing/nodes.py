"""YAML (or JSON) text to plain values, with the place of each, and without YAML's surprises.

Only what a careful reader would expect: `true` and `false` are the only switches, so `on` and
`no` stay words; `9.90` stays the text "9.90", so no float ever exists; `12:30`, `017` and
`2026-01-31` stay text. Aliases, tags, merge keys and doubled keys are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from regulars.records.program.problems import TOP, Mark, Marks, Path, Problem, Step, shown, text_of

LARGEST_FILE: Final = 256 * 1024
DEEPEST: Final = 32
MOST_VALUES: Final = 40_000
MOST_PROBLEMS: Final = 50
# libyaml where PyYAML was built with it, ten times faster; the same events either way.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})\Z", re.ASCII)
_NOT_A_NUMBER = re.compile(r"[-+]?\.(inf|nan)\Z", re.ASCII | re.IGNORECASE)


class Tree(NamedTuple):
    """A file as plain values (dict, list, str, int, bool, None) and where they stand."""

    value: Any
    marks: Marks
    problems: list[Problem]


class UnreadableError(Exception):
    """The text cannot be read any further."""

    def __init__(self, says: str, mend: str, mark: Mark) -> None:
        super().__init__(says)
        self.says, self.mend, self.mark = says, mend, mark


class _Open:
    """A list or mapping that has begun and not ended yet."""

    def __init__(self, path: Path, value: Any) -> None:
        self.path, self.value = path, value
        self.key: str | None = None
        self.key_mark: Mark = TOP
        self.twice = False


class _Builder:
    """Puts the parser's events together; a flat loop, so depth never reaches Python's stack."""

    def __init__(self) -> None:
        self.marks = Marks()
        self.problems: list[Problem] = []
        self.open: list[_Open] = []
        self.root: Any = None
        self.documents = 0
        self.values = 0

    def take(self, event: Event) -> None:
        mark = _mark(event)
        if isinstance(event, DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise UnreadableError(
                    "a second document begins here", "one file holds one program", mark
                )
        elif isinstance(event, AliasEvent):
            raise UnreadableError("aliases (*name) are not allowed", "write the value out", mark)
        elif isinstance(event, (MappingEndEvent, SequenceEndEvent)):
            self.open.pop()
        elif isinstance(event, (ScalarEvent, MappingStartEvent, SequenceStartEvent)):
            self._begin(event, mark)

    def _begin(self, event: Any, mark: Mark) -> None:
        self.values += 1
        if self.values > MOST_VALUES:
            says = f"more than {MOST_VALUES} words and values"
            raise UnreadableError(says, "a program is a few hundred lines", mark)
        if event.anchor is not None:
            raise UnreadableError("anchors (&name) are not allowed", "write the value out", mark)
        if event.tag is not None:
            says = f"the tag {shown(event.tag)} is not allowed"
            raise UnreadableError(says, "program files need no tags; leave it out", mark)
        parent = self.open[-1] if self.open else None
        if parent is not None and isinstance(parent.value, dict) and parent.key is None:
            self._key(parent, event, mark)
            return
        self._value(parent, event, mark)

    def _key(self, parent: _Open, event: Any, mark: Mark) -> None:
        if not isinstance(event, ScalarEvent):
            raise UnreadableError("a key must be a word", "use a plain name before the colon", mark)
        key, plain = event.value, event.style is None or event.style == ""
        if plain and key == "<<":
            raise UnreadableError("merge keys (<<) are not allowed", "write the fields out", mark)
        parent.key, parent.key_mark = key, mark
        path = (*parent.path, key)
        if plain and (not isinstance(_scalar(key), str) or _number_like(key)):
            self._find(path, mark, "a key must be text", f'put it in quotes: "{shown(key)}"')
        elif key in parent.value:
            self._find(path, mark, f"the key {shown(key)} stands here twice", "keep one of them")
            parent.twice = True

    def _find(self, path: Path, mark: Mark, says: str, mend: str) -> None:
        where = self.marks.named(path)
        found = Problem(mark.line, mark.column, text_of(path), says, mend, where=where)
        self.problems.append(found)
        if len(self.problems) >= MOST_PROBLEMS:
            raise UnreadableError("too many problems to go on", "mend the ones above first", mark)

    def _value(self, parent: _Open | None, event: Any, mark: Mark) -> None:
        path = self._place(parent, mark)
        value: Any
        if isinstance(event, ScalarEvent):
            plain = event.style is None or event.style == ""
            value = _scalar(event.value) if plain else event.value
            if plain and _NOT_A_NUMBER.match(event.value):
                self._find(path, mark, f"{event.value} is not a number", "write a plain amount")
        else:
            value = {} if isinstance(event, MappingStartEvent) else []
        self._keep(parent, value)
        if not isinstance(event, ScalarEvent):
            if len(self.open) >= DEEPEST:
                raise UnreadableError(f"more than {DEEPEST} levels deep", "flatten it", mark)
            self.open.append(_Open(path, value))

    def _place(self, parent: _Open | None, mark: Mark) -> Path:
        if parent is None:
            self.marks.put((), mark)
            return ()
        is_list = isinstance(parent.value, list)
        step: Step = len(parent.value) if is_list else (parent.key or "")
        path = (*parent.path, step)
        self.marks.put(path, mark, None if is_list else parent.key_mark)
        return path

    def _keep(self, parent: _Open | None, value: Any) -> None:
        if parent is None:
            self.root = value
        elif isinstance(parent.value, list):
            parent.value.append(value)
        else:
            if parent.key is not None and not parent.twice:
                parent.value[parent.key] = value
                in_a_list = bool(parent.path) and isinstance(parent.path[-1], int)
                if parent.key == "id" and isinstance(value, str) and in_a_list:
                    self.marks.call(parent.path, value)
            parent.key, parent.twice = None, False


def parse(text: str | bytes) -> Tree:
    """The text as plain values, with a note of all that is wrong with it."""
    builder = _Builder()
    try:
        for event in _events(_checked(text)):
            builder.take(event)
    except UnreadableError as stop:
        last = Problem(stop.mark.line, stop.mark.column, "", stop.says, stop.mend)
        return Tree(None, builder.marks, [*builder.problems, last])
    return Tree(builder.root, builder.marks, builder.problems)


def _checked(text: str | bytes) -> str:
    """The text without a byte order mark, refused when too large or not Unicode text."""
    size = f"the file is larger than {LARGEST_FILE // 1024} KB"
    if len(text) > LARGEST_FILE:
        raise UnreadableError(size, "a program is a few hundred lines", TOP)
    try:
        encoded = text if isinstance(text, bytes) else text.encode("utf-8")
        decoded = encoded.decode("utf-8")
    except UnicodeError:
        raise UnreadableError("the file is not UTF-8 text", "save it as UTF-8", TOP) from None
    if len(encoded) > LARGEST_FILE:
        raise UnreadableError(size, "a program is a few hundred lines", TOP)
    return decoded.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")


def _events(text: str) -> Iterator[Event]:
    try:
        yield from yaml.parse(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        place = Mark(mark.line + 1, mark.column + 1) if mark else TOP
        says = f"this is not YAML: {wrong.problem or wrong.context or 'unreadable'}"
        raise UnreadableError(
            says, "check indentation, colons and quotes around here", place
        ) from None
    except yaml.YAMLError:
        says = "the file has a character that text cannot have"
        raise UnreadableError(says, "remove control characters", TOP) from None


def _mark(event: Event) -> Mark:
    at = event.start_mark
    return Mark(at.line + 1, at.column + 1) if at is not None else TOP


def _scalar(text: str) -> str | int | bool | None:
    """A bare word as a value; whatever is not plainly something else is text."""
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if _WHOLE.match(text) and text != "-0":
        return int(text)
    return text


def _number_like(text: str) -> bool:
    return text[:1].isdigit() and text.replace(".", "", 1).isdigit()
