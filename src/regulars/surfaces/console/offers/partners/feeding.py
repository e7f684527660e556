"""How what a partner tells comes in: by which sources, and how far behind they are."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from regulars.base.tx import Tx
from regulars.records.inlets import read
from regulars.records.inlets.feeding import read as fed
from regulars.records.inlets.feeding.types import NOTHING_LEFT, Left
from regulars.records.inlets.streaming import read as streamed
from regulars.records.inlets.types import NO_COUNTS, SETTLED_FOR, Inlet
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.connect.inlets.mapping import MappingFault, read_mapping


class Fed(Struct, frozen=True):
    """A source by which a partner tells, or answers."""

    id: str
    name: str
    state: str
    answers: bool
    """Whether it brings what the partner answers to settlements, and no sales."""
    open: int
    """Events that somebody has to look at."""
    waiting: int
    """Events that came in and are not booked yet."""
    behind: int
    """Messages that a broker has and we did not read yet."""
    reading: tuple[tuple[str, int, int], ...]
    """Files that are not read to their end: name, about how many bytes were read, of how many."""
    left: Left
    """What is still to be read of all of them."""
    last_at: datetime | None
    looked_at: datetime | None
    problem: str


async def feeds_of(tx: Tx, slug: str, now: datetime) -> list[Fed]:
    """The sources whose mapping names this partner."""
    told = [(one, kind) for one in await read.inlets(tx) if (kind := _tells(one, slug)) is not None]
    if not told:
        return []
    counts = await read.counts(tx, now - SETTLED_FOR)
    places, streams = await fed.all_of_them(tx), await streamed.all_of_them(tx)
    left = await fed.left(tx, [one.inlet_id for one, _ in told])
    found = []
    for one, answers in told:
        stands = counts.get(one.inlet_id, NO_COUNTS)
        place, stream = places.get(one.inlet_id), streams.get(one.inlet_id)
        there = place or stream
        files = await fed.page(tx, one.inlet_id, None, 20) if place else []
        found.append(
            Fed(
                id=shown("inl", one.inlet_id),
                name=one.name,
                state=one.state,
                answers=answers,
                open=stands.open,
                waiting=stands.waiting,
                behind=stream.behind if stream else 0,
                reading=tuple(
                    (each.name, each.position, each.size)
                    for each in files
                    if each.state in ("seen", "reading")
                ),
                left=left.get(one.inlet_id, NOTHING_LEFT),
                last_at=stands.last_at,
                looked_at=there.looked_at if there else None,
                problem=there.problem if there else "",
            )
        )
    return found


def _tells(one: Inlet, slug: str) -> bool | None:
    """Whether it answers (true) or tells (false) for it; nothing where it does neither."""
    try:
        events = read_mapping(one.mapping).events.values()
    except MappingFault:
        return None
    if any(each.partner is not None and each.partner.partner == slug for each in events):
        return False
    if any(each.answer is not None and each.answer.partner == slug for each in events):
        return True
    return None
