"""Nights of which it matters which one it was: debts old enough to be forgiven.

Everything else a night does is dated by itself, or looks at nothing that happens in between, and
can be done later.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from regulars.engine.calendar import add_span, day_starts_at, local
from regulars.engine.deciding import pending, tiering
from regulars.engine.deciding.expire import expire
from regulars.engine.moving.write_off import is_due, write_off
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Version
from regulars.records.members.unions.types import Brought, Merge

Debts = dict[tuple[UUID, int], datetime]
"""Per member and wallet since when something is owed."""
Owed = dict[int, datetime]
"""The same of one member."""
_MANY: Final = 16
"""Lots that are kept without looking whether any is empty."""


def next_night(state: MemberState, version: Version, debts: Debts) -> datetime | None:
    """The first night on which a debt of this member is to be forgiven."""
    if not debts:
        return None
    dues = [
        add_span(version.zone, since, wallet.write_off_after)
        for name, wallet in version.program.wallets.items()
        if wallet.write_off_after is not None
        and (since := debts.get((state.member_id, _code(version, name)))) is not None
    ]
    if not dues:
        return None
    first = min(dues)
    day = local(version.zone, first).day
    begins = day_starts_at(version.zone, day)
    return begins if begins == first else day_starts_at(version.zone, day + 1)


def fall(changes: Changes, state: MemberState, version: Version, debts: Debts) -> None:
    """Do one night's work for a member, at the changes' own clock (semantics A5).

    Order: who was merged stands on no step, and is put on none.
    """
    now = changes.now
    assert now is not None
    pending.turn(changes, state, now)
    if state.state != "merged":
        tiering.review(changes, state, version, now)
    _lapse(changes, state, version, now)
    for name in version.program.wallets:
        code = _code(version, name)
        since = debts.get((state.member_id, code))
        if since is not None and is_due(version, name, since, now) and state.balance(code).debt:
            write_off(changes, state, code, (now, "midnight", ""))


def _lapse(changes: Changes, state: MemberState, version: Version, now: datetime) -> None:
    """Let go what is over by now; for want of activity only as of the last midnight, since what is
    told of yesterday still saves what no night took."""
    if not state.idle:
        expire(changes, state, now)
        return
    expire(changes, state, day_starts_at(version.zone, local(version.zone, now).day))
    rules, state.idle = state.idle, {}
    expire(changes, state, now)
    state.idle = rules


def owe(debts: Debts, state: MemberState, now: datetime) -> None:
    """Remember since when this member owes what they owe."""
    for code, balance in state.balances.items():
        if balance.debt:
            debts.setdefault((state.member_id, code), now)
        else:
            debts.pop((state.member_id, code), None)


def forget_spent(state: MemberState) -> None:
    """Let go of lots in which nothing is left, where there are many."""
    if len(state.lots) > _MANY:
        # What was cancelled is asked for once more where a merge is undone.
        spent = [i for i, x in state.lots.items() if not x.remaining and x.state == "open"]
        for lot_id in spent:
            del state.lots[lot_id]


def owed_before(debts: Debts, state: MemberState, code: int, since: datetime) -> None:
    """Remember since when this member owed elsewhere what they brought over."""
    key = state.member_id, code
    debts[key] = min(since, debts.get(key, since))


def owed_together(debts: Debts, who: tuple[UUID, UUID], brought: Brought, now: datetime) -> Owed:
    """What came over with a merge is owed for as long as it was; since when the other one owed."""
    _, stays = who
    before: Owed = {}
    for code, since in brought.owed_since.items():
        if (stays, code) in debts:
            before[code] = debts[stays, code]
        debts[stays, code] = min(since, debts.get((stays, code), now))
    return before


def owed_apart(debts: Debts, who: tuple[UUID, UUID], merge: Merge, before: Owed) -> None:
    """A merge is undone: each owes again since when they did."""
    gone, stays = who
    for code, since in merge.brought.owed_since.items():
        if (stays, code) in debts and debts[stays, code] <= merge.merged_at:
            debts[stays, code] = before.get(code, merge.merged_at)
        debts[gone, code] = since


def owes(debts: Debts, member_id: UUID) -> Owed:
    """Since when this member owes, per wallet."""
    return {code: since for (who, code), since in debts.items() if who == member_id}


def _code(version: Version, name: str) -> int:
    return version.wallet_codes[version.compiled.wallet_places[name]]
