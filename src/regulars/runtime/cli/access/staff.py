"""Verbs for staff: a shop's first owner is made here, and whoever lost every way in gets a link."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from regulars.records.access.staff.permissions import ROLES
from regulars.runtime.cli.access.keys import Program
from regulars.runtime.cli.screen import stop
from regulars.runtime.installation.settings import read_settings

if TYPE_CHECKING:
    from regulars.engine.terms import Terms
    from regulars.flows.access.commands import KeepStaff
    from regulars.records.access.staff.types import By, Staff
    from regulars.runtime.storage.database import Transaction

console = Console(highlight=False, soft_wrap=True)

Email = Annotated[str, typer.Argument(help="Their e-mail address, by which they sign in.")]
Name = Annotated[str, typer.Option(help="Their name; the address unless said.")]
Role = Annotated[str, typer.Option(help=f"What they do here: {', '.join(ROLES)}.")]
Stores = Annotated[
    list[str] | None,
    typer.Option("--store", help="Where they work; may be said again. Every store, unless said."),
]

Act = Callable[["Transaction", "Terms"], Awaitable[Any]]


def register(command: typer.Typer) -> None:
    """Add `staff …`."""
    verbs = typer.Typer(help="Who works here and signs in to the console.", no_args_is_help=True)
    verbs.command("add")(add)
    verbs.command("reset")(reset)
    verbs.command("close")(close)
    verbs.command("list")(show_all)
    command.add_typer(verbs, name="staff")


def add(
    email: Email, name: Name = "", role: Role = "owner", store: Stores = None, program: Program = ""
) -> None:
    """Take somebody on. The link that is shown once lets them set their password within a day."""
    from regulars.flows.access.commands import AddStaff

    stores = tuple(store) if store else None

    def wish(_: Any, link: bytes) -> KeepStaff:
        return AddStaff(name or email, email, role, link, _by(), stores)  # type: ignore[arg-type]

    _show_link(program, None, wish)


def reset(email: Email, program: Program = "") -> None:
    """Make somebody a link by which they set another password; links made before end."""
    from regulars.flows.access.commands import MakeLink

    _show_link(program, email, lambda one, link: MakeLink(one.staff_id, link, _by()))


def close(email: Email, program: Program = "") -> None:
    """Somebody does not work here any more: nothing opens for them from now on."""
    from regulars.flows.access.commands import CloseStaff

    async def act(tx: Transaction, terms: Terms) -> Any:
        one = await _whose(tx, email)
        return await _kept(tx, terms, CloseStaff(one.staff_id, _by()))

    _do(program, act)
    console.print(f"{email} does not come in any more.", markup=False)


def show_all(program: Program = "") -> None:
    """Everybody who works or worked here."""
    from regulars.records.access.staff.read import all_staff

    found = _do(program, lambda tx, _: all_staff(tx))
    for one in found:
        stores = "every store" if one.stores is None else ", ".join(one.stores)
        says = f"{one.email or '(left)'}  {one.name}  {one.role}  {stores}  {one.state}"
        console.print(says, markup=False)
    if not found:
        console.print("Nobody yet. Take on an owner: regulars staff add olga@example.org")


def _show_link(program: str, email: str | None, wish: Callable[[Any, bytes], KeepStaff]) -> None:
    """Do it, and show the link it makes."""
    from regulars.records.access.staff.tokens import SECRET_BYTES, make_token, token_hash

    async def act(tx: Transaction, terms: Terms) -> str:
        one = await _whose(tx, email) if email else None
        link = make_token(tx.program_id, os.urandom(SECRET_BYTES))
        await _kept(tx, terms, wish(one, token_hash(link)))
        return link

    link = _do(program, act)
    console.print(f"{read_settings().base_url}/console/welcome/{link}", markup=False)
    aside = Console(stderr=True, highlight=False, soft_wrap=True)
    aside.print("It sets a password once, within a day. Nobody can show it again.")


def _by() -> By:
    from regulars.records.access.staff.types import By

    return By(words="regulars staff")


async def _whose(tx: Transaction, email: str) -> Staff:
    from regulars.base.faults import NotFound
    from regulars.records.access.staff.read import by_email

    found = await by_email(tx, email.strip().casefold())
    if found is None:
        raise NotFound("nobody who works here has this address")
    return found


async def _kept(tx: Transaction, terms: Terms, wish: KeepStaff) -> Any:
    from regulars.flows.access.keep_staff import keep_staff

    (outcome,) = await keep_staff(tx, terms, [wish])
    if isinstance(outcome, Exception):
        raise outcome
    if not hasattr(outcome, "staff_id"):
        stop(f"{outcome.code}: {outcome.says}.")
    return outcome


def _do(program: str, act: Act) -> Any:
    """One transaction of this program; a fault is said, and ends the verb."""
    from regulars.base.faults import Fault
    from regulars.runtime.installation.running import database_running

    with database_running(read_settings()) as where:
        try:
            return asyncio.run(_ask(where, program, act))
        except Fault as fault:
            mend = fault.facts.get("mend", "")
            field = f"{fault.field}: " if fault.field else ""
            stop(f"{fault.code}: {field}{fault.says}{'. ' + mend if mend else ''}.")


async def _ask(where: Any, slug: str, act: Act) -> Any:
    from regulars.runtime.serving.programs import Programs, program_meant
    from regulars.runtime.storage.database import Database

    program_id = await program_meant(where.owner, slug, or_only=not slug)
    database = await Database.connect(where.app, size=1)
    try:
        terms = await Programs(database).terms(program_id)
        async with database.transaction(program_id) as tx:
            return await act(tx, terms)
    finally:
        await database.close()
