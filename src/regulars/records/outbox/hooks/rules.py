"""How often and when an event is tried, when a receiver is left alone, and when it ends."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

_S, _M, _H = (timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours"))
SCHEDULE: Final = (
    5 * _S, 30 * _S, 2 * _M, 10 * _M, 30 * _M, _H, 3 * _H, 6 * _H, 12 * _H, 24 * _H, 24 * _H,
    24 * _H,
)  # fmt: skip
"""The pauses after the first try, the second, and so on; published, so only ever lengthened."""
MOST_TRIES: Final = len(SCHEDULE) + 1
"""After so many in vain an event is dead: four days less an hour, and what the jitter adds."""
JITTER: Final = 5
"""A pause is longer by up to a fifth, another one for each event and try, so that what failed
together does not come back together."""
OPENS_AFTER: Final = 8
"""So many in vain in a row, and a receiver is left alone: then one event at a time asks."""
FIRST_REST: Final = 5 * _S
LONGEST_REST: Final = 5 * _M
LONGEST_ASKED_S: Final = 3600
"""How long a receiver can ask to be left alone."""
GIVEN_UP_AFTER: Final = timedelta(days=5)
"""A receiver that was left alone, asked at least every 30 hours, and has not taken anything for so
long is disabled; what waits goes on waiting."""
UNASKED: Final = 30 * _H
"""Longer than the longest pause: whoever was asked nothing for so long did not fail meanwhile."""
LEASE: Final = timedelta(minutes=2)
"""How long a line belongs to who took it; who is killed meanwhile gives it back by then."""
KEPT_FOR: Final = timedelta(days=90)
"""How long it is kept what was delivered or is dead, with its tries; so far one can replay."""
OVERLAP: Final = timedelta(days=7)
"""How long the secret before is good beside a new one, at most."""
AWAY_REASON: Final = "it has not taken anything for five days"
GONE_REASON: Final = "it answered 410 Gone"


def pause(tries: int, event_id: UUID) -> timedelta | None:
    """How long to wait after so many tries in vain; nothing when that was the last.

    Example: 5 to 6 seconds after the first, 24 to 29 hours after the tenth, none after the 13th.
    """
    assert tries > 0, tries
    if tries >= MOST_TRIES:
        return None
    return _jittered(SCHEDULE[tries - 1], event_id.bytes + bytes([tries]))


def rest(failures: int, hook_id: UUID) -> timedelta | None:
    """How long a receiver is left alone after so many failures in a row; not at all at first.

    Example: not after 7, for 5 to 6 seconds after 8, twice as long after 9, at most 6 minutes.
    """
    over = failures - OPENS_AFTER
    if over < 0:
        return None
    usual = min(FIRST_REST * (1 << min(over, 10)), LONGEST_REST)
    return _jittered(usual, hook_id.bytes + failures.to_bytes(8, "big"))


def _jittered(usual: timedelta, mark: bytes) -> timedelta:
    """Longer by up to a fifth: always the same for the same mark, so no chance is needed."""
    part = int.from_bytes(sha256(mark).digest()[:4], "big") % 1000
    return usual + usual * part // (1000 * JITTER)
