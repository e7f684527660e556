"""What a member wants to hear, and by what; every word they ever said about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, get_args

from litestar import Response
from litestar.handlers import HTTPRouteHandler

from regulars.base.faults import Fault
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.telling.choose_messages import ChooseMessages, choose_messages, show_choices
from regulars.flows.telling.say_consents import SayConsent
from regulars.records.members.consents import read as consents
from regulars.records.members.consents.types import ConsentState
from regulars.records.members.types import MemberRef
from regulars.records.outbox.delivery.devices import read as devices
from regulars.records.outbox.delivery.types import Choosable, Ways
from regulars.surfaces.card.desk import AGREED, Desk, Look, Sender, agreeing, moved
from regulars.surfaces.card.forms import Form
from regulars.surfaces.card.inside import Asked, Visit

MESSAGES = "/card/me/messages"
KINDS: Final[tuple[Choosable, ...]] = get_args(Choosable)
WAYS: Final[tuple[Ways, ...]] = get_args(Ways)


def message_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The page of messages and consents, and its form."""
    return [
        desk.shows(MESSAGES, "me/messages.html", _looking(desk)),
        desk.acts(MESSAGES, keep_messages),
    ]


def _looking(desk: Desk) -> Look:
    """The page with the key that a browser is asked for leave with."""

    async def look(tx: Tx, visit: Visit, request: Asked) -> Mapping[str, Any]:
        seen = await look_at_messages(tx, visit, request)
        return {**seen, "push_key": desk.given.push_key}

    return look


async def look_at_messages(tx: Tx, visit: Visit, request: Asked) -> Mapping[str, Any]:
    """What is sent to this member, what they agreed to, and the log of it."""
    id_ = visit.member.id
    stands = await consents.standing(tx, id_)
    chosen = await show_choices(tx, visit.terms, MemberRef(id=id_))
    return {
        "agreed": {one: one in stands and stands[one].state == "given" for one in AGREED},
        "chosen": {} if isinstance(chosen, Fault) else chosen,
        "log": await consents.log(tx, id_),
        "devices": (await devices.of(tx, [id_])).get(id_, ()),
        "done": request.query_params.get("done") == "yes",
    }


async def keep_messages(sender: Sender, form: Form) -> Response[Any]:
    """What was chosen holds from now on; each change of a consent is a further word in the log."""
    for channel in AGREED:
        state: ConsentState = "given" if form[channel] == "yes" else "withdrawn"
        before = await sender.desk.read(
            sender.program_id, lambda tx, _: consents.standing(tx, sender.member_id)
        )
        if state == "withdrawn" and channel not in before:
            continue  # who never agreed has nothing to take back
        word = SayConsent(sender.member_id, channel, state, "the member's card")
        await sender.do(agreeing, word)
    for kind in KINDS:
        for ways in (one for one in WAYS if one == form[kind]):
            me = MemberRef(id=sender.member_id)
            await sender.do(_choosing, ChooseMessages(kind, ways, me))
    return moved(f"{MESSAGES}?done=yes")


async def _choosing(tx: Tx, terms: Terms, batch: Sequence[ChooseMessages]) -> Sequence[Any]:
    return await choose_messages(tx, terms, batch)
