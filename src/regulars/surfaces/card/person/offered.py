"""What a member was offered: until when, how often, and a button where it waits to be activated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from litestar import Response
from litestar.handlers import HTTPRouteHandler

from regulars.base.faults import Fault
from regulars.base.languages import language_of
from regulars.base.tx import Tx
from regulars.flows.terms.promised.commands import ActivateOffer, Having
from regulars.flows.terms.promised.give_offers import give_offers
from regulars.flows.terms.promised.show_offers import show_offers
from regulars.records.access.staff.types import By
from regulars.records.members.types import MemberRef
from regulars.records.program.changes.offers import read
from regulars.surfaces.api.answers import No
from regulars.surfaces.card.desk import Desk, Sender, moved
from regulars.surfaces.card.forms import Form
from regulars.surfaces.card.inside import Asked, Visit
from regulars.surfaces.in_words.refusals import told_to

OFFERS: Final = "/card/me/offers"


def offered_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The page of what somebody was offered, and its form."""
    return [
        desk.shows(OFFERS, "offers.html", look_at_offers),
        desk.acts(OFFERS, activate),
    ]


async def look_at_offers(tx: Tx, visit: Visit, request: Asked) -> Mapping[str, Any]:
    """What this member has and may still use; never what chance holds them out of."""
    found = await show_offers(tx, visit.terms, visit.member.id)
    return {
        "offers": [_shown(visit, one) for one in found],
        "done": request.query_params.get("done") == "yes",
        "wrong": "",
    }


async def waiting(tx: Tx, visit: Visit) -> int:
    """How many offers a member has; whoever has none costs one look."""
    if not await read.of_member(tx, visit.member.id):
        return 0
    return len(await show_offers(tx, visit.terms, visit.member.id))


async def activate(sender: Sender, form: Form) -> Response[Any]:
    """The member wants it: it counts from now on."""
    by = By(words=f"member:{sender.member_id}")
    command = ActivateOffer(form["offer"], MemberRef(id=sender.member_id), by)
    try:
        await sender.do(give_offers, command)
    except No as no:
        wrong = told_to(sender.visit.reader, no.refused)
        return await sender.show(look_at_offers, "offers.html", status=409, wrong=wrong)
    except Fault:
        wrong = sender.visit.reader.say("This was not offered to you.")
        return await sender.show(look_at_offers, "offers.html", status=404, wrong=wrong)
    return moved(f"{OFFERS}?done=yes")


def _shown(visit: Visit, one: Having) -> dict[str, Any]:
    reader = visit.reader
    left = ""
    if one.left is not None and one.left > 1 and one.state == "held":
        left = reader.say_many("%(n)s time left", "%(n)s times left", one.left)
    return {
        "code": one.offer.code,
        "says": said_in(visit, one.offer.says),
        "last": reader.day(one.until_on - timedelta(days=1)),
        "waits": one.state == "offered",
        "left": left,
        "gone": one.used_up,
    }


def said_in(visit: Visit, says: Mapping[str, str]) -> str:
    """An offer in the language of its reader, or in that of the program."""
    own = language_of(visit.program.locale)
    wanted: Sequence[str] = (visit.reader.language, own)
    return next((says[one] for one in wanted if one in says), next(iter(says.values())))
