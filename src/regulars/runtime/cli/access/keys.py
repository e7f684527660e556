"""Verbs for API keys: a shop's first one is made here, since the API asks for one."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer
from rich.console import Console

from regulars.records.access.types import Scope, of_partner
from regulars.runtime.cli.screen import stop
from regulars.runtime.installation.settings import read_settings

if TYPE_CHECKING:
    from regulars.records.access.types import ApiKey
    from regulars.runtime.storage.database import Transaction

console = Console(highlight=False, soft_wrap=True)

TILL = (
    Scope.ACTIVITIES_WRITE,
    Scope.MEMBERS_READ,
    Scope.MEMBERS_WRITE,
    Scope.REDEMPTIONS_WRITE,
)
"""What a till or web shop needs."""
SQUARE = (Scope.SQUARE_READ, Scope.SQUARE_WRITE)
"""What a client of the Square API needs, and nothing of our own API."""

Program = Annotated[
    str, typer.Option(help="The public name of the program; may be left out where there is one.")
]
Name = Annotated[str, typer.Argument(help="By what you will know it again, as in 'till 3'.")]
Scopes = Annotated[
    list[Scope] | None,
    typer.Option(
        "--scope", help="What it opens; may be said again. What a till needs, unless said."
    ),
]
Test = Annotated[
    bool, typer.Option("--test", help="A test key, which says so in its first letters.")
]
Partner = Annotated[
    str, typer.Option(help="A key for this partner: it tells of its own activities and no more.")
]
Shop = Annotated[
    list[str] | None,
    typer.Option(
        help="A public key for a web shop whose pages come from here, as in https://shop.example; "
        "may be said again."
    ),
]
Promotions = Annotated[
    bool, typer.Option("--promotions", help="It may make promotions, which changes the program.")
]
Webhooks = Annotated[
    bool, typer.Option("--webhooks", help="It may have events sent to other systems.")
]
Key = Annotated[str, typer.Argument(help="The key's id, as `regulars key list` shows it.")]


def register(command: typer.Typer) -> None:
    """Add `key …`."""
    verbs = typer.Typer(help="API keys: what a till or web shop shows.", no_args_is_help=True)
    verbs.command("make")(make)
    verbs.command("square")(square)
    verbs.command("list")(show_all)
    verbs.command("origins")(show_at)
    verbs.command("revoke")(revoke)
    command.add_typer(verbs, name="key")


def make(
    name: Name,
    program: Program = "",
    scope: Scopes = None,
    test: Test = False,
    partner: Partner = "",
    shop: Shop = None,
) -> None:
    """Make a key. It is shown this once: only its digest is kept."""
    from regulars.flows.access.api_keys import CreateKey, create_keys

    if partner and scope:
        stop("A key for a partner tells of its activities: leave out --scope.")
    if shop and (partner or scope):
        stop("A key for a web shop opens that and nothing else: leave out --scope and --partner.")
    alone: tuple[str, ...] = (of_partner(partner),) if partner else (Scope.SHOP,) if shop else ()
    wish = CreateKey(
        name=name,
        scopes=alone or tuple(scope or TILL),
        created_by="regulars key make",
        mode="test" if test else "live",
        may=frozenset({Scope.ALL}),
        origins=tuple(shop or ()),
    )

    async def act(tx: Transaction) -> Any:
        (made,) = await create_keys(tx, os.urandom, [wish])
        return made

    made = _do(program, act)
    console.print(made.shown, markup=False)
    aside = Console(stderr=True, highlight=False, soft_wrap=True)
    if made.key.origins:
        aside.print("It is public: it stands on the pages of the shop, for everybody to read.")
        return
    aside.print(f"It opens {_opens(made.key)}. Keep it safe: nobody can show it again.")


def square(
    name: Name,
    program: Program = "",
    test: Test = False,
    promotions: Promotions = False,
    webhooks: Webhooks = False,
) -> None:
    """Make an access token for a till or app that was built for Square; shown this once."""
    more = [Scope.SQUARE_PROMOTE] if promotions else []
    more += [Scope.WEBHOOKS_WRITE] if webhooks else []
    make(name, program, [*SQUARE, *more], test)


def show_all(program: Program = "") -> None:
    """The keys of a program, open and revoked; never the keys themselves."""
    from regulars.records.access.read import keys

    found = _do(program, keys)
    for key in found:
        state = "open" if key.is_open else f"revoked {key.revoked_at:%Y-%m-%d %H:%M}Z"
        says = f"key_{key.key_id.hex}  {key.name}  {key.mode}  {state}  {_opens(key)}"
        console.print(says, markup=False)
        if key.origins:
            console.print(f"  {key.shown}  on {', '.join(key.origins)}", markup=False)
    if not found:
        console.print("There is no key yet. Make one: regulars key make 'till 1'")


def show_at(key: Key, shop: Shop = None, program: Program = "") -> None:
    """Say anew from where pages may come that show the public key of a web shop."""
    from regulars.flows.access.api_keys import ShowAt, show_keys_at
    from regulars.records.access.staff.types import By

    wish = ShowAt(_key_id(key), tuple(shop or ()), frozenset({Scope.ALL}))

    async def act(tx: Transaction) -> Any:
        (kept,) = await show_keys_at(tx, [wish], By(words="regulars key origins"))
        return kept

    kept = _do(program, act)
    console.print(f"{key} is good on {', '.join(kept.origins)}.")


def revoke(key: Key, program: Program = "") -> None:
    """Close a key at once and for ever."""
    from regulars.flows.access.api_keys import revoke_keys
    from regulars.records.access.staff.types import By

    key_id = _key_id(key)

    async def act(tx: Transaction) -> Any:
        (gone,) = await revoke_keys(tx, [key_id], By(words="regulars key revoke"))
        return gone

    gone = _do(program, act)
    console.print(f"{key} opens nothing any more, since {gone.revoked_at:%Y-%m-%d %H:%M}Z.")


def _key_id(said: str) -> UUID:
    found = re.fullmatch(r"key_([0-9a-f]{32})", said)
    if found is None:
        stop(f"{said!r} is not the id of a key: key_ and 32 digits from 0 to f.")
    return UUID(hex=found[1])


def _opens(key: ApiKey) -> str:
    return ", ".join(sorted(key.scopes))


def _do(program: str, act: Callable[[Transaction], Awaitable[Any]]) -> Any:
    """One transaction of this program; a fault is said, and ends the verb."""
    from regulars.base.faults import Fault
    from regulars.runtime.installation.running import database_running

    with database_running(read_settings()) as where:
        try:
            outcome = asyncio.run(_ask(where, program, act))
        except Fault as fault:
            outcome = fault
    if isinstance(outcome, Fault):
        field = f"{outcome.field}: " if outcome.field else ""
        mend = outcome.facts.get("mend", "")
        stop(f"{outcome.code}: {field}{outcome.says}{'. ' + mend if mend else ''}.")
    return outcome


async def _ask(where: Any, slug: str, act: Callable[[Transaction], Awaitable[Any]]) -> Any:
    from regulars.runtime.serving.programs import program_meant
    from regulars.runtime.storage.database import Database

    program_id = await program_meant(where.owner, slug, or_only=not slug)
    database = await Database.connect(where.app, size=1)
    try:
        async with database.transaction(program_id) as tx:
            return await act(tx)
    finally:
        await database.close()
