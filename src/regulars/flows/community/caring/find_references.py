"""Members agree to be asked by prospects, and one who fits is asked; that they helped is an
activity."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from msgspec.structs import replace

from regulars.base.faults import Fault, Forbidden, MembersMoved, NotFound, Refused, StaleStanding
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.batch.askings import askings, kept, settle_followers, sort_out
from regulars.flows.batch.load import hold_members
from regulars.flows.commands import RecordActivity
from regulars.flows.community.allowed import barred, forbidden, wrong
from regulars.flows.community.caring.commands import (
    AgreeOutcome,
    AgreeToReferences,
    ReferenceTold,
    TurnOutcome,
    TurnReference,
    WantOutcome,
    WantReference,
)
from regulars.flows.recording.record_activities import record_activities
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.staff.types import By
from regulars.records.access.staff.write import Done, acted
from regulars.records.activity.types import NOBODY, Body
from regulars.records.community.references import read, write
from regulars.records.community.references.rules import ill_wanted
from regulars.records.community.references.types import ReferenceRequest, RequestState
from regulars.records.members.read import whom
from regulars.records.members.types import MemberRef
from regulars.records.once.write import keep

KIND: Final = "reference"
"""What rules call it."""
SOURCE: Final = "regulars-references"
_ENDS: Final[Mapping[str, RequestState]] = {
    "given": "given", "declined": "open", "withdraw": "withdrawn",
}  # fmt: skip
_FROM: Final[Mapping[str, Collection[str]]] = {
    "given": {"asked"}, "declined": {"asked"}, "withdraw": {"open", "asked"},
}  # fmt: skip


async def agree_to_references(
    tx: Tx, terms: Terms, batch: Sequence[AgreeToReferences]
) -> list[AgreeOutcome]:
    """Prospects may ask each of these members from now on, or may not; said again, nothing changes.

    Keeps: whoever takes it back is asked nothing more: what they are asked for is open again, and
    they declined it.
    Refuses: `member_erased`, `member_blocked`. Faults: unknown member, `forbidden`.
    """
    return [await _agree(tx, terms, command) for command in batch]


async def want_references(
    tx: Tx, terms: Terms, batch: Sequence[WantReference]
) -> list[WantOutcome]:
    """For each of these prospects a member is looked for, once.

    Faults: `forbidden`, `invalid` at a field.
    """
    asked = askings("want_reference", batch, lambda _: None)
    await sort_out(tx, asked, ReferenceTold)
    for item in [one for one in asked if one.open]:
        command = item.command
        prospect = command.prospect.strip()
        no = await _forbidden(tx, command.by) or wrong(ill_wanted(prospect, command.wants))
        if no is not None:
            item.outcome = no
            continue
        one = ReferenceRequest(
            tx.new_id(), prospect, dict(command.wants), "open", tx.now, _who(command.by)
        )
        await tx.write(write.begin(tx, one))
        item.outcome = ReferenceTold(one.request_id)
        await tx.write(keep(tx, kept(item, NOBODY, one.request_id)))
    return settle_followers(asked)


async def turn_references(
    tx: Tx, terms: Terms, batch: Sequence[TurnReference]
) -> list[TurnOutcome]:
    """For each of these a member is asked, or gave it, or would rather not, or nobody is wanted any
    more.

    Order: the member is held first, then the request. Who declines is not asked for the same one
    again, and the next is. That it was given is recorded before it stands.
    Keeps: nobody is asked who did not agree, and nobody while somebody waits for their answer; of
    all who fit, whoever was asked least is first. What was given is one activity, `reference`.
    Refuses: `reference_not_so` for a step that is not its next, `nobody_fits`. Faults: unknown
    member, `forbidden`, `not_found`, what recording says.
    """
    return [await _turn(tx, terms, command) for command in batch]


async def _agree(tx: Tx, terms: Terms, command: AgreeToReferences) -> AgreeOutcome:
    no: Any = await _forbidden(tx, command.by)
    who = no or await _named(tx, terms, command.member)
    if isinstance(who, Fault):
        return who
    state = (await hold_members(tx, terms, [who]))[who]
    no = barred(state) if command.agrees else None
    if no is not None:
        return no  # type: ignore[no-any-return]
    there = (await read.agreed(tx, [who]))[who]
    if there.agrees == command.agrees:
        return there
    did = "reference.agreed" if command.agrees else "reference.disagreed"
    staff = acted(tx, [Done(command.by, did, "member", who.hex)]) if command.by.staff_id else []
    await tx.write([*write.agree(tx, who, command.agrees, _who(command.by)), *staff])
    if not command.agrees:
        await tx.write(write.let_off(tx, who))
    return (await read.agreed(tx, [who]))[who]


async def _turn(tx: Tx, terms: Terms, command: TurnReference) -> TurnOutcome:
    no = await _forbidden(tx, command.by)
    there = (await read.by_id(tx, [command.request_id])).get(command.request_id)
    if no is not None or there is None:
        return no or NotFound("there is no such request", field="/request_id")
    if command.does == "ask":
        return await _ask(tx, terms, command)
    if there.member_id is not None:
        await hold_members(tx, terms, [there.member_id])
    one = (await read.hold(tx, [command.request_id]))[command.request_id]
    if one.member_id not in (None, there.member_id):
        raise MembersMoved  # another is asked by now, who is not held
    ends = _ENDS[command.does]
    if one.state == ends != "open":
        return one
    if one.state not in _FROM[command.does]:
        return _not_so(one)
    if command.does == "given":
        assert one.member_id is not None, one
        (done,) = await record_activities(tx, terms, [happened(one)])
        if isinstance(done, Fault | Refused):
            return done
    ended = ends != "open"
    now = replace(
        one, state=ends, member_id=one.member_id if ends == "given" else None,
        ended_at=tx.now if ended else None, ended_by=_who(command.by) if ended else "",
    )  # fmt: skip
    said = "declined" if command.does == "declined" else ends
    await tx.write([*write.turn(tx, now), *write.answer(tx, one.request_id, said)])
    return now


async def _ask(tx: Tx, terms: Terms, command: TurnReference) -> TurnOutcome:
    named: UUID | None = None
    if command.member is not None:
        meant = await _named(tx, terms, command.member)
        if isinstance(meant, Fault):
            return meant
        named = meant
    one = (await read.by_id(tx, [command.request_id]))[command.request_id]
    fits = await read.matches(tx, (one.request_id, one.wants), 1, named)
    if fits:
        await hold_members(tx, terms, [fits[0].member_id])
    one = (await read.hold(tx, [command.request_id]))[command.request_id]
    if one.state == "asked" and named in (None, one.member_id):
        return one
    if one.state != "open":
        return _not_so(one)
    # Held by now: whoever was asked for another prospect meanwhile does not fit any more.
    best, fits = (
        fits,
        fits and await read.matches(tx, (one.request_id, one.wants), 1, fits[0].member_id),
    )
    if best and not fits and named is None:
        raise StaleStanding("whoever fitted best was taken; the next may fit")
    if not fits:
        says = "Nobody who agreed has all of this, or they wait with somebody already"
        return Refused("nobody_fits", says, {})
    now = replace(one, state="asked", member_id=fits[0].member_id)
    await tx.write([*write.turn(tx, now), *write.ask(tx, one.request_id, fits[0].member_id)])
    return now


def happened(one: ReferenceRequest) -> RecordActivity:
    """What rules see: that somebody helped; not whom."""
    assert one.member_id is not None, one
    return RecordActivity(
        kind=KIND,
        member=MemberRef(id=one.member_id),
        source=SOURCE,
        external_id=one.request_id.hex,
        channel="community",
        body=Body(),
    )


async def _named(tx: Tx, terms: Terms, ref: MemberRef) -> UUID | Fault:
    (found,) = await whom(tx, terms.versions[-1].program.country, [ref])
    return found


def _not_so(one: ReferenceRequest) -> Refused:
    says = "This is not its next step; look at it again"
    return Refused("reference_not_so", says, {"state": one.state})


async def _forbidden(tx: Tx, by: By) -> Forbidden | Fault | None:
    return await forbidden(tx, by, Permission.MEMBERS_WRITE)


def _who(by: By) -> str:
    return by.actor or "api"
