"""How many requests a key may send in a minute, where it was made with such a limit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple
from uuid import UUID

from regulars.surfaces.api.faults import TooManyRequests

WINDOW_S: Final = 60
MOST_REMEMBERED: Final = 10_000


class Left(NamedTuple):
    """What a key may still send: of `most` requests `left`, until all come back in `seconds`."""

    most: int
    left: int
    seconds: int

    @property
    def headers(self) -> tuple[tuple[bytes, bytes], ...]:
        """As the draft for rate limit headers spells it (draft-ietf-httpapi-ratelimit-headers-10).

        Example: `"key";r=0;t=1` has nothing left for at most one second, not for one minute.
        """
        return (
            (b"ratelimit-policy", b'"key";q=%d;w=%d' % (self.most, WINDOW_S)),
            (b"ratelimit", b'"key";r=%d;t=%d' % (self.left, self.seconds)),
        )


class Meter:
    """Requests of each limited key in the minute that began with its first one.

    Every web process counts what it answers itself (ADR 0469).
    """

    def __init__(self, ticks: Callable[[], float]) -> None:
        self._ticks = ticks
        self._sent: dict[UUID | None, tuple[float, int]] = {}

    def count(self, key_id: UUID | None, most: int) -> Left:
        """One request more, and what is left after it.

        Faults: TooManyRequests, which costs nothing of the next minute.
        """
        now = self._ticks()
        began, sent = self._sent.get(key_id, (now, 0))
        if now - began >= WINDOW_S:
            began, sent = now, 0
        seconds = max(1, WINDOW_S - int(now - began))
        if sent >= most:
            says = f"this key may send {most:,} requests a minute"
            raise TooManyRequests(says, per_minute=most, retry_after_seconds=seconds)
        if len(self._sent) >= MOST_REMEMBERED and key_id not in self._sent:
            self._sent.clear()
        self._sent[key_id] = (began, sent + 1)
        return Left(most, most - sent - 1, seconds)
