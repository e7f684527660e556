"""Webhooks: made, changed, looked at, and what was sent is sent again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from msgspec import UNSET

from regulars.base.faults import Invalid, NotFound
from regulars.flows.telling.hooks.keep_hooks import (
    ChangeHook,
    HookMade,
    MakeHook,
    ReplayHook,
    RotateSecret,
    SendOnceMore,
    change_hooks,
    make_hooks,
    replay_hooks,
    rotate_secrets,
    send_once_more,
)
from regulars.records.access.types import Scope
from regulars.records.members.types import Asked
from regulars.records.outbox.hooks import read
from regulars.records.outbox.hooks.types import Hook, secrets_of
from regulars.surfaces.api.call import Call, Operation, Reply, granted
from regulars.surfaces.api.operations.examples import hooks as examples
from regulars.surfaces.api.strict.cursors import cursor_of, place_of
from regulars.surfaces.api.strict.ids import addressed, meant, shown
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.given import Given
from regulars.surfaces.senders.brokers.addresses import is_broker
from regulars.surfaces.senders.brokers.wishing import checked_broker, entering, entry_at
from regulars.surfaces.senders.hooks.forms import secret_as
from regulars.surfaces.senders.hooks.wire import (
    DeliveriesQuery,
    EventTypesShown,
    ReplaySent,
    SecretSent,
    WebhookChangeSent,
    WebhookDeliveriesPage,
    WebhookDelivery,
    WebhookMade,
    WebhookReplayed,
    WebhookReplaying,
    WebhookSent,
    WebhookShown,
    WebhooksShown,
    event_types,
    replay_shown,
    webhook_delivery,
    webhook_shown,
)
from regulars.surfaces.senders.outgoing.guard import NotAllowed


def checked_url(given: Given, url: str) -> str:
    """The same address, where events may be sent to it. Faults: Invalid."""
    if is_broker(url):
        checked_broker(given, url, field="/url", reads=False)
        return url
    try:
        given.receivers.check_url(url)
    except NotAllowed as why:
        raise Invalid(
            f"Events cannot be sent there: {why.why}",
            field="/url",
            mend="Use a public https address; an operator can allow networks of their own with "
            "REGULARS_WEBHOOK_NETWORKS",
        ) from None
    return url


def made_shown(given: Given, program_id: int, hook: Hook) -> WebhookMade:
    """A webhook with its newest secret."""
    now = given.now(program_id)
    secret = secret_as(hook.form, secrets_of(given.keyed, program_id, hook, now)[0])
    return WebhookMade(shown("hok", hook.hook_id), secret, webhook_shown(hook, now))


async def make(call: Call) -> Reply:
    """An address hears of events from now on."""
    sent: WebhookSent = call.sent
    wish = MakeHook(
        sent.name,
        checked_url(call.given, sent.url),
        sent.types,
        call.by,
        sent.form,
        sent.since,
        Asked(call.caller.principal, call.key),
        entry_at(
            call.given,
            call.caller.program_id,
            sent.url,
            entering(sent.broker) if sent.broker else None,
        ),
    )
    async with call.transaction as tx:
        (outcome,) = await make_hooks(tx, [wish])
    made: HookMade = granted(outcome)
    body = made_shown(call.given, call.caller.program_id, made.hook)
    return Reply(body, 201, made.replayed, f"/v1/webhooks/{body.id}")


async def listed(call: Call) -> Reply:
    """All webhooks."""
    async with call.transaction as tx:
        found = await read.hooks(tx)
    now = call.now
    return Reply(WebhooksShown([webhook_shown(one, now) for one in found]))


async def one(call: Call) -> Reply:
    """One webhook."""
    return Reply(webhook_shown(await _hook(call), call.now))


async def secret(call: Call) -> Reply:
    """One webhook with its secret."""
    return Reply(made_shown(call.given, call.caller.program_id, await _hook(call)))


async def change(call: Call) -> Reply:
    """A webhook is another from now on."""
    sent: WebhookChangeSent = call.sent
    if sent.url is not UNSET:
        checked_url(call.given, str(sent.url))
    entry: Any = UNSET
    if sent.broker is not UNSET:
        url = str(sent.url) if sent.url is not UNSET else (await _hook(call)).url
        said = entering(sent.broker)  # type: ignore[arg-type]
        entry = entry_at(call.given, call.caller.program_id, url, said)
    wish = ChangeHook(
        _id(call), call.by, sent.name, sent.url, sent.types, sent.form, sent.state, entry
    )
    return await _changed(call, wish)


async def delete(call: Call) -> Reply:
    """A webhook hears of nothing any more."""
    return await _changed(call, ChangeHook(_id(call), call.by, state="deleted"))


async def rotate(call: Call) -> Reply:
    """A webhook gets another secret."""
    sent: SecretSent = call.sent
    asked = Asked(call.caller.principal, call.key)
    wish = RotateSecret(_id(call), call.by, timedelta(hours=sent.overlap_hours), asked)
    async with call.transaction as tx:
        (outcome,) = await rotate_secrets(tx, [wish])
    made: HookMade = granted(outcome)
    body = made_shown(call.given, call.caller.program_id, made.hook)
    return Reply(body, 200, made.replayed)


async def replay(call: Call) -> Reply:
    """What was sent since then is sent once more."""
    sent: ReplaySent = call.sent
    event_id = None if sent.event_id is None else meant("evt", sent.event_id)
    if sent.event_id is not None and event_id is None:
        raise NotFound("There is no such delivery", field="/event_id")
    wish = ReplayHook(_id(call), call.by, sent.since, event_id)
    async with call.transaction as tx:
        (outcome,) = await replay_hooks(tx, [wish])
    hook = granted(outcome)
    replaying = replay_shown(hook)
    assert replaying is not None, hook.hook_id
    return Reply(WebhookReplaying(shown("hok", hook.hook_id), replaying), 202)


async def deliveries(call: Call) -> Reply:
    """What is and was on its way to a webhook, newest first."""
    query: DeliveriesQuery = call.query
    hook, before = await _hook(call), place_of(query.cursor, tuple[UUID])
    last = None if before is None else before[0]
    async with call.transaction as tx:
        found = await read.page(tx, hook.hook_id, query.state or "", last, query.limit + 1)
    page, more = found[: query.limit], len(found) > query.limit
    cursor = cursor_of((page[-1].event.event_id,)) if more else None
    items = [webhook_delivery(one, []) for one in page]
    return Reply(WebhookDeliveriesPage(items, more, cursor))


async def delivery(call: Call) -> Reply:
    """One delivery with every try."""
    hook, event_id = await _hook(call), addressed("evt", call.ids["event_id"])
    async with call.transaction as tx:
        found = await read.sending(tx, hook.hook_id, event_id)
        tries = await read.tries(tx, hook.hook_id, [event_id])
    if found is None:
        raise NotFound("There is no such delivery")
    return Reply(webhook_delivery(found, tries.get(event_id, [])))


async def again(call: Call) -> Reply:
    """One delivery is sent once more."""
    event_id = addressed("evt", call.ids["event_id"])
    wish = SendOnceMore(_id(call), event_id, call.by)
    async with call.transaction as tx:
        (outcome,) = await send_once_more(tx, [wish])
    return Reply(WebhookReplayed(shown("hok", granted(outcome).hook_id)), 202)


async def types(call: Call) -> Reply:
    """Every type of event."""
    return Reply(event_types())


def _id(call: Call) -> UUID:
    return addressed("hok", call.ids["webhook_id"])


async def _hook(call: Call) -> Hook:
    id_ = _id(call)
    async with call.transaction as tx:
        found = (await read.some_hooks(tx, [id_])).get(id_)
    if found is None:
        raise NotFound("There is no such webhook")
    return found


async def _changed(call: Call, wish: ChangeHook) -> Reply:
    async with call.transaction as tx:
        (outcome,) = await change_hooks(tx, [wish])
    return Reply(webhook_shown(granted(outcome), call.now))


_SCOPES = (Scope.WEBHOOKS_WRITE,)
_TAG = "Webhooks"
_ONE = "/v1/webhooks/{webhook_id}"

OPERATIONS = (
    Operation(
        method="GET",
        path="/v1/event-types",
        name="list_event_types",
        tag=_TAG,
        says="Every type of event, with the schema and an example of its details",
        scopes=_SCOPES,
        answers={200: EventTypesShown},
        answer_example={"items": [examples.EVENT_TYPE]},
        do=types,
    ),
    Operation(
        method="POST",
        path="/v1/webhooks",
        name="create_webhook",
        tag=_TAG,
        says="Have events sent to an address",
        notes="A body is signed as Standard Webhooks has it, with the secret of the answer. Each "
        "member's events come in order, each at least once; `webhook-id` is the same for each try. "
        "The address of a broker (`nats://host:4222/regulars`, `kafka://host:9092/topic`, by TLS "
        "`nats+tls`, `kafka+tls`) has the same bodies and headers put there as messages.",
        scopes=_SCOPES,
        sent=WebhookSent,
        answers={201: WebhookMade},
        example=examples.WEBHOOK,
        answer_example=examples.WEBHOOK_MADE,
        do=make,
    ),
    Operation(
        method="GET",
        path="/v1/webhooks",
        name="list_webhooks",
        tag=_TAG,
        says="All webhooks, oldest first",
        scopes=_SCOPES,
        answers={200: WebhooksShown},
        answer_example={"items": [examples.WEBHOOK_KEPT]},
        do=listed,
    ),
    Operation(
        method="GET",
        path=_ONE,
        name="get_webhook",
        tag=_TAG,
        says="One webhook, and how its receiver fares",
        scopes=_SCOPES,
        answers={200: WebhookShown},
        answer_example=examples.WEBHOOK_KEPT,
        do=one,
    ),
    Operation(
        method="PATCH",
        path=_ONE,
        name="change_webhook",
        once=Once.AGAIN,
        tag=_TAG,
        says="Change a webhook, pause it, or have it go on",
        notes="Made active again it goes on where it was, also after it was disabled.",
        scopes=_SCOPES,
        sent=WebhookChangeSent,
        answers={200: WebhookShown},
        example={"state": "paused"},
        answer_example=examples.WEBHOOK_PAUSED,
        do=change,
    ),
    Operation(
        method="DELETE",
        path=_ONE,
        name="delete_webhook",
        once=Once.AGAIN,
        tag=_TAG,
        says="Send nothing there any more",
        scopes=_SCOPES,
        answers={200: WebhookShown},
        answer_example=examples.WEBHOOK_KEPT | {"state": "deleted"},
        do=delete,
    ),
    Operation(
        method="GET",
        path=f"{_ONE}/secret",
        name="get_webhook_secret",
        tag=_TAG,
        says="The secret its bodies are signed with",
        scopes=_SCOPES,
        answers={200: WebhookMade},
        answer_example=examples.WEBHOOK_MADE,
        do=secret,
    ),
    Operation(
        method="POST",
        path=f"{_ONE}/secret",
        name="rotate_webhook_secret",
        tag=_TAG,
        says="Give it another secret; both are good for a while",
        scopes=_SCOPES,
        sent=SecretSent,
        answers={200: WebhookMade},
        example={"overlap_hours": 24},
        answer_example=examples.WEBHOOK_MADE,
        do=rotate,
    ),
    Operation(
        method="POST",
        path=f"{_ONE}/replay",
        name="replay_webhook",
        once=Once.ANEW,
        tag=_TAG,
        says="Send once more what was sent since an instant or an event",
        notes="In each member's order, with the same ids and bodies. It is written down and done "
        "in portions; `replaying` of the webhook says how far it came. Asked for again meanwhile, "
        "it begins anew, from the earlier instant. What was sent is kept for 90 days.",
        scopes=_SCOPES,
        sent=ReplaySent,
        answers={202: WebhookReplaying},
        example={"since": "2026-03-01T00:00:00Z"},
        answer_example=examples.WEBHOOK_REPLAYING,
        do=replay,
    ),
    Operation(
        method="GET",
        path=f"{_ONE}/deliveries",
        name="list_webhook_deliveries",
        tag=_TAG,
        says="What is and was on its way to a webhook, newest first",
        scopes=_SCOPES,
        query=DeliveriesQuery,
        answers={200: WebhookDeliveriesPage},
        answer_example={"items": [examples.DELIVERY], "has_more": False, "next_cursor": None},
        codes=("bad_cursor",),
        do=deliveries,
    ),
    Operation(
        method="GET",
        path=f"{_ONE}/deliveries/{{event_id}}",
        name="get_webhook_delivery",
        tag=_TAG,
        says="One delivery with every try",
        scopes=_SCOPES,
        answers={200: WebhookDelivery},
        answer_example=examples.DELIVERY_TRIED,
        do=delivery,
    ),
    Operation(
        method="POST",
        path=f"{_ONE}/deliveries/{{event_id}}/again",
        name="send_webhook_delivery_again",
        once=Once.ANEW,
        tag=_TAG,
        says="Send one event once more, outside of its member's line",
        notes="For what was delivered or is dead; what waits is on its way anyway.",
        scopes=_SCOPES,
        answers={202: WebhookReplayed},
        answer_example={"id": examples.WEBHOOK_KEPT["id"]},
        codes=("invalid",),
        do=again,
    ),
)
