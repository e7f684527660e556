"""Lines that tell of points: lots with their ends, or one balance per member and wallet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec

from regulars.flows.importing.commands import OpenLot, content_of, lot_key
from regulars.records.imports.types import Part, StagedLine
from regulars.records.once.types import digest
from regulars.surfaces.connect.moving.fields import (
    Columns,
    Ref,
    Staged,
    Teller,
    Values,
    among,
    lane_of,
    needed,
    our_id,
)
from regulars.surfaces.connect.moving.people import in_time, needed_member, needed_ref
from regulars.surfaces.connect.moving.wrong import Wrong

_pack = msgspec.msgpack.Encoder().encode
ALIKE: Final = "alike"
"""How the names begin of lots that have none: what follows is the same for all that are alike."""


class _Points(NamedTuple):
    """What lots and balances have in common, ready to be read."""

    at: Columns
    ref: Callable[[Values], Ref]
    wallet: Callable[[Values], str]
    units: dict[str, Callable[[Values], int | None]]
    """Per wallet, since each has its own decimals."""
    earned: Callable[[Values], datetime | None]
    expires: Callable[[Values], datetime | None]
    origin: Callable[[Values], str]
    activates: Callable[[Values], datetime | None]
    cancels: Callable[[Values], datetime | None]
    activity: Callable[[Values], str]
    counted: str
    began: str
    """Which field says since when."""


def lots(at: Columns) -> Teller:
    """Each line is points of one origin; empty ones are left aside.

    Those without a number of their own are known by what they are: whose, how many, and their
    instants. Which of several alike one is, is counted once all are read (ADR 0931).
    """
    points = _points(at, "remaining" if at.has("remaining") else "amount")
    lot_id = at.text("lot_id")

    def tell(line: int, values: Values) -> list[Staged]:
        who, wallet, units = _told(points, values)
        if units == 0:
            return []
        named = Part.LOTS, lot_id(values)
        return [_lot(points, (line, values), (who, wallet, units), named)]

    return tell


def balances(at: Columns) -> Teller:
    """Each line is all a member has in a wallet: one lot, or the sum their lots must come to."""
    points = _points(at, "balance")

    def tell(line: int, values: Values) -> list[Staged]:
        told = _told(points, values)
        named = f"balance of {told[0].kind} {told[0].value} in {told[1]}"
        return [_lot(points, (line, values), told, (Part.BALANCES, named))]

    return tell


def debts(at: Columns) -> Teller:
    """Each line is what a member owes in a wallet; who owes nothing is left aside."""
    points = _points(at, "owed", "since")

    def tell(line: int, values: Values) -> list[Staged]:
        who, wallet, owed = _told(points, values)
        if owed == 0:
            return []
        named = f"debt of {who.kind} {who.value} in {wallet}"
        return [_lot(points, (line, values), (who, wallet, owed), (Part.DEBTS, named))]

    return tell


def _points(at: Columns, counted: str, began: str = "earned_at") -> _Points:
    scales = at.place.wallets
    smallest = at.file.points == "smallest"
    return _Points(
        at=at,
        ref=at.ref(),
        wallet=at.text("wallet"),
        units={w: at.units(counted, 0 if smallest else scale) for w, scale in scales.items()},
        earned=at.instant(began),
        expires=at.instant("expires_at"),
        origin=at.text("origin"),
        activates=at.instant("activates_at"),
        cancels=at.instant("cancels_at"),
        activity=at.text("activity_id"),
        counted=counted,
        began=began,
    )


def _told(points: _Points, values: Values) -> tuple[Ref, str, int]:
    at = points.at
    who = needed_ref(at, points.ref(values))
    wallet = among(points.wallet(values), tuple(points.units), at.column("wallet"), "wallet")
    units: int = needed(points.units[wallet](values), at.column(points.counted))
    if units < 0:
        raise Wrong(
            at.column(points.counted),
            f"{units} is below nothing",
            "What is owed comes in a file of debts, as a number above 0; write 0 here",
        )
    return who, wallet, units


def _lot(
    points: _Points,
    row: tuple[int, Values],
    told: tuple[Ref, str, int],
    named: tuple[Part, str],
) -> StagedLine:
    at, (line, values), (who, wallet, units), (part, lot) = points.at, row, told, named
    earned = in_time(at, points.began, points.earned(values))
    ends = points.expires(values)
    if ends is not None and earned is not None and ends <= earned:
        raise Wrong(at.column("expires_at"), "the points are over before they begin", "Check it")
    activates, cancels = points.activates(values), points.cancels(values)
    if activates is not None and cancels is not None:
        raise Wrong(
            at.column("cancels_at"), "points wait for one instant, not for two", "Empty one"
        )
    command: Any = OpenLot(
        member=needed_member(who),
        wallet=wallet,
        units=units,
        source=at.mapping.source,
        lot=lot,
        earned_at=earned,
        expires_at=ends,
        by_rule=ends is None and at.file.no_expiry == "program",
        origin=points.origin(values)[:200],
        activates_at=activates,
        cancels_at=cancels,
        owed=part == Part.DEBTS,
        activity_id=_waits_for(points, values, cancels),
    )
    if not lot:
        command = msgspec.structs.replace(command, lot=alike_name(command, (who.kind, who.value)))
    key = lot_key(command.source, command.lot)
    packed = _pack(command)
    return StagedLine(
        at.number, line, part, lane_of(who.key), who.key, earned, key, None if lot else key,
        content_of(packed), wallet, units, ends, who.kind, who.value, packed,
    )  # fmt: skip


def alike_name(lot: OpenLot, who: tuple[str, str]) -> str:
    """How points without a number are called: by whose they are, as the file names them, where they
    lie, how many they are, and their instants."""
    told_of = (*who, lot.wallet, lot.units, lot.earned_at, lot.expires_at, lot.activates_at,
               lot.cancels_at)  # fmt: skip
    return f"{ALIKE} {digest(ALIKE, _pack(told_of)).hex}"


def _waits_for(points: _Points, values: Values, cancels: datetime | None) -> UUID | None:
    """The activity of points that wait for a word about it."""
    at, text = points.at, points.activity(values)
    if not text:
        return None
    if cancels is None:
        mend = "Say in cancels_at by when, or empty it"
        raise Wrong(at.column("activity_id"), "these points do not wait for a word", mend)
    return our_id("act", text, at.column("activity_id"))
