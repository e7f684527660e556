"""A letter as it looks, at an address of its own: what a shop wrote, and nothing of ours around."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, cast

from litestar import Response

from regulars.base.faults import Fault, NotFound
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.telling.campaigns.show_campaigns import show_reader
from regulars.records.members.types import MemberRef
from regulars.records.outbox.campaigns import read
from regulars.records.outbox.campaigns.journeys import read as journeys
from regulars.records.outbox.campaigns.journeys.types import MessageStep, Step
from regulars.records.outbox.campaigns.types import WAYS, Campaign, Way, said_by
from regulars.records.outbox.campaigns.writing import Unwritten
from regulars.surfaces.console.here import Here
from regulars.surfaces.senders.words.campaigns import Words, each_words, trying
from regulars.surfaces.ui.paper import GUARDED, NEVER

_ALONE: Final = GUARDED | {
    "content-security-policy": "default-src 'none'; img-src https: data:; "
    "style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'",
    "cache-control": NEVER,
}
"""Nothing of a letter runs, leads anywhere or is sent by it; its colours stand within it."""


def ref_of(typed: str) -> MemberRef:
    """The member whom somebody looks as: by e-mail or by number."""
    return MemberRef(email=typed) if "@" in typed else MemberRef(number=typed)


async def letter(here: Here, code: str) -> Response[Any]:
    """The letter as the member whom somebody looks as would see it, in one of its languages."""

    async def look(tx: Tx, _: Terms) -> Campaign | None:
        return await read.campaign(tx, code)

    found = await here.read(look)
    if found is None:
        raise NotFound("there is no such letter; look at the campaign again")
    by = here.query.get("by", "")
    if by in found.channels[1:]:
        return await _looks(here, said_by(found, cast("Way", by)))
    return await _looks(here, found, _way(here, found))


async def step_letter(here: Here, code: str) -> Response[Any]:
    """The same of a step of a journey, as its latest plan has it."""

    async def look(tx: Tx, _: Terms) -> Sequence[Step] | None:
        found = await journeys.journey(tx, code)
        if found is None:
            return None
        return (await journeys.plan(tx, found.journey_id, found.version)).steps

    steps, wanted = await here.read(look), here.query.get("step", "")
    for step in steps or ():
        if isinstance(step, MessageStep) and step.id == wanted:
            return await _looks(here, step, _way(here, step))
    if steps is None or wanted:
        raise NotFound("there is no such letter; look at the journey again")
    return _alone("")


def _way(here: Here, found: Campaign | MessageStep) -> int | None:
    """Which of its ways is asked for; else the one that is drawn for the member."""
    way = here.query.get("way", "").lower()
    return WAYS.index(way) if way and way in WAYS[: 1 + len(found.variants)] else None


async def _looks(here: Here, found: Campaign | MessageStep, at: int | None = None) -> Response[Any]:
    ref, language = ref_of(str(here.query.get("as", "")).strip()), here.query.get("in", "")

    async def look(tx: Tx, terms: Terms) -> list[Words]:
        reader = await show_reader(
            tx, terms, ref, found.event if isinstance(found, Campaign) else ""
        )
        if isinstance(reader, Fault):
            return []
        desk = trying(here.version.program, here.given.public_url)
        return each_words(desk, found, reader, at)

    try:
        there = await here.read(look)
    except Unwritten:
        there = []
    wanted = next((one.html for one in there if one.language == language), "")
    return _alone(wanted)


def _alone(html: str) -> Response[Any]:
    return Response(html.encode(), media_type="text/html; charset=utf-8", headers=_ALONE)
