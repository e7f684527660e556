"""The program's own history out of the books, in the order in which it was told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from importlib.resources import files
from typing import Any, Final, Protocol
from uuid import UUID

import msgspec

from regulars.insight.replay import moves
from regulars.insight.replay.moves import Key, Row
from regulars.records.activity.happening import Happening, What
from regulars.records.activity.types import Activity, Body
from regulars.records.benefits.plans import read as plans
from regulars.records.benefits.plans.types import Turn, pack
from regulars.records.ledger.types import NEVER
from regulars.records.trail.types import unpack

_body = msgspec.json.Decoder(Body).decode
_attributes = msgspec.json.Decoder(dict[str, bool | int | str]).decode
_KINDS: Final[dict[str, What]] = {
    "hold": "hold", "capture": "release", "void": "release", "lapse": "release",
    "refund": "refund", "adjust": "adjust", "open": "open",
    "activate": "confirm", "cancel": "cancel",
}  # fmt: skip
_IMPORTED: Final = "import:"


class Reading(Protocol):
    """A connection of asyncpg, as far as it is used here."""

    async def fetch(self, query: str, *args: Any) -> Sequence[Row]: ...


async def own_history(
    connection: Reading, program_id: int, until: datetime
) -> tuple[list[Happening], datetime | None]:
    """Everything that was told before an instant, and when the first of it happened.

    Order: as it was told; of one instant by id, a return after its sale. What was brought over in
    one batch goes by when it happened.
    """
    members = await _read(connection, "members", program_id, until)
    known = {row["member_id"]: _attributes(row["attributes"]) for row in members}
    keyed = [*_joins(members)]
    keyed += _activities(await _read(connection, "activities", program_id, until), known)
    keyed += _facts(await _read(connection, "facts", program_id, until))
    keyed += _tiers(await _read(connection, "tiers", program_id, until))
    keyed += moves.counted(await _read(connection, "beside/before", program_id, until))
    keyed += moves.given(await _read(connection, "given", program_id, until))
    keyed += moves.handed(await _read(connection, "hands", program_id, until))
    keyed += moves.united(await _read(connection, "unions", program_id, until), until)
    keyed += moves.played(await _read(connection, "beside/games", program_id, until))
    keyed += moves.favoured(await _read(connection, "favours", program_id, until))
    keyed += _plans(await plans.told_before(connection, program_id, until))
    keyed.sort(key=lambda one: one[0])
    first = min((one.at for _, one in keyed), default=None)
    return [one for _, one in keyed], first


async def _read(connection: Reading, name: str, program_id: int, until: datetime) -> Sequence[Row]:
    sql = files(__package__).joinpath(f"{name}.sql").read_text("utf-8")
    return await connection.fetch(sql, program_id, until)


def _joins(rows: Sequence[Row]) -> Iterator[tuple[Key, Happening]]:
    for row in rows:
        now = row["recorded_at"]
        one = Happening(what="join", member_id=row["member_id"], now=now, at=row["joined_at"])
        # Whoever joins by an activity is there before it.
        yield (now, now, b"", False, row["member_id"].bytes), one


def _activities(
    rows: Sequence[Row], known: Mapping[UUID, Mapping[str, bool | int | str]]
) -> Iterator[tuple[Key, Happening]]:
    for row in rows:
        activity = _activity(row)
        returned = activity.kind == "return"
        frozen = unpack(row["packed"]).member if row["packed"] else {}
        one = Happening(
            what="return" if returned else "activity",
            member_id=activity.member_id,
            now=row["recorded_at"],
            at=activity.occurred_at,
            activity=activity,
            attributes={**known.get(activity.member_id, {}), **frozen},
            own_day=row["own_day"] or 0,
        )
        id_ = activity.activity_id.bytes
        # A return that waited has an older id than the sale it came after.
        place = max(id_, activity.sale_id.bytes) if activity.sale_id else id_
        yield (*_when(row), place, returned, id_), one


def _when(row: Row) -> tuple[datetime, datetime]:
    now = row["recorded_at"]
    return now, row["occurred_at"] if row["actor"].startswith(_IMPORTED) else now


def _activity(row: Row) -> Activity:
    return Activity(
        activity_id=row["activity_id"],
        member_id=row["member_id"],
        kind=row["kind"],
        source=row["source"],
        external_id=row["external_id"],
        sale_id=row["sale_id"],
        occurred_at=row["occurred_at"],
        store=row["store"],
        channel=row["channel"],
        amount_minor=row["amount_minor"],
        body=_body(row["body"]),
        actor=row["actor"],
    )


def _facts(rows: Sequence[Row]) -> Iterator[tuple[Key, Happening]]:
    for row in rows:
        ends = row["expires_at"]
        one = Happening(
            what=_KINDS[row["kind"]],
            kind=row["prize"] or "",
            member_id=row["member_id"],
            now=row["recorded_at"],
            at=row["occurred_at"],
            wallet=row["wallet"],
            units=int(row["units"]),
            cause_id=row["cause_id"] or UUID(int=0),
            earned_at=row["earned_at"],
            ends=None if row["kind"] != "adjust" and ends is not None and ends >= NEVER else ends,
            activates_at=row["activates_at"],
            cancels_at=row["cancels_at"],
            activity_id=row["activity_id"],
        )
        # What was owed elsewhere was so before it came here, and came after all else.
        when = (one.now, one.now) if row["kind"] == "open" else _when(row)
        # What the clock frees is free before anything that is told at the same instant: a return
        # lets it go and has an older id.
        clock = row["kind"] == "lapse"
        place = b"" if clock else row["entry_id"].bytes
        yield (*when, place, clock, row["wallet"].encode()), one


def _tiers(rows: Sequence[Row]) -> Iterator[tuple[Key, Happening]]:
    for row in rows:
        now = row["recorded_at"]
        one = Happening(
            what="tier",
            member_id=row["member_id"],
            now=now,
            at=row["occurred_at"],
            tier=row["to_tier"],
            ends=row["until_at"],
            cause_id=row["cause_id"] or UUID(int=0),
        )
        yield (now, now, row["move_id"].bytes, False, b""), one


def _plans(told: Sequence[tuple[datetime, Turn]]) -> Iterator[tuple[Key, Happening]]:
    """What happened to paid memberships.

    Order: of what was told at once, before what was bought; of one membership as it followed.
    """
    for now, turn in told:
        who, step = turn.after.member_id, turn.after.step
        one = Happening(what="plan", member_id=who, now=now, at=turn.at, turn=pack(turn))
        yield (now, now, b"", True, who.bytes + step.to_bytes(4)), one
