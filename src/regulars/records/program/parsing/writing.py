"""Values as a program file writes them: on one line with brackets, or line by line."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from regulars.records.program.parsing.nodes import parse

_AS_A_NUMBER: Final = re.compile(r"[-+.]?[0-9][0-9._]*\Z", re.ASCII)


def written(value: Any) -> str:
    """A value on one line: `{points: 100}`, `[sat, sun]`, `"1.00"`."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{word(k)}: {written(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(written(one) for one in value) + "]"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return word(value) if isinstance(value, str) else str(value)


def block(value: dict[str, Any], indent: int, newline: str) -> str:
    """The fields of a part line by line, each on one line; the first stands where it is put."""
    between = newline + " " * indent
    return between.join(f"{word(key)}: {written(one)}" for key, one in value.items())


def word(text: str) -> str:
    """A text bare where it is read back as itself anywhere, else in quotes."""
    # Amounts stay in quotes, as a shop writes them: `"1.00"`.
    if text.isprintable() and not _AS_A_NUMBER.match(text):
        tree = parse(f"{{{text}: [{text}]}}")
        if not tree.problems and tree.value == {text: [text]}:
            return text
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(c if c.isprintable() else _escaped(c) for c in quoted)


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
