"""Notices on devices: encrypted for the one browser that may read them, and carried by its push
service."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from regulars.records.outbox.delivery.devices.types import PushDevice
from regulars.records.outbox.delivery.types import Channel
from regulars.surfaces.senders.outgoing.client import BEFORE, Answer, Client, NoAnswer
from regulars.surfaces.senders.outgoing.guard import Guard, NotAllowed
from regulars.surfaces.senders.push.sealing import sealed
from regulars.surfaces.senders.push.vapid import Vapid, authorization
from regulars.surfaces.senders.types import SENT, Letter, Said, one_line

PATIENCE_S: Final = 10.0
AT_ONCE: Final = 8
KEEPS: Final = timedelta(days=2)
"""So long a push service keeps a notice for a device that is off."""
MOST_BYTES: Final = 3993
"""What every push service takes of one notice before it is encrypted (RFC 8291, 4)."""
GONE: Final = frozenset({404, 410})
"""What a push service answers of a browser that took its leave back (RFC 8030, 7.3)."""
LATER: Final = frozenset({408, 425, 429})
_LATE: Final = "its push service did not answer in time"


class DeviceSender:
    """Sends notices to the devices of members; what the world does is no exception.

    A notice counts as sent once one device's service took it. It has no key: shown again it would
    ring again, so what may have arrived is not sent once more.
    """

    channel: Channel = "push"
    name = "notices on devices"

    def __init__(
        self,
        vapid: Vapid,
        guard: Guard,
        now: Callable[[], datetime],
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._vapid, self._now, self._patience_s = vapid, now, patience_s
        self._client = Client(guard, patience_s=patience_s, wide=AT_ONCE)

    async def send(self, letters: Sequence[Letter]) -> Sequence[Said]:
        """Send these, each to all devices of its member; one answer each.

        Keeps: addresses come from members, so all of it takes one patience, however many never
        answer; nobody else's letters wait for longer.
        """
        turn, begun = asyncio.Semaphore(AT_ONCE), set[tuple[int, PushDevice]]()

        async def one(at: int, device: PushDevice) -> Said:
            async with turn:
                begun.add((at, device))
                return await self._one(letters[at], device)

        # One device of each first: whoever has ten that never answer takes nobody's turn.
        most = max((len(letter.devices) for letter in letters), default=0)
        queue = [
            (at, letter.devices[place])
            for place in range(most)
            for at, letter in enumerate(letters)
            if place < len(letter.devices)
        ]
        going = {(at, device): asyncio.ensure_future(one(at, device)) for at, device in queue}
        if going:
            await asyncio.wait(going.values(), timeout=self._patience_s)
        late = {key: task for key, task in going.items() if not task.done()}
        for task in late.values():
            task.cancel()
        await asyncio.gather(*late.values(), return_exceptions=True)
        said = {
            key: Said("later", _LATE, unsure=key in begun) if key in late else task.result()
            for key, task in going.items()
        }
        return [
            together([said[at, device] for device in letter.devices])
            if letter.devices
            else Said("never", "no device of this member is told any more")
            for at, letter in enumerate(letters)
        ]

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _one(self, letter: Letter, device: PushDevice) -> Said:
        text = written(letter)
        if len(text) > MOST_BYTES:
            return Said("never", f"a notice has up to {MOST_BYTES} bytes; this one {len(text)}")
        headers = [
            ("Authorization", authorization(self._vapid, device.endpoint, self._now())),
            ("Content-Encoding", "aes128gcm"),
            ("Content-Type", "application/octet-stream"),
            ("TTL", str(int(KEEPS.total_seconds()))),
            ("Urgency", "normal"),
            ("Topic", letter.mark),
        ]
        try:
            body = sealed(text, device.receives, device.secret)
            answer = await self._client.post(device.endpoint, headers, body)
        except ValueError:
            return Said("never", "its key is no point on P-256", gone=(device,))
        except NotAllowed as why:
            return Said("never", why.why)
        except NoAnswer as why:
            return Said("later", why.why, unsure=why.why not in BEFORE)
        return judged(answer, device)


def written(letter: Letter) -> bytes:
    """What the card's worker is told: what to show, and what a touch of it opens."""
    told = {
        "mark": letter.mark, "title": one_line(letter.about) or letter.shop, "says": letter.text,
        "opens": letter.opens, "language": letter.language,
    }  # fmt: skip
    return msgspec.json.encode(told)


def judged(answer: Answer, device: PushDevice) -> Said:
    """What a push service means (RFC 8030, 5 and 7.3). What it says beside the status is not kept:
    it may name the address."""
    if 200 <= answer.status < 300:
        return SENT
    reason = f"its push service says {answer.status}"
    if answer.status in GONE:
        return Said("never", reason, gone=(device,))
    if answer.status in LATER or answer.status >= 500 or 300 <= answer.status < 400:
        return Said("later", reason)
    return Said("never", reason)


def together(said: Sequence[Said]) -> Said:
    """What came of a notice by what came of it on each device: one that has it is enough; of what
    may have arrived nobody knows; and what may still arrive is tried again."""
    gone = tuple(device for one in said for device in one.gone)
    for better in (
        lambda one: one.outcome == "sent",
        lambda one: one.unsure,
        lambda one: one.outcome == "later",
        lambda one: not one.gone,
    ):
        found = next((one for one in said if better(one)), None)
        if found is not None:
            return Said(found.outcome, found.reason, unsure=found.unsure, gone=gone)
    return Said("never", said[0].reason, gone=gone)
