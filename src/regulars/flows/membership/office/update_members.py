"""A connected system tells what is to be different about members it knows one name of a kind of."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from msgspec import UNSET

from regulars.base.faults import Fault, Invalid, Refused
from regulars.base.tx import Tx
from regulars.engine.checking.joining import first
from regulars.engine.terms import Terms
from regulars.flows.membership.change_members import told_of
from regulars.flows.membership.link_identifiers import Desk
from regulars.flows.membership.office.commands import UpdateMember
from regulars.records.members import changing, read, write
from regulars.records.members.changing import Names, Renamed
from regulars.records.members.identify import normal_or_fault
from regulars.records.members.types import Changed, ChangeMember, Identifier

UpdateOutcome = Changed | Refused | Fault
Said = list[Identifier | None]


async def update_members(
    tx: Tx, country: str | None, batch: Sequence[UpdateMember], terms: Terms
) -> list[UpdateOutcome]:
    """Of each member the name that is shown of a kind is replaced, and their own names changed.

    Their other names stay: whoever knows one telephone of a member takes no second one away.
    All of a command or nothing. Order: as sent; the version that was seen is compared under the
    lock. Refuses: `merge_needed`, `join_first`, as where names are linked. Faults, each for its own
    item: `unknown_member`; `invalid` and `identifier_taken` at `/names/<place>`; `invalid` at a
    name of theirs, and at `/version` when more was written since.
    Example: of a member with two telephones the older is replaced, the other stays.
    """
    await write.lock_identifiers(tx)
    whom = await read.whom(tx, country, [one.member for one in batch])
    said = [_spelled(one, country) for one in batch]
    desk = await _desk(tx, [one for one in whom if isinstance(one, UUID)], said)
    gate = first(terms.at(tx.now).program.join)
    outcomes: list[UpdateOutcome] = []
    for command, who, names in zip(batch, whom, said, strict=True):
        if isinstance(who, Fault):
            outcomes.append(who)
        elif isinstance(names, Fault):
            outcomes.append(names)
        else:
            outcomes.append(_update(desk, gate, command, (who, names)))
    await tx.write(write.unlink(tx, desk.given_up()))
    await tx.write(desk.writes(tx))
    return outcomes


def _spelled(command: UpdateMember, country: str | None) -> Said | Fault:
    found: Said = []
    for place, (kind, value) in enumerate(command.names):
        name = normal_or_fault(kind, value, country, field=f"/names/{place}") if value else None
        if isinstance(name, Fault):
            return name
        found.append(name)
    return found


async def _desk(tx: Tx, ids: Sequence[UUID], said: Sequence[Said | Fault]) -> Desk:
    named = [name for names in said if not isinstance(names, Fault) for name in names if name]
    holders = await read.resolve(tx, named)
    concerned = {*ids, *holders.values()}
    versions = await read.lock(tx, concerned)
    had = await read.identifiers_of(tx, ids)
    known = {name: who for who, names in had.items() for name in names}
    return Desk(known | holders, await read.members(tx, concerned), versions)


def _update(
    desk: Desk, gate: Refused | None, command: UpdateMember, job: tuple[UUID, Said]
) -> UpdateOutcome:
    who = job[0]
    if command.version is not None and command.version != desk.versions[who]:
        return Invalid("this member was changed since", field="/version")
    before, (asked, places) = desk.members[who], _asked(desk, command, job)
    profile = changing.asked_profile(
        ChangeMember(
            command.member,
            UNSET if command.given_name is None else command.given_name,
            UNSET if command.family_name is None else command.family_name,
        )
    )
    if isinstance(profile, Fault):
        return profile
    renamed = changing.renamed(before, asked, desk.names, desk.members)
    if not isinstance(renamed, Renamed):
        return _at(renamed, places)
    after = changing.changed(renamed.member, profile)
    if isinstance(after, Fault):
        return after
    if gate is not None and after.state != before.state:
        return gate
    desk.keep(renamed)
    if after != renamed.member:
        desk.note(after, "member.changed", told_of(renamed.member, after))
    return Changed(who, after.state)


def _asked(desk: Desk, command: UpdateMember, job: tuple[UUID, Said]) -> tuple[Names, list[int]]:
    """Which names come and go, and where in the command those stand that come."""
    who, names = job
    had = [name for name, holder in desk.names.items() if holder == who]
    link, unlink, places = list[Identifier](), list[Identifier](), list[int]()
    for place, ((kind, _), name) in enumerate(zip(command.names, names, strict=True)):
        shown = next((one for one in had if one.kind == kind), None)
        if name == shown:
            continue
        if shown is not None:
            unlink.append(shown)
        if name is not None and name not in had:
            link.append(name)
            places.append(place)
    return Names(tuple(link), tuple(unlink)), places


def _at(no: Refused | Fault, places: Sequence[int]) -> Refused | Fault:
    """The same, at the name as it was sent."""
    steps = no.field.split("/") if isinstance(no, Fault) else []
    if isinstance(no, Fault) and steps[1:2] == ["link"]:
        no.field = f"/names/{places[int(steps[2])]}"
    return no
