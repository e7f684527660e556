"""A letter as it looks, at an address of its own: what a shop wrote, and nothing of ours around."""

from __future__ import annotations

from typing import Any, Final

from litestar import Response

from regulars.base.faults import Fault, NotFound
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.telling.campaigns.show_campaigns import show_reader
from regulars.records.members.types import MemberRef
from regulars.records.outbox.campaigns import read
from regulars.records.outbox.campaigns.types import WAYS
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


async def letter(here: Here, code: str) -> Response[Any]:
    """The letter as the member whom somebody looks as would see it, in one of its languages."""
    typed, language = str(here.query.get("as", "")).strip(), here.query.get("in", "")
    ref = MemberRef(email=typed) if "@" in typed else MemberRef(number=typed)

    async def look(tx: Tx, terms: Terms) -> list[Words] | None:
        found = await read.campaign(tx, code)
        if found is None:
            return None
        reader = await show_reader(tx, terms, ref)
        if isinstance(reader, Fault):
            return []
        way = here.query.get("way", "").lower()
        at = WAYS.index(way) if way and way in WAYS[: 1 + len(found.variants)] else None
        return each_words(trying(here.version.program), found, reader, at)

    try:
        there = await here.read(look)
    except Unwritten:
        there = []
    if there is None:
        raise NotFound("there is no such letter; look at the campaign again")
    wanted = next((one.html for one in there if one.language == language), "")
    return Response(wanted.encode(), media_type="text/html; charset=utf-8", headers=_ALONE)
