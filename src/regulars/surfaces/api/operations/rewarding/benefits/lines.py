"""The direct line over the API: what was said with a member, and what is said next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any, Final, Literal, get_args
from uuid import UUID

from msgspec import Meta, Struct

from regulars.base.faults import Invalid
from regulars.base.ids import id_of
from regulars.base.keyed import Keyed
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.membership.benefits.lines.commands import HearWord, LineCommand, WriteWord
from regulars.flows.membership.benefits.lines.show_lines import show_line
from regulars.flows.membership.benefits.lines.write_words import write_words
from regulars.records.access.staff.types import principal_of, staff_of
from regulars.records.access.types import Scope
from regulars.records.benefits.lines.types import LONGEST, LineWay, Word
from regulars.records.members.types import nobody
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.examples import benefits as examples
from regulars.surfaces.api.strict.cursors import cursor_of, place_of
from regulars.surfaces.api.strict.ids import addressed, shown
from regulars.surfaces.api.wire.parts import PageQuery
from regulars.surfaces.given import Flow

WAYS: Final[tuple[LineWay, ...]] = get_args(LineWay)
Says = Annotated[str, Meta(min_length=1, max_length=LONGEST)]


class DirectWordSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who looks after a member writes to them."""

    staff_id: Annotated[str, Meta(min_length=1, max_length=60)]
    says: Says
    way: LineWay = "inbox"
    """It stands in the card whichever it is, and goes out by letter, text message or as a notice
    besides."""


class DirectHeardSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A member wrote to whoever looks after them."""

    says: Says
    way: LineWay = "inbox"
    """Where they wrote it."""


class DirectWordShown(Struct, frozen=True):
    """Something that was said between a member and whoever looks after them."""

    id: str
    by: Literal["member", "associate"]
    staff_id: str | None
    way: LineWay
    says: str
    written_at: datetime
    state: Literal["", "waiting", "sent", "parked"]
    """Of what was sent besides: waiting (also for the end of quiet hours), sent, or parked."""
    reason: str
    """Why it is parked, or was tried in vain."""


class DirectLineShown(Struct, frozen=True):
    """Some of it, the latest first."""

    items: list[DirectWordShown]
    has_more: bool
    next_cursor: str | None


async def read_line(call: Call) -> Reply:
    """What was said with a member."""
    id_ = addressed("mem", call.ids["member_id"])
    query: PageQuery = call.query
    before = place_of(query.cursor, tuple[datetime, UUID])
    async with call.transaction as tx:
        line = await show_line(tx, id_, None, before, query.limit + 1)
    if line is None:
        raise nobody()
    page, more = line.words[: query.limit], len(line.words) > query.limit
    cursor = cursor_of((page[-1].written_at, page[-1].line_id)) if more else None
    return Reply(DirectLineShown([word_shown(one) for one in page], more, cursor))


async def write(call: Call) -> Reply:
    """Somebody who looks after a member writes to them."""
    sent: DirectWordSent = call.sent
    id_ = addressed("mem", call.ids["member_id"])
    staff = staff_of(sent.staff_id)
    if staff is None:
        raise Invalid("this is not the id of somebody who works here", field="/staff_id")
    command = WriteWord(number_of(call), id_, staff, sent.way, sent.says)
    word: Word = await call.do(word_flow(call.given.keyed), command)
    return Reply(word_shown(word), 201, word.replayed)


async def hear(call: Call) -> Reply:
    """A member wrote, in an application of the shop's own."""
    sent: DirectHeardSent = call.sent
    id_ = addressed("mem", call.ids["member_id"])
    command = HearWord(number_of(call), id_, sent.way, sent.says)
    word: Word = await call.do(word_flow(call.given.keyed), command)
    return Reply(word_shown(word), 201, word.replayed)


def word_flow(keyed: Keyed) -> Flow:
    """The flow by which words are said, as the gate takes it; of one house always the same one."""
    found = _FLOWS.get(keyed)
    if found is None:

        async def flow(tx: Tx, terms: Terms, batch: Sequence[LineCommand]) -> Sequence[Any]:
            return await write_words(tx, terms, keyed, batch)

        found = _FLOWS[keyed] = flow
    return found


_FLOWS: Final[dict[Keyed, Flow]] = {}


def number_of(call: Call, of: str = "line") -> UUID:
    """The number of a word, or of something else: the same under one key."""
    asked = call.asked
    return id_of(sha256(f"{of}\n{asked.principal}\n{asked.key}".encode()).digest()[:16])


def word_shown(one: Word) -> DirectWordShown:
    """A word as the world sees it."""
    return DirectWordShown(
        shown("lin", one.line_id),
        "member" if one.staff_id is None else "associate",
        None if one.staff_id is None else principal_of(one.staff_id),
        one.way,  # type: ignore[arg-type]
        one.says,
        one.written_at,
        one.state,  # type: ignore[arg-type]
        one.reason,
    )


_STAFF: Final = "staff_0198f3a2b4c87d10a1b2c3d4e5f60721"
_WORD: Final[dict[str, Any]] = {
    "id": "lin_01920000000070008000000000000001",
    "by": "associate",
    "staff_id": _STAFF,
    "way": "sms",
    "says": "The coat came in your size.",
    "written_at": "2026-03-02T09:00:00Z",
    "state": "",
    "reason": "",
}
_HEARD: Final = {**_WORD, "by": "member", "staff_id": None, "way": "inbox", "says": "I come by."}
_TAG: Final = "Benefits"

OPERATIONS = (
    Operation(
        method="GET",
        path="/v1/members/{member_id}/line",
        name="direct_line",
        tag=_TAG,
        says="What a member and whoever looks after them wrote to each other, the latest first",
        notes="What members write by text message stands among it. In the console nobody sees it "
        "but whoever looks after the member now; keep it as close.",
        scopes=(Scope.BENEFITS_WRITE,),
        query=PageQuery,
        answers={200: DirectLineShown},
        answer_example={"items": [_WORD], "has_more": False, "next_cursor": None},
        codes=("unknown_member", "bad_cursor"),
        do=read_line,
    ),
    Operation(
        method="POST",
        path="/v1/members/{member_id}/line",
        name="write_on_direct_line",
        tag=_TAG,
        says="Write to a member as whoever looks after them",
        notes="Only somebody who looks after them now, and by a way they agreed to. It stands in "
        "their card at once; by letter, text message or notice it goes out besides, after quiet "
        "hours, unless they take their word back before.",
        scopes=(Scope.BENEFITS_WRITE,),
        sent=DirectWordSent,
        answers={201: DirectWordShown},
        example={"staff_id": _STAFF, "says": "The coat came in your size.", "way": "sms"},
        answer_example=_WORD,
        codes=("unknown_member", "forbidden", "no_consent", "no_address"),
        do=write,
    ),
    Operation(
        method="POST",
        path="/v1/members/{member_id}/line/heard",
        name="hear_on_direct_line",
        tag=_TAG,
        says="A member wrote to whoever looks after them",
        notes="For an application of your own, or whatever reads your mail. Text messages come in "
        "by `POST /v1/in/{inlet_id}/texts`.",
        scopes=(Scope.BENEFITS_WRITE,),
        sent=DirectHeardSent,
        answers={201: DirectWordShown},
        example={"says": "I come by."},
        answer_example=_HEARD | {"id": examples.MEMBER.replace("mem_", "lin_")},
        codes=("unknown_member", "nobody_looks_after", "enough_for_now"),
        do=hear,
    ),
)
