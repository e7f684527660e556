"""Webhook subscriptions as clients of the Square API send and read them."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from regulars.surfaces.connect.square.wire.sent import Cursor, Sent

Key = Annotated[str, Meta(max_length=45)]
Edition = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
Name = Annotated[str, Meta(min_length=1, max_length=64)]
Url = Annotated[str, Meta(min_length=8, max_length=2000)]
EventTypes = Annotated[
    tuple[Annotated[str, Meta(max_length=80)], ...], Meta(min_length=1, max_length=500)
]


class SubscriptionSent(Sent, frozen=True):
    """A subscription that is wanted, or what of one is another from now on."""

    name: Name | None = None
    enabled: bool | None = None
    event_types: EventTypes | None = None
    notification_url: Url | None = None
    api_version: Edition | None = None


class CreateSubscription(Sent, frozen=True):
    """Somebody wants to hear of events."""

    subscription: SubscriptionSent
    idempotency_key: Key = ""


class UpdateSubscription(Sent, frozen=True):
    """What is not said stays."""

    subscription: SubscriptionSent | None = None


class AnotherKey(Sent, frozen=True):
    """Another signature key is wanted."""

    idempotency_key: Key | None = None


class TestSubscription(Sent, frozen=True):
    """An event that never happened is to be sent."""

    __test__ = False  # no test of ours, whatever it is called
    event_type: Annotated[str, Meta(max_length=80)] | None = None


class SubscriptionsQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which subscriptions, and how much of the list, from where on."""

    cursor: Cursor | None = None
    include_disabled: Literal["true", "false"] = "false"
    sort_order: Literal["ASC", "DESC"] = "ASC"
    limit: Annotated[int, Meta(ge=1, le=100)] = 100


class EventTypesQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Of which edition of the interface; there is one here."""

    api_version: Edition | None = None


class SubscriptionShown(Struct, frozen=True):
    """An address that hears of events."""

    id: str
    name: str
    enabled: bool
    event_types: list[str]
    notification_url: str
    api_version: str
    created_at: str
    updated_at: str
    signature_key: str | UnsetType = UNSET


class SubscriptionAnswer(Struct, frozen=True):
    """A subscription."""

    subscription: SubscriptionShown


class SubscriptionsAnswer(Struct, frozen=True):
    """Some subscriptions."""

    subscriptions: list[SubscriptionShown] | UnsetType = UNSET
    cursor: str | UnsetType = UNSET


class SignatureKeyAnswer(Struct, frozen=True):
    """The key bodies are signed with from now on."""

    signature_key: str


class TestResult(Struct, frozen=True):
    """What came of an event that never happened."""

    __test__ = False
    id: str
    payload: str
    created_at: str
    updated_at: str
    status_code: int | UnsetType = UNSET


class TestAnswer(Struct, frozen=True):
    """What came of it."""

    __test__ = False
    subscription_test_result: TestResult


class EventTypeTold(Struct, frozen=True):
    """A type of event."""

    event_type: str
    api_version_introduced: str
    release_status: str


class EventTypesAnswer(Struct, frozen=True):
    """Every type that is sent from here."""

    event_types: list[str]
    metadata: list[EventTypeTold]
