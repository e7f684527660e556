"""The verb that shows Regulars at work."""

import asyncio
import dataclasses
from typing import Annotated

import typer
from rich.console import Console

from regulars.runtime.installation.settings import Settings, read_settings

console = Console(highlight=False)


def register(command: typer.Typer) -> None:
    """Add `demo`."""
    command.command("demo")(demo)


def demo(
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Instead of PORT.")] = None,
) -> None:
    """Run a coffee shop with members, some weeks of visits and a test key, until Ctrl-C."""
    from regulars.runtime.cli.serving import DUTIES, prepare
    from regulars.runtime.logs import set_up_logs
    from regulars.runtime.supervising.supervisor import Serving, serve

    asked = read_settings()
    settings = dataclasses.replace(asked, port=port or asked.port)
    set_up_logs(settings, "supervisor")
    told: dict[str, str] = {}

    def get_ready() -> None:
        prepare(settings)
        told.update(_fill(settings))

    serve(
        settings,
        Serving(prepare=get_ready, announce=lambda: _announce(settings, told), duties=DUTIES),
    )
    console.print(
        "Stopped. Start it again with `make demo` (or `regulars demo`); everything is still there."
    )


def _fill(settings: Settings) -> dict[str, str]:
    from regulars.runtime.examples.demo import prepare_demo
    from regulars.runtime.installation.addresses import addresses
    from regulars.runtime.storage.database import utc_now

    console.print("Opening the coffee shop …")
    return asyncio.run(prepare_demo(settings, addresses(settings), utc_now()))


def _announce(settings: Settings, told: dict[str, str]) -> None:
    base = told["base_url"]
    console.print(f"\n  The shop       [bold]{base}[/]")
    console.print(f"  The reference  {base}/docs")
    console.print(f"  A test key     {told['api_key']}")
    console.print(f"  The console    {base}/console as {told['owner']}, password in demo.json")
    console.print(f"  All of it in   {settings.home / 'demo.json'}\n")
    console.print("Stop it with Ctrl-C.")
