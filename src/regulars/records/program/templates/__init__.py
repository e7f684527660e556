"""Ready-made programs a shop can start from: each a folder with its file and a README."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from regulars.base.faults import NotFound
from regulars.records.program.problems import closest

MEASURED: Final = frozenset(("bench",))
"""Programs for measuring; nobody starts a shop from them."""


def template_names() -> tuple[str, ...]:
    """The programs that come with Regulars, by name."""
    return tuple(sorted(_places()))


def load_template(name: str) -> str:
    """The file of a ready-made program, as text to read, change and keep.

    Faults: NotFound for a name that no template has.
    """
    return _place(name).joinpath("program.yaml").read_text("utf-8")


def template_readme(name: str) -> str:
    """What a ready-made program promises and what to change first, for who runs the shop.

    Faults: NotFound for a name that no template has.
    """
    return _place(name).joinpath("README.md").read_text("utf-8")


def template_sentence(name: str) -> str:
    """The first sentence of a template's README, without markup: what it is, in a line.

    Faults: NotFound for a name that no template has.
    """
    told = [line for line in template_readme(name).splitlines() if line and line[0] != "#"]
    opening = " ".join(told).split(". ", 1)[0] if told else ""
    return opening.rstrip(".").replace("*", "").replace("`", "") + "."


def _place(name: str) -> Traversable:
    places = _places()
    if name not in places:
        raise NotFound(f"There is no program template of that name: {closest(name, places)}.")
    return places[name]


@cache
def _places() -> dict[str, Traversable]:
    """The folder of each template; templates that are alike stand in one folder."""
    return {
        template.name: template
        for group in files(__name__).iterdir()
        if group.is_dir()
        for template in group.iterdir()
        if template.joinpath("program.yaml").is_file()
    }
