"""The clock of a sandbox is moved forward: asked for here, done night by night by the worker."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct

from regulars.base.faults import Fault, Refused
from regulars.base.tx import Tx
from regulars.flows.batch.askings import askings, kept, sort_out
from regulars.records.activity.types import NOBODY
from regulars.records.members.types import Asked
from regulars.records.night.sandbox import read, write
from regulars.records.night.sandbox.types import FARTHEST, FARTHEST_AHEAD, Sandbox
from regulars.records.once.write import keep


class MoveClock(Struct, frozen=True):
    """The clock is to show this, or so much more than it does now; one of the two."""

    asked: Asked
    to: datetime | None = None
    by: timedelta | None = None


class Moving(Struct, frozen=True):
    """A clock that was set moving. Asked again, that it was."""

    moving: bool = True
    replayed: bool = False


async def move_clock(tx: Tx, wish: MoveClock) -> Moving | Refused | Fault:
    """Let the clock of this sandbox move there; the worker does the nights on the way.

    Refuses: `not_a_sandbox`; `clock_is_moving`; `clock_only_forward`; `clock_too_far`.
    Faults: `key_reused`.
    Example: at noon of 1 March, `by` 30 days moves to noon of 31 March.
    """
    there = await read.own(tx, held=True)
    if there is None:
        return not_a_sandbox()
    (item,) = askings("move_clock", [wish], lambda _: None)
    await sort_out(tx, [item], Moving)
    if not item.open:
        before: Moving | Fault = item.outcome
        return before
    to = wish.to if wish.to is not None else tx.now + (wish.by or timedelta())
    no = _refused(there, tx.now, to)
    if no is not None:
        return no
    item.outcome = Moving()
    rows = kept(item, NOBODY, UUID(int=tx.program_id))
    await tx.write([*write.move(tx, to, wish.asked.principal), *keep(tx, rows)])
    return Moving()


def _refused(there: Sandbox, now: datetime, to: datetime) -> Refused | None:
    if there.moves:
        return clock_is_moving(there)
    if to <= now:
        return clock_only_forward(now)
    if to - now > FARTHEST or there.ahead + (to - now) > FARTHEST_AHEAD:
        return clock_too_far(min(FARTHEST, FARTHEST_AHEAD - there.ahead))
    return None


async def go_on(tx: Tx, zone: ZoneInfo) -> None:
    """Let the clock of this sandbox show where it stops next on its way, once everything is done
    that was due where it stands.

    Order: each midnight of the program's zone, so that nobody is told of an end after it came, and
    then where the move ends. There it is said to have arrived: by the next round, which did what
    was due. Whoever is killed in between does what was due where the clock stands and goes on.
    """
    there = await read.own(tx, held=True)
    if there is None or there.to_at is None:
        return
    if tx.now >= there.to_at:
        await tx.write(write.arrived(tx))
    else:
        await tx.write(write.show(tx, min(_midnight_after(tx.now, zone), there.to_at)))


def _midnight_after(now: datetime, zone: ZoneInfo) -> datetime:
    """When the next day begins there. Example: across a change of the clocks it is not 24 hours."""
    day = now.astimezone(zone).date() + timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def not_a_sandbox() -> Refused:
    """What somebody is told who wants to move the clock of a real program."""
    return Refused("not_a_sandbox", "this program is real, and its clock is everybody's")


def clock_is_moving(there: Sandbox) -> Refused:
    """What somebody is told who moves a clock that is moving."""
    return Refused("clock_is_moving", "the clock is being moved; wait until it is there",
                   {"to": there.to_at})  # fmt: skip


def clock_only_forward(now: datetime) -> Refused:
    """What somebody is told who turns a clock back."""
    return Refused(
        "clock_only_forward",
        "the clock goes forward only; begin the sandbox anew to go back",
        {"now": now},
    )


def clock_too_far(farthest: timedelta) -> Refused:
    """What somebody is told who goes too far at once."""
    return Refused(
        "clock_too_far",
        "this is too far at once; go there in several moves",
        {"days": max(0, farthest.days)},
    )
