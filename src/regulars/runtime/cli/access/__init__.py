"""Verbs about who may come in: API keys, and people of the shop."""

import typer

from regulars.runtime.cli.access import keys, staff


def register(command: typer.Typer) -> None:
    """Add `key …` and `staff …`."""
    keys.register(command)
    staff.register(command)
