"""Texts in other languages of parts that are gone: with them a draft is refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from regulars.records.program.parsing.editing import remove
from regulars.records.program.parsing.nodes import parse
from regulars.surfaces.console.terms.editor.climbing import ids_of, step_ids


def texts_of(at: str, value: Any) -> list[str]:
    """Where the texts of a part stand, as `translations:` names them.

    Example: those of the tier `tiers.steps.gold` begin with `tiers.gold`; so do those of a step
    of a further ladder.
    """
    if at.startswith("tiers.steps."):
        return [f"tiers.{at.rpartition('.')[2]}"]
    steps = step_ids(value) if at.startswith("ladders.") else []
    return [at, *(f"tiers.{one}" for one in steps)]


def without_steps(source: str, before: Any) -> str:
    """The file without texts of steps that it had before and has no more.

    Faults: UneditableError.
    """
    there = set(ids_of(parse(source).value))
    return without(source, [f"tiers.{one}" for one in ids_of(before) if one not in there])


def without(source: str, parts: list[str]) -> str:
    """The file without translations of these parts. Faults: UneditableError."""
    told = parse(source).value.get("translations")
    for language, texts in told.items() if isinstance(told, dict) else ():
        gone = list(_of(texts, parts))
        if gone and len(gone) == len(texts):
            source = remove(source, ("translations", language))
            continue
        for place in gone:
            source = remove(source, ("translations", language, place))
    return source


def _of(texts: Any, parts: list[str]) -> Iterator[str]:
    begins = tuple(f"{one}." for one in parts)
    return (one for one in texts if str(one).startswith(begins))
