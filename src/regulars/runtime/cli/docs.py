"""The verb that writes the generated reference."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

console = Console(highlight=False)


def register(command: typer.Typer) -> None:
    """Add `docs`."""
    command.command("docs")(docs)


def docs(
    folder: Annotated[Path, typer.Option(help="Where the pages go.")] = Path("docs/reference"),
) -> None:
    """Write the reference pages anew from the source."""
    from regulars.runtime.reference import pages

    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, "utf-8")
        console.print(f"  {folder / name}", markup=False)
