"""Sources of events: made, changed, tried, looked at, and what is open is run again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

import msgspec
from msgspec import UNSET

from regulars.base.faults import Invalid
from regulars.flows.inlets.keep_inlets import (
    ChangeInlet,
    InletMade,
    MakeInlet,
    RotateInletSecret,
    change_inlets,
    make_inlets,
    rotate_inlet_secrets,
)
from regulars.records.access.types import Scope
from regulars.records.inlets import read
from regulars.records.inlets.types import NO_COUNTS, SETTLED_FOR, Inlet, secrets_of
from regulars.records.members.types import Asked
from regulars.surfaces.api.call import Call, Operation, Reply, granted
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.connect.inlets import examples
from regulars.surfaces.connect.inlets.door import EventsKept, take_in
from regulars.surfaces.connect.inlets.letters import mapping_for
from regulars.surfaces.connect.inlets.looking.arrivals import ABOUT_ARRIVALS, id_of, inlet_of
from regulars.surfaces.connect.inlets.looking.trying import tried_text
from regulars.surfaces.connect.inlets.providers.discourse.trying import forum_read
from regulars.surfaces.connect.inlets.providers.texts import TextAnswered, hear
from regulars.surfaces.connect.inlets.reading import place_in
from regulars.surfaces.connect.inlets.wire import (
    InletChangeSent,
    InletMadeShown,
    InletSecretSent,
    InletSent,
    InletShown,
    InletsShown,
    PayloadRead,
    PayloadTried,
    inlet_shown,
)
from regulars.surfaces.connect.vendors import VENDORS, mapping_shipped, numbers_of, receipts_of
from regulars.surfaces.given import Given
from regulars.surfaces.senders.hooks.forms import secret_shown


def secret_of(given: Given, inlet: Inlet) -> str:
    """The newest secret of an inlet, as its sender keeps it."""
    return secret_shown(secrets_of(given.keyed, inlet, given.now(inlet.program_id))[0])


async def make(call: Call) -> Reply:
    """Events of another system come in from now on."""
    sent: InletSent = call.sent
    mapping = sent.mapping or mapping_shipped(sent.kind)
    if not mapping:
        mend = f"Send it, or choose a vendor's kind, which has one: {', '.join(VENDORS)}"
        raise Invalid("Nothing says how its events are read", field="/mapping", mend=mend)
    source = mapping_for(mapping, sent.kind, await _wallets(call)).source
    asked = Asked(call.caller.principal, call.key)
    wish = MakeInlet(sent.name, sent.kind, source, mapping, call.by, asked)
    async with call.transaction as tx:
        (outcome,) = await make_inlets(tx, [wish], numbers_of)
    body = _made(call, outcome)
    return Reply(body, 201, granted(outcome).replayed, f"/v1/inlets/{body.id}")


async def _wallets(call: Call) -> Collection[str]:
    return (await call.terms()).versions[-1].program.wallets


async def listed(call: Call) -> Reply:
    """All sources."""
    now = call.now
    async with call.transaction as tx:
        found, counts = await read.inlets(tx), await read.counts(tx, now - SETTLED_FOR)
    items = [inlet_shown(one, now, counts.get(one.inlet_id, NO_COUNTS)) for one in found]
    return Reply(InletsShown(items))


async def one(call: Call) -> Reply:
    """One source."""
    return Reply(await _shown(call, await inlet_of(call)))


async def change(call: Call) -> Reply:
    """A source is another from now on."""
    sent: InletChangeSent = call.sent
    source: Any = UNSET
    hears = False
    if sent.mapping is not UNSET:
        kind = (await inlet_of(call)).kind
        mapping = mapping_for(str(sent.mapping), kind, await _wallets(call))
        source, hears = mapping.source, mapping.journals is not None
    wish = ChangeInlet(id_of(call), call.by, sent.name, sent.mapping, source, sent.state, hears)
    return await _changed(call, wish)


async def delete(call: Call) -> Reply:
    """Nothing comes in there any more."""
    return await _changed(call, ChangeInlet(id_of(call), call.by, state="deleted"))


async def rotate(call: Call) -> Reply:
    """A source gets another secret."""
    sent: InletSecretSent = call.sent
    asked = Asked(call.caller.principal, call.key)
    overlap = timedelta(hours=sent.overlap_hours)
    wish = RotateInletSecret(id_of(call), call.by, overlap, asked)
    async with call.transaction as tx:
        (outcome,) = await rotate_inlet_secrets(tx, [wish])
    return Reply(_made(call, outcome), 200, granted(outcome).replayed)


async def attempt(call: Call) -> Reply:
    """A payload is read, and nothing is booked."""
    sent: PayloadTried = call.sent
    inlet, place = await inlet_of(call), place_in(await call.terms())
    mapping = inlet.mapping if sent.mapping is None else sent.mapping
    if sent.payload is None:
        return Reply(await forum_read(call.given, (inlet, mapping), call.now))
    payload = msgspec.json.encode(sent.payload)
    return Reply(tried_text(payload, (inlet.kind, mapping), place, call.now))


async def come_in(door: Any, request: Any, ids: Mapping[str, str]) -> Reply:
    """What another system sends is kept."""
    return await take_in(door.given, door.inlets, request, ids["inlet_id"])


async def text_in(door: Any, request: Any, ids: Mapping[str, str]) -> Reply:
    """What a member wrote by text message is heard."""
    return await hear(door.given, door.inlets, request, ids["inlet_id"])


async def _shown(call: Call, inlet: Inlet) -> InletShown:
    async with call.transaction as tx:
        counts = await read.counts(tx, call.now - SETTLED_FOR)
    return inlet_shown(inlet, call.now, counts.get(inlet.inlet_id, NO_COUNTS))


def _made(call: Call, outcome: Any) -> InletMadeShown:
    made: InletMade = granted(outcome)
    body = inlet_shown(made.inlet, call.now)
    return InletMadeShown(body.id, secret_of(call.given, made.inlet), body)


async def _changed(call: Call, wish: ChangeInlet) -> Reply:
    async with call.transaction as tx:
        (outcome,) = await change_inlets(tx, [wish], numbers_of, receipts_of)
    return Reply(await _shown(call, granted(outcome)))


_SCOPES, _TAG = (Scope.INLETS_WRITE,), "Events in"
_ALL, _ONE = "/v1/inlets", "/v1/inlets/{inlet_id}"

OPERATIONS = (
    Operation(
        method="POST",
        path="/v1/in/{inlet_id}",
        name="take_in_events",
        tag=_TAG,
        says="Where another system sends its events",
        notes="Signed as Standard Webhooks has it (`webhook-id`, `webhook-timestamp`, "
        "`webhook-signature`) with the secret of this source, at most five minutes ago. Answered "
        "once it is kept; booked within a second. Sent again under its id, nothing happens twice. "
        "A source of CloudEvents takes `application/cloudevents+json`, "
        "`application/cloudevents-batch+json`, and binary mode. May come as gzip. A source of "
        "letters takes an object or a list with the secret itself, as `Bearer` or by `Basic`.",
        scopes=(),
        answers={200: EventsKept, 202: EventsKept},
        example=examples.PAYLOAD,
        answer_example={"ids": [examples.ARR]},
        codes=("bad_signature", "event_reused"),
        do=one,
        open=come_in,
    ),
    Operation(
        method="POST",
        path="/v1/in/{inlet_id}/texts",
        name="take_in_text",
        tag=_TAG,
        says="Where text messages of members come in",
        notes="By a source of letters. Twilio sends its form, signed (`signed_by: twilio`), and is "
        "answered in TwiML; others send `id`, `from` and `text` with the secret itself, and send "
        "`answer` back to the number. STOP, START and HELP in four languages: STOP takes back the "
        "consent to text messages at once. The same `id` again is answered with nothing.",
        scopes=(),
        answers={200: TextAnswered},
        files=("text/xml",),
        example={"id": "msg-1001", "from": "+4915112345678", "text": "STOP"},
        answer_example={"answer": "Tea House: no more text messages. START brings them back."},
        codes=("bad_signature",),
        do=one,
        open=text_in,
    ),
    Operation(
        method="POST",
        path=_ALL,
        name="create_inlet",
        tag=_TAG,
        says="Let another system send its events",
        notes="The secret is in this answer and nowhere else; a new one can be had.",
        scopes=_SCOPES,
        sent=InletSent,
        answers={201: InletMadeShown},
        example=examples.INLET,
        answer_example=examples.INLET_MADE,
        codes=("bad_mapping",),
        do=make,
    ),
    Operation(
        method="GET",
        path=_ALL,
        name="list_inlets",
        tag=_TAG,
        says="All sources of events, oldest first",
        scopes=_SCOPES,
        answers={200: InletsShown},
        answer_example={"items": [examples.INLET_KEPT]},
        do=listed,
    ),
    Operation(
        method="GET",
        path=_ONE,
        name="get_inlet",
        tag=_TAG,
        says="One source of events, its mapping, and how many events are open",
        scopes=_SCOPES,
        answers={200: InletShown},
        answer_example=examples.INLET_KEPT,
        do=one,
    ),
    Operation(
        method="PATCH",
        path=_ONE,
        name="change_inlet",
        once=Once.AGAIN,
        tag=_TAG,
        says="Change a source or its mapping, pause it, or have it go on",
        notes="Paused, it keeps what comes; active again, that is booked. What is open stays open "
        "until it is run again.",
        scopes=_SCOPES,
        sent=InletChangeSent,
        answers={200: InletShown},
        example={"state": "paused"},
        answer_example=examples.INLET_KEPT | {"state": "paused"},
        codes=("bad_mapping",),
        do=change,
    ),
    Operation(
        method="DELETE",
        path=_ONE,
        name="delete_inlet",
        once=Once.AGAIN,
        tag=_TAG,
        says="Let nothing come in there any more",
        notes="What came stays. An event that is not booked yet is refused.",
        scopes=_SCOPES,
        answers={200: InletShown},
        answer_example=examples.INLET_KEPT | {"state": "deleted"},
        do=delete,
    ),
    Operation(
        method="POST",
        path=f"{_ONE}/secret",
        name="rotate_inlet_secret",
        tag=_TAG,
        says="Give it another secret; both are good for a while",
        scopes=_SCOPES,
        sent=InletSecretSent,
        answers={200: InletMadeShown},
        example={"overlap_hours": 24},
        answer_example=examples.INLET_MADE,
        do=rotate,
    ),
    Operation(
        method="POST",
        path=f"{_ONE}/try",
        name="try_inlet_payload",
        once=Once.LOOKS,
        tag=_TAG,
        says="What a payload would become, or whether a forum is connected; nothing is kept",
        scopes=_SCOPES,
        sent=PayloadTried,
        answers={200: PayloadRead},
        example={"payload": examples.PAYLOAD},
        answer_example=examples.READ,
        codes=("bad_mapping",),
        do=attempt,
    ),
    *ABOUT_ARRIVALS,
)
