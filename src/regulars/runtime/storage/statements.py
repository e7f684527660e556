"""Cuts an SQL file into its statements."""

import re
from typing import Final

# What may hide a semicolon: comments, quoted text, quoted names, dollar-quoted bodies.
HIDING: Final = re.compile(
    r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\"[^\"]*\"|(\$\w*\$).*?\1|;", re.DOTALL
)


def split_statements(sql: str) -> list[str]:
    """The statements of an SQL file, in order, without their final semicolons."""
    cuts = [-1] + [found.start() for found in HIDING.finditer(sql) if found.group() == ";"]
    ends = [*cuts[1:], len(sql)]
    parts = [sql[start + 1 : end].strip() for start, end in zip(cuts, ends, strict=True)]
    return [part for part in parts if _says_something(part)]


def _says_something(part: str) -> bool:
    return bool(re.sub(r"--[^\n]*|/\*.*?\*/", "", part, flags=re.DOTALL).strip())
