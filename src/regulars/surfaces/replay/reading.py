"""Any shop's file as a history: read by a mapping, as in moving in; what is wrong is named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import msgspec

from regulars.base.faults import Invalid
from regulars.flows.commands import RecordActivity
from regulars.records.activity.happening import Happening, LeftOut
from regulars.records.activity.types import NOBODY, Activity
from regulars.records.imports.types import Part, StagedLine
from regulars.records.once.types import key_of, natural_key
from regulars.surfaces.connect.moving.lines import Source, read_file
from regulars.surfaces.connect.moving.mapping import Mapping
from regulars.surfaces.connect.moving.place import Place

_unpack = msgspec.msgpack.Decoder(RecordActivity).decode


class Shop(NamedTuple):
    """A file's history: rows in order of time, what its members are called, what was left out."""

    rows: list[Happening]
    names: dict[UUID, str]
    left_out: list[LeftOut]


def read_shop(path: Path, mapping: Mapping, place: Place) -> Shop:
    """Everything a file tells of what happened, each receipt once.

    Order: by when it happened; a return never before its sale.
    Faults: Invalid for a file that is not what its mapping says, as a whole.
    """
    lines, left_out = _lines(path, mapping, place)
    shop = Shop([], {}, left_out)
    known: dict[UUID, Activity] = {}
    for line, command in sorted(lines, key=lambda one: one[1].kind == "return"):
        where = f"line {line.line}"
        activity = _activity(line, command, known)
        if isinstance(activity, str):
            left_out.append(LeftOut(where, activity))
        elif activity.activity_id in known:
            left_out.append(LeftOut(where, "this receipt was told before; it counts once"))
        else:
            known[activity.activity_id] = activity
            shop.names.setdefault(activity.member_id, line.ref_value)
            shop.rows.append(_happening(activity, known))
    shop.rows.sort(key=lambda one: (one.now, one.what == "return"))
    return shop


def _lines(
    path: Path, mapping: Mapping, place: Place
) -> tuple[list[tuple[StagedLine, RecordActivity]], list[LeftOut]]:
    lines: list[tuple[StagedLine, RecordActivity]] = []
    left_out: list[LeftOut] = []
    for chunk in read_file(Source(path, _file_of(path, mapping), 0), mapping, place):
        told = (one for one in chunk.lines if one.part == Part.ACTIVITIES)
        lines += [(one, _unpack(one.packed)) for one in told]
        left_out += _slips(chunk.slips)
    return lines, left_out


def _slips(slips: list[tuple[int, int, str, str, str]]) -> Iterator[LeftOut]:
    for _, line, column, wrong, mend in slips:
        where = f"line {line}, {column}" if column else f"line {line}"
        yield LeftOut(where, f"{wrong}; {mend[:1].lower()}{mend[1:]}")


def _file_of(path: Path, mapping: Mapping) -> str:
    """Which of the mapping's files this is: the one of its name, or the only one of its kind."""
    telling = [
        name
        for name, file in mapping.files.items()
        if any(k == "activities" for k, _ in file.each())
    ]
    named = [name for name in telling if name in (path.name, path.stem)]
    if len(named or telling) != 1:
        raise Invalid(
            f"the mapping must have one file with activities, or one called {path.stem}; "
            f"it has {', '.join(telling) or 'none'}",
            field="--mapping",
        )
    return (named or telling)[0]


def _activity(
    line: StagedLine, command: RecordActivity, known: dict[UUID, Activity]
) -> Activity | str:
    """The activity a line tells, or why it cannot take part."""
    sale = None
    if command.kind == "return":
        named = command.sale
        assert named is not None, line
        sale_id = named.id or key_of(named)
        sale = known.get(sale_id)
        if sale is None:
            return "its sale is not in this file"
    receipt = natural_key(command.source, command.external_id, command.kind)
    at = command.occurred_at
    assert at is not None, line
    whose = line.member_key if line.ref_kind else NOBODY
    return Activity(
        activity_id=command.activity_id or receipt,
        member_id=sale.member_id if sale is not None else whose,
        kind=command.kind,
        source=command.source,
        external_id=command.external_id,
        sale_id=sale.activity_id if sale is not None else None,
        occurred_at=at,
        store=command.store,
        channel=command.channel,
        amount_minor=line.units,
        body=command.body,
        actor="replay",
    )


def _happening(activity: Activity, known: dict[UUID, Activity]) -> Happening:
    told = activity.occurred_at
    if activity.sale_id is not None:
        told = max(told, known[activity.sale_id].occurred_at)
    return Happening(
        what="return" if activity.sale_id is not None else "activity",
        member_id=activity.member_id,
        now=told,
        at=activity.occurred_at,
        activity=activity,
    )
