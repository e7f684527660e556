"""Bugs in points that cannot be spent yet."""

from __future__ import annotations

from tests.planted.bug import Bug

PENDING = (
    Bug(
        "pending points can be spent",
        "records/ledger/types.py",
        'return 0 if self.state == "pending" else self.remaining - self.pinned',
        "return self.remaining - self.pinned",
        "games confirming",
    ),
    Bug(
        "a wait ends a moment too late",
        "engine/deciding/pending.py",
        "(at := turns_at(lot)) <= now",
        "(at := turns_at(lot)) < now",
        "story pending-two-weeks",
    ),
    Bug(
        "points that waited do not pay what is owed",
        "engine/deciding/pending.py",
        "paid = min(balance.debt, points)",
        "paid = 0",
        "story pending-came-back",
    ),
    Bug(
        "the life of points begins before they can be spent",
        "engine/deciding/pending.py",
        "_lapses(version, lot.wallet, lot.activates_at)",
        "_lapses(version, lot.wallet, lot.earned_at)",
        "games waiting",
    ),
    Bug(
        "the life of confirmed points begins before they are confirmed",
        "engine/deciding/pending.py",
        "lot.wallet, word.now)",
        "lot.wallet, lot.earned_at)",
        "games confirming",
    ),
    Bug(
        "a return takes what waits of other sales",
        "engine/deciding/pending.py",
        " and lot.wallet == wallet and lot.cause_id == sale_id",
        " and lot.wallet == wallet",
        "games confirming",
    ),
    Bug(
        "a return leaves what waits of its sale",
        "engine/returning/taking.py",
        "unripe = pending.take_waiting(changes, state, cause, waiting, points)",
        "unripe = 0",
        "story pending-came-back",
    ),
    Bug(
        "what nobody confirmed in time is confirmed by the clock",
        "engine/deciding/pending.py",
        '"cancelled" if lot.activates_at is None else "confirmed"',
        '"confirmed"',
        "story pending-until-confirmed",
    ),
    Bug(
        "what was cancelled is taken back once more",
        "records/ledger/read.py",
        "e.kind in ('expire', 'cancel')",
        "e.kind in ('expire')",
        "story pending-until-confirmed",
    ),
    Bug(
        "what was cancelled in this batch is taken back once more",
        "engine/deciding/pending.py",
        "state.lapsed.get(of_cause, 0) + points",
        "state.lapsed.get(of_cause, 0)",
        "games confirming",
    ),
    Bug(
        "what was cancelled can be confirmed",
        "engine/deciding/pending.py",
        "return _refusal(lots, word) or {}",
        "return {}",
        "story pending-until-confirmed",
    ),
    Bug(
        "who is told late has no time to confirm",
        "engine/deciding/pending.py",
        "max(lot.earned_at, now)",
        "lot.earned_at",
        "games confirming",
    ),
    Bug(
        "Christmas begins in Greenwich",
        "engine/deciding/pending.py",
        "begins = day_starts_at(zone,",
        'begins = day_starts_at(type(zone)("UTC"),',
        "story pending-until-christmas",
    ),
    Bug(
        "the night cancels nothing",
        "records/ledger/ends/read.py",
        "state = 'pending' and coalesce(activates_at, cancels_at) <= $2",
        "state = 'pending' and activates_at <= $2",
        "story pending-until-confirmed",
    ),
)
