"""Verbs for the world outside: keys of who comes in, senders of what goes out."""

import typer

from regulars.runtime.cli.outside import keys, senders


def register(command: typer.Typer) -> None:
    """Add the verbs of these files."""
    for verbs in (keys, senders):
        verbs.register(command)
