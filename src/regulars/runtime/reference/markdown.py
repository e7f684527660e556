"""The few pieces of Markdown that the generated pages are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def page(title: str, made_from: str, parts: Iterable[str]) -> str:
    """A whole page; its first lines say that it is generated and from what."""
    head = f"# {title}\n\n<!-- Generated from {made_from}; `make docs` writes it anew. -->"
    return "\n\n".join([head, *(part.strip("\n") for part in parts)]) + "\n"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; what would end a cell is written so that it does not."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def first_sentence(text: str | None) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join((text or "").strip().split("\n\n", maxsplit=1)[0].split())


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
