"""What a fold decided, as rows: everything of a batch in one round trip."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from regulars.base.tx import Tx, Write
from regulars.engine.deciding.idle import look_at
from regulars.engine.ladder.credit import comes_later, next_moment
from regulars.engine.ladder.further import looks
from regulars.engine.rewarding.automatic import reached
from regulars.engine.state import Changes, Event
from regulars.engine.terms import Terms, Version
from regulars.records.ledger import write as ledger
from regulars.records.night import write as night
from regulars.records.outbox.write import Told, tell
from regulars.records.rewards.automatic import write as automatic
from regulars.records.standing import write as standing
from regulars.records.standing.ladders import write as ladders
from regulars.records.trail import write as trail

_encode = msgspec.json.Encoder().encode


def writes_of(tx: Tx, terms: Terms, changes: Changes) -> list[Write]:
    """Everything the decisions changed, each table once.

    Order: caches (balances, standings, counters) are written as they stand after the last
    decision of the batch; the lock of each member is held.
    """
    balances = [(member, wallet, b) for (member, wallet), b in changes.balances.items()]
    standings = [
        (s.member_id, s.version, s.tier, s.tier_since, s.tier_until, s.was, s.moved_at)
        for s in changes.touched.values()
    ]
    counters = [(*key, value) for key, value in changes.counters.items()]
    return [
        *ledger.append(tx, changes.entries),
        *ledger.open_lots(tx, list(changes.opened.values())),
        *ledger.change_lots(tx, list(changes.changed.values())),
        *ledger.postpone(tx, changes.postponed),
        *ledger.move_lots(tx, changes.moves),
        *ledger.keep_courtesies(tx, changes.courtesies),
        *ledger.open_holds(tx, list(changes.holds_opened.values())),
        *ledger.close_holds(tx, list(changes.holds_closed.values())),
        *ledger.keep_balances(tx, balances),
        *automatic.watch(tx, reached(terms.at(tx.now), changes.balances), tx.now),
        *night.watch(tx, _clocks(terms.at(tx.now), changes)),
        *standing.keep(tx, standings),
        *standing.count(tx, counters),
        *standing.spend(tx, [(*key, changes.budgets[key]) for key in sorted(changes.spent)]),
        *standing.watch(tx, _looks(terms.at(tx.now), changes, tx.now)),
        *ladders.watch(tx, looks(changes, terms, terms.at(tx.now), tx.now)),
        *standing.move_tiers(tx, changes.tier_moves),
        *trail.restate(tx, changes.restated),
        *tell(tx, [_told(terms, event) for event in changes.events if not changes.history]),
    ]


def _clocks(version: Version, changes: Changes) -> list[tuple[UUID, int, datetime]]:
    """When to look at wallets whose points lapse for want of activity, where something is in them.

    A program without that promise has none.
    """
    if not version.idle:
        return []
    return [
        (member_id, wallet, look_at(version.idle[wallet], b))
        for (member_id, wallet), b in changes.balances.items()
        if wallet in version.idle and b.available + b.pending + b.held
    ]


def _looks(version: Version, changes: Changes, now: datetime) -> list[tuple[UUID, datetime]]:
    """When to look at members who may reach a step without doing anything; mostly nobody."""
    if not comes_later(version):
        return []
    ripe = set[UUID]() if changes.history else changes.ripe
    looks = (
        (s.member_id, now if s.member_id in ripe else next_moment(version, s, now))
        for s in changes.touched.values()
    )
    return [(member_id, at) for member_id, at in looks if at is not None]


def _told(terms: Terms, event: Event) -> Told:
    payload: dict[str, Any] = dict(event.payload)
    if "wallet" in payload:
        payload["wallet"] = terms.wallet_names[payload["wallet"]]
    return Told(event.member_id, event.sequence, event.type, _encode(payload).decode())
