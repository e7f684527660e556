"""Verbs about offers: which there are, one opened from a file, one closed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from msgspec import Struct
from rich.console import Console
from rich.table import Table

from regulars.runtime.cli.moving.desk import Desk, at_desk, do_one
from regulars.runtime.cli.screen import stop

console = Console(highlight=False, soft_wrap=True)
_NO_MORE: list[str] = []

Offer = Annotated[str, typer.Argument(help="The offer, by its code such as spring.")]
File = Annotated[Path, typer.Argument(help="A YAML or JSON file: what `PUT /v1/offers/{offer}` "
                                           "takes.")]  # fmt: skip
Accept = Annotated[
    list[str], typer.Option("--accept", help="A warning that is meant, once for each.")
]


class _Look(Struct, frozen=True):
    actor: str = "nobody"


class _Opened(Struct, frozen=True):
    """An offer as its file says, and who opens it."""

    code: str
    sent: Any
    accept: tuple[str, ...]
    actor: str


def register(command: typer.Typer) -> None:
    """Add `offers …`."""
    offers = typer.Typer(help="Promises to some members.", no_args_is_help=True)
    offers.callback()(at_desk)
    offers.command("list")(every)
    offers.command("open")(open_)
    offers.command("close")(close)
    command.add_typer(offers, name="offers")


def every(desk: Desk) -> None:
    """All offers, and how many members were given them."""
    table = Table("offer", "name", "state", "given", "at most", "ends")
    for one in do_one(desk.obj[0], _every, _Look()):
        ends = "" if one.ends_on is None else one.ends_on.isoformat()
        table.add_row(one.code, one.name, one.state, f"{one.given:,}", f"{one.most:,}", ends)
    console.print(table)


def open_(desk: Desk, offer: Offer, file: File, accept: Accept = _NO_MORE) -> None:
    """Write an offer as a file says and open it: from now on it is promised. Opened already, it is
    left as it is."""
    import msgspec

    from regulars.surfaces.api.operations.belonging.offers.wire import OfferSent

    try:
        sent = msgspec.yaml.decode(file.read_bytes(), type=OfferSent)
    except OSError as wrong:
        stop(f"{file} cannot be read: {wrong.strerror}.")
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        stop(f"{file} is no offer: {wrong}.")
    except Exception as wrong:  # whatever the parser of YAML says of it
        stop(f"{file} is no YAML: {wrong}.")
    wish = _Opened(offer, sent, tuple(accept), desk.obj[1])
    done = do_one(desk.obj[0], _open, wish)
    console.print(f"{done.code} is open since {done.opened_at.isoformat(timespec='seconds')}.")


def close(desk: Desk, offer: Offer) -> None:
    """Nobody is given it any more; who has it keeps it until it ends."""
    done = do_one(desk.obj[0], _close, _Opened(offer, None, (), desk.obj[1]))
    console.print(f"{done.code} is closed; {done.given:,} members were given it.")


async def _every(tx: Any, _terms: Any, _asked: Any) -> list[Any]:
    from regulars.records.program.changes.offers import read

    return [await read.offers(tx)]


async def _open(tx: Any, terms: Any, asked: list[_Opened]) -> list[Any]:
    from regulars.base.faults import Fault, Refused
    from regulars.flows.terms.promised.commands import KeepOffer, OpenOffer
    from regulars.flows.terms.promised.keep_offers import keep_offers
    from regulars.flows.terms.promised.open_offer import open_offer
    from regulars.records.access.staff.types import By
    from regulars.records.program.changes.offers import read

    (one,) = asked
    there, by, sent = await read.offer(tx, one.code), By(words=one.actor), one.sent
    if there is None or there.state == "draft":
        budget = None if sent.budget is None else str(sent.budget)
        (kept,) = await keep_offers(tx, terms, [KeepOffer(
            one.code, sent.name, sent.gives, sent.says, by, sent.segment, sent.activating,
            sent.days, sent.ends_on, budget, sent.most, sent.held_percent,
        )])  # fmt: skip
        if isinstance(kept, Fault | Refused):
            return [kept]
    return [await open_offer(tx, terms, OpenOffer(one.code, by, accept=one.accept))]


async def _close(tx: Any, terms: Any, asked: list[_Opened]) -> list[Any]:
    from regulars.flows.terms.promised.commands import MoveOffer
    from regulars.flows.terms.promised.keep_offers import keep_offers
    from regulars.records.access.staff.types import By

    (one,) = asked
    return await keep_offers(tx, terms, [MoveOffer(one.code, "close", By(words=one.actor))])
