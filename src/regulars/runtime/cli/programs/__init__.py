"""Verbs for a program: written, tried, published."""

import typer

from regulars.runtime.cli.programs import program, publishing, replaying, reporting, sandboxes


def register(command: typer.Typer) -> None:
    """Add the verbs of these files."""
    for verbs in (program, publishing, replaying, reporting, sandboxes):
        verbs.register(command)
