"""Fold a portion of everybody anew by sets: a dozen statements, whatever the portion's size."""

from __future__ import annotations

import re
from importlib.resources import files as folder_of
from typing import Any, Final, NamedTuple

_FOLDER: Final = folder_of(__name__)
_NAME: Final = re.compile(r"(?<!:):([a-z]+)\b")


class Step(NamedTuple):
    """One statement with numbered parameters, and what they are called in the order of these."""

    sql: str
    names: tuple[str, ...]

    def args(self, known: dict[str, Any]) -> list[Any]:
        """What this statement is given of all that is known."""
        return [known[name] for name in self.names]


def steps(*files: str, told: str = "") -> tuple[Step, ...]:
    """The statements of these files, in order; `told` is the file that says whose activities."""
    source = _text(told) if told else ""
    whole = "\n".join(_text(file) for file in files).replace("{told}", source)
    whole = whole.replace("{moved}", _text("moved"))
    return tuple(_step(one) for one in re.split(r";\s*\n", whole) if one.strip())


def _text(file: str) -> str:
    return _FOLDER.joinpath(f"{file}.sql").read_text("utf-8")


def _step(text: str) -> Step:
    names = tuple(dict.fromkeys(_NAME.findall(text)))
    numbered = _NAME.sub(lambda found: f"${names.index(found[1]) + 1}", text)
    return Step(numbered.strip(), names)
