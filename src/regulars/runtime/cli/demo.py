"""The verb that shows Regulars at work."""

import asyncio
import dataclasses
from typing import Annotated, Any

import typer
from rich.console import Console

from regulars.runtime.installation.settings import Settings, read_settings

console = Console(highlight=False, soft_wrap=True)


def register(command: typer.Typer) -> None:
    """Add `demo`."""
    command.command("demo")(demo)


def demo(
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Instead of PORT.")] = None,
) -> None:
    """Run a coffee shop with a year of guests, staff, a till and a test key, until Ctrl-C."""
    from regulars.runtime.cli.serving import DUTIES, prepare
    from regulars.runtime.logs import set_up_logs
    from regulars.runtime.supervising.supervisor import Serving, serve

    asked = read_settings()
    settings = dataclasses.replace(asked, port=port or asked.port)
    set_up_logs(settings, "supervisor")
    told: dict[str, Any] = {}

    def get_ready() -> None:
        prepare(settings)
        told.update(_fill(settings))

    serve(
        settings,
        Serving(
            prepare=get_ready,
            announce=lambda: _announce(settings, told),
            app="regulars.runtime.examples.shop.window.asgi:app",
            duties=DUTIES,
        ),
    )
    console.print(
        "Stopped. Start it again with `make demo` (or `regulars demo`); everything is still there."
    )


def _fill(settings: Settings) -> dict[str, Any]:
    from regulars.runtime.examples.demo import prepare_demo
    from regulars.runtime.installation.addresses import addresses
    from regulars.runtime.storage.database import utc_now

    console.print("Opening the coffee shop …")
    return asyncio.run(prepare_demo(settings, addresses(settings), utc_now()))


def _announce(settings: Settings, told: dict[str, Any]) -> None:
    base = told["base_url"]
    console.print(f"\n  The shop       [bold]{base}[/]")
    console.print(f"  The reference  {base}/docs")
    console.print(f"  A test key     {told['api_key']}")
    owner = told["logins"][0]
    console.print(f"  The console    {told['console_url']} as {owner['email']}")
    console.print(f"                 with the password {owner['password']}")
    console.print(f"  A till         {told['till_url']} with the code {told['till_code']}")
    console.print(f"  A web shop     {told['shop_url']}")
    console.print(f"  A guest's card {told['portal_url']}")
    console.print(f"  All of it in   {settings.home / 'demo.json'}\n")
    console.print("Stop it with Ctrl-C.")
