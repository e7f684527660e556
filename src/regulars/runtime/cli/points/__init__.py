"""Verbs for what is decided by hand: of members and their points, and of codes."""

import typer

from regulars.runtime.cli.points import by_hand, codes, payouts


def register(command: typer.Typer) -> None:
    """Add the verbs of these files."""
    by_hand.register(command)
    codes.register(command)
    payouts.register(command)
