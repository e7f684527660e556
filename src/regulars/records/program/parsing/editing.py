"""A program file changed in one place, while every other character of it stays as it was.

Nothing is written anew: words are cut out of the text and put into it where the parser says that
they stand, so comments, order, quotes and blank lines are those of whoever wrote them. What came
out is read again, and where it does not say exactly what was wanted, nothing is changed.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from regulars.records.program.parsing.nodes import parse
from regulars.records.program.parsing.spans import Span, spans
from regulars.records.program.parsing.writing import block, word, written
from regulars.records.program.problems import Path


class UneditableError(Exception):
    """The text is written in a way that only its author can change it."""


def rewrite(text: str, path: Path, value: Any) -> str:
    """The text with this value at this place, by the fewest changes; the parts around it exist.

    Example: another amount changes its own characters only.
    """
    return _checked(text, lambda tree: _put(tree, path, value), lambda: _rewrite(text, path, value))


def add(text: str, path: Path, value: dict[str, Any]) -> str:
    """The text with one more part at the end of this list; the list is made where there is none."""

    def wanted(tree: Any) -> Any:
        _at(tree, path[:-1]).setdefault(path[-1], []).append(value)
        return tree

    return _checked(text, wanted, lambda: _add(text, path, value))


def remove(text: str, path: Path) -> str:
    """The text without this part, and without the comment right above an item of a list."""

    def wanted(tree: Any) -> Any:
        del _at(tree, path[:-1])[path[-1]]
        return tree

    return _checked(text, wanted, lambda: _remove(text, path))


def move(text: str, path: Path, by: int) -> str:
    """The text with this item of a list a place earlier (-1) or later (1), its comment with it."""
    place = int(path[-1])
    first, second = sorted((place, place + by))

    def wanted(tree: Any) -> Any:
        items = _at(tree, path[:-1])
        items[first], items[second] = items[second], items[first]
        return tree

    return _checked(text, wanted, lambda: _swap(text, (*path[:-1], first), (*path[:-1], second)))


def _checked(text: str, wanted: Callable[[Any], Any], make: Callable[[], str]) -> str:
    before = parse(text)
    if before.problems:
        raise UneditableError(before.problems[0].says)
    try:
        expected, made = wanted(copy.deepcopy(before.value)), make()
    except (KeyError, IndexError, TypeError, ValueError) as wrong:
        raise UneditableError(f"there is nothing at this place: {wrong}") from wrong
    after = parse(made)
    if after.problems or not _alike(after.value, expected):
        raise UneditableError("the text is written in a way that only its author can change it")
    return made


def _alike(one: Any, other: Any) -> bool:
    """Equal, and of the same kind: 1 is not true, "1" is not 1."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_alike(one[k], other[k]) for k in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_alike, one, other))
    return bool(one == other)


def _at(tree: Any, path: Path) -> Any:
    for step in path:
        tree = tree[step]
    return tree


def _put(tree: Any, path: Path, value: Any) -> Any:
    _at(tree, path[:-1])[path[-1]] = value
    return tree


def _rewrite(text: str, path: Path, value: Any) -> str:
    tree = parse(text).value
    parent = _at(tree, path[:-1])
    if isinstance(parent, dict) and path[-1] not in parent:
        return _insert_field(text, path, value)
    there = parent[path[-1]]
    if _alike(there, value):
        return text
    if isinstance(there, dict) and isinstance(value, dict) and there and value:
        return _fields(text, path, there, value)
    if isinstance(there, list) and isinstance(value, list) and _of_parts(there, value):
        return _items(text, path, there, value)
    return _replace(text, spans(text)[path], written(value))


def _of_parts(*lists: list[Any]) -> bool:
    return all(one and all(isinstance(item, dict) for item in one) for one in lists)


def _fields(text: str, path: Path, there: dict[str, Any], value: dict[str, Any]) -> str:
    for name, one in value.items():
        text = _rewrite(text, (*path, name), one)
    for name in there:
        if name not in value:
            text = _remove(text, (*path, name))
    return text


def _items(text: str, path: Path, there: list[Any], value: list[Any]) -> str:
    for place in reversed(gone := _taken_out(there, value)):
        text = _remove(text, (*path, place))
    if gone:
        return text
    for place in range(len(there) - 1, len(value) - 1, -1):
        text = _remove(text, (*path, place))
    for place, item in enumerate(value):
        one = (*path, place)
        text = _rewrite(text, one, item) if place < len(there) else _add(text, path, item)
    return text


def _taken_out(there: list[Any], value: list[Any]) -> list[int]:
    """The places of the items that are gone, where nothing else happened; else none.

    Each item keeps its own comment that way: to write one over another moves the words only.
    """
    gone, at = [], 0
    for place, item in enumerate(there):
        if at < len(value) and _alike(item, value[at]):
            at += 1
        else:
            gone.append(place)
    return gone if at == len(value) else []


def _replace(text: str, span: Span, words: str) -> str:
    if span.start == span.end and text[span.start - 1 : span.start] == ":":
        words = " " + words
    if not span.flow:
        # A list without indentation may not stand there in brackets; behind its name it may.
        colon = text[: span.start].rstrip()
        if colon.endswith(":"):
            return f"{colon} {words}{text[span.end :]}"
    return text[: span.start] + words + text[span.end :]


def _insert_field(text: str, path: Path, value: Any) -> str:
    places = spans(text)
    parent = places[path[:-1]]
    field = f"{word(str(path[-1]))}: {written(value)}"
    if not parent.children:
        return _replace(text, parent, "{" + field + "}")
    last = places[(*path[:-1], parent.children[-1])]
    if parent.flow:
        return text[: last.end] + ", " + field + text[last.end :]
    return _line_after(text, last.end, " " * parent.column + field)


def _add(text: str, path: Path, value: dict[str, Any]) -> str:
    places = spans(text)
    span = places.get(path)
    if span is None:
        return _begin_list(text, path, value)
    if not span.children:
        return _replace(text, span, f"[{written(value)}]")
    last = places[(*path, span.children[-1])]
    if span.flow:
        return text[: last.end] + ", " + written(value) + text[last.end :]
    indent = span.column
    item = " " * indent + "- " + block(value, indent + 2, _newline(text))
    apart = len(span.children) > 1 and _blank_above(text, _begins(text, last.key_start))
    return _line_after(text, last.end, (_newline(text) if apart else "") + item)


def _begin_list(text: str, path: Path, value: dict[str, Any]) -> str:
    """The list and its first item, at the end of the part that has it."""
    places, newline = spans(text), _newline(text)
    parent = places[path[:-1]]
    if parent.flow or not parent.children:
        return _insert_field(text, path, [value])
    indent = parent.column
    item = " " * (indent + 2) + "- " + block(value, indent + 4, newline)
    lines = f"{' ' * indent}{word(str(path[-1]))}:{newline}{item}"
    last = places[(*path[:-1], parent.children[-1])]
    return _line_after(text, last.end, (newline if indent == 0 else "") + lines)


def _remove(text: str, path: Path) -> str:
    places = spans(text)
    parent, one = places[path[:-1]], places[path]
    if len(parent.children) == 1:
        return _replace(text, parent, "[]" if parent.is_list else "{}")
    place = parent.children.index(path[-1])
    if parent.flow and place + 1 < len(parent.children):
        after = places[(*path[:-1], parent.children[place + 1])].key_start
        return text[: one.key_start] + text[after:]
    if parent.flow:
        before = places[(*path[:-1], parent.children[place - 1])].end
        return text[:before] + text[one.end :]
    if not parent.is_list and text[_line(text, one.key_start) : one.key_start].strip():
        # The first field of an item stands behind its hyphen: the next one takes its place.
        after = places[(*path[:-1], parent.children[place + 1])].key_start
        return text[: one.key_start] + text[after:]
    starts = _begins(text, one.key_start) if parent.is_list else _line(text, one.key_start)
    return _cut(text, starts, _line_end(text, one.end), apart=parent.is_list)


def _swap(text: str, first: Path, second: Path) -> str:
    places = spans(text)
    one, other = places[first], places[second]
    if places[first[:-1]].flow:
        ends = ((one.start, one.end), (other.start, other.end))
    else:
        ends = tuple(  # type: ignore[assignment]
            (_begins(text, item.key_start), _line_end(text, item.end)) for item in (one, other)
        )
    (a, b), (c, d) = ends
    return text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:]


# --- lines ------------------------------------------------------------------------


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _line(text: str, place: int) -> int:
    """Where the line of this place begins."""
    return text.rfind("\n", 0, place) + 1


def _line_end(text: str, place: int) -> int:
    """Where the line of this place ends, before its break."""
    end = text.find("\n", place)
    end = len(text) if end < 0 else end
    return end - 1 if text[end - 1 : end] == "\r" and end > place else end


def _begins(text: str, place: int) -> int:
    """Where an item begins with the comment right above it."""
    starts = _line(text, place)
    while starts > 0:
        above = _line(text, starts - 1)
        if not text[above:starts].lstrip(" ").startswith("#"):
            return starts
        starts = above
    return starts


def _blank_above(text: str, starts: int) -> bool:
    return starts > 0 and not text[_line(text, starts - 1) : starts].strip()


def _line_after(text: str, after: int, line: str) -> str:
    end = _line_end(text, after)
    return text[:end] + _newline(text) + line + text[end:]


def _cut(text: str, starts: int, ends: int, *, apart: bool) -> str:
    """Without these lines; of the blank lines around an item those above it, or below, go along."""
    ends, begun = text.find("\n", ends) + 1 or len(text), starts
    while apart and _blank_above(text, starts):
        starts = _line(text, starts - 1)
    while apart and starts == begun and text[ends : ends + 1] in ("\n", "\r"):
        ends = text.find("\n", ends) + 1
    return text[:starts] + text[ends:]
