"""What a till is given to be cut off with: the program, its reservations, members seen lately."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from regulars.base.ids import first_id, id_of
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.batch.load import hold_members
from regulars.flows.show_standing import Standing, show_standing
from regulars.records.members import read as members
from regulars.records.members.types import Identifier, Member
from regulars.records.rewards import read as rewards
from regulars.records.tills import read
from regulars.records.tills.signing import lookup
from regulars.records.tills.types import Till
from regulars.surfaces.api.strict.cursors import cursor_of, place_of
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.wire.standing.shown import won_shown
from regulars.surfaces.till.sync.counted import MemberCounted, counted
from regulars.surfaces.till.sync.reserving import allowance_of
from regulars.surfaces.till.sync.wire import MemberSeen, Snapshot, SnapshotQuery, till_id_of

OVERLAP: Final = timedelta(minutes=2)
"""Looked at once more, since what began before the last snapshot may have ended after it."""
MOST_GONE: Final = 1_000
MOST_UNSETTLED: Final = 1_000
EARLIEST: Final = 1971
"""Nobody had a snapshot before."""
_LAST: Final = (UUID(int=(1 << 128) - 1), UUID(int=(1 << 128) - 1))
_STATES: Final = frozenset({"active", "unregistered", "blocked"})
_encode = msgspec.json.Encoder(enc_hook=str).encode


async def snapshot(tx: Tx, terms: Terms, till: Till, query: SnapshotQuery) -> Snapshot:
    """What this till needs now, beside what it has.

    Order: the members seen last come first, so that whoever stops early has the regulars.
    Faults: BadCursor.
    """
    version = terms.at(tx.now)
    before = place_of(query.cursor, tuple[UUID, UUID]) or _LAST
    since = least_id(tx, query.since)
    lately = await read.seen_lately(tx, since, before, query.limit)
    store = (await read.stores(tx)).get(till.store)
    held = await rewards.reserved_by(tx, till.reserving)
    known = query.version == version.number
    full = len(lately) == query.limit
    return Snapshot(
        server_at=tx.now,
        store=till.store,
        store_name=store.name if store else till.store,
        zone=store.zone if store else version.program.zone,
        till=till_id_of(till),
        state=till.state,
        version=version.number,
        program=None if known else msgspec.Raw(_encode(version.program)),
        members=await _members(tx, terms, till, [id_ for id_, _ in lately]),
        gone=await _gone(tx, query.since),
        offline=[allowance_of(one, place) for place, one in enumerate(held)],
        unsettled=await _unsettled(tx, till),
        next_cursor=cursor_of((lately[-1][1], lately[-1][0])) if full else None,
    )


async def _gone(tx: Tx, since: datetime | None) -> list[str] | None:
    """Whom the device has to forget; None where they are too many to list."""
    if since is None:
        return []
    ids = await read.gone_since(tx, since - OVERLAP, MOST_GONE + 1)
    return None if len(ids) > MOST_GONE else sorted(shown("mem", id_) for id_ in ids)


async def _unsettled(tx: Tx, till: Till) -> list[str] | None:
    """What of this till waits for somebody to look at it; None where that is too much to list."""
    ids = await read.unsettled(tx, till.till_id, MOST_UNSETTLED + 1)
    return None if len(ids) > MOST_UNSETTLED else [shown("rec", id_) for id_ in ids]


def least_id(tx: Tx, since: datetime | None) -> UUID:
    """The least id of what may have ended after this snapshot, which a sandbox dates by its clock;
    the least of all where it is the first."""
    if since is None or since.year < EARLIEST:
        return id_of(bytes(16))
    return first_id(since - OVERLAP - tx.ahead)


async def _members(tx: Tx, terms: Terms, till: Till, ids: Sequence[UUID]) -> list[MemberSeen]:
    people = await members.members(tx, ids)
    names = await members.identifiers_of(tx, ids)
    states = await hold_members(tx, terms, ids, lock=False)
    version = terms.at(tx.now)
    seen = []
    for id_ in ids:
        member = people.get(id_)
        if member is not None and member.state in _STATES:
            stands = await show_standing(tx, terms, id_)
            needed = counted(version, states[id_], tx.now)
            seen.append(_seen(till, member, names[id_], stands, needed))
    return seen


def _seen(
    till: Till,
    member: Member,
    names: Sequence[Identifier],
    stands: Standing,
    needed: MemberCounted | None,
) -> MemberSeen:
    phone = next((one.value for one in names if one.kind == "phone"), "")
    return MemberSeen(
        id=shown("mem", member.id),
        number=member.number,
        given_name=member.given_name,
        locale=member.locale,
        state=member.state,
        phone_ends=phone[-4:],
        finds=sorted(lookup(till.lookup_key, f"{one.kind}:{one.value}") for one in names),
        tier=stands.tier.id if stands.tier else None,
        balances={name: balance.available for name, balance in stands.balances.items()},
        rewards=[one.reward.id for one in stands.rewards if one.no is None],
        counted=needed,
        won=[won_shown(one) for one in stands.won],
    )
