"""An inlet, and one event that came in by it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple
from uuid import UUID

from msgspec import Struct

from regulars.base.keyed import Keyed, digest_of

InletState = Literal["active", "paused", "deleted"]
"""What comes is booked; what comes is kept and waits; nothing comes in any more."""
ArrivalState = Literal["waiting", "booked", "passed", "unfit", "refused"]
"""Nobody looked at it yet; it is in the books; there is nothing to book; the mapping cannot read
it; the books say no. Of the last two `reason` says why, and they can be run again."""
OPEN: Final[tuple[ArrivalState, ...]] = ("unfit", "refused")
"""What somebody has to look at."""
OVERLAP: Final = timedelta(days=7)
"""How long the secret before is good beside a new one, at most."""
ASKS: Final = "asks"
"""Of an event that was passed: what it hints at is still to be asked for."""
AS_TOLD: Final = "as-told"
"""Of an event that waits: it is booked as it came, and asks for nothing."""
DUPLICATE: Final = "duplicate"
"""Of an event that was passed: what it tells is in the books, told first by somebody else."""
NEVER_PAID: Final = "never_paid"
"""Of an event that was passed: an order that was cancelled before all of it was paid, and of which
nothing was booked. What it was before comes too late for it."""
SAME: Final = "same"
"""Of an event that was booked: somebody said that its sale is one that is booked by another name,
and it was given back."""
PASSED_AGAIN: Final = ("", DUPLICATE, "nobody", "unpaid")
"""Codes of what was passed and may be looked at again: nothing was told of it, or it was told by
somebody else, of somebody nobody knew, or before it was paid. Hints, what was overtaken, and
letters, which count, are not."""
ALL_AGAIN: Final = ("", "nobody", "unpaid")
"""The same, of all that was passed together: a nightly file leaves a million duplicates, which stay
such, and one of them is looked at by its own."""
SETTLED_FOR: Final = timedelta(days=30)
"""How long the body of what was booked or passed is kept."""
OPEN_FOR: Final = timedelta(days=90)
"""How long any body is kept; what nobody mended by then cannot be run again."""
SURE_DIGITS: Final = 8
SURE_LETTERS: Final = 4
"""So long the end of a name is before it tells who is meant."""
SURE_KINDS: Final = ("email", "phone")
"""Names that nothing else looks like: the number `1000` may be a price, an address is none."""


class Inlet(Struct, frozen=True):
    """Where events of one other system come in."""

    program_id: int
    inlet_id: UUID
    name: str
    kind: str
    source: str
    """Its name in the books; receipts are known by it, so it never changes."""
    mapping: str
    state: InletState
    secret_number: int
    old_until: datetime | None
    """So long the secret before is good, too."""
    made_at: datetime
    made_by: str
    changed_at: datetime


class Counts(NamedTuple):
    """Where an inlet stands."""

    open: int
    """How many somebody has to look at."""
    waiting: int
    """How many are kept and not booked yet."""
    last_at: datetime | None
    """When something came last."""
    waits_since: datetime | None
    """Since when the first of those that wait has been due; nothing: none is."""


NO_COUNTS: Final = Counts(0, 0, None, None)


class Arrival(Struct, frozen=True):
    """One event as it came, and what became of it."""

    arrival_id: UUID
    inlet_id: UUID
    type: str
    name: str
    """What its sender calls it."""
    beside: str
    """What stood above the body, as JSON; empty where nothing counts there."""
    body: bytes | None
    """The very bytes that were sent; nothing once they are forgotten."""
    received_at: datetime
    state: ArrivalState = "waiting"
    code: str = ""
    field: str = ""
    reason: str = ""
    mend: str = ""
    tries: int = 0
    settled_at: datetime | None = None
    told_at: datetime | None = None
    """Of an event that tells how something stands: since when, by its sender's clock."""
    apart: tuple[UUID, ...] = ()
    """Which activities it does not tell, as somebody said."""


class Gave(Struct, frozen=True):
    """An activity that was booked for an arrival; `first` where its receipt was new."""

    arrival_id: UUID
    activity_id: UUID
    member_id: UUID
    first: bool


class Forgotten(NamedTuple):
    """Who had been forgotten by a source when it was asked: since when it is looked at, by ids and
    by the time it was settled, and the requests of theirs that were through by then."""

    first: UUID
    at: datetime
    through: frozenset[UUID]


class Became(Struct, frozen=True):
    """The line of a partner's account an arrival became; `first` where it was new."""

    arrival_id: UUID
    entry_id: UUID
    first: bool


def may_run_again(one: Arrival) -> bool:
    """Whether an event can be looked at again: it is open, or was passed and may tell something by
    another mapping; and what it said is still here."""
    wished = one.state in OPEN or (one.state == "passed" and one.code in PASSED_AGAIN)
    return wished and one.body is not None


class Ended(Struct, frozen=True):
    """What became of an arrival, or that it waits; whether its body says too much to be kept."""

    arrival_id: UUID
    state: ArrivalState
    code: str = ""
    field: str = ""
    reason: str = ""
    mend: str = ""
    forget: bool = False
    try_at: datetime | None = None
    """Of what goes on waiting: when it is looked at again."""


def secrets_of(keyed: Keyed, inlet: Inlet, now: datetime) -> tuple[bytes, ...]:
    """The secrets that are good now, the newest first: 32 bytes each.

    Keeps: no secret is kept anywhere. Whoever has the installation's key works it out again.
    """
    numbers = [inlet.secret_number]
    if inlet.old_until is not None and now < inlet.old_until and inlet.secret_number > 1:
        numbers.append(inlet.secret_number - 1)
    place = (str(inlet.program_id), inlet.inlet_id.bytes)
    return tuple(digest_of(keyed, "inlet secret", *place, str(number)) for number in numbers)


def named_in(texts: Iterable[str], names: Iterable[tuple[str, str]]) -> bool:
    """Whether one of these texts says one of these names (kind and value).

    An address is found within a longer text, a telephone number however it is grouped, every other
    name as a text of its own, also where we put something before it.
    Example: `0176 1234-5678` names who is known by `+4917612345678`, and `4711` whoever has the
    card `shop-4711`; `anna@x.org` does not name `na@x.org`, nor `2026` the number `1002026`.
    """
    told = [(text.strip().lower(), "".join(filter(str.isdigit, text))) for text in texts]
    for kind, value in names:
        small, digits = value.lower(), "".join(filter(str.isdigit, value))
        whole = re.compile(rf"(?<![\w.+-]){re.escape(small)}(?![\w-]|\.\w)")
        for text, its_digits in told:
            if kind == "email":
                found = small in text and whole.search(text) is not None
            elif kind == "phone":
                found = len(digits) >= SURE_DIGITS and its_digits.endswith(digits[-SURE_DIGITS:])
            else:
                found = text == small or (len(text) >= SURE_LETTERS and _ends(small, text))
            if found:
                return True
    return False


def _ends(name: str, text: str) -> bool:
    """Whether a name is this text with something put before it, as `shop-4711` and `shop4711`."""
    if not name.endswith(text) or name == text:
        return False
    before = name[-len(text) - 1]
    return not before.isalnum() or before.isdigit() != text[0].isdigit()
