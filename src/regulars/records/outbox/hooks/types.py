"""A hook, one event on its way to it, and what came of each try."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal, NamedTuple
from uuid import UUID

from msgspec import Struct

from regulars.base.keyed import Keyed, digest_of

HookState = Literal["active", "paused", "disabled", "deleted"]
"""It hears; somebody wants it to wait; it does not answer or said that it is gone; it is over.
What happens meanwhile waits, but for a deleted one."""
SendingState = Literal["waiting", "delivered", "dead"]
"""On its way; the receiver has it; it was refused until the end of the schedule."""

STANDARD: Final = "standard"
CLOUDEVENTS: Final = "cloudevents"
SQUARE: Final = "square"
KLAVIYO: Final = "klaviyo"
"""Requests of Klaviyo's API, made as they are sent (`surfaces/connect/klaviyo`); nobody chooses it
for a webhook."""
SALESFORCE: Final = "salesforce"
"""Transaction journals of Salesforce's loyalty API, made as they are sent
(`surfaces/connect/outlets/salesforce`); the hook of a source has the id of that source."""
VENDORS: Final = (KLAVIYO, SALESFORCE)
"""Who is told by requests of an API of their own, and changed where they are connected."""
FORMS: Final = (STANDARD, CLOUDEVENTS, SQUARE)
"""How a body is written: two are signed as Standard Webhooks has it; events in Square's words
(`records/outbox/retold`) are written and signed as Square does."""


class Replaying(Struct, frozen=True):
    """What happened since an instant is being moved back, to be sent once more; so many events of
    it are by now."""

    since: datetime
    asked_at: datetime
    moved: int


class Entry(Struct, frozen=True):
    """Of a hook whose address is a broker's: as whom we come in there."""

    account: str = ""
    login: Literal["plain", "scram-sha-256", "scram-sha-512"] = "plain"
    authority: str = ""
    """Who vouches for the broker, as PEM; nothing: whom the machine knows."""
    keys: bytes = b""
    """The password, encrypted; empty where there is none."""

    def __repr__(self) -> str:
        return f"Entry({self.account})"


class Hook(Struct, frozen=True):
    """An address of another system that hears of events of some types, in one form."""

    hook_id: UUID
    name: str
    url: str
    form: str
    state: HookState
    reason: str
    secret_number: int
    old_until: datetime | None
    """So long a body carries a second signature, by the secret before."""
    made_at: datetime
    made_by: str
    failures: int = 0
    failing_since: datetime | None = None
    rest_until: datetime | None = None
    types: tuple[str, ...] = ()
    """Empty while it hears of nothing."""
    replaying: Replaying | None = None
    changed_at: datetime | None = None
    entry: Entry | None = None
    """Of a broker, and of no other address."""


class Event(Struct, frozen=True):
    """An event as it was written, ready to be put into a body."""

    event_id: UUID
    member_id: UUID
    sequence: int
    type: str
    payload: str
    recorded_at: datetime


class Sending(Struct, frozen=True):
    """An event on its way to one hook, at its position in the member's line there."""

    member_id: UUID
    position: int
    form: str
    state: SendingState
    reason: str
    planned_at: datetime
    settled_at: datetime | None
    event: Event
    epoch: int = 0
    """In which life of the house it got its position: the second in which that began, or 0."""


class Line(Struct, frozen=True):
    """Of one member what is to be sent now, in order; `tries` is of the first. Outside of its
    line (`alone`) an event is sent because somebody asked for it once more."""

    member_id: UUID
    turn: int
    tries: int
    planned: int
    sendings: tuple[Sending, ...]
    alone: bool = False


class Try(Struct, frozen=True):
    """One try, and what came of it: the status of the answer, or why there was none."""

    event_id: UUID
    tried_at: datetime
    took_ms: int
    status: int | None
    reason: str
    rest_s: int = 0
    """The receiver asked to be left alone so long."""
    refused: bool = False
    """The receiver answers, and will never take this: trying again is in vain."""

    @property
    def arrived(self) -> bool:
        """Whether the receiver has it."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """Whether the receiver wants nothing any more."""
        return self.status == 410


class Went(Struct, frozen=True):
    """How far a line came: its tries in order; all but the last of them arrived."""

    line: Line
    tries: tuple[Try, ...]


class Wish(NamedTuple):
    """Events of a type from one transaction on, and up to another one."""

    type: str
    from_tx: int
    until_tx: int | None

    def wants(self, type_: str, recorded_tx: int) -> bool:
        """Whether an event is one of these."""
        ended = self.until_tx is not None and recorded_tx >= self.until_tx
        return self.type == type_ and recorded_tx >= self.from_tx and not ended


Planned = Mapping[UUID, int]
"""By member, up to which position events are planned."""


def secrets_of(keyed: Keyed, program_id: int, hook: Hook, now: datetime) -> tuple[bytes, ...]:
    """The secrets that are good now, the newest first: 32 bytes each.

    Keeps: no secret is kept anywhere. Whoever has the installation's key works it out again.
    """
    numbers = [hook.secret_number]
    if hook.old_until is not None and now < hook.old_until and hook.secret_number > 1:
        numbers.append(hook.secret_number - 1)
    place = (str(program_id), hook.hook_id.bytes)
    return tuple(digest_of(keyed, "hook secret", *place, str(number)) for number in numbers)
