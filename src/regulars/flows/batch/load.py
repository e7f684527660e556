"""Members under lock, as the fold needs them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import replace

from regulars.base.faults import MembersMoved, StaleTerms
from regulars.base.tx import Tx
from regulars.engine.compiling.asked import plans_asked
from regulars.engine.deciding.idle import may_lapse
from regulars.engine.ladder.credit import has_ladder
from regulars.engine.ladder.giving import ladder_of
from regulars.engine.state import MemberState, Told
from regulars.engine.terms import Terms, Version
from regulars.records.benefits.plans import read as plans
from regulars.records.ledger import read as ledger
from regulars.records.ledger.reserved import read as reserved
from regulars.records.ledger.types import Balance
from regulars.records.outbox import read as inbox
from regulars.records.program import read as program
from regulars.records.standing import read as standing
from regulars.records.standing.grants import read as by_hand
from regulars.records.standing.values.types import as_reckoned

_attributes = msgspec.json.Decoder(dict[str, bool | int | str]).decode


async def hold_members(
    tx: Tx,
    terms: Terms,
    member_ids: Iterable[UUID],
    *,
    with_lots: Iterable[UUID] = (),
    lock: bool = True,
) -> dict[UUID, MemberState]:
    """Lock these members and read where they stand; some also with their open lots.

    Who was merged is there under their own id too, as the member they stand under now.
    Order: the lock is a statement of its own, so that everything read after it is fresh
    (ADR 0004). A preview reads without the lock.
    Faults: StaleTerms when another process published a version these terms do not know;
    MembersMoved when somebody was merged, or a merge was undone, while we waited for the lock.
    """
    states, into = await _held(tx, terms, member_ids, with_lots, lock)
    return states | {member_id: states[stands_as] for member_id, stands_as in into.items()}


async def hold_apart(
    tx: Tx,
    terms: Terms,
    member_ids: Iterable[UUID],
    *,
    with_lots: Iterable[UUID] = (),
    lock: bool = True,
) -> dict[UUID, MemberState]:
    """As `hold_members`, but each member by themselves, also those who were merged."""
    states, _ = await _held(tx, terms, member_ids, with_lots, lock)
    return states


async def _held(
    tx: Tx, terms: Terms, member_ids: Iterable[UUID], with_lots: Iterable[UUID], lock: bool
) -> tuple[dict[UUID, MemberState], dict[UUID, UUID]]:
    wanted = sorted(set(member_ids))
    held = await standing.hold(tx, wanted) if lock else None
    ladder = any(has_ladder(version) for version in terms.versions)
    free = [member_id for member_id, row in (held or {}).items() if not row["tied"]]
    plain = await standing.plain(tx, free, last=ladder)
    rest = wanted if held is None else [member_id for member_id in held if held[member_id]["tied"]]
    rows = await standing.rows(tx, rest, last=ladder)
    # Newcomers and sales to nobody have no rows, and are decided by these terms all the same.
    some = plain or rows
    latest = some[0]["latest"] if some else await program.latest(tx)
    if latest != terms.latest:
        raise StaleTerms
    into = {row["member_id"]: row["into_id"] for row in rows if row["into_id"] is not None}
    if held is not None and not held.keys() >= set(into.values()):
        raise MembersMoved
    if any(row["parted"] for row in rows):
        raise MembersMoved
    today = tx.now.astimezone(terms.at(tx.now).zone).date()  # as values are: a day of the shop
    states = {row["member_id"]: _state(row, row, today) for row in rows}
    if held is not None:
        states |= {row["member_id"]: _state(row, held[row["member_id"]], today) for row in plain}
    given = [row["member_id"] for row in rows if ladder and row["given"]]
    for member_id, grants in (await by_hand.of_members(tx, given)).items():
        states[member_id].grants = [
            replace(one, ladder=ladder_of(terms.at(one.given_at), one.tier)) for one in grants
        ]
    lots = {into.get(member_id, member_id) for member_id in with_lots} & states.keys()
    rules = terms.at(tx.now).idle
    if rules:
        for state in states.values():
            state.idle = rules
        # Whoever comes back after too long loses what was left alone, whatever they do now.
        lots |= {who for who, state in states.items() if may_lapse(state, tx.now)}
    await load_lots(tx, terms, states, sorted(lots))
    if any(plans_asked(version.attributes) for version in terms.versions):
        for who, turn in await plans.turns_of(tx, sorted(states)):
            states[who].turns = [*states[who].turns, turn]
    return states, into


async def load_lots(
    tx: Tx, terms: Terms, states: Mapping[UUID, MemberState], members: Sequence[UUID]
) -> None:
    """Give these members their open lots, what is reserved of them, and what they were told of
    them."""
    await load_notices(tx, terms, states, members)
    for lot in await ledger.open_lots(tx, members):
        states[lot.member_id].lots[lot.lot_id] = lot
    await load_holds(tx, states, members)


async def load_holds(tx: Tx, states: Mapping[UUID, MemberState], members: Sequence[UUID]) -> None:
    """Give these members what is reserved of their points, so that what comes back meanwhile, or is
    decided otherwise, is put down with it. Keeps: what they know already."""
    some = [one for one in members if any(b.held for b in states[one].balances.values())]
    for hold in await reserved.open_holds(tx, some):
        states[hold.member_id].holds.setdefault(hold.hold_id, hold)


async def load_notices(
    tx: Tx,
    terms: Terms,
    states: Mapping[UUID, MemberState],
    members: Sequence[UUID],
    spent: Sequence[UUID] = (),
) -> None:
    """Tell these states which points lapse only after a notice, and which notices were shown.

    Shape: of lots with something left, and of some that are `spent` and to which some comes back.
    A program without such a promise asks the database nothing.
    """
    warned = terms.at(tx.now).warned
    if not warned:
        return
    if terms.at(tx.now).idle:
        for word in await inbox.idle_words(tx, members, spent):
            _hear(states[word.member_id], word)
    for state in states.values():
        if state.state != "erased":  # nobody is left who could be told
            state.warned = warned
    for member_id, known in (await inbox.notices(tx, members, spent)).items():
        states[member_id].notices |= known
    if any(_may_be_given(version) for version in terms.versions):
        for member_id, before in (await inbox.told_before(tx, members, spent)).items():
            states[member_id].told_before |= before


def _may_be_given(version: Version) -> bool:
    """Whether members may give their points to others, or spend together."""
    return version.program.household is not None or any(
        one.transfers is not None for one in version.program.wallets.values()
    )


def _hear(state: MemberState, word: inbox.IdleWord) -> None:
    if word.spared:
        state.spared[word.lot_id] = max(word.at, state.spared.get(word.lot_id, word.at))
    else:
        state.idle_told.setdefault(word.lot_id, []).append(Told(word.at, word.shown_at))


def _state(row: Mapping[str, Any], stands: Mapping[str, Any], today: date) -> MemberState:
    version = stands["version"]
    known = {} if row["attributes"] == "{}" else _attributes(row["attributes"])
    valued = None if row["valued"] is None else (known, row["valued"])
    return MemberState(
        member_id=row["member_id"],
        joined_at=row["joined_at"],
        attributes=known if valued is None else as_reckoned(*valued, today),
        valued=valued,
        version=version,
        was=version,
        tier=stands["tier"],
        tier_since=stands["tier_since"],
        tier_until=stands["tier_until"],
        state=row["state"],
        balances=_balances(row),
        counters=_counters(row),
        last_at=row.get("last_at"),
        united=row.get("united", False),
        recorded_at=row["recorded_at"],
        moved_at=stands["moved_at"],
    )


def _balances(row: Mapping[str, Any]) -> dict[int, Balance]:
    wallets = row["wallets"]
    if wallets is None:
        return {}
    return {
        wallet: Balance(available, pending, held, debt, earned, at)
        for (wallet, available, pending, held, debt, earned), at in zip(
            wallets, row["active_at"], strict=True
        )
    }


def _counters(row: Mapping[str, Any]) -> dict[tuple[int, int], int]:
    counters = row["counters"]
    if counters is None:
        return {}
    return {(counter, period): value for counter, period, value in counters}
