"""Verbs about stores and tills: opened, paired, suspended; and what tills told that waits."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Annotated, Any, Final

import typer
from msgspec import Struct
from rich.console import Console
from rich.table import Table

from regulars.runtime.cli.moving.desk import Desk, at_desk, do_one, id_in

console = Console(highlight=False, soft_wrap=True)
_MOST: Final = 200

Store = Annotated[str, typer.Argument(help="The code of the store, such as main-street.")]
Name = Annotated[str, typer.Argument(help="The name people read.")]
Till = Annotated[str, typer.Argument(help="The till: til_ and 32 digits from 0 to f.")]
Record = Annotated[str, typer.Argument(help="The record: rec_ and 32 digits from 0 to f.")]
Why = Annotated[str, typer.Option("--reason", help="Why; it is kept.")]
Zone = Annotated[str | None, typer.Option(help="Its time zone, such as Europe/Berlin.")]
Rewards = Annotated[
    list[str] | None,
    typer.Option("--offline", help="A reward its tills may reserve; may be said again."),
]
Most = Annotated[
    int | None, typer.Option("--most", help="So many rewards one till may have reserved at once.")
]


class _Wish(Struct):
    """Something that is looked at, or done in one transaction, by whom."""

    actor: str
    id: Any = None


def register(command: typer.Typer) -> None:
    """Add `stores …` and `tills …`."""
    stores = typer.Typer(help="Where things are sold.", no_args_is_help=True)
    stores.callback()(at_desk)
    stores.command("list")(all_stores)
    stores.command("open")(opens)
    stores.command("change")(changes)
    stores.command("close")(closes)
    stores.command("code")(code)
    command.add_typer(stores, name="stores")
    tills = typer.Typer(help="Devices at the counter, and what they told.", no_args_is_help=True)
    tills.callback()(at_desk)
    tills.command("list")(all_tills)
    for verb in (suspend, resume, unpair, records, retry, dismiss):
        tills.command(verb.__name__)(verb)
    command.add_typer(tills, name="tills")


def all_stores(desk: Desk) -> None:
    """All stores, closed ones too."""
    table = Table("store", "name", "zone", "offline", "closed")
    for one in do_one(desk.obj[0], _stores, _Wish("anybody")):
        closed = "" if one.closed_at is None else f"{one.closed_at:%Y-%m-%d}"
        offline = f"{one.offline_most} of {', '.join(one.offline_rewards)}"
        table.add_row(one.code, one.name, one.zone, offline if one.offline_rewards else "", closed)
    console.print(table)


def opens(desk: Desk, store: Store, name: Name, zone: Zone = None) -> None:
    """Open a store, or one that was closed again."""
    _keep(desk, store, name=name, zone=zone, closed=False)


def changes(
    desk: Desk,
    store: Store,
    name: Annotated[str | None, typer.Option(help="Another name.")] = None,
    zone: Zone = None,
    offline: Rewards = None,
    most: Most = None,
) -> None:
    """Change a store: its name, its zone, and what its tills hand over without the network."""
    rewards = None if offline is None else tuple(one for one in offline if one)
    _keep(desk, store, name=name, zone=zone, offline_rewards=rewards, offline_most=most)


def closes(desk: Desk, store: Store) -> None:
    """Close a store; what it sold stays."""
    _keep(desk, store, closed=True)


def code(desk: Desk, store: Store) -> None:
    """Make a code by which one device becomes a till of this store."""
    from regulars.flows.tills.commands import MakePairing

    made = do_one(desk.obj[0], _pairing, MakePairing(store, desk.obj[1]))
    console.print(f"{made.code[:4]}-{made.code[4:]}", markup=False)
    console.print(f"Good once, until {made.ends_at:%H:%M} UTC.")


def all_tills(desk: Desk) -> None:
    """All tills: where they stand, when they were heard of, and what is missing of them."""
    for one, count in do_one(desk.obj[0], _tills, _Wish("anybody")):
        state = one.state if not one.reason else f"{one.state} ({one.reason})"
        told = f"told {count.told}, missing {count.missing}, waiting {count.waiting}"
        says = f"til_{one.till_id.hex}  {one.name}  {one.store}  {state}  {told}"
        console.print(f"{says}  seen {one.seen_at:%Y-%m-%d %H:%M}Z", markup=False)


def suspend(desk: Desk, till: Till, reason: Why = "") -> None:
    """A till does nothing more but hand in what it has, until it goes on."""
    _turn(desk, till, "suspended", reason)


def resume(desk: Desk, till: Till) -> None:
    """A till that was suspended goes on."""
    _turn(desk, till, "paired", "")


def unpair(desk: Desk, till: Till, reason: Why = "") -> None:
    """A device is no till any more, for ever."""
    _turn(desk, till, "unpaired", reason)


def records(desk: Desk) -> None:
    """What tills told that could not be booked, oldest first."""
    for one in do_one(desk.obj[0], _waiting, _Wish("anybody")):
        at = f"{one.occurred_at:%Y-%m-%d %H:%M}Z"
        says = f"rec_{one.record_id.hex}  {one.kind}  {at}  {one.state} {one.reason}: {one.says}"
        console.print(says, markup=False)


def retry(desk: Desk, record: Record) -> None:
    """Try a record again; it can happen once only."""
    done = do_one(desk.obj[0], _again, _Wish(desk.obj[1], id_in("rec", record)))
    console.print(f"{record} is {done.state}{': ' + done.says if done.says else ''}.")


def dismiss(desk: Desk, record: Record, reason: Why = "") -> None:
    """Nothing shall come of a record; say why."""
    from regulars.flows.tills.commands import EndRecord
    from regulars.flows.tills.end_records import end_records

    end = EndRecord(id_in("rec", record), "dismissed", reason, actor=desk.obj[1])
    done = do_one(desk.obj[0], end_records, end)
    console.print(f"{record} is {done.state}.")


def _keep(desk: Desk, store: str, **said: Any) -> None:
    from regulars.flows.tills.commands import KeepStore
    from regulars.flows.tills.keep_stores import keep_stores

    kept = do_one(desk.obj[0], keep_stores, KeepStore(store, desk.obj[1], **said))
    console.print(f"{kept.code} is {kept.name}{', closed' if kept.closed_at else ''}.")


def _turn(desk: Desk, till: str, state: Any, reason: str) -> None:
    from regulars.flows.tills.commands import TurnTill

    wish = TurnTill(id_in("til", till), state, desk.obj[1], reason)
    done = do_one(desk.obj[0], _turning, wish)
    console.print(f"{done.name} is {done.state}.")


async def _stores(tx: Any, terms: Any, _: Any) -> list[Any]:
    from regulars.records.tills import read

    return [list((await read.stores(tx)).values())]


async def _tills(tx: Any, terms: Any, _: Any) -> list[Any]:
    from regulars.records.tills import read

    told = await read.counts(tx)
    return [[(one, told[one.till_id]) for one in await read.tills(tx)]]


async def _waiting(tx: Any, terms: Any, _: Any) -> list[Any]:
    from datetime import UTC, datetime
    from uuid import UUID

    from regulars.records.tills import read

    return [await read.open_records(tx, (datetime(1970, 1, 1, tzinfo=UTC), UUID(int=0)), _MOST)]


async def _pairing(tx: Any, terms: Any, batch: Any) -> list[Any]:
    from regulars.flows.tills.pair_tills import make_pairings

    return list(await make_pairings(tx, batch))


async def _turning(tx: Any, terms: Any, batch: Any) -> list[Any]:
    from regulars.flows.tills.pair_tills import turn_tills

    return list(await turn_tills(tx, batch))


async def _again(tx: Any, terms: Any, batch: Any) -> list[Any]:
    """The record's flows one after the other, in one transaction."""
    from regulars.base.faults import NotFound
    from regulars.records.tills import read
    from regulars.surfaces.till.sync.applying import Books, apply, refuse_again
    from regulars.surfaces.till.sync.reading import work_of

    (wish,) = batch
    record = (await read.records(tx, [wish.id])).get(wish.id)
    if record is None:
        return [NotFound("there is no such record; look at the list again")]
    refuse_again(record)
    tills = {one.till_id: one for one in await read.tills(tx)}

    async def submit(flow: Any, command: Any) -> Any:
        (outcome,) = await flow(tx, terms, [command])
        return outcome

    def report(_: str, error: BaseException) -> None:
        raise error

    books = Books(submit, lambda: nullcontext(tx), terms, report)
    ended = await apply(books, tills[record.till_id], [work_of(record)], wish.actor)
    return [ended[wish.id]]
