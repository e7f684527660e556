"""An order that was closed and is paid again: its sale is told anew, as another life of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from msgspec.structs import replace

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.commands import RecordActivity, Recorded
from regulars.flows.inlets.again.telling import Telling
from regulars.flows.recording.before.lives import life_of, of_life
from regulars.flows.recording.record_activities import record_activities
from regulars.records.activity import read as activities
from regulars.records.activity.back.read import Back, returns_of
from regulars.records.inlets.back.read import told_at
from regulars.records.once.read import known
from regulars.records.once.types import digest, natural_key
from regulars.records.once.write import Kept, free, keep


class _Sale(NamedTuple):
    """An order's sale that was booked before, with the event that tells it once more."""

    place: int
    activity_id: UUID
    member_id: UUID


async def live_again(
    tx: Tx,
    terms: Terms,
    commands: Sequence[RecordActivity],
    outcomes: Sequence[Any],
    events: Sequence[Telling],
) -> list[Any]:
    """The outcomes; of an order that its shop closed before and tells as paid by now, those of the
    sale in another life, and of what came back of it since.

    Example: a payment bounced (`failed`), and two hours later it was made: what was taken back is
    the member's again, as a sale of its own under `4711~2`. What comes back later is taken from
    that one, and once more under a receipt of that life where it has the one of a life before.
    Order: after all is decided; reads only where a sale was booked before.
    """
    found = list(outcomes)
    sales = _told_before(commands, outcomes, events)
    ids = sorted({one.activity_id for one in sales.values()})
    back = await returns_of(tx, ids) if ids else []
    closed = await _closed(tx, back, outcomes)
    anew = {
        event: one
        for event, one in sales.items()
        if events[one.place].stands == "open" and _since(closed, one, commands, events)
    }
    lives = await _lives(tx, _stale(commands, outcomes, events, sales, back) | anew)
    wishes: list[tuple[int, RecordActivity]] = []
    for at, (one, event) in enumerate(zip(commands, events, strict=True)):
        life = lives.get(event.arrival_id)
        if life is not None and one.kind in ("purchase", "return"):
            is_new = event.arrival_id in anew
            if is_new or one.kind == "return":
                wishes.append((at, _of_life(one, life + is_new)))
    told = await record_activities(tx, terms, [one for _, one in wishes]) if wishes else []
    for (at, _), outcome in zip(wishes, told, strict=True):
        found[at] = outcome
    await _stands_for(tx, [(commands[at], one) for at, one in wishes if one.kind == "purchase"])
    return found


def _told_before(
    commands: Sequence[RecordActivity], outcomes: Sequence[Any], events: Sequence[Telling]
) -> dict[UUID, _Sale]:
    """By event, the sale of an order that was booked before."""
    return {
        event.arrival_id: _Sale(at, outcome.activity_id, outcome.member_id)
        for at, (one, outcome, event) in enumerate(zip(commands, outcomes, events, strict=True))
        if event.stands and one.kind == "purchase" and one.external_id
        if isinstance(outcome, Recorded) and outcome.replayed
    }


async def _closed(
    tx: Tx, back: Sequence[Back], outcomes: Sequence[Any]
) -> dict[tuple[UUID, str], datetime | None]:
    """By sale and by whom it was said, when all that was left of it was taken back; nothing of a
    moment that nobody kept. What is closed among these was closed after all of them."""
    now = {one.activity_id for one in outcomes if isinstance(one, Recorded) and not one.replayed}
    whole = [x for x in back if x.is_whole and x.external_id and x.activity_id not in now]
    at = await told_at(tx, [one.activity_id for one in whole]) if whole else {}
    return {(one.sale_id, one.source): at.get(one.activity_id) for one in whole}


def _since(
    closed: Mapping[tuple[UUID, str], datetime | None],
    sale: _Sale,
    commands: Sequence[RecordActivity],
    events: Sequence[Telling],
) -> bool:
    """Whether its own source closed this sale, before it was as is told now."""
    key, at = (sale.activity_id, commands[sale.place].source), events[sale.place].at
    if key not in closed or at is None:
        return False
    before = closed[key]
    return before is None or before < at


def _stale(
    commands: Sequence[RecordActivity],
    outcomes: Sequence[Any],
    events: Sequence[Telling],
    sales: Mapping[UUID, _Sale],
    back: Sequence[Back],
) -> dict[UUID, _Sale]:
    """By event, the sales of which something is told that came back of a life before."""
    of_now = {one.activity_id for one in back}
    return {
        event.arrival_id: sales[event.arrival_id]
        for one, outcome, event in zip(commands, outcomes, events, strict=True)
        if event.arrival_id in sales and one.kind == "return"
        if isinstance(outcome, Recorded) and outcome.replayed
        if outcome.state == "recorded" and outcome.activity_id not in of_now
    }


async def _lives(tx: Tx, sales: Mapping[UUID, _Sale]) -> dict[UUID, int]:
    """By event, which life its sale has by now."""
    if not sales:
        return {}
    told = list(sales.values())
    whose = ([one.member_id for one in told], [one.activity_id for one in told])
    rows = await activities.some(tx, *whose)
    return {
        event: life_of(rows[one.activity_id].external_id)
        for event, one in sales.items()
        if one.activity_id in rows
    }


def _of_life(one: RecordActivity, life: int) -> RecordActivity:
    """The same, of another life of its sale."""
    told = replace(one, external_id=of_life(one.external_id, life))
    if one.sale is None:
        return told
    sale = replace(one.sale, external_id=of_life(one.sale.external_id, life))
    return replace(told, sale=sale)


async def _stands_for(tx: Tx, told: Sequence[tuple[RecordActivity, RecordActivity]]) -> None:
    """The receipts of these sales stand for the new life of each from now on.

    Keeps: the sale before is known by a key of its own, so that nothing is without one.
    """
    pairs = {_key(one): _key(anew) for one, anew in told}
    found = await known(tx, [*pairs, *pairs.values()]) if pairs else {}
    lives = {mine: theirs for mine, theirs in pairs.items() if {mine, theirs} <= set(found)}
    await tx.write(free(tx, list(lives)))
    kept = []
    for mine, theirs in lives.items():
        before, now = found[mine], found[theirs]
        own = digest("life before", before.subject_id.hex)
        kept.append(Kept(own, before.content, before.member_id, before.subject_id, before.answer))
        kept.append(Kept(mine, before.content, now.member_id, now.subject_id, now.answer))
    await tx.write(keep(tx, kept))


def _key(one: RecordActivity) -> UUID:
    return natural_key(one.source, one.external_id, one.kind)
