"""Customers: the same members, by their names and what they are found by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from msgspec import UNSET, UnsetType

from regulars.base.faults import Fault
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.membership.office.commands import UpdateMember
from regulars.flows.membership.office.update_members import update_members
from regulars.insight.connected.accounts import Account, accounts
from regulars.records.access.types import Scope
from regulars.records.members import read as members
from regulars.records.members.types import (
    Identifier,
    JoinMember,
    Kind,
    Member,
    MemberRef,
)
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.members import joining
from regulars.surfaces.api.strict.cursors import place_of
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.connect.square.errors import PREFIX, Wrong
from regulars.surfaces.connect.square.operations.accounts import account_at
from regulars.surfaces.connect.square.telling.paging import cursor, cut
from regulars.surfaces.connect.square.times import instant
from regulars.surfaces.connect.square.view import View, view_of
from regulars.surfaces.connect.square.wire import customers as sent

READS = (Scope.SQUARE_READ, Scope.SQUARE_WRITE)
WRITES = (Scope.SQUARE_WRITE,)
_USUAL: Final = 100
_KINDS: Final[dict[str, Kind]] = {
    "phone_number": "phone",
    "email_address": "email",
    "reference_id": "external",
}
"""What customers are found by, as our members are."""
_WRONG: Final = {
    "phone": ("INVALID_PHONE_NUMBER", "/phone_number"),
    "email": ("INVALID_EMAIL_ADDRESS", "/email_address"),
    "external": ("INVALID_VALUE", "/reference_id"),
}


async def create(call: Call) -> Reply:
    """Somebody becomes a customer, which is a member here."""
    body: sent.CreateCustomer = call.sent
    names = _names(body)
    command = JoinMember(
        identifiers=tuple(names),
        given_name=body.given_name or "",
        family_name=body.family_name or "",
        asked=call.asked,
    )
    if not names and not command.given_name and not command.family_name:
        raise Wrong("say a name, a telephone, an e-mail address or a reference")
    try:
        made = await call.do(joining, command)
    except Fault as fault:
        raise _as_theirs(fault, names) from None
    return Reply({"customer": await _one(call, made.member_id)})


def _names(body: sent.CreateCustomer | sent.UpdateCustomer) -> list[Identifier]:
    said = ((kind, getattr(body, field)) for field, kind in _KINDS.items())
    return [Identifier(kind, value) for kind, value in said if isinstance(value, str) and value]


def _as_theirs(fault: Fault, names: Sequence[Identifier]) -> Fault:
    """What our own flow says about a name, at the field it stands in here."""
    steps = fault.field.split("/")
    place = next((int(step) for step in steps if step.isdigit()), None)
    if place is None or place >= len(names):
        return fault
    code, field = _WRONG[names[place].kind]
    taken = fault.code == "identifier_taken"
    return Wrong(fault.says, code="BAD_REQUEST" if taken else code, field=field)


async def one(call: Call) -> Reply:
    """One customer."""
    seen = await view_of(call)
    async with call.transaction as tx:
        found = await account_at(tx, seen, call.ids["customer_id"])
        (customer,) = await _shown(tx, [found])
    return Reply({"customer": customer})


async def update(call: Call) -> Reply:
    """What is known of a customer changes.

    Of what they are found by only what is shown here is replaced; other names of theirs stay.
    """
    body: sent.UpdateCustomer = call.sent
    async with call.transaction as tx:
        found = await account_at(tx, await view_of(call), call.ids["customer_id"])
    said = [kind for field, kind in _KINDS.items() if getattr(body, field) is not UNSET]
    values = {name.kind: name.value for name in _names(body)}
    names = [Identifier(kind, values.get(kind, "")) for kind in said]
    command = UpdateMember(
        member=MemberRef(id=found.member_id),
        names=tuple((one.kind, one.value) for one in names),
        given_name=_said(body.given_name),
        family_name=_said(body.family_name),
        version=body.version,
    )
    try:
        await call.do(_updating, command)
    except Fault as fault:
        if fault.field == "/version":
            raise Wrong(
                "this customer was changed since", code="CONFLICT", field=fault.field
            ) from None
        raise _as_theirs(fault, names) from None
    return Reply({"customer": await _one(call, found.member_id)})


async def _updating(tx: Tx, terms: Terms, batch: Sequence[UpdateMember]) -> Sequence[Any]:
    """The flow, as the gate calls flows."""
    return await update_members(tx, terms.versions[-1].program.country, batch, terms)


def _said(value: str | UnsetType | None) -> str | None:
    """A name that is said; null takes it away, what is not said stays."""
    return None if isinstance(value, UnsetType) else value or ""


async def search(call: Call) -> Reply:
    """Customers by what they are found by, or all of them; the oldest first."""
    body: sent.SearchCustomers = call.sent
    wanted = (body.query and body.query.filter) or sent.CustomerFilter()
    said = {kind: getattr(wanted, field) for field, kind in _KINDS.items()}
    refs = [MemberRef(**{kind: one_.exact}) for kind, one_ in said.items() if one_ is not None]
    return await _page(call, refs, body.cursor, body.limit)


async def all_of_them(call: Call) -> Reply:
    """All customers, the oldest first."""
    return await _page(call, [], call.query.cursor, call.query.limit)


async def _page(
    call: Call, refs: Sequence[MemberRef], cursor_: str | None, limit: int | None
) -> Reply:
    place, most = place_of(cursor_, tuple[UUID]), limit or _USUAL
    seen, after = await view_of(call), None if place is None else place[0]
    async with call.transaction as tx:
        ids = await _meant(tx, seen, refs)
        rows = await accounts(tx, seen.code, ids=ids, after=after, limit=most + 1)
        page, more = cut(rows, most)
        listed = await _shown(tx, page)
    answer: dict[str, Any] = {"customers": listed} if listed else {}
    return Reply(answer | ({"cursor": cursor((page[-1].member_id,))} if more else {}))


async def _meant(tx: Tx, seen: View, refs: Sequence[MemberRef]) -> list[UUID] | None:
    """Whom all of these names mean; nothing means everybody."""
    if not refs:
        return None
    country = seen.version.program.country
    found = set(await members.whom(tx, country, refs))
    return [who for who in found if isinstance(who, UUID)] if len(found) == 1 else []


async def _one(call: Call, member_id: UUID) -> dict[str, Any]:
    seen = await view_of(call)
    async with call.transaction as tx:
        found = await account_at(tx, seen, shown("mem", member_id))
        (customer,) = await _shown(tx, [found])
    return customer


async def _shown(tx: Tx, found: Sequence[Account]) -> list[dict[str, Any]]:
    ids = [one_.member_id for one_ in found]
    people, names = await members.members(tx, ids), await members.identifiers_of(tx, ids)
    return [_customer(one_, people[one_.member_id], names[one_.member_id]) for one_ in found]


def _customer(account: Account, member: Member, names: Sequence[Identifier]) -> dict[str, Any]:
    said = {
        field: next((name.value for name in names if name.kind == kind), "")
        for field, kind in _KINDS.items()
    }
    told = {"given_name": member.given_name, "family_name": member.family_name, **said}
    return {
        "id": shown("mem", account.member_id),
        "created_at": instant(account.recorded_at),
        "updated_at": instant(account.changed_at),
        **{name: value for name, value in told.items() if value},
        "creation_source": "THIRD_PARTY",
        "version": account.version,
    }


_CUSTOMERS = f"{PREFIX}/v2/customers"
_CUSTOMER = f"{_CUSTOMERS}/{{customer_id}}"

OPERATIONS = (
    Operation(
        method="GET",
        path=_CUSTOMERS,
        name="square_list_customers",
        tag="Customers",
        says="All customers",
        scopes=READS,
        query=sent.CustomersQuery,
        answers={200: dict[str, Any]},
        do=all_of_them,
    ),
    Operation(
        method="POST",
        path=_CUSTOMERS,
        name="square_create_customer",
        tag="Customers",
        says="Somebody becomes a customer",
        scopes=WRITES,
        sent=sent.CreateCustomer,
        answers={200: dict[str, Any]},
        do=create,
    ),
    Operation(
        method="POST",
        path=f"{_CUSTOMERS}/search",
        name="square_search_customers",
        tag="Customers",
        says="Find customers",
        scopes=READS,
        sent=sent.SearchCustomers,
        answers={200: dict[str, Any]},
        do=search,
    ),
    Operation(
        method="GET",
        path=_CUSTOMER,
        name="square_get_customer",
        tag="Customers",
        says="One customer",
        scopes=READS,
        answers={200: dict[str, Any]},
        do=one,
    ),
    Operation(
        method="PUT",
        path=_CUSTOMER,
        name="square_update_customer",
        tag="Customers",
        says="What is known of a customer changes",
        scopes=WRITES,
        sent=sent.UpdateCustomer,
        answers={200: dict[str, Any]},
        do=update,
    ),
)
