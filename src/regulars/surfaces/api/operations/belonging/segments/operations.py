"""Segments: kept, counted, read, dropped; who is in them, and why."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from regulars.base.tx import Tx
from regulars.engine.segments.asking import ask
from regulars.engine.segments.setting import setting_of
from regulars.engine.terms import Terms
from regulars.flows.membership.office.segments.commands import DropSegment, KeepSegment, ListMembers
from regulars.flows.membership.office.segments.desk import nothing
from regulars.flows.membership.office.segments.keep_segments import (
    fault_of,
    keep_segments,
    list_members,
    uses_of,
)
from regulars.insight.segments.counting import count, some, warned
from regulars.insight.segments.knowing import asked, ground, known
from regulars.insight.segments.profiles import profiles
from regulars.records.access.types import Scope
from regulars.records.members import read as members
from regulars.records.members.types import nobody
from regulars.records.program.changes.segments import read as segments
from regulars.records.program.changes.segments.ground import OnList, plain
from regulars.records.program.changes.segments.reading import check, read
from regulars.records.program.changes.segments.types import Segment, counting
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.belonging.segments import examples
from regulars.surfaces.api.operations.belonging.segments.showing import (
    segment_shown,
    why_shown,
)
from regulars.surfaces.api.operations.belonging.segments.wire import (
    InSegment,
    InSegmentPage,
    InSegmentQuery,
    ListedDone,
    ListedSent,
    SegmentAsked,
    SegmentCounted,
    SegmentMoveShown,
    SegmentMovesQuery,
    SegmentMovesShown,
    SegmentOfMember,
    SegmentRead,
    SegmentSent,
    SegmentShown,
    SegmentsOfMember,
    SegmentsShown,
    SegmentWhy,
)
from regulars.surfaces.api.strict.cursors import cursor_of, place_of
from regulars.surfaces.api.strict.ids import addressed, required
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.in_words.segments import condition_in_words

_TAG: Final = "Segments"
_READ = (Scope.MEMBERS_READ,)
_WRITE = (Scope.MEMBERS_WRITE,)
SAMPLE: Final = 10
_FIRST: Final = UUID(int=0)


async def listed(call: Call) -> Reply:
    """Every segment."""

    async def look(tx: Tx, terms: Terms) -> list[SegmentShown]:
        return [(await _shown(tx, terms, one)).segment for one in await segments.segments(tx)]

    return Reply(SegmentsShown(await call.read(look)))


async def one(call: Call) -> Reply:
    """One segment with its condition."""

    async def look(tx: Tx, terms: Terms) -> SegmentRead:
        return await _shown(tx, terms, await _there(tx, call))

    return Reply(await call.read(look))


async def keep(call: Call) -> Reply:
    """A segment is kept."""
    sent: SegmentSent = call.sent
    command = KeepSegment(
        call.ids["segment"],
        sent.name,
        call.by,
        sent.condition,
        sent.kind,
        sent.draft,
        sent.tells,
    )
    await call.do(keep_segments, command)
    return await one(call)


async def drop(call: Call) -> Reply:
    """A segment is dropped."""
    found: Segment = await call.do(keep_segments, DropSegment(call.ids["segment"], call.by))
    version = (await call.terms()).at(call.now)
    return Reply(segment_shown(found, None, 0, version))


async def preview(call: Call) -> Reply:
    """A condition is counted."""
    sent: SegmentAsked = call.sent
    condition, wrong = read(sent.condition)
    if condition is None:
        raise fault_of(wrong[0])

    async def look(tx: Tx, terms: Terms) -> SegmentCounted:
        there = await known(tx, setting_of(terms, tx.now), sent.segment)
        found = check(condition, there)
        if found:
            raise fault_of(found[0])
        question = asked(condition, there.ground, setting_of(terms, tx.now))
        counted = await count(tx, question)
        sample = await some(tx, question, _FIRST, SAMPLE)
        says = condition_in_words(condition, terms.at(tx.now).program)
        return SegmentCounted(*counted, says, warned(counted), [f"mem_{m.id.hex}" for m in sample])

    return Reply(await call.read(look))


async def inside(call: Call) -> Reply:
    """A page of members of a segment."""
    query: InSegmentQuery = call.query
    after = place_of(query.cursor, tuple[UUID])
    async with call.transaction as tx:
        there = await _there(tx, call)
        begin = _FIRST if after is None else after[0]
        rows = await segments.members(tx, there.segment_id, begin, query.limit + 1)
    items = [InSegment(f"mem_{r['member_id'].hex}", r["since"]) for r in rows[: query.limit]]
    more = len(rows) > query.limit
    last = UUID(bytes=rows[query.limit - 1]["member_id"].bytes) if more else None
    return Reply(InSegmentPage(items, more, cursor_of(None if last is None else (last,))))


async def moves(call: Call) -> Reply:
    """Who came and went last."""
    query: SegmentMovesQuery = call.query
    async with call.transaction as tx:
        there = await _there(tx, call)
        found = await segments.moves(tx, there.segment_id, query.limit)
    items = [SegmentMoveShown(f"mem_{m.member_id.hex}", m.at, m.entered, m.because) for m in found]
    return Reply(SegmentMovesShown(items))


async def put_on_list(call: Call) -> Reply:
    """Members are put on a list, or taken off."""
    sent: ListedSent = call.sent
    ids = tuple(required("mem", id_, f"/member_ids/{at}") for at, id_ in enumerate(sent.member_ids))
    done = await call.do(list_members, ListMembers(call.ids["segment"], ids, call.by, sent.on))
    return Reply(ListedDone(done.changed, done.listed))


async def of_member(call: Call) -> Reply:
    """The segments of a member."""
    id_ = addressed("mem", call.ids["member_id"])
    async with call.transaction as tx:
        if not await members.present(tx, [id_]):
            raise nobody()
        rows = await segments.of_member(tx, id_)
    return Reply(SegmentsOfMember([SegmentOfMember(r["code"], r["since"]) for r in rows]))


async def why(call: Call) -> Reply:
    """Whether a member fits a segment now, and why."""
    id_ = addressed("mem", call.ids["member_id"])

    async def look(tx: Tx, terms: Terms) -> SegmentWhy:
        there, base = await _there(tx, call), await ground(tx, setting_of(terms, tx.now))
        version = terms.at(tx.now)
        found = await profiles(tx, [id_], terms.wallet_names, str(version.zone))
        if id_ not in found:
            raise nobody()
        if there.code not in base.segments:
            raise nothing(there.code)
        condition = base.segments[there.code]
        question = OnList(condition) if isinstance(condition, UUID) else plain(condition, base)
        return why_shown(ask(question, found[id_], base), base, version)

    return Reply(await call.read(look))


async def _there(tx: Tx, call: Call) -> Segment:
    found = await segments.segment(tx, call.ids["segment"])
    if found is None:
        raise nothing(call.ids["segment"])
    return found


async def _shown(tx: Tx, terms: Terms, found: Segment) -> SegmentRead:
    versions = await segments.versions(tx, found.segment_id)
    counts = await segments.counts(tx, [found.segment_id])
    condition = counting(found, versions)
    draft = versions[0].condition if found.saved not in (None, found.version) else None
    shown = segment_shown(found, condition, counts.get(found.segment_id, 0), terms.at(tx.now))
    uses = await uses_of(tx, terms, found)
    return SegmentRead(shown, condition, draft, uses["segments"], uses)


def _operation(method: str, path: str, name: str, **told: Any) -> Operation:
    return Operation(method=method, path=path, name=name, tag=_TAG, **told)


_SHOWN: Final[dict[str, Any]] = {
    "segment": examples.SEGMENT, "condition": examples.CONDITION, "draft": None, "used_by": [],
    "uses": {"segments": [], "campaigns": ["spring"], "journeys": ["win-back"], "offers": [],
             "choices": []},
}  # fmt: skip
OPERATIONS = (
    _operation(
        "GET", "/v1/segments", "list_segments",
        says="Every segment, by name",
        scopes=_READ,
        answers={200: SegmentsShown},
        answer_example={"items": [examples.SEGMENT]},
        do=listed,
    ),
    _operation(
        "GET", "/v1/segments/{segment}", "get_segment",
        says="One segment with its condition, and what stands on it",
        scopes=_READ,
        answers={200: SegmentRead},
        answer_example=_SHOWN,
        codes=("not_found",),
        do=one,
    ),
    _operation(
        "PUT", "/v1/segments/{segment}", "keep_segment",
        once=Once.AGAIN,
        says="Keep a segment: by a condition, or as a list",
        notes="A condition is written as in the program language: `all`, `any`, `not`, `tier`, "
        "`member`, `anniversary`, `days_since`; and of what a member did by now `spent`, "
        "`orders`, `visits`, `last_order`, `last_seen`, `consent`, `contact`, `tag`, `points`, "
        "`answered`, `did` (so many activities of a kind; `orders` asks for purchases), `lapse` "
        "(the chance, in thousandths, that nothing is ordered within 90 days), `worth` (what they "
        "are likely to bring in the next twelve months, revenue), `club` and "
        "`segment`. What is wrong is refused at its place, as `/condition/of/0/at_least`. Who "
        "is in it follows within seconds; nobody is said to have come or gone because a condition "
        "changed. With `tells` every one who comes or goes is an event, `segment.entered` or "
        "`segment.left`; many at once are told in portions.",
        scopes=_WRITE,
        sent=SegmentSent,
        answers={200: SegmentRead},
        example=examples.SENT,
        answer_example=_SHOWN,
        do=keep,
    ),
    _operation(
        "DELETE", "/v1/segments/{segment}", "drop_segment",
        once=Once.AGAIN,
        says="Forget a segment, with who was in it",
        scopes=_WRITE,
        answers={200: SegmentShown},
        answer_example=examples.SEGMENT | {"members": 0, "says": ""},
        codes=("not_found", "segment_in_use"),
        do=drop,
    ),
    _operation(
        "POST", "/v1/segment-previews", "preview_segment",
        once=Once.LOOKS,
        says="Count a condition before it is saved",
        notes="Among active members, as of prepared rows some seconds old.",
        scopes=_READ,
        sent=SegmentAsked,
        answers={200: SegmentCounted},
        example={"condition": examples.CONDITION},
        answer_example=examples.PREVIEWED,
        do=preview,
    ),
    _operation(
        "GET", "/v1/segments/{segment}/members", "members_of_segment",
        says="Who is in a segment, and since when",
        scopes=_READ,
        query=InSegmentQuery,
        answers={200: InSegmentPage},
        answer_example={"items": [examples.INSIDE], "has_more": False, "next_cursor": None},
        codes=("not_found", "bad_cursor"),
        do=inside,
    ),
    _operation(
        "PUT", "/v1/segments/{segment}/members", "list_in_segment",
        once=Once.AGAIN,
        says="Put members on a list, or take them off",
        notes="Only of a segment that is a list. Members who are erased, or became one with "
        "another, are left out.",
        scopes=_WRITE,
        sent=ListedSent,
        answers={200: ListedDone},
        example={"member_ids": ["mem_0198f3a2b4c87d10a1b2c3d4e5f60718"]},
        answer_example={"changed": 1, "listed": 12},
        codes=("not_found",),
        do=put_on_list,
    ),
    _operation(
        "GET", "/v1/segments/{segment}/moves", "moves_of_segment",
        says="Who came into a segment and went out of it, the latest first",
        scopes=_READ,
        query=SegmentMovesQuery,
        answers={200: SegmentMovesShown},
        answer_example={"items": [examples.MOVE]},
        codes=("not_found",),
        do=moves,
    ),
    _operation(
        "GET", "/v1/members/{member_id}/segments", "segments_of_member",
        says="In which segments a member is",
        scopes=_READ,
        answers={200: SegmentsOfMember},
        answer_example={"items": [{"segment": "gone-quiet", "since": "2026-03-03T00:00:02Z"}]},
        codes=("unknown_member",),
        do=of_member,
    ),
    _operation(
        "GET", "/v1/members/{member_id}/segments/{segment}", "why_in_segment",
        says="Whether a member fits a segment now, and why",
        notes="Each question of the condition, whether it holds, and what the member has of it.",
        scopes=_READ,
        answers={200: SegmentWhy},
        answer_example=examples.WHY,
        codes=("unknown_member", "not_found"),
        do=why,
    ),
)  # fmt: skip
