"""Extracts for a warehouse: planned, begun, carried on until they are there, ended."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import Fault, Invalid, NotFound
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.records.access.staff.types import By
from regulars.records.access.staff.write import Done, acted
from regulars.records.errands.extracts import read, write
from regulars.records.errands.extracts.types import (
    ExtractFormat,
    ExtractPlace,
    ExtractPlan,
    ExtractRun,
    Taken,
    begun,
    failed,
    next_time,
    there,
)


class PlanExtracts(Struct, frozen=True):
    """Extracts are written at this time of every day from now on."""

    by: By
    place: ExtractPlace
    address: str
    at_minute: int
    format: ExtractFormat = "parquet"
    endpoint: str = ""
    region: str = ""
    account: str = ""
    keys: bytes = b""
    """Encrypted; nothing: as they are, where it is the same place and account."""
    host_key: str = ""
    paused: bool = False


class EndExtracts(Struct, frozen=True):
    """No extract is written any more."""

    by: By


class WriteNow(Struct, frozen=True):
    """The next extract is not to wait for its time."""

    by: By


class Carried(Struct, frozen=True):
    """What became of a try to write an extract: it is there, or why it is not."""

    plan: ExtractPlan
    run: ExtractRun
    taken: Taken | None = None
    problem: str = ""
    host_key: str = ""


PlanOutcome = ExtractPlan | Fault


async def plan_extracts(tx: Tx, terms: Terms, batch: Sequence[PlanExtracts]) -> list[PlanOutcome]:
    """Each of these is how extracts are written from now on.

    Order: another place gets everything first, since what is fresh means nothing there; the same
    one goes on where it was.
    Faults, each for its own item: `invalid` where a place needs keys and has none.
    """
    return [await _planned(tx, terms, wish) for wish in batch]


async def end_extracts(tx: Tx, batch: Sequence[EndExtracts]) -> list[PlanOutcome]:
    """No extract is written any more; what is there stays. Faults, each: `not_found`."""
    outcomes: list[PlanOutcome] = []
    for wish in batch:
        before = await read.plan(tx, held=True)
        if before is None:
            outcomes.append(_missing())
            continue
        told = Done(wish.by, "extracts.ended", "program", str(tx.program_id), _told(before), {})
        await tx.write([*write.end(tx), *acted(tx, [told])])
        outcomes.append(before)
    return outcomes


async def write_now(tx: Tx, batch: Sequence[WriteNow]) -> list[PlanOutcome]:
    """The next one is written now. Faults, each: `not_found`; `invalid` while it is paused."""
    outcomes: list[PlanOutcome] = []
    for _ in batch:
        before = await read.plan(tx, held=True)
        if before is None:
            outcomes.append(_missing())
        elif before.state == "paused":
            mend = "Have them go on first"
            outcomes.append(Invalid("Extracts are paused", field="/paused", mend=mend))
        else:
            after = replace(before, next_at=tx.now, version=before.version + 1)
            await tx.write(write.plan(tx, after))
            outcomes.append(after)
    return outcomes


async def begin_extract(tx: Tx) -> tuple[ExtractPlan, ExtractRun] | None:
    """The extract that is to be written now: the one that was begun, or the next; nothing where
    none is due."""
    plan = await read.plan(tx, held=True)
    if plan is None or plan.state == "paused" or plan.next_at > tx.now:
        return None
    run = await read.unfinished(tx)
    if run is None:
        run = begun(await read.last_number(tx) + 1, tx.now)
        await tx.write(write.run(tx, run))
    return plan, run


async def begin_anew(tx: Tx, run: ExtractRun) -> ExtractRun | None:
    """An extract whose copy here is gone or too old, under the name of now; nothing where it was
    ended.

    Keeps: what was put under the old name is never taken for a part of it.
    """
    now = await read.unfinished(tx)
    if now is None or now.number != run.number:
        return None
    after = replace(now, name=begun(now.number, tx.now).name)
    await tx.write(write.run(tx, after))
    return after


async def carry_on(tx: Tx, terms: Terms, batch: Sequence[Carried]) -> list[ExtractPlan | None]:
    """How the plan is after each of these tries; nothing where its extract was ended meanwhile.

    Keeps: an extract that is there and where the next goes on are written down together, so that
    no row is told twice or left out. Whoever changed the plan meanwhile has it as they said; only
    the cursor moves.
    """
    outcomes: list[ExtractPlan | None] = []
    for one in batch:
        before, run = await read.plan(tx, held=True), await read.unfinished(tx)
        if before is None or run is None or run.number != one.run.number:
            outcomes.append(None)
            continue
        mine = before.version == one.plan.version
        after = replace(before, host_key=before.host_key or one.host_key)
        if one.taken is not None:
            when = (_zone(terms), tx.now)
            after, run = there(after, run, one.taken, when)
            await tx.write(write.run(tx, run))
        elif mine:
            after = failed(after, one.problem, tx.now)
        if not mine:
            after = replace(after, next_at=before.next_at)
        await tx.write(write.plan(tx, after))
        outcomes.append(after)
    return outcomes


async def _planned(tx: Tx, terms: Terms, wish: PlanExtracts) -> PlanOutcome:
    before = await read.plan(tx, held=True)
    same = before is not None and _where(before) == _where(wish)
    keys = wish.keys or (before.keys if before is not None and same else b"")
    if wish.place != "folder" and not keys:
        mend = "Send them with the place; they go with no other one"
        return Invalid("Nothing says by which keys we come in", field="/secret", mend=mend)
    was = before if same else None
    after = ExtractPlan(
        wish.place, wish.address, wish.endpoint, wish.region, wish.account, keys,
        wish.host_key or (was.host_key if was else ""), wish.format, wish.at_minute,
        "paused" if wish.paused else "active", was.cursor if was else "",
        next_time(_zone(terms), wish.at_minute, tx.now), failures=0, problem="",
        version=1 if before is None else before.version + 1,
    )  # fmt: skip
    told = Done(
        wish.by, "extracts.planned", "program", str(tx.program_id),
        {} if before is None else _told(before), _told(after),
    )  # fmt: skip
    gone = [] if same else write.give_up(tx)
    await tx.write([*gone, *write.plan(tx, after), *acted(tx, [told])])
    return after


def _zone(terms: Terms) -> ZoneInfo:
    return ZoneInfo(terms.versions[-1].program.zone)


def _where(one: ExtractPlan | PlanExtracts) -> tuple[str, ...]:
    return one.place, one.address, one.endpoint, one.region, one.account, one.format


def _told(one: ExtractPlan) -> dict[str, object]:
    """What the audit log says of it; never a key."""
    return {"files": f"{one.place} {one.address}".strip(), "state": one.state}


def _missing() -> NotFound:
    return NotFound("No extracts are planned")
