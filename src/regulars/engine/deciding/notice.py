"""Notice before expiry: points lapse only when their member was told in time.

A lot whose end comes without that lives on: its end moves, and an entry in the books says so. It
moves as far as a notice that is shown today would be in time; one that was shown too late moves it
to so many days after it was shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from regulars.engine.calendar import day_starts_at, local
from regulars.engine.deciding import booking
from regulars.engine.state import Changes, Event, MemberState
from regulars.records.ledger.types import Account, Lot, Posting, Postponement
from regulars.records.outbox.types import Notice


def postpone(changes: Changes, state: MemberState, lot: Lot, now: datetime) -> bool:
    """Move the end of a lot that may not lapse yet; whether it moved.

    Keeps: points lapse at the earliest so many whole days after their notice was shown. What is
    brought over from another system had its end there.
    Example: 3 days, shown on 10 March: they live through 13 March and are gone on the 14th.
    """
    rule = state.warned.get(lot.wallet)
    if rule is None or changes.history is not None:
        return False
    zone, days = rule
    shown_at = first_shown(state, lot)
    to_at = day_starts_at(zone, local(zone, shown_at or now).day + days + 1)
    if to_at <= lot.expires_at:
        return False
    entry_id, points = changes.new_id(), lot.free
    cause = booking.Cause(
        "postpone", entry_id, lot.lot_id, lot.expires_at, "", "no notice was shown in time"
    )
    booking.book(
        changes,
        state,
        cause,
        [
            Posting(lot.wallet, Account.AVAILABLE, -points),
            Posting(lot.wallet, Account.AVAILABLE, points),
        ],
    )
    changes.postponed.append(
        Postponement(
            state.member_id, entry_id, lot.lot_id, lot.wallet, points, lot.expires_at, to_at
        )
    )
    lot.expires_at, lot.moved = to_at, True
    changes.change_lot(lot)
    payload = {"wallet": lot.wallet, "points": points, "lot_id": lot.lot_id, "expires_at": to_at}
    changes.events.append(Event(state.member_id, state.version + 1, "points.postponed", payload))
    return True


def first_shown(state: MemberState, lot: Lot) -> datetime | None:
    """When a notice of a lot was shown first, to its member or to whoever had its points before."""
    both = (state.notices.get(lot.lot_id), state.told_before.get(lot.lot_id))
    return min((at for at in both if at is not None), default=None)


def hand_on(giver: MemberState, lot: Lot, taker: MemberState, passed: Lot) -> None:
    """Points that change hands keep that they were told of, so handing them to and fro moves no end
    (semantics A12); who has them now is told all the same."""
    shown_at = first_shown(giver, lot)
    if shown_at is not None:
        taker.told_before[passed.lot_id] = shown_at


def horizon(rule: tuple[ZoneInfo, int], now: datetime) -> datetime:
    """Of what lapses until then a notice lies ready today: twice as long before as it must."""
    zone, days = rule
    return day_starts_at(zone, local(zone, now).day + 2 * days)


def notices(changes: Changes, state: MemberState, now: datetime) -> list[Notice]:
    """The notices a member is to find in their inbox: one per wallet and instant, of lots that
    lapse soon and have none yet."""
    due: dict[tuple[int, datetime], list[Lot]] = {}
    for lot in booking.soonest(state.lots.values()):
        rule = state.warned.get(lot.wallet)
        if rule is None or lot.state != "open" or not lot.remaining or lot.lot_id in state.notices:
            continue
        if lot.expires_at <= horizon(rule, now):
            due.setdefault((lot.wallet, lot.expires_at), []).append(lot)
    found = [_notice(changes, state, wallet, lots) for (wallet, _), lots in due.items()]
    if found:
        changes.touch(state)
    return found


def _notice(changes: Changes, state: MemberState, wallet: int, lots: Iterable[Lot]) -> Notice:
    lots = list(lots)
    points, lapses_at = sum(lot.remaining for lot in lots), lots[0].expires_at
    message_id = changes.new_id()
    payload = {
        "wallet": wallet, "points": points, "message_id": message_id, "lapses_at": lapses_at,
        "because": "expiry",
    }  # fmt: skip
    changes.events.append(Event(state.member_id, state.version + 1, "points.lapse_soon", payload))
    ids = tuple(lot.lot_id for lot in lots)
    state.notices |= dict.fromkeys(ids)
    return Notice(message_id, state.member_id, wallet, points, lapses_at, ids)
