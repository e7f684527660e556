"""Subscriptions to events: made, changed, tried; each is a webhook of ours in another form."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from msgspec import UNSET

from regulars.base.faults import Fault, NotFound
from regulars.flows.telling.hooks.keep_hooks import (
    ChangeHook,
    HookMade,
    MakeHook,
    RotateSecret,
    change_hooks,
    make_hooks,
    rotate_secrets,
)
from regulars.records.access.types import Scope
from regulars.records.outbox.hooks import read
from regulars.records.outbox.hooks.types import SQUARE, Hook, secrets_of
from regulars.records.outbox.retold.types import RETOLD
from regulars.surfaces.api.call import Call, Operation, Reply, granted
from regulars.surfaces.api.strict.cursors import place_of
from regulars.surfaces.api.strict.ids import meant, shown
from regulars.surfaces.connect.square.errors import PREFIX, VERSION, Wrong
from regulars.surfaces.connect.square.hooks import wire
from regulars.surfaces.connect.square.hooks.examples import example_of
from regulars.surfaces.connect.square.telling.paging import cursor, cut, listed
from regulars.surfaces.connect.square.times import instant
from regulars.surfaces.connect.square.view import view_of
from regulars.surfaces.senders.hooks.operations import checked_url
from regulars.surfaces.senders.hooks.square import signature_key_of, square_body, square_headers
from regulars.surfaces.senders.outgoing.client import Client, NoAnswer
from regulars.surfaces.senders.outgoing.guard import NotAllowed

SCOPES: Final = (Scope.WEBHOOKS_WRITE,)
"""Whoever may have events sent somewhere hears of everybody: more than a till is let do."""
PATIENCE_S: Final = 10.0
_SENT: Final = "/subscription"
_FIELDS: Final = {
    "/name": "name", "/url": "notification_url", "/types": "event_types",
    "/form": "event_types",
}  # fmt: skip
_NAMED: Final = "Square subscription"


async def make(call: Call) -> Reply:
    """An address hears of events from now on."""
    sent: wire.SubscriptionSent = call.sent.subscription
    if sent.notification_url is None:
        raise _missing_field("notification_url", "say to which address events are sent")
    if sent.event_types is None:
        raise _missing_field("event_types", "say which events are sent")
    url = _checked(call, sent.notification_url)
    types = _types(sent.event_types)
    wish = MakeHook(sent.name or _NAMED, url, types, call.by, SQUARE, asked=call.asked)
    async with call.transaction as tx:
        made: HookMade = _granted((await make_hooks(tx, [wish]))[0])
        if sent.enabled is False and not made.replayed:
            paused = ChangeHook(made.hook.hook_id, call.by, state="paused")
            _granted((await change_hooks(tx, [paused]))[0])
    return await _shown(call, made.hook.hook_id)


async def one(call: Call) -> Reply:
    """One subscription."""
    return await _shown(call, _id(call))


async def all_of_them(call: Call) -> Reply:
    """Subscriptions, the oldest first unless it is said otherwise."""
    query: wire.SubscriptionsQuery = call.query
    place = place_of(query.cursor, tuple[UUID])
    async with call.transaction as tx:
        found = [one for one in await read.hooks(tx) if one.form == SQUARE]
    down = query.sort_order == "DESC"
    found = [one for one in found if query.include_disabled == "true" or one.state == "active"]
    found.sort(key=lambda one: one.hook_id, reverse=down)
    if place is not None:
        found = [
            one for one in found if (one.hook_id < place[0] if down else one.hook_id > place[0])
        ]
    page, more = cut(found, query.limit)
    shown_ = [_subscription(one) for one in page]
    return Reply(
        wire.SubscriptionsAnswer(listed(shown_), cursor((page[-1].hook_id,) if more else None))
    )


async def change(call: Call) -> Reply:
    """A subscription is another from now on; switched on again it goes on where it was."""
    sent: wire.SubscriptionSent = call.sent.subscription or wire.SubscriptionSent()
    hook = await _hook(call, _id(call))
    said: dict[str, Any] = {}
    if sent.notification_url is not None:
        said["url"] = _checked(call, sent.notification_url)
    if sent.event_types is not None:
        said["types"] = _types(sent.event_types)
    if sent.name is not None:
        said["name"] = sent.name
    if sent.enabled is not None and sent.enabled != (hook.state == "active"):
        said["state"] = "active" if sent.enabled else "paused"
    async with call.transaction as tx:
        _granted((await change_hooks(tx, [ChangeHook(hook.hook_id, call.by, **said)]))[0])
    return await _shown(call, hook.hook_id)


async def delete(call: Call) -> Reply:
    """Nothing is sent there any more."""
    hook = await _hook(call, _id(call))
    async with call.transaction as tx:
        wish = ChangeHook(hook.hook_id, call.by, state="deleted")
        _granted((await change_hooks(tx, [wish]))[0])
    return Reply({})


async def rotate(call: Call) -> Reply:
    """Another key; the one before is no longer good, as there is room for one signature."""
    hook = await _hook(call, _id(call))
    wish = RotateSecret(hook.hook_id, call.by, timedelta(), call.asked)
    async with call.transaction as tx:
        made: HookMade = _granted((await rotate_secrets(tx, [wish]))[0])
    return Reply(wire.SignatureKeyAnswer(_key(call, made.hook)))


async def try_it(call: Call) -> Reply:
    """An event that never happened is sent at once; what came of it."""
    sent: wire.TestSubscription | None = call.sent
    hook = await _hook(call, _id(call))
    type_ = (sent.event_type if sent else None) or hook.types[0]
    if type_ not in hook.types:
        says = "this subscription does not hear of such events"
        raise Wrong(says, code="INVALID_VALUE", field="/event_type")
    seen, at = await view_of(call), call.now
    id_ = str(UUID(bytes=call.given.random_bytes(16), version=4))
    body = square_body(seen.terms.slug, type_, id_, at, example_of(type_))
    status = await _tried(call, hook, body)
    when = instant(at)
    return Reply(wire.TestAnswer(wire.TestResult(id_, body.decode(), when, when, status)))


async def types(call: Call) -> Reply:
    """Every type of event."""
    edition = VERSION[1].decode()
    told = [wire.EventTypeTold(one, edition, "PUBLIC") for one in RETOLD]
    return Reply(wire.EventTypesAnswer(list(RETOLD), told))


async def _tried(call: Call, hook: Hook, body: bytes) -> Any:
    """The status that was answered; nothing where there was no answer."""
    client = Client(call.given.receivers, patience_s=PATIENCE_S, wide=1)
    try:
        headers = square_headers(_key(call, hook), hook.url, body)
        return (await client.post(hook.url, headers, body)).status
    except (NotAllowed, NoAnswer):
        return UNSET
    finally:
        await client.close()


def _subscription(hook: Hook, key: str | None = None) -> wire.SubscriptionShown:
    return wire.SubscriptionShown(
        id=shown("wbhk", hook.hook_id),
        name=hook.name[:64],
        enabled=hook.state == "active",
        event_types=list(hook.types),
        notification_url=hook.url,
        api_version=VERSION[1].decode(),
        created_at=instant(hook.made_at),
        updated_at=instant(hook.changed_at or hook.made_at),
        signature_key=UNSET if key is None else key,
    )


async def _shown(call: Call, hook_id: UUID) -> Reply:
    hook = await _hook(call, hook_id)
    return Reply(wire.SubscriptionAnswer(_subscription(hook, _key(call, hook))))


async def _hook(call: Call, hook_id: UUID) -> Hook:
    async with call.transaction as tx:
        found = (await read.some_hooks(tx, [hook_id])).get(hook_id)
    if found is None or found.form != SQUARE:
        raise _none()
    return found


def _id(call: Call) -> UUID:
    found = meant("wbhk", call.ids["subscription_id"])
    if found is None:
        raise _none()
    return found


def _none() -> NotFound:
    return NotFound("there is no such webhook subscription here")


def _key(call: Call, hook: Hook) -> str:
    now = call.now
    return signature_key_of(secrets_of(call.given.keyed, call.caller.program_id, hook, now)[0])


def _checked(call: Call, url: str) -> str:
    try:
        return checked_url(call.given, url)
    except Fault as fault:
        raise _as_theirs(fault) from None


def _types(said: tuple[str, ...]) -> tuple[str, ...]:
    for place, one in enumerate(said):
        if one not in RETOLD:
            says = f"no event {one[:60]!r} is sent from here; see /v2/webhooks/event-types"
            field = f"{_SENT}/event_types/{place}"
            raise Wrong(says, code="INVALID_VALUE", field=field)
    return said


def _granted(outcome: Any) -> Any:
    try:
        return granted(outcome)
    except Fault as fault:
        raise _as_theirs(fault) from None


def _as_theirs(fault: Fault) -> Fault:
    """What our own flow says about a webhook, at the field it stands in here."""
    named = _FIELDS.get(fault.field)
    if named is None:
        return fault
    return Wrong(fault.says, code="INVALID_VALUE", field=f"{_SENT}/{named}")


def _missing_field(name: str, says: str) -> Wrong:
    return Wrong(says, code="MISSING_REQUIRED_PARAMETER", field=f"{_SENT}/{name}")


_ALL: Final = f"{PREFIX}/v2/webhooks/subscriptions"
_ONE: Final = f"{_ALL}/{{subscription_id}}"
_TAG: Final = "Webhooks"

OPERATIONS = (
    Operation(
        method="GET",
        path=f"{PREFIX}/v2/webhooks/event-types",
        name="square_list_event_types",
        tag=_TAG,
        says="Every type of event",
        scopes=SCOPES,
        query=wire.EventTypesQuery,
        answers={200: wire.EventTypesAnswer},
        do=types,
    ),
    Operation(
        method="GET",
        path=_ALL,
        name="square_list_subscriptions",
        tag=_TAG,
        says="Subscriptions",
        scopes=SCOPES,
        query=wire.SubscriptionsQuery,
        answers={200: wire.SubscriptionsAnswer},
        do=all_of_them,
    ),
    Operation(
        method="POST",
        path=_ALL,
        name="square_create_subscription",
        tag=_TAG,
        says="Have events sent to an address",
        scopes=SCOPES,
        sent=wire.CreateSubscription,
        answers={200: wire.SubscriptionAnswer},
        do=make,
    ),
    Operation(
        method="GET",
        path=_ONE,
        name="square_get_subscription",
        tag=_TAG,
        says="One subscription",
        scopes=SCOPES,
        answers={200: wire.SubscriptionAnswer},
        do=one,
    ),
    Operation(
        method="PUT",
        path=_ONE,
        name="square_update_subscription",
        tag=_TAG,
        says="Change a subscription, or switch it off and on",
        scopes=SCOPES,
        sent=wire.UpdateSubscription,
        answers={200: wire.SubscriptionAnswer},
        do=change,
    ),
    Operation(
        method="DELETE",
        path=_ONE,
        name="square_delete_subscription",
        tag=_TAG,
        says="Send nothing there any more",
        scopes=SCOPES,
        answers={200: dict[str, Any]},
        do=delete,
    ),
    Operation(
        method="POST",
        path=f"{_ONE}/signature-key",
        name="square_update_signature_key",
        tag=_TAG,
        says="Another key to sign with",
        scopes=SCOPES,
        sent=wire.AnotherKey,
        answers={200: wire.SignatureKeyAnswer},
        body_optional=True,
        do=rotate,
    ),
    Operation(
        method="POST",
        path=f"{_ONE}/test",
        name="square_test_subscription",
        tag=_TAG,
        says="Send an event that never happened",
        scopes=SCOPES,
        sent=wire.TestSubscription,
        answers={200: wire.TestAnswer},
        body_optional=True,
        do=try_it,
    ),
)
