"""Verbs about who may come in and whom we write to: API keys, people of the shop, senders."""

import typer

from regulars.runtime.cli.access import keys, real, senders, staff


def register(command: typer.Typer) -> None:
    """Add `key …`, `staff …`, `senders …` and `start-for-real`."""
    keys.register(command)
    staff.register(command)
    real.register(command)
    senders.register(command)
