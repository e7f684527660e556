"""What was booked, as events of the Square Loyalty API."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, NamedTuple
from uuid import UUID

from msgspec import UNSET

from regulars.base.ids import id_of, short
from regulars.base.tx import Tx
from regulars.flows.tills.commands import HandedOver, ToldPoints
from regulars.insight.connected.events import Asked, Move, moves
from regulars.records.access import read as access
from regulars.records.access.types import Scope
from regulars.records.tills.bills.types import SOURCE
from regulars.surfaces.api.access import Caller
from regulars.surfaces.api.call import Call
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.connect.square.telling.promoted import promoted
from regulars.surfaces.connect.square.times import instant
from regulars.surfaces.connect.square.view import View
from regulars.surfaces.connect.square.wire.shown import EventPart, EventShown

_OURS: Final = frozenset({Scope.TILL, Scope.SHOP})
_KEY: Final = re.compile(r"key_([0-9a-f]{32})\Z", re.ASCII)
"""Who acts for a key."""
_HANDED: Final = "capture"
_TYPES: Final = {
    "earn": ("ACCUMULATE_POINTS", "accumulate_points"),
    "activate": ("ACCUMULATE_POINTS", "accumulate_points"),
    "hold": ("CREATE_REWARD", "create_reward"),
    "void": ("DELETE_REWARD", "delete_reward"),
    "lapse": ("DELETE_REWARD", "delete_reward"),
    "expire": ("EXPIRE_POINTS", "expire_points"),
    "adjust": ("ADJUST_POINTS", "adjust_points"),
}
"""Kinds of entries that have a type of their own; all others are told as OTHER."""
_KINDS: Final = {
    "ACCUMULATE_POINTS": {"earn", "activate", "adjust"},
    "ACCUMULATE_PROMOTION_POINTS": {"earn"},
    "CREATE_REWARD": {"hold"},
    "REDEEM_REWARD": {_HANDED},
    "DELETE_REWARD": {"void", "lapse"},
    "ADJUST_POINTS": {"adjust"},
    "EXPIRE_POINTS": {"expire"},
}
_OTHERS: Final = (
    "earn", "return", "cancel", "open", "transfer", "pool", "merge", "unmerge", "reinstate",
    "write_off", "restate", "refund", "repay", "milestone", "capture", "extend", "postpone",
)  # fmt: skip


class Around(NamedTuple):
    """What telling an event needs besides the entry."""

    seen: View
    ours: Collection[str]
    """Who asks for our own tills and pages."""
    promotions: Mapping[str, tuple[str, int]] = {}
    """Of an activity by its id: the promotion that gave something, and how much."""


def kinds_of(types: Iterable[str]) -> list[str]:
    """The kinds of entries among which events of these types are found."""
    found: set[str] = set()
    for one in types:
        found |= _KINDS.get(one, set(_OTHERS))
    return sorted(found)


async def booked(
    call: Call, seen: View, member_id: UUID, cause_id: UUID, *kinds: str
) -> list[EventShown]:
    """What something brought about for a member, as events, in the order in which it was booked."""
    asked = Asked(members=[member_id], causes=[cause_id], kinds=kinds or None)
    async with call.transaction as tx:
        found = (await moves(tx, seen.code, asked, limit=30)).moves[::-1]
        about = await around(tx, seen, found, call.caller)
    return [event for move in found for event in events_of(move, about)]


def just_told(call: Call, seen: View, told: ToldPoints) -> EventShown:
    """What a till said and was booked just now, as it will be found in the books."""
    done, said = told.adjusted, told.booked
    move = Move(
        entry_id=done.entry_id,
        member_id=done.member_id,
        kind="adjust",
        cause_id=done.entry_id,
        recorded_at=told.at,
        actor=said.actor,
        reason=said.reason,
        delta=done.units,
        issued=said.earned,
        source="",
        external_id="",
        store=said.store,
    )
    return events_of(move, Around(seen, _own(call.caller)))[0]


def handed_over(call: Call, seen: View, told: HandedOver) -> EventShown:
    """A reward that a till handed over, as it is found in the books."""
    return events_of(told.move, Around(seen, _own(call.caller)))[0]


def _own(caller: Caller | None) -> Collection[str]:
    """Whoever asks, where they ask for our own tills and pages."""
    return () if caller is None or not caller.scopes & _OURS else {caller.principal}


async def around(tx: Tx, seen: View, found: Sequence[Move], caller: Caller | None = None) -> Around:
    """What telling these entries needs besides; of whoever asks it is known what they are for."""
    # Who acts may be a name that somebody told, whatever it begins with.
    actors = {key[1] for move in found if (key := _KEY.match(move.actor)) is not None}
    ours = set(_own(caller))
    others = [
        id_of(one) for one in sorted(actors) if caller is None or caller.principal != f"key_{one}"
    ]
    for one in (await access.some_keys(tx, others)).values() if others else ():
        if one.scopes & _OURS:
            ours.add(f"key_{one.key_id.hex}")
    earned = {one.cause_id: one.member_id for one in found if one.kind == "earn"}
    return Around(seen, ours, await promoted(tx, seen, earned))


def events_of(move: Move, about: Around) -> list[EventShown]:
    """One entry as events; the points they tell add up to what the balance moved by."""
    if move.kind == _HANDED:
        return _handed(move, about)
    type_, part = _TYPES.get(move.kind, ("OTHER", "other_event"))
    if move.kind == "adjust" and move.issued:
        type_, part = _TYPES["earn"]
    if move.kind == "earn" and move.delta < 0:
        type_, part = "OTHER", "other_event"
    more = about.promotions.get(move.cause_id.hex) if move.kind == "earn" else None
    if more is None:
        return [_event("ent", type_, part, move, about, move.delta)]
    own = _event("ent", type_, part, move, about, move.delta - more[1])
    return [own, _promoted(move, about, more)]


def _event(
    prefix: str, type_: str, part: str, move: Move, about: Around, points: int | None
) -> EventShown:
    what = EventPart(
        loyalty_program_id=about.seen.id,
        points=UNSET if points is None else points,
        reward_id=shown("red", move.cause_id) if part.endswith("_reward") else UNSET,
        order_id=_order(part, move) or UNSET,
        reason=move.reason or UNSET if part == "adjust_points" else UNSET,
    )
    return _told(prefix, type_, move, about, **{part: what})


def _order(part: str, move: Move) -> str:
    if part == "redeem_reward":
        return shown("ord", move.bill_id) if move.bill_id else ""
    return move.external_id if part == "accumulate_points" and move.source == SOURCE else ""


def _promoted(move: Move, about: Around, promoted: tuple[str, int]) -> EventShown:
    what = EventPart(
        loyalty_program_id=about.seen.id,
        loyalty_promotion_id=promoted[0],
        points=promoted[1],
        order_id=move.external_id or shown("act", move.cause_id),
    )
    type_ = "ACCUMULATE_PROMOTION_POINTS"
    return _told("prm", type_, move, about, accumulate_promotion_points=what)


def _handed(move: Move, about: Around) -> list[EventShown]:
    """A reward that was handed over; what was given back of a part of it is told apart."""
    told = [_event("ent", "REDEEM_REWARD", "redeem_reward", move, about, None)]
    if move.delta:
        told.append(_event("bck", "OTHER", "other_event", move, about, move.delta))
    return told


def _told(prefix: str, type_: str, move: Move, about: Around, **part: EventPart) -> EventShown:
    from_api = _KEY.match(move.actor) and move.actor not in about.ours
    return EventShown(
        id=shown(prefix, move.entry_id),
        type=type_,
        created_at=instant(move.recorded_at),
        loyalty_account_id=shown("mem", move.member_id),
        source="LOYALTY_API" if from_api else "SQUARE",
        location_id=short(move.store) if move.store else UNSET,
        **part,  # type: ignore[arg-type]
    )
