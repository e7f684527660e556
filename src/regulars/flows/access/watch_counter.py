"""What the shop should look at: alerts are raised by the clock, noted and closed by people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from regulars.base.faults import Fault, Forbidden, Invalid, NotFound
from regulars.base.ids import first_id
from regulars.base.tx import Tx
from regulars.engine.calendar import day_starts_at, local
from regulars.engine.terms import Terms
from regulars.flows.access.commands import AlertKept, NoteAlert
from regulars.records.access.staff import read as staff
from regulars.records.access.staff import write as staff_write
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.watching import read, write
from regulars.records.access.watching.write import Stretch

LONGEST_NOTE: Final = 2_000
SLACK: Final = timedelta(minutes=5)
SWEPT_AFTER: Final = timedelta(days=1)


async def watch_counter(tx: Tx, terms: Terms, most: int) -> int:
    """Look at what was recorded lately and raise alerts, each once; how many.

    Order: done every minute. It looks back somewhat further than a stretch is long, so that what
    was recorded while the last look was going on is seen by the next.
    """
    chosen = await staff.chosen(tx)
    velocity = chosen.of("velocity_minutes")
    raised = await write.raise_velocity(tx, _stretch(tx, velocity), chosen.of("velocity_times"))
    joins = chosen.of("joins_minutes")
    raised += await write.raise_joins(tx, _stretch(tx, joins), chosen.of("joins_times"))
    zone = terms.at(tx.now).zone
    today = day_starts_at(zone, local(zone, tx.now).day)
    share = (chosen.of("share_least"), chosen.of("share_percent"))
    day = Stretch(_first(tx, today), today)
    by_hand = (chosen.of("by_hand_least"), chosen.of("by_hand_percent"))
    raised += await write.raise_by_hand(tx, day, *by_hand)
    return raised + await write.raise_share(tx, day, *share)


async def tidy_staff(tx: Tx, terms: Terms, most: int) -> int:
    """Take name and address out of those who left long enough ago; of how many.

    Order: what was tried, asked and linked, and sessions, go with it once they are over.
    """
    kept_days = (await staff.chosen(tx)).of("closed_kept_days")
    await tx.write(staff_write.sweep(tx, tx.now - SWEPT_AFTER))
    return await staff_write.reduce_closed(tx, tx.now - timedelta(days=kept_days))


async def keep_alerts(tx: Tx, terms: Terms, batch: Sequence[NoteAlert]) -> list[AlertKept | Fault]:
    """Somebody writes something beside an alert, or closes it; one that is closed stays so.

    Faults, each for its own item: whose role does not, no such alert, nothing said.
    """
    return [await _keep(tx, one) for one in batch]


async def _keep(tx: Tx, one: NoteAlert) -> AlertKept | Fault:
    who = one.by.staff_id
    keeper = await staff.one_staff(tx, who) if who else None
    if keeper is None or not keeper.may(Permission.ALERTS_WRITE):
        return Forbidden("your role does not do this; ask an owner")
    says = one.says.strip()
    if len(says) > LONGEST_NOTE or not (says or one.close):
        mend = f"Write 1 to {LONGEST_NOTE} characters"
        return Invalid("Say what you found", field="/says", mend=mend)
    if await read.alert(tx, one.alert_id) is None:
        return NotFound("there is no such alert here", field="/alert_id")
    if says:
        await tx.write(write.note(tx, one.alert_id, keeper.staff_id, says))
    if one.close and await write.close(tx, one.alert_id, keeper.staff_id):
        done = staff_write.Done(one.by, "alert.closed", "alert", one.alert_id.hex)
        await tx.write(staff_write.acted(tx, [done]))
    return AlertKept(one.alert_id)


def _stretch(tx: Tx, minutes: int) -> Stretch:
    since = tx.now - timedelta(minutes=minutes) - SLACK
    return Stretch(_first(tx, since), since, minutes)


def _first(tx: Tx, at: datetime) -> UUID:
    """The smallest id that can have been made since then: ids grow with time, and with ours where
    a sandbox shows another."""
    return first_id(at - timedelta(minutes=1) - tx.ahead)
