"""Members of a segment as a file: CSV for spreadsheets, Parquet for everything else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from io import BytesIO
from typing import Any, Final
from uuid import UUID

import polars as pl
from litestar import Response
from litestar.response import Stream

from regulars.base.faults import Invalid, NotFound
from regulars.base.sheets import sheet_rows
from regulars.base.tx import Tx
from regulars.flows.membership.office.commands import TellTaken
from regulars.flows.membership.office.keep_office import keep_office
from regulars.records.members import read as members
from regulars.records.program.changes.segments import read as segments
from regulars.records.program.changes.segments.types import Segment
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.ui.paper import GUARDED, NEVER

A_PART: Final = 2_000
_FIRST: Final = UUID(int=0)
_MARK: Final = "\ufeff"
"""By this, spreadsheets know that it is UTF-8."""
_HEADS: Final = ("id", "number", "given_name", "family_name", "email", "phone", "since")
_TYPES: Final = dict.fromkeys(_HEADS, pl.String) | {"since": pl.Datetime("us", "UTC")}
KINDS: Final = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}
Rows = list[tuple[Any, ...]]


async def members_file(here: Here, form: Form) -> Response[Any]:
    """Who is in a segment, in the order of their ids; written down before it goes.

    Shape: `id, number, given_name, family_name, email, phone, since`; an instant in UTC.
    Keeps: CSV is written while it is sent; Parquet is made whole first, as its end says where its
    parts lie: a million members take some 150 MB of memory.
    """
    kind = form.get("as")
    if kind not in KINDS:
        raise Invalid("the format is csv or parquet", field="as")
    async with here.transaction as tx:
        found = await segments.segment(tx, str(form.path["segment"]))
    if found is None:
        raise NotFound("there is no such segment; look at the list again")
    await here.do(keep_office, TellTaken("members", f"segment={found.code}", here.by))
    headers = GUARDED | {
        "cache-control": NEVER,
        "content-disposition": f'attachment; filename="{found.code}.{kind}"',
    }
    body = _sheet(here, found) if kind == "csv" else _parquet(here, found)
    answer: Any = Stream(body, media_type=KINDS[kind], headers=headers)
    return answer


async def _sheet(here: Here, one: Segment) -> AsyncIterator[str]:
    yield _MARK + sheet_rows([_HEADS])
    async for rows in _parts(here, one):
        yield sheet_rows([[*row[:-1], row[-1].isoformat(timespec="seconds")] for row in rows])


async def _parquet(here: Here, one: Segment) -> AsyncIterator[bytes]:
    frames = [pl.DataFrame(schema=_TYPES)]
    async for rows in _parts(here, one):
        frames.append(pl.DataFrame(rows, schema=_TYPES, orient="row"))
    out = BytesIO()
    pl.concat(frames).write_parquet(out, compression="zstd")
    yield out.getvalue()


async def _parts(here: Here, one: Segment) -> AsyncIterator[Rows]:
    after = _FIRST
    while True:
        async with here.transaction as tx:
            inside = await segments.members(tx, one.segment_id, after, A_PART)
            rows = await _rows(tx, inside)
        if rows:
            yield rows
        if len(inside) < A_PART:
            return
        after = UUID(bytes=inside[-1]["member_id"].bytes)


async def _rows(tx: Tx, inside: Sequence[Mapping[str, Any]]) -> Rows:
    ids = [row["member_id"] for row in inside]
    known, names = await members.members(tx, ids), await members.identifiers_of(tx, ids)
    found: Rows = []
    for row in inside:
        one = known.get(row["member_id"])
        if one is None:
            continue
        said = {name.kind: name.value for name in reversed(names.get(one.id, []))}
        found.append((
            f"mem_{one.id.hex}", one.number, one.given_name, one.family_name,
            said.get("email", ""), said.get("phone", ""), row["since"],
        ))  # fmt: skip
    return found
