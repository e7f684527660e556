"""Ready-made programs a shop can start from."""

from __future__ import annotations

from importlib.resources import files

from regulars.base.faults import NotFound
from regulars.records.program.problems import closest


def template_names() -> tuple[str, ...]:
    """The programs that come with Regulars, by name."""
    here = files(__name__).iterdir()
    return tuple(sorted(f.name[:-5] for f in here if f.name.endswith(".yaml")))


def load_template(name: str) -> str:
    """The file of a ready-made program, as text to read, change and keep.

    Faults: NotFound for a name that no template has.
    """
    names = template_names()
    if name not in names:
        raise NotFound(f"There is no program template of that name: {closest(name, names)}.")
    return files(__name__).joinpath(f"{name}.yaml").read_text("utf-8")
