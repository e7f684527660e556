"""What verbs show: one line per stage of long work, and in red why they cannot go on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import NoReturn

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)


def register(command: typer.Typer) -> None:
    """No verb of its own."""


class Stages:
    """The stages of a long piece of work, one after the other."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._stage: TaskID | None = None

    def begins(self, stage: str, total: int) -> None:
        """The stage before is over, and this one begins."""
        self.ends()
        self._stage = self._progress.add_task(stage, total=total or None)

    def advances(self, by: int) -> None:
        assert self._stage is not None, by
        self._progress.advance(self._stage, by)

    def ends(self) -> None:
        """The stage is over: its bar is full."""
        if self._stage is not None:
            done = self._progress.tasks[self._stage].completed
            self._progress.update(self._stage, total=done or 1, completed=done or 1)


@contextmanager
def watching(console: Console) -> Iterator[Stages]:
    """Show stages for as long as the block lasts."""
    columns = (TextColumn("{task.description:<40}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console) as progress:
        watch = Stages(progress)
        yield watch
        watch.ends()


def stop(says: str) -> NoReturn:
    """Say in red what is wrong, beside the output, and end the verb with status 1."""
    aside = Console(stderr=True, highlight=False, soft_wrap=True)
    aside.print(says, style="bold red", markup=False)
    raise typer.Exit(1)


def day_of(text: str, option: str) -> date | None:
    """The day that was typed with an option; nothing where nothing was. A slip ends the verb."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        stop(f"{option}: {text!r} is no day; write it as 2026-03-31")
