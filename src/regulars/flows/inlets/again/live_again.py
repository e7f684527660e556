"""An order that was closed and is paid again: its sale is told anew, as another life of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from msgspec.structs import replace

from regulars.base.tx import Tx
from regulars.flows.commands import RecordActivity, Recorded
from regulars.flows.inlets.again.telling import Telling
from regulars.flows.recording.before.lives import of_life
from regulars.flows.recording.before.told_elsewhere import OtherTotal
from regulars.flows.recording.sales import late_key
from regulars.records.activity.back.read import Back, returns_of
from regulars.records.activity.types import NOBODY
from regulars.records.inlets.back.read import told_at
from regulars.records.members.types import MemberRef
from regulars.records.once.read import known
from regulars.records.once.types import digest, natural_key
from regulars.records.once.write import Kept, free, keep


class _Sale(NamedTuple):
    """An order's sale that was booked before, with the event that tells it once more."""

    place: int
    member_id: UUID
    activity_id: UUID
    credited: UUID | None = None
    """Of a sale to nobody that became a member's since: the sale that stands in its place."""

    @property
    def ids(self) -> tuple[UUID, ...]:
        """Of which what came back of it came back."""
        return (self.activity_id,) if self.credited is None else (self.activity_id, self.credited)


class Anew(NamedTuple):
    """What an event tells, told of another life of its sale."""

    place: int
    command: RecordActivity


async def live_again(
    tx: Tx,
    commands: Sequence[RecordActivity],
    outcomes: Sequence[Any],
    events: Sequence[Telling],
    so_far: Mapping[UUID, datetime | None],
) -> list[Anew]:
    """Of orders that their shop closed before and tells as paid by now: the sale in another life,
    and what came back of it since; each in place of what the event tells.

    Example: a payment bounced (`failed`), and two hours later it was made: what was taken back is
    the member's again, as a sale of its own under `4711~2`, whatever it comes to by now. What comes
    back later is taken from that one, and once more under a receipt of that life where it has the
    one of a life before.
    Order: after all is decided; reads only where a sale was booked before. `so_far`: since when
    that is so which was booked by this batch before these.
    """
    sales = await _credited(tx, _told_before(commands, outcomes, events))
    ids = sorted({id_ for one in sales.values() for id_ in one.ids})
    back = await returns_of(tx, ids) if ids else []
    closed = await _closed(tx, back, so_far)
    anew = {
        event: one
        for event, one in sales.items()
        if events[one.place].stands == "open" and _since(closed, one, commands, events)
    }
    stale = _stale(commands, outcomes, events, sales, back)
    retold = {(id_ := events[at].arrival_id): sales[id_] for at in stale}
    lives = await _lives(tx, commands, retold | anew)
    wishes: list[Anew] = []
    for at, (one, event) in enumerate(zip(commands, events, strict=True)):
        life = lives.get(event.arrival_id)
        if life is None or one.kind not in ("purchase", "return"):
            continue
        if event.arrival_id in anew:
            told = _whose(one, anew[event.arrival_id])
            wishes.append(Anew(at, _of_life(told, life + 1)))
        elif at in stale and life > 1:  # else nothing lived again, and it is back already
            # Of what the order's receipt stands for: the newest life, or what that was said to be.
            wishes.append(Anew(at, replace(one, external_id=of_life(one.external_id, life))))
    return wishes


def _told_before(
    commands: Sequence[RecordActivity], outcomes: Sequence[Any], events: Sequence[Telling]
) -> dict[UUID, _Sale]:
    """By event, the sale of an order that was booked before, to whatever it came."""
    found = {}
    for at, (one, outcome, event) in enumerate(zip(commands, outcomes, events, strict=True)):
        if event.stands and one.kind == "purchase" and one.external_id:
            booked = _booked(outcome)
            if booked is not None:
                found[event.arrival_id] = _Sale(at, *booked)
    return found


def _booked(outcome: Any) -> tuple[UUID, UUID] | None:
    """Whose it is and as what it was booked before; nothing of what was not."""
    if isinstance(outcome, Recorded):
        return (outcome.member_id, outcome.activity_id) if outcome.replayed else None
    return outcome.linked or outcome.booked if isinstance(outcome, OtherTotal) else None


async def _credited(tx: Tx, sales: Mapping[UUID, _Sale]) -> dict[UUID, _Sale]:
    """The same, with what stands in place of a sale to nobody that became a member's since."""
    late = await known(tx, [late_key(one.activity_id) for one in sales.values()])
    found = dict(sales)
    for event, one in sales.items():
        if (stands := late.get(late_key(one.activity_id))) is not None:
            found[event] = one._replace(credited=stands.subject_id, member_id=stands.member_id)
    return found


async def _closed(
    tx: Tx, back: Sequence[Back], so_far: Mapping[UUID, datetime | None]
) -> dict[tuple[UUID, str], datetime | None]:
    """By sale and by whom it was said, when all that was left of it was taken back; nothing of a
    moment that nobody kept. What is closed among these was closed after all of them."""
    whole = [one for one in back if one.is_whole and one.external_id]
    at = await told_at(tx, [one.activity_id for one in whole]) if whole else {}
    at |= so_far
    return {(one.sale_id, one.source): at.get(one.activity_id) for one in whole}


def _since(
    closed: Mapping[tuple[UUID, str], datetime | None],
    sale: _Sale,
    commands: Sequence[RecordActivity],
    events: Sequence[Telling],
) -> bool:
    """Whether its own source closed this sale, before it was as is told now. Of what was closed at
    a moment that nobody kept nobody knows that, so it stays closed."""
    source, at = commands[sale.place].source, events[sale.place].at
    said = [closed[id_, source] for id_ in sale.ids if (id_, source) in closed]
    return bool(said) and at is not None and all(one is not None and one < at for one in said)


def _stale(
    commands: Sequence[RecordActivity],
    outcomes: Sequence[Any],
    events: Sequence[Telling],
    sales: Mapping[UUID, _Sale],
    back: Sequence[Back],
) -> set[int]:
    """The places of what is told that came back of a life before."""
    of_now = {one.activity_id for one in back}
    return {
        at
        for at, (one, outcome, event) in enumerate(zip(commands, outcomes, events, strict=True))
        if event.arrival_id in sales and one.kind == "return"
        if isinstance(outcome, Recorded) and outcome.replayed
        if outcome.state == "recorded" and outcome.activity_id not in of_now
    }


async def _lives(
    tx: Tx, commands: Sequence[RecordActivity], sales: Mapping[UUID, _Sale]
) -> dict[UUID, int]:
    """By event, how many lives its sale had so far: each has a receipt, whatever that stands for
    by now."""
    found = dict.fromkeys(sales, 1)
    todo = list(sales)
    while todo:
        ahead = range(1, _AHEAD + 1)
        keys = {
            event: [_key(_of_life(commands[sales[event].place], found[event] + n)) for n in ahead]
            for event in todo
        }
        there = await known(tx, [key for some in keys.values() for key in some])
        for event, some in keys.items():
            found[event] += next((n for n, key in enumerate(some) if key not in there), _AHEAD)
        todo = [event for event, some in keys.items() if some[-1] in there]
    return found


_AHEAD: Final = 4
"""So many receipts of further lives are looked up at once; few orders have more."""


def _whose(one: RecordActivity, sale: _Sale) -> RecordActivity:
    """The same; a sale stays whose it was, in its next life, too: whoever bought may be known by
    another name now, and a sale to nobody may have been credited."""
    if one.kind != "purchase" or sale.member_id == NOBODY:
        return one
    return replace(one, member=MemberRef(id=sale.member_id))


def _of_life(one: RecordActivity, life: int) -> RecordActivity:
    """The same, of another life of its sale."""
    told = replace(one, external_id=of_life(one.external_id, life))
    if one.sale is None:
        return told
    sale = replace(one.sale, external_id=of_life(one.sale.external_id, life))
    return replace(told, sale=sale)


async def stand_for_the_newest(
    tx: Tx, told: Sequence[tuple[RecordActivity, Anew]], outcomes: Sequence[Any]
) -> None:
    """The receipts of these sales stand for the new life of each from now on; `outcomes`: what the
    event was told of the life before.

    Keeps: the sale before is known by a key of its own, so that nothing is without one. Where the
    new life came to another total, its receipt stands under no content that is ever told, so that
    each further state is seen to be of another one than before.
    """
    sales = [each for each in told if each[0].kind == "purchase"]
    pairs = {_key(one): (_key(anew.command), outcomes[anew.place]) for one, anew in sales}
    found = await known(tx, [*pairs, *(key for key, _ in pairs.values())]) if pairs else {}
    lives = {mine: both for mine, both in pairs.items() if {mine, both[0]} <= set(found)}
    await tx.write(free(tx, list(lives)))
    kept = []
    for mine, (theirs, told_as) in lives.items():
        before, now = found[mine], found[theirs]
        own = digest("life before", before.subject_id.hex)
        is_other = isinstance(told_as, OtherTotal)
        content = digest("other", now.subject_id.hex) if is_other else before.content
        kept.append(Kept(own, before.content, before.member_id, before.subject_id, before.answer))
        kept.append(Kept(mine, content, now.member_id, now.subject_id, now.answer))
    await tx.write(keep(tx, kept))


def _key(one: RecordActivity) -> UUID:
    return natural_key(one.source, one.external_id, one.kind)
