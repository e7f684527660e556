"""Inactivity: points of members who do nothing for long lapse, once they were told (semantics A7).

Nothing is stored but when a member was last active in a wallet. The end follows from it, so what
is told late moves it by itself, and whether points can be spent never depends on a job.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from regulars.engine.calendar import day_starts_at, expires_at, local
from regulars.engine.deciding import booking, pending
from regulars.engine.state import Changes, Event, MemberState, Told
from regulars.engine.terms import Idle, Version
from regulars.records.ledger.types import NEVER, Balance, Lot
from regulars.records.outbox.types import Notice
from regulars.records.program.types import Expiry


def act(
    changes: Changes,
    state: MemberState,
    version: Version,
    done: tuple[str, frozenset[int]],
    at: datetime,
) -> None:
    """A member did something at this instant: it keeps alive the points of wallets that ask for it.

    Shape: `done` is what it was (`purchase`, `activity`, `redeeming`) and in which wallets it gave
    or took points. The version in force then says what counts.
    Keeps: the latest counts, in whatever order things are told.
    """
    what, wallets = done
    for code, rule in version.idle.items():
        counts = _counting(what, code in wallets)
        if counts & rule.resets:
            last(changes, state, code, at)


def _counting(what: str, in_wallet: bool) -> set[str]:
    if what == "redeeming":
        return {"redeeming"} if in_wallet else set()
    found = {"activity", what} if what == "purchase" else {"activity"}
    return found | {"earning"} if in_wallet else found


def last(changes: Changes, state: MemberState, wallet: int, at: datetime) -> None:
    """Keep that the member was active then, unless they were later."""
    balance = state.balance(wallet)
    if balance.active_at is None or balance.active_at < at:
        balance.active_at = at
        changes.balances[(state.member_id, wallet)] = balance


@lru_cache(maxsize=1024)
def _rule(after: str) -> Expiry:
    return Expiry(after, "day")


def over(rule: Idle, since: datetime) -> datetime:
    """When so long without activity is over: at the midnight after the last day of it.

    Example: 1 month since 31 January: over on 1 March at 0:00, as February ends that month.
    """
    return expires_at(rule.zone, since, _rule(rule.after))


def begins_at(state: MemberState, lot: Lot) -> datetime:
    """Since when the clock of a lot runs: the last activity, but not before the points could be
    spent and not before the program said so."""
    rule = state.idle[lot.wallet]
    usable_at = pending.turns_at(lot) if lot.state == "pending" else lot.activates_at
    active_at = state.balance(lot.wallet).active_at or rule.since
    return max(usable_at or lot.earned_at, active_at, rule.since)


def ends_at(state: MemberState, lot: Lot) -> datetime:
    """When a lot's time without activity is over; NEVER where its wallet does not ask."""
    rule = state.idle.get(lot.wallet)
    if rule is None:
        return NEVER
    end = over(rule, begins_at(state, lot))
    return max(end, state.spared.get(lot.lot_id, end))


def lapses_at(state: MemberState, lot: Lot, now: datetime) -> datetime:
    """When a lot lapses for want of activity: at its end, but so many whole days after the notice
    of that end was shown; as if it were shown now where it was not.

    Keeps: what was shown before the member was active again tells of an earlier end, and counts
    no more. Nobody is left to tell an erased member's.
    """
    end = ends_at(state, lot)
    if end == NEVER or state.state == "erased":
        return end
    shown_at = min(
        (told.shown_at for told in _counting_notices(state, lot, end) if told.shown_at),
        default=now,
    )
    return max(end, _days_on(state.idle[lot.wallet], shown_at))


def leaves_at(state: MemberState, lot: Lot, now: datetime) -> datetime:
    """When a lot leaves the books: at its own end, or before it for want of activity."""
    return min(lot.expires_at, lapses_at(state, lot, now))


def _days_on(rule: Idle, instant: datetime) -> datetime:
    """The midnight by which so many whole days have passed."""
    return day_starts_at(rule.zone, local(rule.zone, instant).day + rule.days + 1)


def _counting_notices(state: MemberState, lot: Lot, end: datetime) -> Iterable[Told]:
    return (told for told in state.idle_told.get(lot.lot_id, ()) if told.lapses_at >= end)


def reason(state: MemberState, lot: Lot) -> str:
    """Why a lot lapses before its own end, in words."""
    zone = state.idle[lot.wallet].zone
    day = date.fromordinal(local(zone, begins_at(state, lot)).day)
    return f"no activity since {day.isoformat()}"


def may_lapse(state: MemberState, now: datetime) -> bool:
    """Whether some of a member's points may be over for want of activity; their lots tell."""
    return any(
        balance.available + balance.pending > 0 and over(rule, _since(balance, rule)) <= now
        for wallet, rule in state.idle.items()
        if (balance := state.balances.get(wallet)) is not None
    )


def _since(balance: Balance, rule: Idle) -> datetime:
    """The earliest that the clock of any lot of this wallet can have begun."""
    return max(balance.active_at or rule.since, rule.since)


# --- the night --------------------------------------------------------------------------------


def horizon(rule: Idle, end: datetime) -> datetime:
    """When a notice of such an end is to lie ready: twice as long before as it must be shown."""
    return _horizon(rule.zone, local(rule.zone, end).day - 2 * rule.days)


@lru_cache(maxsize=4096)
def _horizon(zone: ZoneInfo, day: int) -> datetime:
    return day_starts_at(zone, max(day, 1))


def look_at(rule: Idle, balance: Balance) -> datetime:
    """The earliest instant at which anything can be due in a wallet, by when it was last active."""
    return horizon(rule, over(rule, _since(balance, rule)))


def next_look(state: MemberState, wallet: int, now: datetime) -> datetime | None:
    """When somebody has to look at a wallet again; nothing when nothing is left in it.

    Assumes: what is due by now was done, and notices that are due were written.
    """
    rule = state.idle[wallet]
    looks = [
        _look(state, rule, lot, now)
        for lot in state.lots.values()
        if lot.wallet == wallet and lot.remaining and lot.state != "cancelled"
    ]
    # Never now again, or a night would look at it for ever.
    return max(min(looks), _tomorrow(rule, now)) if looks else None


def _look(state: MemberState, rule: Idle, lot: Lot, now: datetime) -> datetime:
    end = ends_at(state, lot)
    ready = horizon(rule, end)
    if ready > now:
        return ready
    return min(lapses_at(state, lot, now), lot.expires_at)


def _tomorrow(rule: Idle, now: datetime) -> datetime:
    return day_starts_at(rule.zone, local(rule.zone, now).day + 1)


def notices(changes: Changes, state: MemberState, now: datetime) -> list[Notice]:
    """The notices a member is to find: one per wallet and instant, of lots that lapse for want of
    activity soon and of whose end they were not told yet.

    Keeps: a notice that is late tells of the day on which they can lapse at the earliest.
    """
    if state.state == "erased":
        return []
    due: dict[tuple[int, datetime], list[Lot]] = {}
    for lot in booking.soonest(state.lots.values()):
        rule = state.idle.get(lot.wallet)
        if rule is None or lot.state != "open" or not lot.remaining:
            continue
        end = ends_at(state, lot)
        if horizon(rule, end) > now or any(_counting_notices(state, lot, end)):
            continue
        lapses = max(end, _days_on(rule, now))
        if lapses < lot.expires_at:
            due.setdefault((lot.wallet, lapses), []).append(lot)
    found = [_notice(changes, state, wallet, at, lots) for (wallet, at), lots in due.items()]
    if found:
        changes.touch(state)
    return found


def _notice(
    changes: Changes, state: MemberState, wallet: int, lapses: datetime, lots: list[Lot]
) -> Notice:
    points, message_id = sum(lot.remaining for lot in lots), changes.new_id()
    payload = {
        "wallet": wallet, "points": points, "message_id": message_id, "lapses_at": lapses,
        "because": "inactivity",
    }  # fmt: skip
    changes.events.append(Event(state.member_id, state.version + 1, "points.lapse_soon", payload))
    ids: tuple[UUID, ...] = tuple(lot.lot_id for lot in lots)
    for lot_id in ids:
        state.idle_told.setdefault(lot_id, []).append(Told(lapses, None))
    return Notice(message_id, state.member_id, wallet, points, lapses, ids, "idle_notice")
