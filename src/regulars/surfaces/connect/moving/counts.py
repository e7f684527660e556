"""Lines that tell what was used: of limits and budgets, of rewards that run out, and codes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, get_args
from uuid import UUID

import msgspec

from regulars.flows.importing.commands import BringCode, BringHad, OpenCount, OpenShelf
from regulars.flows.importing.open_counts import wrong_count
from regulars.records.imports.came.types import HadKind
from regulars.records.imports.types import Part, StagedLine
from regulars.records.once.types import digest
from regulars.records.rewards.codes.lettering import folded
from regulars.records.rewards.codes.types import CodeState
from regulars.surfaces.connect.moving.fields import (
    NOBODY_NAMED,
    Columns,
    Ref,
    Staged,
    Teller,
    Values,
    among,
    lane_of,
    needed,
)
from regulars.surfaces.connect.moving.people import needed_ref
from regulars.surfaces.connect.moving.wrong import Wrong

_pack = msgspec.msgpack.Encoder().encode


class _What(NamedTuple):
    """What a line tells, of whom, and under which label it is added up."""

    part: Part
    who: Ref
    named: UUID
    label: str
    units: int
    command: OpenCount | OpenShelf | BringCode | BringHad


def limits(at: Columns) -> Teller:
    """Each line is what was used of a limit in a period, or of a budget where it names nobody."""
    return _counts(at, Part.LIMITS)


def progress(at: Columns) -> Teller:
    """Each line is what a member gathered in a period towards a tier or a milestone."""
    return _counts(at, Part.PROGRESS)


def _counts(at: Columns, part: Part) -> Teller:
    ref, counter = at.ref(), at.text("counter")
    period, used = _whole(at, "period"), _whole(at, "used")
    names = tuple(sorted(at.place.counters))

    def tell(line: int, values: Values) -> list[Staged]:
        who = ref(values)
        if part == Part.PROGRESS:
            needed_ref(at, who)
        name = needed(counter(values), at.column("counter"))
        if name not in at.place.counters:
            raise Wrong(
                at.column("counter"),
                f"nothing is counted under {name!r} in this program",
                "Publish every version of the program that came along (`canonical/versions`), or "
                "take the line away" + (f"; it counts {', '.join(names[:5])}" if names else ""),
            )
        command = OpenCount(name, period(values), used(values), who.member)
        _check(at, command)
        named = digest("count", who.kind, who.value, name, str(command.period))
        what = _What(part, who, named, name.split(":")[0], command.value, command)
        return [_line(at, line, what)]

    return tell


def _check(at: Columns, command: OpenCount) -> None:
    """What would be refused when it is booked is told now, at its column."""
    fault = wrong_count(command)
    if fault is not None:
        column = at.column(fault.field.strip("/"))
        raise Wrong(column, fault.says, str(fault.facts["mend"]))


def stock(at: Columns) -> Teller:
    """Each line is what was left of a reward that runs out."""
    reward, left = at.text("reward"), _whole(at, "remaining")

    def tell(line: int, values: Values) -> list[Staged]:
        shelf = needed(reward(values), at.column("reward"))
        among(shelf, tuple(sorted(at.place.shelves)), at.column("reward"), "reward that runs out")
        command = OpenShelf(shelf, left(values))
        if command.left < 0:
            raise Wrong(at.column("remaining"), "fewer than none are left", "Export it again")
        named = digest("shelf", shelf)
        what = _What(Part.STOCK, NOBODY_NAMED, named, shelf, command.left, command)
        return [_line(at, line, what)]

    return tell


def codes(at: Columns) -> Teller:
    """Each line is a code as it stands; of a used one only that it was used matters."""
    texts = {name: at.text(name) for name in ("reward", "code", "printed", "state", "terms")}
    ref = at.ref()
    times = {name: at.instant(name) for name in ("issued_at", "ends_at", "closed_at")}

    def tell(line: int, values: Values) -> list[Staged]:
        told: Any = {name: text(values) for name, text in texts.items()}
        for name in ("reward", "code", "state"):
            needed(told[name], at.column(name))
        among(told["reward"], tuple(sorted(at.place.rewards)), at.column("reward"), "reward")
        among(told["state"], get_args(CodeState), at.column("state"), "state of a code")
        who = ref(values)
        when: Any = {name: read(values) for name, read in times.items()}
        command = BringCode(member=who.member, **told, **when)
        named = digest("code", folded(command.code))
        # All in one lane: they meet on the shelf of their pool.
        here = who if who.member is None else Ref(who.member, who.kind, who.value, NOBODY_NAMED.key)
        label = f"{command.reward} {command.state}"
        return [_line(at, line, _What(Part.CODES, here, named, label, 1, command))]

    return tell


def had(at: Columns) -> Teller:
    """Each line is something a member chose, was granted, takes part in or had; no points."""
    texts = {name: at.text(name) for name in ("kind", "id", "row")}
    ref = at.ref()

    def tell(line: int, values: Values) -> list[Staged]:
        told: Any = {name: needed(text(values), at.column(name)) for name, text in texts.items()}
        among(told["kind"], get_args(HadKind), at.column("kind"), "kind of thing")
        who = ref(values)
        needed_ref(at, who)
        try:
            id_ = UUID(told["id"])
        except ValueError:
            says = f"{told['id']!r} is no number of a thing"
            raise Wrong(at.column("id"), says, "Export it again") from None
        try:
            msgspec.json.decode(told["row"], type=dict[str, Any])
        except (msgspec.DecodeError, ValueError):
            raise Wrong(at.column("row"), "this is no JSON object", "Export it again") from None
        assert who.member is not None, who
        command = BringHad(who.member, told["kind"], id_, told["row"])
        what = _What(Part.HAD, who, digest("had", str(id_)), command.kind, 1, command)
        return [_line(at, line, what)]

    return tell


def _whole(at: Columns, name: str) -> Callable[[Values], int]:
    read = at.units(name, 0)
    return lambda values: needed(read(values), at.column(name))


def _line(at: Columns, line: int, what: _What) -> StagedLine:
    who, packed = what.who, _pack(what.command)
    return StagedLine(
        at.number, line, what.part, lane_of(who.key), who.key, None, what.named, None,
        digest(packed), what.label, what.units, None, who.kind, who.value, packed,
    )  # fmt: skip
