"""What was taken for the same sale and is another one, as somebody said who knows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from regulars.base.tx import Tx
from regulars.flows.recording.before.other_lines import lines_key
from regulars.flows.recording.before.told_elsewhere import Beside, Item
from regulars.records.activity import read as activities
from regulars.records.activity.types import Activity
from regulars.records.once.read import known
from regulars.records.once.types import Known
from regulars.records.once.write import free


async def set_apart(tx: Tx, asked: Sequence[Item], beside: Sequence[Beside]) -> None:
    """Each of these is none of the activities it is said not to be: what it has of its own stands
    for it alone, and what belongs to the other one stands for that.

    Its own are its receipt, and what nobody named before it did. Whatever the other one was told
    under stays the other one's, and says nothing of this one.
    Keeps: a receipt under which the other one was booked itself is never taken from it.
    Order: before anything is looked up; reads only where somebody said so.
    """
    said = [item for item in asked if beside and beside[item.place].apart]
    if not said:
        return
    found = await known(tx, [key for item in said for key in item.keys])
    stand = {key: one for key, one in found.items() if _is_any(one, said, beside)}
    whose = [one.member_id for one in stand.values()]
    rows = await activities.some(tx, whose, [one.subject_id for one in stand.values()])
    freed: set[UUID] = set()
    for item in said:
        apart = beside[item.place].apart
        theirs = {key for key in item.keys if key in stand and stand[key].subject_id in apart}
        own = {key for key in theirs if _is_its_own(key, item, stand[key], rows)}
        item.keys = [key for key in item.keys if key not in theirs or key in own]
        freed |= own
        if item.receipt in own:  # and what it says comes back, in lines of its own
            freed.add(lines_key(item.command.source, item.command.external_id))
    await tx.write(free(tx, sorted(freed)))


def _is_any(one: Known, said: Sequence[Item], beside: Sequence[Beside]) -> bool:
    return any(one.subject_id in beside[item.place].apart for item in said)


def _is_its_own(key: UUID, item: Item, one: Known, rows: Mapping[UUID, Activity]) -> bool:
    first, command = rows.get(one.subject_id), item.command
    if first is None or (first.source, first.external_id) == (command.source, command.external_id):
        return False
    return key == item.receipt or one.content == item.content
