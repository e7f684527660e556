"""What a message says: Liquid with few tags and filters, checked when it is kept, bounded when it
is written."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

from liquid import Environment, StrictUndefined
from liquid.builtin.content import ContentNode
from liquid.builtin.expressions import FilteredExpression, Path
from liquid.builtin.output import OutputNode
from liquid.exceptions import LiquidError
from liquid.span import Span
from liquid.template import BoundTemplate
from markupsafe import Markup, escape

LONGEST: Final = 20_000
"""Letters of a template."""
MOST_TAGS: Final = 300
LONGEST_TAG: Final = 400
"""Whoever parses Liquid needs the square of what was opened and not closed (13 seconds for 18,000
brackets), so it is looked at before: one pass, and nothing open inside of what is open."""
LARGEST: Final = 60_000
"""Bytes of what is written with it."""
LARGEST_PAGE: Final = 100_000
"""Bytes of HTML: beyond that mail programs cut it off, and with it what ends the letters."""
TAGS: Final = frozenset(
    {"#", "assign", "break", "case", "comment", "continue", "for", "if", "unless"}
)
# What a template is made of besides tags.
_PARTS: Final = frozenset({"content", "illegal", "output"})
# None of these makes more of a text than a constant: in a row, `replace` and `date` would.
FILTERS: Final = frozenset(
    {
        "abs", "append", "at_least", "at_most", "capitalize", "ceil", "default", "downcase",
        "floor", "lstrip", "minus", "modulo", "plus", "prepend", "round", "rstrip", "size",
        "slice", "strip", "truncate", "truncatewords", "upcase", "url_encode",
    }
)  # fmt: skip


_OPENS: Final = re.compile(r"\{\{|\{%")
_CLOSES: Final = {"{{": "}}", "{%": "%}"}


class Wrong(NamedTuple):
    """What is wrong with a template, and where: the line from 1 on, the sign in it from 1 on."""

    line: int
    sign: int
    says: str
    mend: str = ""


class Unwritten(Exception):
    """A message cannot be written with this template and these values."""


UNREAD: Final = (LiquidError, ArithmeticError, RecursionError, ValueError)
"""What Liquid raises where it cannot read a template."""


class _Bounded(Environment):
    """Liquid that ends: so many rounds of loops, so much remembered, so much written."""

    loop_iteration_limit = 500
    local_namespace_limit = 20_000
    output_stream_limit = LARGEST
    block_nesting_limit = 10
    context_depth_limit = 10


class _Page(_Bounded):
    """The same for a letter with everything that makes it look like something."""

    output_stream_limit = LARGEST_PAGE


def environment(*, page: bool = False) -> Environment:
    """Liquid with few tags and filters, that ends; for a page it escapes what a field is."""
    made = (_Page if page else _Bounded)(undefined=StrictUndefined, autoescape=page)
    made.tags = {name: tag for name, tag in made.tags.items() if name in TAGS | _PARTS}
    made.filters = {name: one for name, one in made.filters.items() if name in FILTERS}
    return made


_LIQUID: Final = environment()


def wrong_with(text: str, fields: Collection[str]) -> Wrong | None:
    """The first thing wrong with a template, at its place; nothing where it may be kept.

    Shape: `fields` are names with a point in them, as `member.given_name`.
    Example: in "Hi,\\n{{ member.nmae }}" it is line 2, sign 4, and the mend names what is closest.
    Assumes: that it ends is seen by writing it once with made-up values (`trial`).
    """
    if len(text) > LONGEST:
        return Wrong(1, 1, f"this is longer than {LONGEST} letters", "say less")
    open_ = _open(text)
    if open_ is not None:
        return open_
    try:
        template = _parsed(text)
    except LiquidError as fault:
        return _placed(fault, text)
    except UNREAD as fault:
        return Wrong(1, 1, f"this cannot be read: {type(fault).__name__}")
    return _unknown(template, text, fields) or _trial(template, text, fields)


def write(text: str, values: Mapping[str, Mapping[str, Any]]) -> str:
    """The message with these values in place of its fields. Raises: Unwritten, also where what was
    kept before can be read no more."""
    try:
        template, parts = _ready(text)
    except UNREAD as fault:
        raise Unwritten(type(fault).__name__) from None
    return filled(parts, values) or rendered(template, values)


def rendered(template: BoundTemplate, values: Mapping[str, Mapping[str, Any]]) -> str:
    """What Liquid itself writes. Raises: Unwritten."""
    try:
        return template.render(**values)
    except (LiquidError, ArithmeticError, RecursionError, ValueError, TypeError) as fault:
        raise Unwritten(type(fault).__name__) from None


Field = tuple[str, str]
"""Of `member.given_name` both names."""
_TAKEN: Final = frozenset({"first", "last", "size"})
"""Names that Liquid gives a meaning of its own."""


def parts_of(template: BoundTemplate) -> tuple[str | Field, ...] | None:
    """A template that is text and plain fields alone, as these; nothing where there is more to it,
    such as a filter or an `if`."""
    parts: list[str | Field] = []
    for node in template.nodes:
        if type(node) is ContentNode:
            parts.append(node.text)
            continue
        said = node.expression if type(node) is OutputNode else None
        if type(said) is not FilteredExpression or said.filters or type(said.left) is not Path:
            return None
        match said.left.path:
            case [str(of), str(field)] if field not in _TAKEN:
                parts.append((of, field))
            case _:
                return None
    return tuple(parts)


def filled(
    parts: tuple[str | Field, ...] | None,
    values: Mapping[str, Mapping[str, Any]],
    *,
    escaped: bool = False,
    most: int = LARGEST,
) -> str:
    """These parts with the values in them: letter by letter what Liquid writes, in a tenth of its
    time. Nothing wherever Liquid would have more to say: there it is asked.

    Keeps: nothing but texts, whole numbers and what is left empty is filled in here; what is too
    large, unknown or of another kind goes to Liquid, which refuses it or knows how to write it.
    """
    if parts is None:
        return ""
    said: list[str] = []
    for one in parts:
        if type(one) is str:
            said.append(one)
            continue
        value = values.get(one[0], {}).get(one[1], _MISSING)
        kind = type(value)
        if kind is str:
            said.append(escape(value) if escaped else value)
        elif kind is int:
            said.append(str(value))
        elif kind is Markup:
            said.append(value)
        elif value is not None:
            return ""
    whole = "".join(said)
    # Liquid writes every end of a line as one sign, and no more bytes than it may.
    return "" if "\r" in whole or len(whole) * 4 > most < len(whole.encode()) else whole


_MISSING: Final = object()


# A campaign writes the same few templates a million times.
@lru_cache(maxsize=128)
def _ready(text: str) -> tuple[BoundTemplate, tuple[str | Field, ...] | None]:
    template = _parsed(text)
    return template, parts_of(template)


def _parsed(text: str) -> BoundTemplate:
    return _LIQUID.from_string(text)


def _open(text: str) -> Wrong | None:
    """The first tag that is not closed, or is too long, or is one too many."""
    begin, tags = _OPENS.search(text), 0
    while begin is not None:
        tags += 1
        end = text.find(_CLOSES[begin[0]], begin.end(), begin.end() + LONGEST_TAG)
        here = Span("", begin.start())
        if end < 0 or _OPENS.search(text, begin.end(), end):
            mend = f"close it within {LONGEST_TAG} letters"
            return _at(here, text, f"{begin[0]} is not closed", mend)
        if tags > MOST_TAGS:
            return _at(here, text, f"there are more than {MOST_TAGS} tags", "say less")
        begin = _OPENS.search(text, end + 2)
    return None


def _unknown(template: BoundTemplate, text: str, fields: Collection[str]) -> Wrong | None:
    for found in template.analyze().globals.values():
        for one in found:
            if not all(isinstance(part, str) for part in one.segments):
                return _at(one.span, text, "a field is named outright", "as in member.given_name")
            name = ".".join(str(part) for part in one.segments)
            if name not in fields:
                known = ", ".join(sorted(fields))
                return _at(one.span, text, f"there is no field {name[:60]}", f"use: {known}")
    return None


_NUMBERS: Final = frozenset({"lapse.days"})
"""Fields by which texts compare, beside the points of wallets."""


def _trial(template: BoundTemplate, text: str, fields: Collection[str]) -> Wrong | None:
    """Written once: whatever does not end, or grows too large, is seen before it is kept."""
    values: dict[str, dict[str, Any]] = {}
    for name in fields:
        of, _, field = name.partition(".")
        values.setdefault(of, {})[field] = 7 if of == "points" or name in _NUMBERS else "Seven"
    try:
        template.render(**values)
    except LiquidError as fault:
        return _placed(fault, text)
    except (ArithmeticError, RecursionError, ValueError, TypeError) as fault:
        return Wrong(1, 1, f"this cannot be written: {type(fault).__name__}")
    return None


def _placed(fault: LiquidError, text: str) -> Wrong:
    start = 0 if fault.token is None else max(fault.token.start_index, 0)
    return _at(Span("", start), text, str(fault.message or "this cannot be read"), "")


def wrong_at(text: str, index: int, says: str, mend: str = "") -> Wrong:
    """What is wrong at this letter of a text."""
    return _at(Span("", index), text, says, mend)


def _at(span: Span, text: str, says: str, mend: str) -> Wrong:
    before = text[: span.index]
    return Wrong(before.count("\n") + 1, len(before) - before.rfind("\n"), says, mend)
