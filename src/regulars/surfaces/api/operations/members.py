"""Members: who they are and what they are found by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec import UNSET

from regulars.base.faults import Fault, Invalid, UnknownMember
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.membership.change_members import change_members
from regulars.flows.membership.join_members import join_members
from regulars.flows.membership.link_identifiers import link_identifiers
from regulars.records.access.types import Scope
from regulars.records.members import read
from regulars.records.members.admission import read as admissions
from regulars.records.members.admission.types import Admission
from regulars.records.members.types import (
    Asked,
    ChangeMember,
    Identifier,
    JoinMember,
    LinkIdentifiers,
    Member,
    MemberRef,
    nobody,
)
from regulars.records.members.unions import read as unions
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.faults import BadParameter
from regulars.surfaces.api.front.looking_up import looked_up
from regulars.surfaces.api.operations.examples import every_day as examples
from regulars.surfaces.api.strict.cursors import Instant, cursor_of, place_of
from regulars.surfaces.api.strict.ids import addressed, shown
from regulars.surfaces.api.wire.members import (
    AdmissionShown,
    IdentifierNamed,
    IdentifiersSent,
    MemberChange,
    MemberChanged,
    MemberJoined,
    MemberSent,
    MemberShown,
    MembersPage,
    MembersQuery,
    admission_shown,
    joined,
    masked,
    member_shown,
    names_of,
)
from regulars.surfaces.api.wire.parts import instant_of, member_of

MOST_AT_A_TILL: Final = 20
"""So many of one name a till is shown."""


async def joining(tx: Tx, terms: Terms, batch: Sequence[JoinMember]) -> Sequence[Any]:
    """The flow of joining, as the gate calls flows."""
    return await join_members(tx, terms.versions[-1].program.country, batch, terms)


async def changing(tx: Tx, terms: Terms, batch: Sequence[ChangeMember]) -> Sequence[Any]:
    """The flow of changing what is known, as the gate calls flows."""
    return await change_members(tx, terms.versions[-1].program.country, batch, terms)


async def linking(tx: Tx, terms: Terms, batch: Sequence[LinkIdentifiers]) -> Sequence[Any]:
    """The flow of giving names and taking them, as the gate calls flows."""
    return await link_identifiers(tx, terms.versions[-1].program.country, batch, terms)


def joining_of(sent: MemberSent, asked: Asked) -> JoinMember:
    """The command of somebody who joins. Faults: Invalid at the field."""
    return JoinMember(
        identifiers=names_of(sent.identifiers),
        given_name=sent.given_name,
        family_name=sent.family_name,
        locale=sent.locale,
        zone=sent.zone,
        attributes=sent.attributes,
        joined_at=instant_of(sent.joined_at, "/joined_at"),
        source=sent.source,
        asked=asked,
        again=sent.again,
        birthday=sent.birthday,
        country=sent.country,
        guardian=None if sent.guardian is UNSET else member_of(sent.guardian, "/guardian"),
        invited_by=None if sent.invited_by is UNSET else member_of(sent.invited_by, "/invited_by"),
        actor=sent.actor,
    )


async def join(call: Call) -> Reply:
    """Somebody joins."""
    answer = await call.do(joining, joining_of(call.sent, call.asked))
    body = joined(answer)
    return Reply(body, 201, answer.replayed, f"/v1/members/{body.id}")


async def admission(call: Call) -> Reply:
    """What a member told when they joined."""
    id_ = addressed("mem", call.ids["member_id"])
    async with call.transaction as tx:
        if not await read.present(tx, [id_]):
            raise nobody()
        found = await admissions.some(tx, [id_])
    return Reply(admission_shown(found.get(id_, Admission(id_))))


async def search(call: Call) -> Reply:
    """Members by what they are found by, or in the order they joined."""
    query: MembersQuery = call.query
    said = {
        kind: value
        for kind in ("phone", "email", "card", "external", "number")
        if (value := getattr(query, kind)) is not None
    }
    if len(said) + (query.name is not None) > 1:
        raise BadParameter("look for a member by one thing at a time")
    country = (await call.terms()).versions[-1].program.country
    at_till = Scope.TILL in call.caller.scopes
    if at_till:
        query = await _at_till(call, said, query)
    try:
        async with call.transaction as tx:
            found, after = await _found(tx, country, said, query)
            names = await read.identifiers_of(tx, [member.id for member in found])
    except Invalid as fault:
        raise BadParameter(fault.says, field=fault.field.lstrip("/"), **fault.facts) from None
    if at_till and not said:  # others who have this name are not at the counter
        items = [masked(member, names[member.id]) for member in found]
        return Reply(MembersPage(items, has_more=False, next_cursor=None))
    items = [member_shown(member, names[member.id]) for member in found]
    return Reply(MembersPage(items, after is not None, cursor_of(after)))


async def _at_till(call: Call, said: dict[str, str], query: MembersQuery) -> MembersQuery:
    """What a till may ask for: whoever is named, counted as one look-up; of a name the first few.

    Faults: BadParameter for all members, page by page. Raises: No (`too_many_lookups`).
    """
    assert call.caller.key_id is not None, call.caller
    if said:
        ((kind, value),) = said.items()
        ref = msgspec.convert({kind: _plus(kind, value)}, MemberRef)
        await looked_up(call, call.caller.key_id, (ref,))
    elif not (query.name or "").strip() or query.cursor is not None:
        raise BadParameter("a till looks for somebody: say a name or what they are found by")
    return msgspec.structs.replace(query, limit=min(query.limit, MOST_AT_A_TILL))


async def _found(
    tx: Tx, country: str | None, said: dict[str, str], query: MembersQuery
) -> tuple[list[Member], read.Place | None]:
    """The members that are looked for, and where the page ended."""
    if said:
        return await _named(tx, country, said), None
    place = place_of(query.cursor, tuple[Instant, UUID])
    after = None if place is None else read.Place(*place)
    page = await read.search(tx, name=query.name or "", after=after, limit=query.limit)
    return page.members, page.after


async def _named(tx: Tx, country: str | None, said: dict[str, str]) -> list[Member]:
    """The one member who is found by this, if there is one."""
    ((kind, value),) = said.items()
    ref = msgspec.convert({kind: _plus(kind, value)}, MemberRef)
    (whom,) = await read.whom(tx, country, [ref], field="")
    if isinstance(whom, UnknownMember):
        return []
    if isinstance(whom, Fault):
        raise whom
    return list((await read.members(tx, [whom])).values())


async def one(call: Call) -> Reply:
    """One member."""
    id_ = addressed("mem", call.ids["member_id"])
    async with call.transaction as tx:
        member = (await read.members(tx, [id_])).get(id_)
        if member is None:
            raise nobody()
        names = await read.identifiers_of(tx, [id_])
        into = await unions.aliases(tx, [id_])
    return Reply(member_shown(member, names[id_], into.get(id_)))


async def change(call: Call) -> Reply:
    """A member's names, language, zone or attributes change."""
    sent: MemberChange = call.sent
    command = ChangeMember(
        member=_addressed(call),
        given_name=sent.given_name,
        family_name=sent.family_name,
        locale=sent.locale,
        zone=sent.zone,
        attributes=sent.attributes,
        asked=call.asked,
    )
    return _changed(await call.do(changing, command))


async def link(call: Call) -> Reply:
    """A member gets names to be found by, or loses some."""
    sent: IdentifiersSent = call.sent
    command = LinkIdentifiers(
        member=_addressed(call),
        link=names_of(sent.link),
        unlink=names_of(sent.unlink),
        asked=call.asked,
    )
    return _changed(await call.do(linking, command))


async def unlink(call: Call) -> Reply:
    """A member loses a name to be found by."""
    named: IdentifierNamed = call.query
    gone = Identifier(named.kind, _plus(named.kind, named.value))
    command = LinkIdentifiers(member=_addressed(call), unlink=(gone,), asked=call.asked)
    try:
        return _changed(await call.do(linking, command))
    except Fault as fault:
        fault.field = fault.field.replace("/unlink/0/", "")
        raise


def _plus(kind: str, value: str) -> str:
    """In an address a plus sign stands for a space; no telephone number begins with one."""
    return f"+{value[1:]}" if kind == "phone" and value.startswith(" ") else value


def _addressed(call: Call) -> MemberRef:
    return MemberRef(id=addressed("mem", call.ids["member_id"]))


def _changed(answer: Any) -> Reply:
    body = MemberChanged(shown("mem", answer.member_id), answer.state)
    return Reply(body, 200, answer.replayed)


OPERATIONS = (
    Operation(
        method="POST",
        path="/v1/members",
        name="join_member",
        tag="Members",
        says="Somebody joins",
        notes="A card that collected before it had a person gets this one and keeps its points.",
        scopes=(Scope.MEMBERS_WRITE,),
        sent=MemberSent,
        answers={201: MemberJoined},
        example=examples.JOIN,
        answer_example=examples.JOINED,
        codes=(
            "identifier_taken",
            "merge_needed",
            "member_erased",
            "staff_only",
            "invitation_needed",
            "country_closed",
            "detail_needed",
            "too_young",
            "guardian_needed",
        ),
        do=join,
    ),
    Operation(
        method="GET",
        path="/v1/members",
        name="search_members",
        tag="Members",
        says="Find members",
        notes="By telephone, e-mail, card, external id or loyalty number, each exactly; or all, "
        "or all whose name begins like this, in the order they joined. A till is shown the first "
        "twenty of a name, by first name and the last four digits; whom it names is counted.",
        scopes=(Scope.MEMBERS_READ,),
        query=MembersQuery,
        answers={200: MembersPage},
        answer_example={"items": [examples.MEMBER], "has_more": False, "next_cursor": None},
        codes=("bad_cursor", "too_many_lookups"),
        do=search,
    ),
    Operation(
        method="GET",
        path="/v1/members/{member_id}/admission",
        name="get_admission",
        tag="Members",
        says="What a member told when they joined, as far as the program asked",
        scopes=(Scope.MEMBERS_READ,),
        answers={200: AdmissionShown},
        answer_example=examples.ADMISSION,
        codes=("unknown_member",),
        do=admission,
    ),
    Operation(
        method="GET",
        path="/v1/members/{member_id}",
        name="get_member",
        tag="Members",
        says="One member",
        scopes=(Scope.MEMBERS_READ,),
        answers={200: MemberShown},
        answer_example=examples.MEMBER,
        codes=("unknown_member",),
        do=one,
    ),
    Operation(
        method="PATCH",
        path="/v1/members/{member_id}",
        name="change_member",
        tag="Members",
        says="Change a member's names, language, zone or attributes",
        notes="What is not said stays; an attribute set to null goes.",
        scopes=(Scope.MEMBERS_WRITE,),
        sent=MemberChange,
        answers={200: MemberChanged},
        example={"locale": "de", "attributes": {"milk": "oat", "student": None}},
        answer_example=examples.CHANGED,
        codes=("unknown_member", "member_erased", "join_first"),
        do=change,
    ),
    Operation(
        method="POST",
        path="/v1/members/{member_id}/identifiers",
        name="link_identifiers",
        tag="Members",
        says="Give a member names to be found by, take others away",
        notes="All of it or nothing. A lost card is replaced by linking the new one and unlinking "
        "the old one in one request.",
        scopes=(Scope.MEMBERS_WRITE,),
        sent=IdentifiersSent,
        answers={200: MemberChanged},
        example=examples.LINK,
        answer_example=examples.CHANGED,
        codes=(
            "unknown_member",
            "identifier_taken",
            "merge_needed",
            "member_erased",
            "join_first",
        ),
        do=link,
    ),
    Operation(
        method="DELETE",
        path="/v1/members/{member_id}/identifiers",
        name="unlink_identifier",
        tag="Members",
        says="Take away a name a member is found by",
        scopes=(Scope.MEMBERS_WRITE,),
        query=IdentifierNamed,
        answers={200: MemberChanged},
        answer_example=examples.CHANGED,
        codes=("unknown_member", "member_erased"),
        do=unlink,
    ),
)
