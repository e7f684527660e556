"""The verb that takes a year of a real shop through Regulars."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from regulars.runtime.cli.screen import watching
from regulars.runtime.installation.settings import read_settings

if TYPE_CHECKING:
    from regulars.runtime.examples.retail import Run, Shop

DEFAULT = Path("../shared/data/online_retail_2010_2011_lines.parquet")
console = Console(highlight=False)

File = Annotated[Path, typer.Argument(help="A Parquet file of the shop's lines.")]
Lines = Annotated[
    int, typer.Option(min=1, max=5_000_000, help="Where there is no file: how many to make up.")
]


def register(command: typer.Typer) -> None:
    """Add `retail`."""
    command.command("retail")(retail)


def retail(file: File = DEFAULT, lines: Lines = 541_909) -> None:
    """Import a year of a real shop through the real flows, and show what came of it."""
    import uvloop

    from regulars.runtime.cli.serving import prepare
    from regulars.runtime.examples.retail import keep_result, open_shop, run_retail
    from regulars.runtime.installation.running import database_running
    from regulars.runtime.logs import set_up_logs

    settings = read_settings()
    set_up_logs(settings, "retail")
    if not file.exists():
        console.print(f"There is no file {file}: a made-up shop of the same shape is used.")
    try:
        with watching(console) as watch:
            watch.begins("Reading the lines", 0)
            shop = open_shop(file, lines)
            with database_running(settings) as addresses:
                prepare(settings)
                run = uvloop.run(run_retail(addresses, shop, watch))
    except KeyboardInterrupt:
        console.print("Stopped. Run it again and it goes on where it stopped.")
        raise typer.Exit(130) from None
    page = keep_result(settings, shop, run)
    _show(shop, run)
    console.print(f"\nThe same as a page: [bold]{page}[/]", soft_wrap=True)
    if not run.right:
        raise typer.Exit(1)


def _show(shop: Shop, run: Run) -> None:
    from regulars.runtime.examples.retail import ran_of
    from regulars.surfaces.connect.retail.show import headline, sections

    ran = ran_of(shop, run)
    for section in sections(run.totals, ran):
        table = Table(title=section.title, title_justify="left", title_style="bold", box=SIMPLE)
        for place, heading in enumerate(section.headings):
            number = place >= section.words
            table.add_column(
                heading, justify="right" if number else "left", no_wrap=number, overflow="fold"
            )
        for row in section.rows:
            table.add_row(*(Text(cell) for cell in row))
        console.print(table)
        console.print(section.says, style="dim", markup=False)
    console.print(f"\n{headline(run.totals, ran)}", style="bold", markup=False)
