"""What a member wants to hear, and by what; every word they ever said about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, get_args

from litestar import Response
from litestar.handlers import HTTPRouteHandler

from regulars.base.faults import Fault, Refused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.community.caring.commands import AgreeToReferences
from regulars.flows.community.caring.find_references import agree_to_references
from regulars.flows.telling.choose_messages import ChooseMessages, choose_messages, show_choices
from regulars.flows.telling.said.want_channels import waiting_for_word
from regulars.flows.telling.say_consents import SayConsent
from regulars.records.access.staff.types import By
from regulars.records.community.references import read as references
from regulars.records.members.consents import read as consents
from regulars.records.members.types import MemberRef
from regulars.records.outbox.campaigns.reaching.read import told_elsewhere
from regulars.records.outbox.delivery.devices import read as devices
from regulars.records.outbox.delivery.types import Choosable, Ways
from regulars.surfaces.card.desk import AGREED, MESSAGES, Desk, Look, Sender, agreeing, moved
from regulars.surfaces.card.forms import Form
from regulars.surfaces.card.inside import Asked, Visit
from regulars.surfaces.ui.coming import machine_of

WORD: Final = "/card/me/messages/word"
AGAIN: Final = "/card/me/messages/again"
REFERENCES: Final = "/card/me/messages/references"
TEMPLATE: Final = "me/messages.html"
SOURCE: Final = "the member's card"
KINDS: Final[tuple[Choosable, ...]] = get_args(Choosable)
WAYS: Final[tuple[Ways, ...]] = get_args(Ways)


def message_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The page of messages and consents, and its form."""
    look = _looking(desk)

    async def told(sender: Sender, form: Form) -> Response[Any]:
        return await tell_word(sender, form, look)

    return [
        desk.shows(MESSAGES, TEMPLATE, look),
        desk.acts(MESSAGES, keep_messages),
        desk.acts(WORD, told),
        desk.acts(AGAIN, ask_again),
        desk.acts(REFERENCES, say_references),
    ]


def _looking(desk: Desk) -> Look:
    """The page with the key that a browser is asked for leave with."""

    async def look(tx: Tx, visit: Visit, request: Asked) -> Mapping[str, Any]:
        seen = await look_at_messages(tx, visit, request)
        waits = await waiting_for_word(tx, desk.keyed, visit.member.id)
        return {**seen, "push_key": desk.given.push_key, "waits": waits}

    return look


async def look_at_messages(tx: Tx, visit: Visit, request: Asked) -> Mapping[str, Any]:
    """What is sent to this member, what they agreed to, and the log of it."""
    id_ = visit.member.id
    stands = await consents.standing(tx, id_)
    chosen = await show_choices(tx, visit.terms, MemberRef(id=id_))
    return {
        "references": (await references.agreed(tx, [id_]))[id_],
        "asks_references": await references.used(tx),
        "agreed": {one: one in stands and stands[one].state == "given" for one in AGREED},
        "told_elsewhere": await told_elsewhere(tx),
        "chosen": {} if isinstance(chosen, Fault) else chosen,
        "log": await consents.log(tx, id_),
        "devices": (await devices.of(tx, [id_])).get(id_, ()),
        "slip": None,
        "done": request.query_params.get("done") == "yes",
        "nowhere": [one for one in AGREED if one == request.query_params.get(f"no-{one}")],
        "too_often": request.query_params.get("often") == "yes",
        "asked_now": request.query_params.get("asked", ""),
    }


async def keep_messages(sender: Sender, form: Form) -> Response[Any]:
    """What was chosen holds from now on; each change of a consent is a further word in the log.

    Keeps: to be written to at an address is agreed to once it is known to be theirs; until then
    they are asked there.
    """
    before = await sender.desk.read(
        sender.program_id, lambda tx, _: consents.standing(tx, sender.member_id)
    )
    told = [f"{MESSAGES}?done=yes"]
    for channel in AGREED:
        if form[channel] == "yes":
            told += await _want(sender, channel)
        elif channel in before:  # who never agreed has nothing to take back
            word = SayConsent(sender.member_id, channel, "withdrawn", SOURCE)
            await sender.do(agreeing, word)
    for kind in KINDS:
        for ways in (one for one in WAYS if one == form[kind]):
            me = MemberRef(id=sender.member_id)
            await sender.do(_choosing, ChooseMessages(kind, ways, me))
    return moved("&".join(dict.fromkeys(told)))


async def say_references(sender: Sender, form: Form) -> Response[Any]:
    """Whoever thinks of buying may ask this member, or may not any more; each as they say."""
    if form["agrees"] in ("yes", "no"):
        me = MemberRef(id=sender.member_id)
        word = AgreeToReferences(me, form["agrees"] == "yes", By(words=SOURCE))
        await sender.do(agree_to_references, word)
    return moved(f"{MESSAGES}?done=yes#references")


async def ask_again(sender: Sender, form: Form) -> Response[Any]:
    """The question did not arrive: it is sent once more, not too often."""
    asks = [one for one in AGREED if one == form["channel"]]
    slips = [slip for one in asks for slip in await _want(sender, one)]
    return moved(f"{MESSAGES}?{'&'.join(slips or [f'asked={one}' for one in asks])}")


async def tell_word(sender: Sender, form: Form, look: Look) -> Response[Any]:
    """The digits of a question that was sent: whoever has them reads what is sent there."""
    waits = await sender.desk.read(
        sender.program_id,
        lambda tx, _: waiting_for_word(tx, sender.desk.keyed, sender.member_id),
    )
    asked = waits.get(form["channel"])
    slip = "over"
    if asked is not None and not asked.over:
        answer = await sender.desk.door.confirm(
            sender.program_id, code_id=asked.code_id, code=form[f"code-{asked.channel}"]
        )
        if not isinstance(answer, Refused):
            return moved(f"{MESSAGES}?done=yes")
        slip = "wrong" if answer.code == "code_wrong" else "over"
    told = {"channel": form["channel"], "wrong": slip}
    return await sender.show(look, TEMPLATE, status=422, slip=told)


async def _want(sender: Sender, channel: str) -> list[str]:
    machine = machine_of(sender.request)
    return await sender.desk.want(sender.program_id, sender.member_id, channel, SOURCE, machine)


async def _choosing(tx: Tx, terms: Terms, batch: Sequence[ChooseMessages]) -> Sequence[Any]:
    return await choose_messages(tx, terms, batch)
