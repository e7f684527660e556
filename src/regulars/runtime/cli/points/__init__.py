"""Verbs for what is decided by hand: of members, points, codes, partners, pay-outs, tills."""

import typer

from regulars.runtime.cli.points import (
    by_hand,
    codes,
    lists,
    offers,
    partners,
    payouts,
    settling,
    stores,
)


def register(command: typer.Typer) -> None:
    """Add the verbs of these files."""
    by_hand.register(command)
    codes.register(command)
    lists.register(command)
    offers.register(command)
    partners.register(command)
    payouts.register(command)
    settling.register(command)
    stores.register(command)
