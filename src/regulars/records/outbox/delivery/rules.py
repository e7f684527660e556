"""When something is sent, by what, and how often it is tried."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Final

from regulars.records.outbox.delivery.types import (
    ALWAYS,
    CHANNELS,
    Channel,
    Kind,
    Ways,
)

FIRST_PAUSE_S: Final = 5
LONGEST_PAUSE_S: Final = 3600
MOST_ATTEMPTS: Final = 24
"""The pauses between them add up to fifteen hours: a night without a mail server passes."""
LEASE: Final = timedelta(minutes=2)
"""How long a delivery belongs to who took it; who is killed meanwhile gives it back by then."""


def pause(attempts: int) -> timedelta:
    """How long to wait after so many tries in vain: twice as long each time, at most an hour.

    Example: 5 seconds after the first, 10 after the second, 80 after the fifth.
    """
    assert attempts > 0, attempts
    return timedelta(seconds=min(FIRST_PAUSE_S << min(attempts - 1, 20), LONGEST_PAUSE_S))


def channel_for(
    kind: Kind, ways: Ways, reachable: Collection[Channel], withdrawn: Collection[str]
) -> Channel | None:
    """By what this member is told of it, or nothing: a letter before a notice on their device, and
    that before a text message; before something ends the notice on a device comes last.

    `reachable` are channels with an address and a sender; `withdrawn` those the member took their
    consent back for.
    """
    for channel in _tried(kind):
        wanted = kind in ALWAYS or ways in ("any", channel)
        if wanted and not silenced(kind, channel, withdrawn) and channel in reachable:
            return channel
    return None


def silenced(kind: Kind, channel: Channel, withdrawn: Collection[str]) -> bool:
    """Whether somebody who took their consent to this channel back is not told this by it.

    What was asked for this minute always goes. By letter a notice of an end is service, and only
    what is a kindness (`earned`, `redeemed`) or what somebody writes (`line`) is silenced. Whoever
    answered STOP to text messages, or wants nothing on their device, gets none that they did not
    ask for.
    """
    if kind in ALWAYS or channel not in withdrawn:
        return False
    return channel != "email" or kind in ("earned", "redeemed", "line")


def _tried(kind: Kind) -> Sequence[Channel]:
    """A code proves an address, which a device has none of. That something ends must be told, and
    of a notice on a device nobody knows whether it was seen."""
    if kind in ALWAYS:
        return tuple(one for one in CHANNELS if one != "push")
    return tuple(sorted(CHANNELS, key=lambda one: one == "push")) if kind == "notice" else CHANNELS
