"""What happened, as events of the Square API; worked out once and then kept as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec.structs import replace

from regulars.base.tx import Tx
from regulars.engine.terms import Terms, Version
from regulars.flows.telling.hooks.retell import Asked
from regulars.insight.connected import clocks
from regulars.insight.connected.accounts import Account, accounts
from regulars.insight.connected.events import Move
from regulars.insight.connected.retold import Stood, Written, booked_with, stood
from regulars.records.activity.types import NOBODY
from regulars.records.outbox.retold import read as retold
from regulars.records.outbox.retold.types import (
    ACCOUNT_CREATED,
    ACCOUNT_DELETED,
    ACCOUNT_UPDATED,
    EVENT_CREATED,
    PROGRAM_CREATED,
    PROGRAM_UPDATED,
    PROMOTION_CREATED,
    PROMOTION_UPDATED,
    Heard,
    Retold,
    retold_id,
)
from regulars.records.program.changes.promotions import read as promotions
from regulars.records.program.changes.promotions.types import Promotion
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.connect.square.operations import locations
from regulars.surfaces.connect.square.operations.accounts import account_shown
from regulars.surfaces.connect.square.operations.programs import program_shown
from regulars.surfaces.connect.square.operations.promotions import promotion_shown
from regulars.surfaces.connect.square.telling import told
from regulars.surfaces.connect.square.telling.promoted import is_promotion
from regulars.surfaces.connect.square.view import View, view, view_at
from regulars.surfaces.given import Programs

_STAND: Final = 3
"""The part by which an account is told of after an entry; the parts before are events."""
_PHONE: Final = "phone"


class Retelling:
    """Knows the words; `Retells` of the flow."""

    def __init__(self, programs: Programs) -> None:
        self._programs = programs

    async def __call__(self, tx: Tx, asked: Asked) -> Sequence[Retold]:
        """These events in Square's words, as far as somebody wants to hear of them."""
        if not asked.ruling:
            return ()
        terms = await self._terms(tx.program_id, asked.ruling)
        seen = view(terms, tx.now)
        found = await _changes(tx, terms, asked)
        found += await _people(tx, seen, asked.heard)
        return [one for one in found if one.type in asked.wanted]

    async def _terms(self, program_id: int, ruling: int) -> Terms:
        terms = await self._programs.terms(program_id)
        if all(one.number != ruling for one in terms.versions):
            self._programs.forget(program_id)
            terms = await self._programs.terms(program_id)
        return terms


async def _people(tx: Tx, seen: View, heard: Sequence[Heard]) -> list[Retold]:
    """What is told of members and their points, each member's in order."""
    events = [one for one in heard if one.member_id != NOBODY]
    booked = await booked_with(tx, seen.code, [_written(one) for one in events])
    moves = [move for some in booked.values() for move in some]
    turns = {one.event_id: _turn(one) for one in events}
    tales = {
        (move.member_id, move.entry_id): one
        for one in events
        for move in booked.get(one.event_id, ())
    }
    tales |= {
        (one.member_id, _at(one, turn)): one for one in events if (turn := turns[one.event_id])
    }
    standing, changed = await _standing(tx, seen.code, events, tales)
    whom = sorted({one.member_id for one in events})
    known = {one.member_id: one for one in await accounts(tx, seen.code, ids=whom)}
    about = await told.around(tx, seen, moves)
    found: list[Retold] = []
    for one in events:
        turn = turns[one.event_id]
        own = known.get(one.member_id)
        if turn:
            at = _at(one, turn)
            times = (one.recorded_at, changed[one.member_id, at])
            account = _account(seen, own, standing[one.member_id, at], times)
            if account is not None or turn == ACCOUNT_DELETED:
                gone = {"id": shown("mem", one.member_id), "program_id": seen.id}
                found.append(_retold(one, retold_id(at, 0), turn, account or gone))
        for move in booked.get(one.event_id, ()):
            found += _moved(one, move, about)
            stands = standing[move.member_id, move.entry_id]
            times = (move.recorded_at, changed[move.member_id, move.entry_id])
            account = _account(seen, own, stands, times)
            if move.delta and account is not None:
                id_ = retold_id(move.entry_id, _STAND)
                found.append(_retold(one, id_, ACCOUNT_UPDATED, account))
    return found


async def _standing(
    tx: Tx, wallet: int, events: Sequence[Heard], tales: Mapping[clocks.Tale, Heard]
) -> tuple[Mapping[clocks.Tale, Stood], Mapping[clocks.Tale, datetime]]:
    """Where members stood after each of these, whatever the clocks of who booked it said; and
    when their account changed by it."""
    booked = await clocks.near(tx, wallet, tales)
    ids = {one.entry_id: retold_id(one.entry_id, _STAND) for one in booked}
    told = await retold.told(tx, list(ids.values()))
    heard = {tale: (one.sequence, _written(one)) for tale, one in tales.items()}
    turns = {(one.member_id, one.recorded_tx, one.recorded_at): one.sequence for one in events}
    changed = {tale: clocks.changed_at(tale, one, booked, turns) for tale, one in heard.items()}
    standing = clocks.righted(
        await stood(tx, wallet, sorted(tales)),
        heard,
        booked,
        turns,
        lambda one: ids[one.entry_id] in told,
    )
    return standing, changed


def _written(one: Heard) -> Written:
    return Written(one.event_id, one.member_id, one.recorded_tx, one.recorded_at)


def _turn(one: Heard) -> str:
    """What an event of ours means for the account itself; nothing for most."""
    if one.type == "member.erased":
        return ACCOUNT_DELETED
    said = msgspec.json.decode(one.payload)
    if one.type == "member.joined":
        return ACCOUNT_UPDATED if said.get("upgraded") else ACCOUNT_CREATED
    if one.type == "member.linked":
        names = [*said.get("linked", ()), *said.get("unlinked", ())]
        return ACCOUNT_UPDATED if _PHONE in names else ""
    if one.type in ("member.merged", "member.unmerged") and _is(said.get("from"), one.member_id):
        return ACCOUNT_DELETED if one.type == "member.merged" else ACCOUNT_CREATED
    return ""


def _at(one: Heard, turn: str) -> UUID:
    """After what it is told: who joins has nothing yet, whatever comes with it."""
    return (
        one.member_id if one.type == "member.joined" and turn == ACCOUNT_CREATED else one.event_id
    )


def _is(said: Any, member_id: UUID) -> bool:
    return str(said).removeprefix("mem_").replace("-", "") == member_id.hex


def _moved(one: Heard, move: Move, about: told.Around) -> Iterable[Retold]:
    """An entry as events."""
    for part, event in enumerate(told.events_of(move, about)):
        says = {"id": event.id, "object": {"loyalty_event": event}}
        yield Retold(
            retold_id(move.entry_id, part), one.member_id, one.sequence, EVENT_CREATED,
            _json(says), one.recorded_at,
        )  # fmt: skip


def _account(
    seen: View, own: Account | None, stands: Stood, times: tuple[datetime, datetime]
) -> dict[str, Any] | None:
    """An account as it stood then, and when it was changed; nothing where it is none any more.

    What the books do not keep as it was is left out: when its points lapse.
    """
    if own is None:
        return None
    at, changed = times
    linked = own.linked_at is not None and own.linked_at <= at
    first = own.first_at if own.first_at is not None and own.first_at <= at else None
    then = replace(
        own,
        balance=stands.balance,
        earned=stands.earned,
        changed_at=changed,
        first_at=first,
        phone=own.phone if linked else None,
        linked_at=own.linked_at if linked else None,
        deadlines=(),
    )
    found: dict[str, Any] = msgspec.to_builtins(account_shown(seen, then))
    return found


def _retold(one: Heard, id_: UUID, type_: str, account: dict[str, Any]) -> Retold:
    says = {"id": account["id"], "object": {"loyalty_account": account}}
    return Retold(id_, one.member_id, one.sequence, type_, _json(says), one.recorded_at)


async def _changes(tx: Tx, terms: Terms, asked: Asked) -> list[Retold]:
    """What became of the program since the version that was told of last."""
    if asked.ruling == asked.version:
        return []
    by_number = {one.number: one for one in terms.versions}
    numbers = [n for n in sorted(by_number) if asked.version < n <= asked.ruling]
    every = await promotions.promotions(tx)
    location_ids = await locations.ids(tx)
    found: list[Retold] = []
    before = by_number.get(asked.version)
    for number in numbers or [asked.ruling]:
        version = by_number[number]
        seen = view_at(terms, version, max(version.effective_from, tx.now))
        type_ = PROGRAM_UPDATED if before else PROGRAM_CREATED
        program = program_shown(seen, location_ids)
        found.append(_changed(tx, number, type_, seen.id, {"loyalty_program": program}))
        for kind, one in _promoted(before, version, every):
            object_ = {"loyalty_promotion": promotion_shown(seen, one)}
            found.append(_changed(tx, number, kind, one.promotion_id, object_))
        before = version
    return found


def _promoted(
    before: Version | None, version: Version, every: Sequence[Promotion]
) -> Iterable[tuple[str, Promotion]]:
    """Promotions that came with a version, and those that were canceled by it."""
    old, now = _rules(before), _rules(version)
    for one in reversed(every):
        if one.promotion_id in now - old:
            yield PROMOTION_CREATED, replace(one, canceled_at=None)
        elif one.promotion_id in old - now and one.canceled_at is not None:
            yield PROMOTION_UPDATED, one


def _rules(version: Version | None) -> frozenset[str]:
    rules = () if version is None else version.program.rules
    return frozenset(rule.id for rule in rules if is_promotion(rule))


def _changed(tx: Tx, number: int, type_: str, id_: str, object_: dict[str, Any]) -> Retold:
    says = {"id": id_, "object": object_}
    return Retold(tx.new_id(), NOBODY, number, type_, _json(says), tx.now)


def _json(says: Any) -> str:
    return msgspec.json.encode(says).decode()
