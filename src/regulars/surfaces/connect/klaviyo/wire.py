"""On the wire: how a program is connected with Klaviyo, and how far behind it is."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from regulars.records.outbox.klaviyo.bulk import bulk_of
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.connect.klaviyo.connecting import Stands

Key = Annotated[str, Meta(min_length=1, max_length=200)]
Address = Annotated[str, Meta(min_length=8, max_length=500)]
ListId = Annotated[str, Meta(max_length=40)]
Share = Literal["names", "attributes", "values"]
Shares = Annotated[tuple[Share, ...], Meta(max_length=3)]


class KlaviyoSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A program is to be connected, or otherwise than before; what is not said stays."""

    key: Key | None = None
    """A private API key; kept encrypted and shown to nobody. Another one is used at once."""
    list_id: ListId | UnsetType = UNSET
    """The list that who agrees is put on; empty: none, and Klaviyo's own default holds."""
    shares: Shares | UnsetType = UNSET
    """What is told of members beside ids, points and tier; at first their names."""
    takes_subscribes: bool | UnsetType = UNSET
    """Whether who subscribes there agreed here, too. At first not: a yes is said here. A no that is
    said there always counts here."""
    address: Address | None = None
    """Where its API is, where that is not https://a.klaviyo.com; goes with a key."""


class KlaviyoReplaySent(Struct, frozen=True, forbid_unknown_fields=True):
    """What was told since an instant is told once more."""

    since: Annotated[datetime, Meta(tz=True)]


class KlaviyoWalkSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Everybody is told of once more."""

    with_consents: bool = True
    """Whether what each agreed to is told with them."""


class KlaviyoJob(Struct, frozen=True):
    """A job by which many profiles are on their way."""

    id: str
    """Its number there."""
    of: int
    since: datetime | None


class KlaviyoRefused(Struct, frozen=True):
    """A member whose profile was not taken."""

    member_id: str | None
    code: str
    """Klaviyo's own."""
    field: str


class KlaviyoShown(Struct, frozen=True):
    """How a program is connected, and how far behind it is."""

    state: str
    """active; paused by somebody; disabled, as it takes nothing any more."""
    reason: str
    webhook_id: str
    """Its deliveries, tries and what is sent again are those of this webhook."""
    address: str
    key_since: datetime
    list_id: str
    shares: list[str]
    takes_subscribes: bool
    waiting: int
    """Events on their way there."""
    dead: int
    """What it refused, or did not take for four days."""
    waits_since: datetime | None
    """When that happened which waits longest: so far behind it is."""
    failing_since: datetime | None
    replaying_since: datetime | None
    heard: int
    """Words that were taken over from there."""
    read_to: datetime
    """Who said no there before is known here."""
    asked_at: datetime | None
    met_at: datetime | None
    next_at: datetime
    walking: bool
    """Whether everybody is being told of."""
    walked: int
    """Of how many that was."""
    walked_at: datetime | None
    """When that was done last."""
    problem: str
    """Why the last try to ask failed; nothing: it did not."""
    job: KlaviyoJob | None
    """The job by which many profiles are on their way; nothing: none is."""
    jobs: int
    """How many jobs are done since everybody is being told of."""
    not_taken: int
    """How many profiles jobs did not take."""
    refused: list[KlaviyoRefused]
    """The newest hundred of these."""


class KlaviyoTried(Struct, frozen=True):
    """Whether it answers."""

    answers: bool
    problem: str


def klaviyo_shown(one: Stands, now: datetime) -> KlaviyoShown:
    """How it is connected, as the world sees it; without its key."""
    link, hook = one.link, one.hook
    bulk = bulk_of(link.bulk)
    begun = link.walked_past is not None or bool(bulk.job)
    return KlaviyoShown(
        state=hook.state,
        reason=hook.reason,
        webhook_id=shown("hok", hook.hook_id),
        address=link.address,
        key_since=link.keyed_at,
        list_id=link.list_id,
        shares=list(link.shares),
        takes_subscribes=link.takes_yes,
        waiting=one.waiting,
        dead=one.dead,
        waits_since=one.waits_since,
        failing_since=hook.failing_since,
        replaying_since=None if hook.replaying is None else hook.replaying.since,
        heard=link.heard,
        read_to=link.read_to,
        asked_at=link.asked_at,
        met_at=link.met_at,
        next_at=link.next_at,
        walking=link.walk_at is not None and (begun or link.walk_at <= now),
        walked=link.walked,
        walked_at=link.walked_at,
        problem=link.problem,
        job=KlaviyoJob(bulk.job, bulk.of, bulk.since) if bulk.job else None,
        jobs=bulk.jobs,
        not_taken=bulk.missed,
        refused=[
            KlaviyoRefused(
                None if each.member_id is None else shown("mem", each.member_id),
                each.code,
                each.field,
            )
            for each in bulk.refused
        ],
    )
