"""Groups of verbs to which several files add: `member …`."""

from __future__ import annotations

import typer


def group(command: typer.Typer, name: str, says: str) -> typer.Typer:
    """The group of this name; made where nobody made it before."""
    for known in command.registered_groups:
        if known.name == name and known.typer_instance is not None:
            return known.typer_instance
    made = typer.Typer(help=says, no_args_is_help=True)
    command.add_typer(made, name=name)
    return made
