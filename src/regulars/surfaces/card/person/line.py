"""The direct line of a member: who looks after them, what was said, and a word back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from litestar import Response
from litestar.handlers import HTTPRouteHandler

from regulars.base.faults import Invalid, NotFound
from regulars.base.tx import Tx
from regulars.flows.membership.benefits.lines.commands import HearWord
from regulars.flows.membership.benefits.lines.show_lines import show_line
from regulars.flows.membership.benefits.show_associates import show_associates
from regulars.surfaces.api.operations.rewarding.benefits.lines import word_flow
from regulars.surfaces.card.desk import Desk, Sender, moved
from regulars.surfaces.card.forms import Form
from regulars.surfaces.card.inside import Asked, Visit

LINE: Final = "/card/me/line"
MOST: Final = 50


def line_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The page of the direct line, and its form."""
    return [desk.shows(LINE, "line.html", look_at_line), desk.acts(LINE, say)]


async def look_at_line(tx: Tx, visit: Visit, _: Asked) -> Mapping[str, Any]:
    """Who looks after this member, and what was said, the latest last. Faults: NotFound where
    nobody does and nothing was said."""
    line = await show_line(tx, visit.member.id, None, None, MOST)
    who = [one.who.name for one in await show_associates(tx, visit.terms, visit.member.id)]
    if line is None or not (who or line.words):
        raise NotFound("nobody looks after this member")
    return {
        "who": list(dict.fromkeys(who)),
        "words": list(reversed(line.words)),
        "staff": {id_: one.name for id_, one in line.staff.items()},
        "once": tx.new_id().hex,
        "now": tx.now,
        "wrong": {},
    }


async def say(sender: Sender, form: Form) -> Response[Any]:
    """A word of the member."""
    try:
        once = UUID(form["once"])
    except ValueError:  # sent by hand: each time is another word
        once = UUID(bytes=sender.desk.given.random_bytes(16))
    command = HearWord(once, sender.member_id, "inbox", form["says"])
    try:
        await sender.do(word_flow(sender.desk.keyed), command)
    except Invalid:
        words = sender.visit.reader.say("Write something")
        return await sender.show(look_at_line, "line.html", status=422, wrong={"says": words})
    return moved(LINE)
