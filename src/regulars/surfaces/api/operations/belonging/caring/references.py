"""References: members who may be asked, prospects who want one, and who is asked for whom."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from regulars.base.faults import NotFound
from regulars.base.tx import Tx
from regulars.flows.community.caring.commands import (
    AgreeToReferences,
    TurnReference,
    WantReference,
)
from regulars.flows.community.caring.find_references import (
    agree_to_references,
    turn_references,
    want_references,
)
from regulars.records.access.types import Scope
from regulars.records.community.references import read
from regulars.records.community.references.types import MOST_MATCHES
from regulars.records.members import read as members
from regulars.records.members.types import MemberRef, nobody
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.belonging.caring import examples
from regulars.surfaces.api.operations.belonging.caring.wire import (
    ReferenceAsked,
    ReferenceEnded,
    ReferenceLeave,
    ReferenceLeaveShown,
    ReferenceRead,
    ReferenceSent,
    ReferencesPage,
    leave_shown,
    match_shown,
    request_shown,
)
from regulars.surfaces.api.operations.belonging.community.refusals import RECORDING
from regulars.surfaces.api.strict.cursors import Instant, cursor_of, place_of
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.api.wire.parts import PageQuery, member_of

_TAG: Final = "References"
_READ = (Scope.MEMBERS_READ,)
_WRITE = (Scope.MEMBERS_WRITE,)
_DOES: Final[dict[str, Any]] = {
    "given": "given", "declined": "declined", "withdrawn": "withdraw",
}  # fmt: skip


async def leave(call: Call) -> Reply:
    """Whether a member may be asked."""
    id_ = addressed("mem", call.ids["member_id"])
    async with call.transaction as tx:
        if not await members.present(tx, [id_]):
            raise nobody()
        return Reply(leave_shown((await read.agreed(tx, [id_]))[id_]))


async def agree(call: Call) -> Reply:
    """A member may be asked, or may not."""
    sent: ReferenceLeave = call.sent
    id_ = addressed("mem", call.ids["member_id"])
    command = AgreeToReferences(MemberRef(id=id_), sent.agrees, call.by)
    return Reply(leave_shown(await call.do(agree_to_references, command)))


async def listed(call: Call) -> Reply:
    """Every request."""
    query: PageQuery = call.query
    before = place_of(query.cursor, tuple[Instant, UUID])
    async with call.transaction as tx:
        found = await read.page(tx, before, query.limit + 1)
    page, more = found[: query.limit], len(found) > query.limit
    cursor = cursor_of((page[-1].made_at, page[-1].request_id)) if more else None
    return Reply(ReferencesPage([request_shown(each) for each in page], more, cursor))


async def one(call: Call) -> Reply:
    """One request, and who fits."""
    async with call.transaction as tx:
        return Reply(await _read(tx, addressed("rfr", call.ids["reference_id"])))


async def _read(tx: Tx, id_: UUID) -> ReferenceRead:
    found = (await read.by_id(tx, [id_])).get(id_)
    if found is None:
        raise NotFound("there is no such request")
    fits = await read.matches(tx, (id_, found.wants), MOST_MATCHES) if found.state == "open" else []
    return ReferenceRead(request_shown(found), [match_shown(each) for each in fits])


async def want(call: Call) -> Reply:
    """A prospect wants to hear from somebody."""
    sent: ReferenceSent = call.sent
    command = WantReference(sent.prospect, call.by, sent.wants, call.asked)
    done = await call.do(want_references, command)
    async with call.transaction as tx:
        return Reply(await _read(tx, done.request_id), 201, done.replayed)


async def ask(call: Call) -> Reply:
    """A member is asked."""
    sent: ReferenceAsked = call.sent
    return await _turned(call, "ask", None if sent.member is None else member_of(sent.member))


async def end(call: Call) -> Reply:
    """What became of it."""
    sent: ReferenceEnded = call.sent
    return await _turned(call, _DOES[sent.outcome])


async def _turned(call: Call, does: Any, member: MemberRef | None = None) -> Reply:
    id_ = addressed("rfr", call.ids["reference_id"])
    await call.do(turn_references, TurnReference(id_, does, call.by, member))
    async with call.transaction as tx:
        return Reply(await _read(tx, id_))


def _operation(method: str, path: str, name: str, **told: Any) -> Operation:
    return Operation(method=method, path=path, name=name, tag=_TAG, **told)


OPERATIONS = (
    _operation(
        "GET", "/v1/members/{member_id}/references", "get_reference_leave",
        says="Whether prospects may ask a member",
        scopes=_READ,
        answers={200: ReferenceLeaveShown},
        answer_example=examples.LEAVE,
        codes=("unknown_member",),
        do=leave,
    ),
    _operation(
        "PUT", "/v1/members/{member_id}/references", "agree_to_references",
        once=Once.AGAIN,
        says="Say whether prospects may ask a member",
        notes="As the member said it; whoever takes it back is asked nothing more.",
        scopes=_WRITE,
        sent=ReferenceLeave,
        answers={200: ReferenceLeaveShown},
        example={"agrees": True},
        answer_example=examples.LEAVE,
        codes=("unknown_member", "member_erased", "member_blocked"),
        do=agree,
    ),
    _operation(
        "GET", "/v1/reference-requests", "list_reference_requests",
        says="Requests for references, the latest first",
        scopes=_READ,
        query=PageQuery,
        answers={200: ReferencesPage},
        answer_example={"items": [examples.REQUEST], "has_more": False, "next_cursor": None},
        codes=("bad_cursor",),
        do=listed,
    ),
    _operation(
        "GET", "/v1/reference-requests/{reference_id}", "get_reference_request",
        says="One request for a reference, and who fits",
        notes="`matches` are members who agreed to be asked and have all that is wanted: whoever "
        "was asked least first. Nobody is among them while another prospect waits for them.",
        scopes=_READ,
        answers={200: ReferenceRead},
        answer_example=examples.REQUEST_READ,
        codes=("not_found",),
        do=one,
    ),
    _operation(
        "POST", "/v1/reference-requests", "want_reference",
        says="Look for a member whom a prospect may ask",
        scopes=_WRITE,
        sent=ReferenceSent,
        answers={201: ReferenceRead},
        example=examples.REQUEST_SENT,
        answer_example=examples.REQUEST_READ,
        do=want,
    ),
    _operation(
        "POST", "/v1/reference-requests/{reference_id}/asking", "ask_for_reference",
        once=Once.AGAIN,
        says="Ask a member for a reference",
        notes="Whoever fits and was asked least, unless one is named. It is for you to speak with "
        "them; here stands that they are asked.",
        scopes=_WRITE,
        sent=ReferenceAsked,
        answers={200: ReferenceRead},
        example={},
        answer_example=examples.REQUEST_READ,
        codes=("not_found", "unknown_member", "nobody_fits", "reference_not_so"),
        do=ask,
    ),
    _operation(
        "POST", "/v1/reference-requests/{reference_id}/ending", "end_reference",
        once=Once.AGAIN,
        says="Say what became of a request for a reference",
        notes="`given` is an activity, `reference`, once, which rules can reward. Who `declined` "
        "is not asked for the same one again: it is open, and the next may be asked.",
        scopes=_WRITE,
        sent=ReferenceEnded,
        answers={200: ReferenceRead},
        example={"outcome": "given"},
        answer_example=examples.REQUEST_READ,
        codes=(
            "not_found", "reference_not_so", "unknown_member", "member_erased", "member_blocked",
            *RECORDING,
        ),
        do=end,
    ),
)  # fmt: skip
