"""The page of the command line, from the verbs themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer.main

from regulars.runtime.cli import build_command
from regulars.runtime.reference.markdown import first_sentence, page, table

ROOT = "regulars"


def commands_page() -> str:
    """Every verb with its arguments and options."""
    parts = list(_parts(typer.main.get_command(build_command()), ROOT))
    return page("The command line", "src/regulars/runtime/cli", parts)


def _parts(command: Any, name: str) -> Iterator[str]:
    """A part per verb; typer carries its own copy of click, so types are asked by their look."""
    verbs = getattr(command, "commands", None)
    if verbs is not None:
        for verb in sorted(verbs):
            yield from _parts(verbs[verb], f"{name} {verb}")
        return
    told = f"## `{name}`\n\n{first_sentence(command.help)}"
    rows = [_row(each) for each in command.params if each.name != "help"]
    yield told + ("\n\n" + table(("argument or option", "meaning"), rows) if rows else "")


def _row(parameter: Any) -> tuple[str, str]:
    meaning = getattr(parameter, "help", None) or ""
    if parameter.param_type_name == "argument":
        name = (parameter.name or "").upper()
        return f"`{name}`" if parameter.required else f"`[{name}]`", meaning
    return ", ".join(f"`{each}`" for each in parameter.opts), meaning
