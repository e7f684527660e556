"""Verbs for what comes in, what goes out, and what is forgotten."""

import typer

from regulars.runtime.cli.moving import (
    asking,
    exporting,
    extracts,
    importing,
    inlets,
    privacy,
    tiers,
    undoing,
)


def register(command: typer.Typer) -> None:
    """Add the verbs of these files."""
    for verbs in (asking, exporting, extracts, importing, inlets, privacy, tiers, undoing):
        verbs.register(command)
