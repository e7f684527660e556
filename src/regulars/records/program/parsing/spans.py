"""Where each value of a program file begins and ends in its text, to the character."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml
from msgspec import Struct

from regulars.records.program.problems import Path

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Span(Struct, frozen=True):
    """One value in the text: where it begins, where its last word ends, how it is written."""

    start: int
    end: int
    flow: bool
    """Written with brackets or as one word; else line by line."""
    column: int
    key_start: int
    """Where its name begins, or the hyphen of its item in a list."""
    children: tuple[str | int, ...] = ()
    is_list: bool = False


Spans = dict[Path, Span]


def spans(text: str) -> Spans:
    """The place of every value, by its path; the file itself is `()`.

    Assumes: `parse` found nothing wrong with the text, so there are no aliases and no tags.
    """
    root = yaml.compose(text, Loader=_LOADER)
    found: Spans = {}
    if root is not None:
        _walk(text, root, (), root.start_mark.index, found)
    return found


def _walk(text: str, node: Any, path: Path, key_start: int, found: Spans) -> int:
    """Note a value and all below it; where its last word ends."""
    start: int = node.start_mark.index
    flow = bool(getattr(node, "flow_style", True))
    children: list[str | int] = []
    # The mark at the end of a block lies behind the blank lines and comments after it.
    end: int = node.end_mark.index
    while end > start and text[end - 1].isspace():
        end -= 1
    last = start
    for name, begins, child in _children(text, node):
        children.append(name)
        last = _walk(text, child, (*path, name), begins, found)
    if children and not flow:
        end = last
    column = node.start_mark.column
    is_list = isinstance(node, yaml.SequenceNode)
    found[path] = Span(start, end, flow, column, key_start, tuple(children), is_list)
    return end


def _children(text: str, node: Any) -> Iterator[tuple[str | int, int, Any]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield key.value, key.start_mark.index, value
    elif isinstance(node, yaml.SequenceNode):
        for place, value in enumerate(node.value):
            begins = value.start_mark.index
            yield place, begins if node.flow_style else text.rindex("-", 0, begins + 1), value
