"""Who is signed in, and the end of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, NotFound
from regulars.base.tx import Tx
from regulars.records.access import read as keys
from regulars.records.access.members import read, write
from regulars.records.access.members.spelling import token_hash
from regulars.records.access.members.types import SEEN_AGAIN, MemberSession
from regulars.records.members.unions import read as unions


class Inside(NamedTuple):
    """A member who is signed in; `stale` when it should be noted that the session was used."""

    member_id: UUID
    session_id: UUID
    stale: bool


class Visiting(NamedTuple):
    """A member on the page of a web shop: by which public key, and where that page comes from."""

    member_id: UUID
    key_id: UUID
    origin: str


class EndSession(Struct, frozen=True):
    """A member signs out: of this session, or of every one they have.

    `member_id` is who asks; a session of somebody else is not found.
    """

    member_id: UUID
    session_id: UUID | None = None


class Ended(Struct, frozen=True):
    """How many sessions are over by it."""

    sessions: int


EndOutcome = Ended | Fault


async def show_inside(
    tx: Tx, token: str, shop_key_id: UUID | None = None, origin: str = ""
) -> Inside | None:
    """Whose session this token is of, while it is open; by any other token nobody is in.

    Keeps: what a web shop holds opens that shop on pages of that origin, and never the card; what
    the card holds opens no shop.
    """
    hashed = token_hash(token)
    if hashed is None:
        return None
    session = (await read.by_token(tx, [hashed])).get(hashed)
    if session is None or not session.is_open(tx.now):
        return None
    if (session.shop_key_id, session.origin) != (shop_key_id, origin):
        return None
    stands = await unions.aliases(tx, [session.member_id])
    stale = tx.now - session.seen_at >= SEEN_AGAIN
    return Inside(stands.get(session.member_id, session.member_id), session.session_id, stale)


async def show_visit(tx: Tx, token: str) -> Visiting | None:
    """Who is signed in on the page of a web shop by this token, for the server of that shop.

    Keeps: what the card holds tells nothing here, and neither does a shop whose key was revoked.
    """
    hashed = token_hash(token)
    session = None if hashed is None else (await read.by_token(tx, [hashed])).get(hashed)
    if session is None or session.shop_key_id is None or not session.is_open(tx.now):
        return None
    key = (await keys.some_keys(tx, [session.shop_key_id])).get(session.shop_key_id)
    if key is None or not key.is_open or session.origin not in key.origins:
        return None
    stands = await unions.aliases(tx, [session.member_id])
    member_id = stands.get(session.member_id, session.member_id)
    return Visiting(member_id, session.shop_key_id, session.origin)


async def show_sessions(tx: Tx, member_id: UUID) -> list[MemberSession]:
    """The open sessions of a member, the one used last first."""
    found = []
    for id_ in sorted(await unions.family(tx, [member_id])):
        found += [one for one in await read.sessions_of(tx, id_) if one.is_open(tx.now)]
    return sorted(found, key=lambda one: one.seen_at, reverse=True)


async def note_seen(tx: Tx, batch: Sequence[UUID]) -> list[None]:
    """These sessions were used just now, so they last on."""
    await tx.write(write.seen(tx, sorted(set(batch))))
    return [None] * len(batch)


async def end_sessions(tx: Tx, batch: Sequence[EndSession]) -> list[EndOutcome]:
    """Each of these is over at once; its cookie lets nobody in any more.

    Faults, each for its own item: `not_found` for a session that is not open, or not theirs.
    """
    outcomes: list[EndOutcome] = []
    ended: set[UUID] = set()
    for one in batch:
        theirs = {session.session_id for session in await show_sessions(tx, one.member_id)}
        meant = theirs if one.session_id is None else theirs & {one.session_id}
        if one.session_id is not None and not meant:
            outcomes.append(NotFound("you have no such session open", field="/session_id"))
            continue
        outcomes.append(Ended(len(meant - ended)))
        ended |= meant
    await tx.write(write.end(tx, sorted(ended)))
    return outcomes
