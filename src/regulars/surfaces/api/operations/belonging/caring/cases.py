"""Service cases: opened, listed by urgency, noted on, closed."""

from __future__ import annotations

from typing import Any, Final, Literal
from uuid import UUID

from regulars.base.faults import NotFound
from regulars.base.tx import Tx
from regulars.flows.community.caring.commands import CloseCase, NoteCase, OpenCase
from regulars.flows.community.caring.work_on_cases import close_cases, note_cases, open_cases
from regulars.records.access.types import Scope
from regulars.records.community.support import read
from regulars.records.community.support.types import SupportCase
from regulars.records.members import read as members
from regulars.records.members.types import nobody
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.belonging.caring import examples
from regulars.surfaces.api.operations.belonging.caring.wire import (
    CaseClosed,
    CaseNoteSent,
    CaseRead,
    CaseSent,
    CaseShown,
    CasesOfMember,
    CasesPage,
    CasesQuery,
    case_shown,
    note_shown,
)
from regulars.surfaces.api.operations.belonging.community.refusals import RECORDING
from regulars.surfaces.api.strict.cursors import Instant, cursor_of, place_of
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.api.wire.parts import member_of

_TAG: Final = "Service cases"
_READ = (Scope.MEMBERS_READ,)
_WRITE = (Scope.MEMBERS_WRITE,)
MOST_OF_MEMBER: Final = 200
OpenPlace = tuple[Literal[1, 2, 3], Instant, UUID]
"""Where a page of open cases ended: how urgent the last is, when it is due, which it is."""


async def listed(call: Call) -> Reply:
    """Those that are open, the most urgent first; or those that are over."""
    query: CasesQuery = call.query
    async with call.transaction as tx:
        if query.state == "open":
            after = place_of(query.cursor, OpenPlace)
            found = await read.opened(tx, after, query.limit + 1)
        else:
            before = place_of(query.cursor, tuple[Instant, UUID])
            found = await read.closed(tx, before, query.limit + 1)
    page, more = found[: query.limit], len(found) > query.limit
    cursor = cursor_of(_place(page[-1])) if more else None
    return Reply(CasesPage([case_shown(each) for each in page], more, cursor))


def _place(one: SupportCase) -> tuple[Any, ...]:
    if one.state == "open":
        return one.priority, one.due_at, one.case_id
    return one.closed_at, one.case_id


async def one(call: Call) -> Reply:
    """One case with what was noted."""
    async with call.transaction as tx:
        return Reply(await _read(tx, addressed("cas", call.ids["case_id"])))


async def _read(tx: Tx, id_: UUID) -> CaseRead:
    found = (await read.by_id(tx, [id_])).get(id_)
    if found is None:
        raise NotFound("there is no such case")
    noted = (await read.notes(tx, [id_]))[id_]
    return CaseRead(case_shown(found), [note_shown(each) for each in noted])


async def of_member(call: Call) -> Reply:
    """What a member was in trouble with."""
    id_ = addressed("mem", call.ids["member_id"])
    async with call.transaction as tx:
        if not await members.present(tx, [id_]):
            raise nobody()
        found = await read.of(tx, id_, MOST_OF_MEMBER)
    return Reply(CasesOfMember([case_shown(each) for each in found]))


async def begin(call: Call) -> Reply:
    """A case is opened."""
    sent: CaseSent = call.sent
    command = OpenCase(
        member_of(sent.member), sent.subject, call.by, sent.text, sent.reason, sent.store,
        sent.priority, call.asked,
    )  # fmt: skip
    done = await call.do(open_cases, command)
    async with call.transaction as tx:
        return Reply(await _read(tx, done.case_id), 201, done.replayed)


async def note(call: Call) -> Reply:
    """Something is noted."""
    sent: CaseNoteSent = call.sent
    id_ = addressed("cas", call.ids["case_id"])
    done = await call.do(note_cases, NoteCase(id_, sent.text, call.by, call.asked))
    async with call.transaction as tx:
        return Reply(await _read(tx, id_), 201, done.replayed)


async def close(call: Call) -> Reply:
    """It is over."""
    sent: CaseClosed = call.sent
    id_ = addressed("cas", call.ids["case_id"])
    return Reply(case_shown(await call.do(close_cases, CloseCase(id_, sent.outcome, call.by))))


def _operation(method: str, path: str, name: str, **told: Any) -> Operation:
    return Operation(method=method, path=path, name=name, tag=_TAG, **told)


OPERATIONS = (
    _operation(
        "GET", "/v1/cases", "list_cases",
        says="Service cases, the most urgent first",
        notes="Those somebody waits in: by priority, then by when they are due. With "
        "`state=closed` those that are over, the latest first.",
        scopes=_READ,
        query=CasesQuery,
        answers={200: CasesPage},
        answer_example={"items": [examples.CASE], "has_more": False, "next_cursor": None},
        codes=("bad_cursor",),
        do=listed,
    ),
    _operation(
        "GET", "/v1/cases/{case_id}", "get_case",
        says="One service case, with what was noted",
        scopes=_READ,
        answers={200: CaseRead},
        answer_example=examples.CASE_READ,
        codes=("not_found",),
        do=one,
    ),
    _operation(
        "GET", "/v1/members/{member_id}/cases", "list_member_cases",
        says="Service cases of a member, the latest first",
        scopes=_READ,
        answers={200: CasesOfMember},
        answer_example={"items": [examples.CASE]},
        codes=("unknown_member",),
        do=of_member,
    ),
    _operation(
        "POST", "/v1/cases", "open_case",
        says="Open a service case of a member",
        notes="Without `priority` the member's tier says how urgent it is: `high` on the highest "
        "tier (due within 4 hours), `raised` above the lowest (24), else `normal` (48).",
        scopes=_WRITE,
        sent=CaseSent,
        answers={201: CaseRead},
        example=examples.CASE_SENT,
        answer_example=examples.CASE_READ,
        codes=("unknown_member", "member_erased", "cases_open"),
        do=begin,
    ),
    _operation(
        "POST", "/v1/cases/{case_id}/notes", "note_case",
        says="Note something on a service case",
        notes="Also once it is over, as somebody may write again.",
        scopes=_WRITE,
        sent=CaseNoteSent,
        answers={201: CaseRead},
        example={"text": "Two new bags are on their way."},
        answer_example=examples.CASE_READ,
        codes=("not_found", "case_full"),
        do=note,
    ),
    _operation(
        "POST", "/v1/cases/{case_id}/closing", "close_case",
        once=Once.AGAIN,
        says="Close a service case",
        notes="That it was closed is an activity, `case-closed`, once, with the details `outcome`, "
        "`priority` and `reason`, as a CRM would tell it: rules, segments and journeys see it. For "
        "a member who is blocked or erased by then there is none.",
        scopes=_WRITE,
        sent=CaseClosed,
        answers={200: CaseShown},
        example={"outcome": "solved"},
        answer_example=examples.OVER,
        codes=("not_found", "case_over", *RECORDING),
        do=close,
    ),
)  # fmt: skip
