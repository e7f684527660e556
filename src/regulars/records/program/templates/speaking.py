"""A ready-made program written in a shop's own language: its texts and their translations trade
places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from regulars.base.languages import language_of
from regulars.records.program.parsing.editing import rewrite
from regulars.records.program.parsing.nodes import parse
from regulars.records.program.parsing.spans import spans
from regulars.records.program.parsing.writing import word
from regulars.records.program.problems import Path

OWN: Final = "en"
"""The language every template is written in."""
_TOLD: Final = re.compile(r"^translations:\n(?:(?: .*)?\n?)*", re.MULTILINE)
_ROOMS: Final = (
    "rules", "rewards", "benefits", "plans", "challenges", "streaks", "milestones",
    "leaderboards", "draws",
)  # fmt: skip


def spoken(source: str) -> str:
    """The same program in the language it says it is in (`locale`), where the template has it.

    Order: every text becomes the one of that language; what stood there becomes the translation
    into English. What a shop is called is its name in every language.
    Example: `says: 1 point for each coffee` of a shop in German is `says: 1 Punkt je Kaffee`.
    """
    tree = parse(source).value
    told = dict(tree.get("translations", {}))
    language = language_of(tree["locale"])
    if not told:
        return source
    if language != OWN and language in told:
        source, told = _traded(source, tree, told, language)
    return _TOLD.sub("", source) + _written(told, tree["name"])


def _traded(source: str, tree: Any, told: Any, language: str) -> tuple[str, Any]:
    """The text with each sentence in the other language, and what is a translation of it now."""
    here, theirs = spans(source), told[language]
    before: dict[str, str] = {}
    said = sorted(_said(tree), key=lambda one: here[one[1]].start, reverse=True)
    for place, path in said:
        if place in theirs and place != "name":
            before[place] = _at(tree, path)
            there = here[path]
            source = source[: there.start] + word(theirs[place]) + source[there.end :]
    source = _counted(source, tree, theirs)
    ordered = {place: before[place] for place in theirs if place in before}
    others = {name: texts for name, texts in told.items() if name != language}
    return source, {OWN: {"name": "", **ordered}, **others}


def _counted(source: str, tree: Any, theirs: Any) -> str:
    """The text with the forms of wallets' names that this language has and English does not."""
    for id_, one in tree.get("wallets", {}).items():
        here = f"wallets.{id_}."
        forms = {
            place.removeprefix(f"{here}forms."): said
            for place, said in theirs.items()
            if place.startswith(f"{here}forms.")
        }
        if forms:
            source = rewrite(source, ("wallets", id_, "forms"), forms)
        if f"{here}one" in theirs and "one" not in one:
            source = rewrite(source, ("wallets", id_, "one"), theirs[f"{here}one"])
    return source


def _written(told: dict[str, dict[str, str]], name: str) -> str:
    lines = ["translations:"]
    for language, texts in told.items():
        lines.append(f"  {language}:")
        named = {**texts, "name": name}
        lines += [f"    {place}: {word(text)}" for place, text in named.items()]
    return "\n".join(lines) + "\n"


def _at(tree: Any, path: Path) -> Any:
    for step in path:
        tree = tree[step]
    return tree


def _said(tree: Any) -> Iterator[tuple[str, Path]]:
    """Every text members read: its place as `translations:` names it, and where it stands."""
    for id_, one in tree.get("wallets", {}).items():
        yield from _fields(f"wallets.{id_}", one, ("wallets", id_))
    for room in _ROOMS:
        for number, one in enumerate(tree.get(room, ())):
            yield from _fields(f"{room}.{one['id']}", one, (room, number))
    yield from _steps(tree.get("tiers", {}), ("tiers",))
    for name, one in tree.get("ladders", {}).items():
        yield from _fields(f"ladders.{name}", {"name": one["name"]}, ("ladders", name))
        yield from _steps(one, ("ladders", name))


def _steps(ladder: Any, path: Path) -> Iterator[tuple[str, Path]]:
    for number, step in enumerate(ladder.get("steps", ())):
        here: Path = (*path, "steps", number)
        yield from _fields(f"tiers.{step['id']}", step, here)
        for place in range(len(step.get("perks", ()))):
            yield f"tiers.{step['id']}.perks.{place + 1}", (*here, "perks", place)


def _fields(place: str, one: Any, path: Path) -> Iterator[tuple[str, Path]]:
    """The texts of one part, and of what it gives or what is won by it."""
    for field, value in one.items():
        if field in ("gives", "prize") and isinstance(value, dict):
            yield from _fields(place, value, (*path, field))
        elif field == "milestones" and isinstance(value, list):
            for number, reached in enumerate(value):
                here = f"{place}.{reached['length']}"
                yield from _fields(here, reached, (*path, field, number))
        elif isinstance(value, str):
            yield f"{place}.{field}", (*path, field)
