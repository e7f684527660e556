"""What a fold decided, as rows: everything of a batch in one round trip."""

from __future__ import annotations

from typing import Any

import msgspec

from regulars.base.tx import Tx, Write
from regulars.engine.state import Changes, Event
from regulars.engine.terms import Terms
from regulars.records.ledger import write as ledger
from regulars.records.outbox.write import Told, tell
from regulars.records.standing import write as standing
from regulars.records.trail import write as trail

_encode = msgspec.json.Encoder().encode


def writes_of(tx: Tx, terms: Terms, changes: Changes) -> list[Write]:
    """Everything the decisions changed, each table once.

    Order: caches (balances, standings, counters) are written as they stand after the last
    decision of the batch; the lock of each member is held.
    """
    balances = [(member, wallet, b) for (member, wallet), b in changes.balances.items()]
    standings = [
        (s.member_id, s.version, s.tier, s.tier_since, s.tier_until, s.was)
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
        *standing.keep(tx, standings),
        *standing.count(tx, counters),
        *standing.spend(tx, [(*key, changes.budgets[key]) for key in sorted(changes.spent)]),
        *standing.move_tiers(tx, changes.tier_moves),
        *trail.restate(tx, changes.restated),
        *tell(tx, [_told(terms, event) for event in changes.events if not changes.history]),
    ]


def _told(terms: Terms, event: Event) -> Told:
    payload: dict[str, Any] = dict(event.payload)
    if "wallet" in payload:
        payload["wallet"] = terms.wallet_names[payload["wallet"]]
    return Told(event.member_id, event.sequence, event.type, _encode(payload).decode())
