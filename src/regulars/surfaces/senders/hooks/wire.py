"""Webhooks on the wire: addresses that hear of events, and what was sent to them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from regulars.records.outbox.events.catalogue import EVENTS
from regulars.records.outbox.events.fields import EventType, payload_schema
from regulars.records.outbox.hooks.types import Hook, HookState, Sending, SendingState, Try
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.wire.parts import Limit, Text
from regulars.surfaces.senders.brokers.wire import BrokerSent, BrokerShown, broker_shown

WebhookForm = Literal["standard", "cloudevents"]
EventName = Annotated[str, Meta(min_length=1, max_length=60)]
Types = Annotated[tuple[EventName, ...], Meta(min_length=1, max_length=200)]
Url = Annotated[str, Meta(min_length=8, max_length=2000)]
HookName = Annotated[str, Meta(min_length=1, max_length=80)]


class WebhookSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Another system wants to hear of events of these types, at this address."""

    url: Url
    types: Types
    name: HookName = "Webhook"
    form: WebhookForm = "standard"
    """How bodies are written; both are signed as Standard Webhooks has it."""
    since: Annotated[datetime, Meta(tz=True)] | None = None
    """Also what happened before, from then on; without it, what happens from now on."""
    broker: BrokerSent | None = None
    """Where the address is a broker's: as whom we come in there."""


class WebhookChangeSent(Struct, frozen=True, forbid_unknown_fields=True):
    """What is another from now on; what is not said stays."""

    url: Url | UnsetType = UNSET
    types: Types | UnsetType = UNSET
    name: HookName | UnsetType = UNSET
    form: WebhookForm | UnsetType = UNSET
    state: Literal["active", "paused"] | UnsetType = UNSET
    """Paused, it hears of nothing; active again, of everything that happened meanwhile."""
    broker: BrokerSent | UnsetType = UNSET
    """Where the address is a broker's: as whom we come in there."""


class SecretSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Another secret is wanted."""

    overlap_hours: Annotated[int, Meta(ge=0, le=168)] = 24
    """So long bodies are signed by both, so that receivers can change over."""


class ReplaySent(Struct, frozen=True, forbid_unknown_fields=True):
    """What is sent once more: all since an instant, or since an event and with it."""

    since: Annotated[datetime, Meta(tz=True)] | None = None
    event_id: Annotated[str, Meta(max_length=60)] | None = None


class ReplayShown(Struct, frozen=True):
    """What is moved back to be sent once more, since when, and how many events of it are by now."""

    since: datetime
    asked_at: datetime
    moved: int


class WebhookShown(Struct, frozen=True):
    """An address that hears of events."""

    id: str
    name: str
    url: str
    types: list[str]
    form: str
    state: HookState
    reason: str
    """Why it is disabled."""
    secret_overlap_until: datetime | None
    """So long the secret before is good, too."""
    failing_since: datetime | None
    """Since when its receiver takes nothing; null while it does."""
    replaying: ReplayShown | None
    """What is to be sent once more and is moved back; null once all of it is on its way."""
    created_at: datetime
    created_by: str
    broker: BrokerShown | None = None
    """Where the address is a broker's: as whom we come in there."""


class WebhookMade(Struct, frozen=True):
    """A webhook with the secret its bodies are signed with; keep it where its receiver reads it."""

    id: str
    secret: str
    webhook: WebhookShown


class WebhooksShown(Struct, frozen=True):
    """All webhooks, oldest first."""

    items: list[WebhookShown]


class TryShown(Struct, frozen=True):
    """One try: when, how long it took, and the status of the answer or why there was none."""

    tried_at: datetime
    took_ms: int
    status: int | None
    reason: str


class WebhookDelivery(Struct, frozen=True):
    """An event on its way to a webhook."""

    event_id: str
    """The same for each try; receivers find it as `webhook-id`."""
    type: str
    member_id: str
    epoch: int
    """In which life of this house the position was given: 0, or the second of the last restore."""
    position: int
    """In the member's line: 1, 2, 3, and none is left out."""
    state: SendingState
    reason: str
    """Why it is dead."""
    recorded_at: datetime
    settled_at: datetime | None
    tries: list[TryShown] = []
    """Every try; left empty in lists."""


class WebhookDeliveriesPage(Struct, frozen=True):
    """Some deliveries, newest first, and where to go on."""

    items: list[WebhookDelivery]
    has_more: bool
    next_cursor: str | None


class WebhookReplaying(Struct, frozen=True):
    """A webhook to which everything since an instant is sent once more, as soon as it is moved
    back; to delete the webhook ends it."""

    id: str
    replaying: ReplayShown


class WebhookReplayed(Struct, frozen=True):
    """A webhook to which something is sent once more."""

    id: str


class EventTypeShown(Struct, frozen=True):
    """A type of event: what it means, and the schema and an example of its details."""

    type: str
    says: str
    schema: dict[str, Any]
    example: dict[str, Any]


class EventTypesShown(Struct, frozen=True):
    """Every type of event there is."""

    items: list[EventTypeShown]


class DeliveriesQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which deliveries, and how much of the list, from where on."""

    state: Literal["waiting", "delivered", "dead"] | None = None
    limit: Limit = 50
    cursor: Text | None = None


def webhook_shown(hook: Hook, now: datetime) -> WebhookShown:
    """A webhook as the world sees it."""
    overlap = hook.old_until if hook.old_until is not None and now < hook.old_until else None
    return WebhookShown(
        id=shown("hok", hook.hook_id),
        name=hook.name,
        url=hook.url,
        types=list(hook.types),
        form=hook.form,
        state=hook.state,
        reason=hook.reason,
        secret_overlap_until=overlap,
        failing_since=hook.failing_since,
        replaying=replay_shown(hook),
        created_at=hook.made_at,
        created_by=hook.made_by,
        broker=broker_shown(hook.entry),
    )


def replay_shown(hook: Hook) -> ReplayShown | None:
    """What is to be sent to it once more."""
    one = hook.replaying
    return None if one is None else ReplayShown(one.since, one.asked_at, one.moved)


def webhook_delivery(sending: Sending, tries: list[Try]) -> WebhookDelivery:
    """A delivery as the world sees it."""
    event = sending.event
    return WebhookDelivery(
        event_id=shown("evt", event.event_id),
        type=event.type,
        member_id=shown("mem", event.member_id),
        epoch=sending.epoch,
        position=sending.position,
        state=sending.state,
        reason=sending.reason,
        recorded_at=event.recorded_at,
        settled_at=sending.settled_at,
        tries=[TryShown(one.tried_at, one.took_ms, one.status, one.reason) for one in tries],
    )


def event_types() -> EventTypesShown:
    """The catalogue."""
    return EventTypesShown([_event_type(one) for one in EVENTS.values()])


def _event_type(one: EventType) -> EventTypeShown:
    return EventTypeShown(one.type, one.says, payload_schema(one), one.example)
