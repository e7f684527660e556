"""Accounts: who collects, by which telephone, and where they stand."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Sequence
from typing import TypeVar
from uuid import UUID

from msgspec import UNSET, UnsetType

from regulars.base.faults import Fault, NotFound, UnknownMember
from regulars.base.tx import Tx
from regulars.insight.connected.accounts import Account, accounts
from regulars.records.access.types import Scope
from regulars.records.members import read as members
from regulars.records.members.types import (
    Asked,
    Identifier,
    JoinMember,
    LinkIdentifiers,
    MemberErased,
    MemberRef,
)
from regulars.records.once.read import known
from regulars.records.once.types import idempotency_key
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.members import joining, linking
from regulars.surfaces.api.strict.cursors import place_of
from regulars.surfaces.api.strict.ids import meant, shown
from regulars.surfaces.connect.square.errors import PREFIX, Wrong
from regulars.surfaces.connect.square.telling.paging import cursor, cut, listed
from regulars.surfaces.connect.square.times import instant, instant_meant
from regulars.surfaces.connect.square.view import View, view_of
from regulars.surfaces.connect.square.wire import sent
from regulars.surfaces.connect.square.wire.shown import (
    AccountAnswer,
    AccountsAnswer,
    AccountShown,
    DeadlineShown,
    MappingShown,
)

Done = TypeVar("Done")
READS = (Scope.SQUARE_READ, Scope.SQUARE_WRITE)
WRITES = (Scope.SQUARE_WRITE,)
_PHONE = "/loyalty_account/mapping/phone_number"
NO_ACCOUNT = "there is no such loyalty account here"
_USUAL = 30
_LINK, _ASKS = "link", "square account"
"""The operation by which an account is noted, and in whose name: nobody's who asks."""


async def create(call: Call) -> Reply:
    """Somebody joins by their telephone; who is known as a customer gets it as a name."""
    wanted: sent.AccountSent = call.sent.loyalty_account
    seen = await view_of(call)
    if not seen.is_meant(wanted.program_id):
        says = "there is no such loyalty program here; `main` is yours"
        raise Wrong(says, code="NOT_FOUND", field="/loyalty_account/program_id")
    name = Identifier("phone", _phone(wanted.mapping, _PHONE))
    try:
        if wanted.customer_id is None:
            member_id = await _joined(call, wanted, name)
        else:
            member_id = await _linked(call, wanted.customer_id, name)
    except Fault as fault:
        raise _as_theirs(fault) from None
    async with call.transaction as tx:
        found = await account_at(tx, seen, shown("mem", member_id))
    return Reply(AccountAnswer(account_shown(seen, found)))


async def _joined(call: Call, wanted: sent.AccountSent, name: Identifier) -> UUID:
    since = wanted.enrolled_at
    at = None if since is None else instant_meant(since, "/loyalty_account/enrolled_at")
    command = JoinMember(identifiers=(name,), joined_at=at, asked=call.asked)
    try:
        joined = await call.do(joining, command)
    except Fault as fault:
        if fault.code != "identifier_taken" or not await _may_have(call, name):
            raise
        # Known already, as a customer or from elsewhere: the account that they never asked for.
        return await _named(call, MemberRef(phone=name.value), name)
    await _note(call, joined.member_id)
    answer: UUID = joined.member_id
    return answer


async def _may_have(call: Call, name: Identifier) -> bool:
    """Whether whoever is known by this telephone has no account yet, or got it by this request."""
    seen, asked = await view_of(call), call.asked
    async with call.transaction as tx:
        for who in await _by(tx, [MemberRef(phone=name.value)]):
            own = idempotency_key(asked.principal, _LINK, asked.key)
            before = await known(tx, [own, idempotency_key(_ASKS, _LINK, who.hex)])
            booked = [one.first_at for one in await accounts(tx, seen.code, ids=[who])]
            return own in before or not (before or any(booked))
    return False


async def _named(call: Call, who: MemberRef, name: Identifier) -> UUID:
    command = LinkIdentifiers(member=who, link=(name,), asked=call.asked)
    answer: UUID = (await call.do(linking, command)).member_id
    await _note(call, answer)
    return answer


async def _note(call: Call, member_id: UUID) -> None:
    """Note that they have an account: it is made once, whoever asks and under whichever key."""
    asked = Asked(_ASKS, member_id.hex)
    await call.do(linking, LinkIdentifiers(MemberRef(id=member_id), asked=asked))


async def _linked(call: Call, customer_id: str, name: Identifier) -> UUID:
    member_id = meant("mem", customer_id)
    if member_id is None:
        says = "there is no such customer here"
        raise Wrong(says, code="NOT_FOUND", field="/loyalty_account/customer_id")
    return await _named(call, MemberRef(id=member_id), name)


def _as_theirs(fault: Fault) -> Fault:
    """What our own flow says about a name, at the field it stands in here."""
    if fault.code == "identifier_taken":
        says = "somebody else is already known by this telephone; search for their account"
        return Wrong(says, field=_PHONE)
    if "identifiers" in fault.field or "link" in fault.field or fault.field == "/phone":
        return Wrong(fault.says, code="INVALID_PHONE_NUMBER", field=_PHONE)
    if fault.field == "/joined_at":
        return Wrong(fault.says, code="INVALID_TIME", field="/loyalty_account/enrolled_at")
    if fault.code == "unknown_member":
        return Wrong(fault.says, code="NOT_FOUND", field="/loyalty_account/customer_id")
    return fault


def _phone(mapping: sent.MappingSent | None, field: str) -> str:
    if mapping is None or mapping.phone_number is None:
        raise Wrong("say by which telephone they are known", field=field)
    if not mapping.phone_number.startswith("+"):
        says = "write the telephone number with its country, as in +14155551234"
        raise Wrong(says, code="INVALID_PHONE_NUMBER", field=field)
    return mapping.phone_number


async def one(call: Call) -> Reply:
    """One account."""
    seen = await view_of(call)
    async with call.transaction as tx:
        found = await account_at(tx, seen, call.ids["account_id"])
    return Reply(AccountAnswer(account_shown(seen, found)))


def member_named(account_id: str) -> MemberRef:
    """The member whose account has this id; the flow finds whom they stand under now.

    Faults: NotFound for what is no id.
    """
    member_id = meant("mem", account_id)
    if member_id is None:
        raise NotFound(NO_ACCOUNT)
    return MemberRef(id=member_id)


async def of_account(asked: Awaitable[Done]) -> Done:
    """What was asked for about an account in the address. Faults: NotFound where there is none."""
    try:
        return await asked
    except (UnknownMember, MemberErased):
        raise NotFound(NO_ACCOUNT) from None


async def account_at(tx: Tx, seen: View, account_id: str) -> Account:
    """The account with this id. Faults: NotFound."""
    who = await stand_as(tx, [meant("mem", account_id)])
    for found in await accounts(tx, seen.code, ids=who):
        return found
    raise NotFound(NO_ACCOUNT)


async def stand_as(tx: Tx, ids: Iterable[UUID | None]) -> list[UUID]:
    """As whom these members stand now; who was merged stands as another, nobody as nobody."""
    refs = [MemberRef(id=id_) for id_ in ids if id_ is not None]
    found = await members.whom(tx, None, refs)
    return list(dict.fromkeys(who for who in found if isinstance(who, UUID)))


async def search(call: Call) -> Reply:
    """Accounts by telephones or by customers, or all of them; the oldest first."""
    asked: sent.SearchAccounts = call.sent
    query = asked.query or sent.AccountsQuery()
    limit = asked.limit or _USUAL
    place = place_of(asked.cursor, tuple[UUID])
    seen = await view_of(call)
    after = None if place is None else place[0]
    async with call.transaction as tx:
        ids = await _wanted(tx, query)
        rows = await accounts(tx, seen.code, ids=ids, after=after, limit=limit + 1)
    page, more = cut(rows, limit)
    shown_ = [account_shown(seen, row) for row in page]
    ends = (page[-1].member_id,) if more else None
    return Reply(AccountsAnswer(listed(shown_), cursor(ends)))


async def _wanted(tx: Tx, query: sent.AccountsQuery) -> list[UUID] | None:
    """Who is looked for; nothing means everybody, an empty list nobody."""
    if query.mappings is not None and query.customer_ids is not None:
        says = "look for accounts by mappings or by customer_ids, not by both"
        raise Wrong(says, code="CONFLICTING_PARAMETERS", field="/query")
    if query.mappings is not None:
        phones = [
            _phone(one, f"/query/mappings/{place}/phone_number")
            for place, one in enumerate(query.mappings)
        ]
        return await _by(tx, [MemberRef(phone=one) for one in phones])
    if query.customer_ids is not None:
        return await stand_as(tx, [meant("mem", one) for one in query.customer_ids])
    return None


async def _by(tx: Tx, refs: Sequence[MemberRef]) -> list[UUID]:
    """Whom these references mean; one that is no telephone number means nobody."""
    return [who for who in await members.whom(tx, None, refs) if isinstance(who, UUID)]


def account_shown(seen: View, account: Account) -> AccountShown:
    """An account as clients see it."""
    id_ = shown("mem", account.member_id)
    # Who said since when they belong said another instant than that at which we heard it.
    said = account.joined_at != account.recorded_at
    enrolled = account.joined_at if said else account.first_at
    ends = [DeadlineShown(one.points, instant(one.at)) for one in account.deadlines]
    return AccountShown(
        id=id_,
        program_id=seen.id,
        balance=account.balance,
        lifetime_points=max(account.earned, 0),
        customer_id=id_,
        created_at=instant(account.recorded_at),
        updated_at=instant(account.changed_at),
        enrolled_at=UNSET if enrolled is None else instant(enrolled),
        mapping=_mapping(account),
        expiring_point_deadlines=ends or UNSET,
    )


def _mapping(account: Account) -> MappingShown | UnsetType:
    if account.phone is None or account.linked_at is None:
        return UNSET
    id_ = f"map_{account.member_id.hex}"
    return MappingShown(id_, account.phone, instant(account.linked_at))


OPERATIONS = (
    Operation(
        method="POST",
        path=f"{PREFIX}/v2/loyalty/accounts",
        name="square_create_account",
        tag="Loyalty",
        says="Somebody joins",
        scopes=WRITES,
        sent=sent.CreateAccount,
        answers={200: AccountAnswer},
        do=create,
    ),
    Operation(
        method="POST",
        path=f"{PREFIX}/v2/loyalty/accounts/search",
        name="square_search_accounts",
        tag="Loyalty",
        says="Find accounts",
        scopes=READS,
        sent=sent.SearchAccounts,
        answers={200: AccountsAnswer},
        do=search,
    ),
    Operation(
        method="GET",
        path=f"{PREFIX}/v2/loyalty/accounts/{{account_id}}",
        name="square_get_account",
        tag="Loyalty",
        says="One account",
        scopes=READS,
        answers={200: AccountAnswer},
        do=one,
    ),
)
