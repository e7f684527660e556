"""What every flow does that keeps a word about a channel: where it changes what stands, an event
says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from regulars.base.tx import Tx
from regulars.records.members import read as members
from regulars.records.members.consents import read, write
from regulars.records.members.consents.types import Consent, ConsentState
from regulars.records.members.write import raise_versions
from regulars.records.outbox.write import Told, tell

CHANGED = "consent.changed"
MERGED: Final = "said by somebody who is the same person"
"""Where a no comes from that came along in a merge, as it stands beside it."""
_STEP: Final = timedelta(microseconds=1)


async def keep_words(tx: Tx, said: Sequence[Consent], *, brought: bool = False) -> list[Consent]:
    """Keep these words, as they are answered; `consent.changed` says of each channel that stands
    otherwise from now on.

    Order: members are held first, as wherever an event of theirs is written. What is said here and
    now stands after whatever was kept before it, also where that carries a later date: an import
    may have brought it, or a clock was set back. A word with an instant of its own, which is older
    than the one that stands, changes nothing and tells nothing; a yes counts for that as of when it
    was recorded, at the latest (ADR 0957).
    Keeps: words, versions and events in one transaction. Words that are brought over (`brought`)
    tell only of who had said something else here before: an import tells nobody what was so
    before it.
    """
    if not said:
        return []
    versions = await members.lock(tx, sorted({one.member_id for one in said}))
    before = await read.last(tx, versions)
    recorded = await read.recorded(tx, versions)
    stands, kept = dict(before), []
    for one in said:
        key = one.member_id, one.channel
        was = stands.get(key)
        word = one
        if was is not None and says_anew(was, one.state):
            since = recorded.get(key, tx.now) if was is before.get(key) else tx.now
            if _outlasts(one, was, (since, tx.now), brought):
                word = one._replace(changed_at=max(one.changed_at, was.changed_at + _STEP))
        kept.append(word)
        if was is None or word.changed_at > was.changed_at:
            stands[key] = word
    told: list[Told] = []
    for key, one in stands.items():
        was = before.get(key)
        if (was is None and brought) or (was is not None and was.state == one.state):
            continue
        versions[one.member_id] += 1
        told.append(Told(one.member_id, versions[one.member_id], CHANGED, _payload(one)))
    # Of several events of one member the last one says how far they are: each is raised once.
    raised = list({event.member_id: event.sequence for event in told}.items())
    await tx.write([*write.keep(tx, kept), *raise_versions(tx, raised), *tell(tx, told)])
    return kept


def says_anew(was: Consent | None, state: ConsentState) -> bool:
    """Whether it is anything new that they say so now. Who says no themselves, while a no stands
    that came along in a merge, means their own: it is theirs when they are two again."""
    if was is None or was.state != state:
        return True
    return state == "withdrawn" and was.source == MERGED


def _outlasts(one: Consent, was: Consent, when: tuple[datetime, datetime], brought: bool) -> bool:
    """Whether a word stands after the other one whatever date that carries; `when` is since when
    the other one is recorded, and now."""
    recorded_at, now = when
    if not brought and one.changed_at >= now:
        return True
    if one.state == "given":
        return False
    # Nobody said yes later than now: its clock, or the file it came from, ran ahead.
    ahead = not brought and was.changed_at > now
    return ahead or one.changed_at > min(was.changed_at, recorded_at)


def _payload(one: Consent) -> str:
    """Which word it is, never where they said it: that may be what somebody typed."""
    said = {
        "member_id": f"mem_{one.member_id.hex}",
        "channel": one.channel,
        "state": one.state,
        "changed_at": one.changed_at,
    }
    return msgspec.json.encode(said).decode()
