"""What every flow does that keeps a word about a channel: where it changes what stands, an event
says so."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from regulars.base.tx import Tx
from regulars.records.members import read as members
from regulars.records.members.consents import read, write
from regulars.records.members.consents.types import Consent
from regulars.records.members.write import raise_versions
from regulars.records.outbox.write import Told, tell

CHANGED = "consent.changed"


async def keep_words(tx: Tx, said: Sequence[Consent], *, brought: bool = False) -> None:
    """Keep these words; `consent.changed` says of each channel that stands otherwise from now on.

    Order: members are held first, as wherever an event of theirs is written. Of several words of
    one member about one channel the one with the latest instant stands; one event tells of it.
    A word that is older than the one that stands changes nothing and tells nothing.
    Keeps: words, versions and events in one transaction. Words that are brought over (`brought`)
    tell only of who had said something else here before: an import tells nobody what was so
    before it.
    """
    if not said:
        return
    versions = await members.lock(tx, sorted({one.member_id for one in said}))
    before = await read.last(tx, versions)
    stands: dict[tuple[object, str], Consent] = {}
    for one in sorted(said, key=lambda word: word.changed_at):
        was = before.get((one.member_id, one.channel))
        if was is None or one.changed_at > was.changed_at:
            stands[one.member_id, one.channel] = one
    told: list[Told] = []
    for key, one in stands.items():
        was = before.get(key)  # type: ignore[arg-type]
        if (was is None and brought) or (was is not None and was.state == one.state):
            continue
        versions[one.member_id] += 1
        told.append(Told(one.member_id, versions[one.member_id], CHANGED, _payload(one)))
    # Of several events of one member the last one says how far they are: each is raised once.
    raised = list({event.member_id: event.sequence for event in told}.items())
    await tx.write([*write.keep(tx, said), *raise_versions(tx, raised), *tell(tx, told)])


def _payload(one: Consent) -> str:
    """Which word it is, never where they said it: that may be what somebody typed."""
    said = {
        "member_id": f"mem_{one.member_id.hex}",
        "channel": one.channel,
        "state": one.state,
        "changed_at": one.changed_at,
    }
    return msgspec.json.encode(said).decode()
