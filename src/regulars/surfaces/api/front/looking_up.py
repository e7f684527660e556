"""Whom a till asks for by name is counted, whichever operation it asks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from regulars.base.faults import Fault
from regulars.flows.tills.look_up import LookedUp, LookUp, Strangers, look_up
from regulars.records.access.types import Scope
from regulars.records.members.types import Identifier, MemberRef
from regulars.surfaces.api.call import Call
from regulars.surfaces.api.wire.members import IdentifiersSent, MemberSent, names_of
from regulars.surfaces.api.wire.parts import Whom, member_of


async def looked_up(call: Call, key_id: UUID, refs: tuple[MemberRef, ...]) -> UUID | None:
    """Who is meant, or nobody. Raises: No (`too_many_lookups`)."""
    found: LookedUp = await call.do(look_up, LookUp(key_id, refs))
    return found.member_id


async def strangers_told(call: Call, key_id: UUID, strangers: Strangers) -> None:
    """What a device counted without the network counts here too, once."""
    await call.do(look_up, LookUp(key_id, strangers=strangers))


async def counted(call: Call) -> None:
    """What a till names members by in what it sends is looked up first, and counted; so is what
    it gives to newcomers and members to be found by, where it is somebody's already.

    Raises: No (`too_many_lookups`). Keeps: an id is no guess, and what else is wrong with what was
    sent is said by the operation.
    """
    key_id = call.caller.key_id
    if key_id is None or Scope.TILL not in call.caller.scopes:
        return
    for ref in dict.fromkeys(_named(call.sent)):
        await looked_up(call, key_id, (ref,))
    if gives := _given(call.sent):
        await call.do(look_up, LookUp(key_id, gives=gives))


def _named(sent: Any) -> Iterator[MemberRef]:
    fields = getattr(sent, "__struct_fields__", ())
    named = [getattr(sent, name) for name in fields]
    named += getattr(sent, "members", None) or ()
    named += [getattr(one, "member", None) for one in getattr(sent, "activities", None) or ()]
    for one in named:
        if isinstance(one, Whom):
            try:
                ref = member_of(one)
            except Fault:
                continue
            if ref.id is None:
                yield ref


def _given(sent: Any) -> tuple[Identifier, ...]:
    if isinstance(sent, MemberSent):
        return names_of(sent.identifiers)
    return names_of(sent.link) if isinstance(sent, IdentifiersSent) else ()
