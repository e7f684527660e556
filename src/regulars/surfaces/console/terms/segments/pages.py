"""Segments: a list, an editor with a count, members of each, lists filled by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple, cast
from uuid import UUID

from litestar import Response

from regulars.base.faults import Fault, Invalid, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.segments.setting import setting_of
from regulars.engine.terms import Terms
from regulars.flows.membership.office.segments.commands import (
    Brought,
    DropSegment,
    KeepSegment,
    SegmentOutcome,
)
from regulars.flows.membership.office.segments.keep_segments import keep_segments, uses_of
from regulars.insight.segments.counting import count, some, warned
from regulars.insight.segments.knowing import asked, condition_of, ground, known
from regulars.records.access.staff.permissions import Permission
from regulars.records.members.types import Member
from regulars.records.program.changes.segments import read as segments
from regulars.records.program.changes.segments.conditions import Condition
from regulars.records.program.changes.segments.reading import check, read, read_text, written
from regulars.records.program.changes.segments.types import Kind, Segment, counting
from regulars.records.program.parsing.writing import written as as_yaml
from regulars.records.program.problems import Finding, Worded
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.terms.segments.asking import Offered, offered, question
from regulars.surfaces.console.terms.segments.rows import (
    MOST,
    Row,
    condition_of_rows,
    half_filled,
    rows_of,
    typed_row,
)
from regulars.surfaces.console.terms.segments.words import (
    FINDINGS,
    KINDS,
    QUESTIONS,
    STATES,
    WARNINGS,
    used,
)
from regulars.surfaces.in_words.segments import condition_in_words

PAGE: Final = "/console/segments"
BEGINS: Final = {"if": "all", "of": [{"if": "orders", "at_least": 1}]}
SHOWN: Final = 8
_FIRST: Final = UUID(int=0)
_FIELDS: Final = {"code": "code", "name": "name"}


class Looked(NamedTuple):
    """A condition that was counted: how many, of how many, some of them, and what to say of it."""

    inside: int
    all: int
    sample: list[Member]
    says: str
    warning: str


async def listed(
    here: Here, form: Form | None = None, wrong: dict[str, str] | None = None
) -> Response[str]:
    """Every segment, and a form to begin one."""
    async with here.transaction as tx:
        found = await segments.segments(tx)
        counts = await segments.counts(tx, [one.segment_id for one in found])
    items = [(one, STATES[one.state], counts.get(one.segment_id, 0)) for one in found]
    return here.page(
        "terms/segments/list.html",
        status=422 if wrong else 200,
        items=items,
        kind_words=KINDS,
        ways=[(kind, here.reader.say(says)) for kind, says in KINDS.items()],
        form=form or Form({}),
        wrong=wrong or {},
    )


async def begin(here: Here, form: Form) -> Response[Any]:
    """A segment is begun: a list, or a draft with one question."""
    kind: Kind = "list" if form.get("kind") == "list" else "rule"
    command = KeepSegment(
        form.get("code").strip(), form.get("name"), here.by,
        None if kind == "list" else BEGINS, kind, draft=kind == "rule",
    )  # fmt: skip
    async with here.transaction as tx:
        there = await segments.segment(tx, command.code)
    if there is not None:
        no: Any = Invalid("There is a segment of this code already; choose another", field="/code")
        return await listed(here, form, {"code": here.told(no)})
    kept = await _done(here, command)
    if isinstance(kept, Fault | Refused):
        field = kept.field.strip("/") if isinstance(kept, Fault) else "code"
        return await listed(here, form, {_FIELDS.get(field, "code"): here.told(kept)})
    return redirect(f"{PAGE}/{kept.code}")


async def segment(here: Here, code: str) -> Response[str]:
    """One segment: its sentence, its questions, how many fit, some of them."""
    async with here.transaction as tx:
        found = await segments.segment(tx, code)
        if found is None:
            raise NotFound("there is no such segment; look at the list again")
        versions = await segments.versions(tx, found.segment_id)
    return await _page(here, found, versions[0].condition)


async def _page(
    here: Here,
    found: Segment,
    condition: Any,
    wrong: tuple[str, str] | None = None,
    typed: tuple[str, list[Row], str] | None = None,
    **beside: Any,
) -> Response[str]:
    """The editor; of what was typed and is wrong, as it was typed."""

    async def look(tx: Tx, terms: Terms) -> tuple[Looked | None, dict[str, Any]]:
        versions = await segments.versions(tx, found.segment_id)
        counts = await segments.counts(tx, [found.segment_id])
        counted = None
        if condition is not None and wrong is None:
            counted = await _counted(here, tx, terms, condition_of(condition))
        return counted, {
            "members": counts.get(found.segment_id, 0),
            "listed": await segments.listed(tx, found.segment_id),
            "uses": used(await uses_of(tx, terms, found)),
            "counts_says": _says(here, counting(found, versions)),
            "moves": await segments.moves(tx, found.segment_id, SHOWN),
            "there": await offered(tx, found.code),
        }

    looked, more = await here.read(look)
    joint, rows, yaml = typed or _typed(here, condition)
    there: Offered = more.pop("there")
    return here.page(
        "terms/segments/one.html",
        status=422 if wrong else 200,
        one=found,
        state=STATES[found.state],
        looked=looked,
        waits=False,
        joint=joint,
        asked=[
            question(here, at, row, there)
            for at, row in enumerate([*rows, *[Row()] * min(2, MOST - len(rows))])
        ],
        editable=rows != [] or condition is None or wrong is not None,
        yaml=yaml,
        wrong=wrong,
        **more,
        **({"brought": None, "wrong_lines": ()} | beside),
    )


async def list_page(
    here: Here,
    found: Segment,
    *,
    no: str = "",
    brought: Brought | None = None,
    wrong_lines: Sequence[tuple[int, str, str]] = (),
) -> Response[str]:
    """The page of a list after a file was brought: what came of it, and which lines are wrong."""
    wrong = ("file", no) if no else None
    answer = await _page(here, found, None, wrong, brought=brought, wrong_lines=wrong_lines)
    if brought is not None and not brought.done:
        answer.status_code = 422
    return answer


def _typed(here: Here, condition: Any) -> tuple[str, list[Row], str]:
    if condition is None:
        return "all", [], ""
    flat = rows_of(condition, here.reader.separators[1])
    joint, rows = flat or ("all", [])
    return joint, rows, as_yaml(condition)


def _says(here: Here, condition: Any) -> str:
    if condition is None:
        return ""
    return condition_in_words(condition_of(condition), here.version.program, here.voice)


async def _counted(here: Here, tx: Tx, terms: Terms, condition: Condition) -> Looked:
    there = await ground(tx, setting_of(terms, tx.now))
    question = asked(condition, there, setting_of(terms, tx.now))
    counts = await count(tx, question)
    sample = await some(tx, question, _FIRST, SHOWN)
    says = condition_in_words(condition, terms.at(tx.now).program, here.voice)
    return Looked(*counts, sample, says, WARNINGS[warned(counts)])


async def counted(here: Here, code: str) -> Response[str]:
    """How many fit what stands in the form at this moment, while it is being filled in."""
    async with here.transaction as tx:
        if await segments.segment(tx, code) is None:
            raise NotFound("there is no such segment; look at the list again")
    said, rows = condition_of_rows(here.query.get, here.reader.separators)
    waits = not rows or any(half_filled(row) for row in rows)
    condition, no = (None, "") if waits else await _meant(here, said, code)
    looked = None
    if condition is not None:
        looked = await here.read(lambda tx, terms: _counted(here, tx, terms, condition))
    return here.page("terms/segments/_count.html", looked=looked, no=no, waits=waits)


async def one_question(here: Here, code: str) -> Response[str]:
    """The fields of a question that was chosen just now; which one is meant is to be said anew."""
    at = here.query.get("at", "0")
    if not (at.isascii() and at.isdigit() and len(at) < 3 and int(at) < MOST):
        raise NotFound("there is no such question; load the page again")
    async with here.transaction as tx:
        if await segments.segment(tx, code) is None:
            raise NotFound("there is no such segment; look at the list again")
        there = await offered(tx, code)
    row = typed_row(here.query.get, int(at))._replace(which="")
    row = row if row.asks in QUESTIONS else Row()
    return here.page(
        "terms/segments/_question.html",
        question=question(here, int(at), row, there),
        code=code,
    )


async def change(here: Here, form: Form) -> Response[Any]:
    """A segment is counted, written down, saved, or dropped."""
    code, does = str(form.path["segment"]), form.get("does")
    async with here.transaction as tx:
        found = await segments.segment(tx, code)
    if found is None:
        raise NotFound("there is no such segment; look at the list again")
    if does == "drop":
        return await _dropped(here, found)
    if does in ("tell", "hush"):
        return await _tells(here, found, tells=does == "tell")
    if does not in ("count", "draft", "save") or found.kind == "list":
        raise NotFound("this form is not whole; load the page again")
    said, typed, no = _filled_in(here, form)
    condition, wrong = (None, no) if no else await _meant(here, said, code)
    if condition is None:
        return await _page(here, found, said, ("condition", wrong), typed)
    if does == "count":
        return await _page(here, found, said, typed=typed)
    name = form.get("name") or found.name
    kept = await _done(here, KeepSegment(code, name, here.by, said, draft=does == "draft"))
    if isinstance(kept, Fault | Refused):
        return await _page(here, found, said, ("condition", here.told(kept)), typed)
    return redirect(f"{PAGE}/{code}")


def _filled_in(here: Here, form: Form) -> tuple[Any, tuple[str, list[Row], str], str]:
    """The condition of a form, as values and as it was typed; and what is wrong with its text."""
    if form.get("form") == "text":
        text = form.get("yaml")
        condition, problems = read_text(text)
        if condition is None:
            return None, ("all", [], text), str(problems[0])
        return written(condition), ("all", [], text), ""
    said, rows = condition_of_rows(form.get, here.reader.separators)
    return said, (said["if"], rows, as_yaml(said)), ""


async def _meant(here: Here, said: Any, code: str) -> tuple[Condition | None, str]:
    """The condition if it can be saved, or why it cannot."""
    condition, found = read(said)
    if condition is not None:
        there = await here.read(lambda tx, terms: known(tx, setting_of(terms, tx.now), code))
        found = check(condition, there)
    if found:
        return None, _no(here, found[0])
    return condition, ""


def _no(here: Here, one: Finding) -> str:
    """Which question is wrong, and what about it, in the reader's language."""
    if one.path == ("of",):
        return here.reader.say("Ask at least one question")
    told = one.says if isinstance(one.says, Worded) else None
    if told is not None and told.text in FINDINGS:
        what = here.reader.say(told.text, **told.places)
    else:
        what = here.reader.say("a number or a name is missing, or not of its form")
    place = [step for step in one.path if isinstance(step, int)]
    if not place:
        return what
    return here.reader.say("Question %(n)s: %(what)s", n=here.reader.number(place[0] + 1),
                           what=what)  # fmt: skip


async def _dropped(here: Here, found: Segment) -> Response[Any]:
    done = await _done(here, DropSegment(found.code, here.by))
    if isinstance(done, Fault | Refused):
        async with here.transaction as tx:
            versions = await segments.versions(tx, found.segment_id, 1)
        return await _page(here, found, versions[0].condition, ("drop", here.told(done)))
    return redirect(PAGE)


async def _tells(here: Here, found: Segment, *, tells: bool) -> Response[Any]:
    """Other systems hear who comes and goes, or do not; nothing else of the segment changes."""
    async with here.transaction as tx:
        (latest,) = await segments.versions(tx, found.segment_id, 1)
    waits = found.kind == "rule" and found.saved != found.version
    command = KeepSegment(
        found.code, found.name, here.by, latest.condition, found.kind, draft=waits, tells=tells
    )
    done = await _done(here, command)
    if isinstance(done, Fault | Refused):
        return await _page(here, found, latest.condition, ("condition", here.told(done)))
    return redirect(f"{PAGE}/{found.code}")


async def _done(here: Here, command: Any) -> SegmentOutcome:
    try:
        return cast("SegmentOutcome", await here.do(keep_segments, command))
    except Fault as fault:
        return fault


PAGES: Final = (
    (PAGE, Permission.MEMBERS_READ, lambda here, _: listed(here)),
    (
        PAGE + "/{segment:str}",
        Permission.MEMBERS_READ,
        lambda here, path: segment(here, path["segment"]),
    ),
    (
        PAGE + "/{segment:str}/count",
        Permission.MEMBERS_READ,
        lambda here, path: counted(here, path["segment"]),
    ),
    (
        PAGE + "/{segment:str}/question",
        Permission.MEMBERS_READ,
        lambda here, path: one_question(here, path["segment"]),
    ),
)
FORMS_DONE: Final = (
    (PAGE, Permission.MESSAGES_WRITE, begin),
    (PAGE + "/{segment:str}", Permission.MESSAGES_WRITE, change),
)
