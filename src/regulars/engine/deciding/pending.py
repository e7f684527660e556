"""Points that cannot be spent yet: for a while, until a day, or until somebody confirms them.

A pending lot turns once: its points become usable, or they are cancelled. What turns by the clock
turns in the next decision about the member, whether or not the night's work was done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final, Literal, NamedTuple
from uuid import UUID

from regulars.base.faults import Refused
from regulars.engine.calendar import add_span, day_starts_at, expires_at, local
from regulars.engine.deciding import booking
from regulars.engine.state import Changes, Event, MemberState
from regulars.engine.terms import Terms, Version
from regulars.records.activity.types import Activity
from regulars.records.ledger.types import NEVER, Account, EntryKind, Lot, LotMove, Posting
from regulars.records.program.types import ForDuration, UntilDate, UntilEvent

Outcome = Literal["confirmed", "cancelled"]

_KIND: Final[dict[Outcome, EntryKind]] = {"confirmed": "activate", "cancelled": "cancel"}


class Word(NamedTuple):
    """What somebody says of an activity that waits: it holds or it does not, when, and who."""

    outcome: Outcome
    now: datetime
    actor: str = ""
    reason: str = ""


def credit(
    changes: Changes, state: MemberState, cause: booking.Cause, lot: Lot, by: tuple[Version, str]
) -> list[Posting]:
    """Put earned points into a wallet, as pending ones where it says so, or where somebody of the
    shop has to approve activities of this kind; `by` is the version and the kind.

    Order: the clock of expiry starts when they can be spent (semantics A3). What is told so late
    that the wait is over can be spent at once. What is told on a later day than it happened lives
    for a while from then on at least, where its wallet says so.
    Example: 14 days pending and 1 year of life: 379 days after the purchase they are gone.
    """
    version, kind = by
    needs = version.needs
    wait = needs.approved.get(kind) or needs.waits.get(lot.wallet)
    if wait is not None:
        _wait(lot, version, wait, changes.now or cause.occurred_at)
    if version.come_late:
        let_live(changes, lot, version)
    return put(changes, state, cause, (lot, Account.ISSUED))


def rules_end(version: Version, activity: Activity, place: int) -> datetime:
    """When what an activity gave by a rule lapses that says so itself."""
    rule, zone = version.program.rules[place], version.zone
    if rule.ends_on is not None:
        return day_starts_at(zone, date.fromisoformat(rule.ends_on).toordinal())
    assert rule.expiry is not None, rule.id
    return expires_at(zone, activity.occurred_at, rule.expiry)


def wallets_end(
    version: Version, activity: Activity, code: int, day: int | None = None
) -> datetime:
    """When what an activity gave lapses by the wallet it is in; `day` is its own, if known."""
    expiry, at = version.needs.lapses[code], activity.occurred_at
    return NEVER if expiry is None else expires_at(version.zone, at, expiry, day)


def let_live(changes: Changes, lot: Lot, version: Version) -> None:
    """Give new points of something told late their least life, where their wallet says so; what an
    import brings over had its end elsewhere."""
    now = changes.now
    if version.come_late and now is not None and changes.history is None:
        lot.expires_at = max(lot.expires_at, _least_end(lot, version, now))


def put(
    changes: Changes, state: MemberState, cause: booking.Cause, put_in: tuple[Lot, Account]
) -> list[Posting]:
    """Put a lot into a wallet against an account: as pending points while its wait lasts."""
    lot, against = put_in
    now = changes.now or cause.occurred_at
    if not lot.waited or (lot.activates_at is not None and lot.activates_at <= now):
        return booking.credit(changes, state, cause, lot, against)
    lot.state = "pending"
    balance = state.balance(lot.wallet)
    balance.pending += lot.amount
    changes.balances[(state.member_id, lot.wallet)] = balance
    changes.open_lot(state, lot)
    return [
        Posting(lot.wallet, against, -lot.amount),
        Posting(lot.wallet, Account.PENDING, lot.amount),
    ]


def _wait(
    lot: Lot, version: Version, wait: ForDuration | UntilDate | UntilEvent, now: datetime
) -> None:
    """When new points turn, and when they lapse as far as that is known."""
    zone = version.zone
    if isinstance(wait, ForDuration):
        lot.activates_at = add_span(zone, lot.earned_at, wait.after)
    elif isinstance(wait, UntilDate):
        begins = day_starts_at(zone, date.fromisoformat(wait.on).toordinal())
        lot.activates_at = begins if lot.earned_at < begins else None
    else:
        # Nobody can confirm what we have not been told yet, so a late telling costs no time.
        lot.cancels_at = add_span(zone, max(lot.earned_at, now), wait.cancel_after)
        lot.expires_at = NEVER
    if lot.activates_at is not None:
        lot.expires_at = _lapses(version, lot.wallet, lot.activates_at)


def _least_end(lot: Lot, version: Version, now: datetime) -> datetime:
    """Until when new points live at least: told late they begin to be of use when we know them.

    Example: 14 days, bought on 30 December and told on 2 January: until 17 January 00:00.
    """
    days, today = version.come_late.get(lot.wallet), local(version.zone, now).day
    if days is None or today <= local(version.zone, lot.earned_at).day:
        return lot.expires_at
    return day_starts_at(version.zone, today + days + 1)


def _lapses(version: Version, wallet: int, usable_at: datetime) -> datetime:
    expiry = version.program.wallets[version.wallet_ids[wallet]].expiry
    return NEVER if expiry is None else expires_at(version.zone, usable_at, expiry)


def turn(changes: Changes, state: MemberState, now: datetime) -> int:
    """Do to pending points what the clock says: usable now, or cancelled unconfirmed; of how many
    lots.

    Order: lots by (instant, age, id); one entry per lot, dated at that instant, whenever the
    night's work ran.
    """
    due = [
        (at, lot)
        for lot in state.lots.values()
        if lot.state == "pending" and lot.remaining and (at := turns_at(lot)) <= now
    ]
    for at, lot in sorted(due, key=lambda one: (one[0], one[1].earned_at, one[1].lot_id)):
        outcome: Outcome = "cancelled" if lot.activates_at is None else "confirmed"
        _end(changes, state, lot, Word(outcome, at))
    if due:
        changes.touch(state)
    return len(due)


def turns_at(lot: Lot) -> datetime:
    """When the clock ends the wait of a pending lot, one way or the other."""
    at = lot.activates_at or lot.cancels_at
    assert at is not None, lot
    return at


def decide(
    changes: Changes, state: MemberState, terms: Terms, lots: Sequence[Lot], word: Word
) -> Mapping[int, int] | Refused:
    """Confirm or cancel what an activity gave; how many points turned, per wallet code.

    Shape: `lots` are all of that activity that ever waited for an event. Said again, it changes
    nothing (semantics A2).
    Assumes: what is due by now was done to the member.
    Refuses: nothing waits for an event (`nothing_pending`); it ended the other way before.
    """
    waiting = [lot for lot in lots if lot.state == "pending" and lot.remaining]
    if not waiting:
        return _refusal(lots, word) or {}
    turned: dict[int, int] = {}
    for lot in waiting:
        if word.outcome == "confirmed":
            lot.expires_at = _lapses(terms.numbered(lot.version), lot.wallet, word.now)
        turned[lot.wallet] = turned.get(lot.wallet, 0) + _end(changes, state, lot, word)
    changes.touch(state)
    return turned


def _refusal(lots: Sequence[Lot], word: Word) -> Refused | None:
    states = {lot.state for lot in lots}
    if word.outcome == "confirmed" and "open" not in states and "cancelled" in states:
        return Refused("already_cancelled", "it was cancelled, or not confirmed in time")
    if word.outcome == "cancelled" and "open" in states:
        return Refused("already_confirmed", "it was confirmed; take points back by a return")
    if not states & {"open", "cancelled"}:
        return Refused("nothing_pending", "no points of this activity wait to be confirmed")
    return None


def _end(changes: Changes, state: MemberState, lot: Lot, word: Word) -> int:
    """Turn one lot; how many points it had left."""
    points = lot.remaining
    kind = _KIND[word.outcome]
    cause = booking.Cause(kind, changes.new_id(), lot.lot_id, word.now, word.actor, word.reason)
    ends = _activate if word.outcome == "confirmed" else _cancel
    postings = ends(changes, state, lot, cause)
    changes.change_lot(lot)
    changes.balances[(state.member_id, lot.wallet)] = state.balance(lot.wallet)
    booking.book(changes, state, cause, [Posting(lot.wallet, Account.PENDING, -points), *postings])
    return points


def _event(state: MemberState, lot: Lot, points: int, type_: str, reason: str = "") -> Event:
    payload: dict[str, object] = {
        "wallet": lot.wallet,
        "points": points,
        "lot_id": lot.lot_id,
        "activity_id": lot.cause_id,
    }
    payload |= {"reason": reason} if reason else {}
    return Event(state.member_id, state.version + 1, type_, payload)


def _activate(
    changes: Changes, state: MemberState, lot: Lot, cause: booking.Cause
) -> list[Posting]:
    """Usable from now on; a debt is paid first, as by any other points that come."""
    balance, points = state.balance(lot.wallet), lot.remaining
    paid = min(balance.debt, points)
    lot.state, lot.activates_at = "open", cause.occurred_at
    booking.take(changes, state, cause, [lot], paid)
    balance.pending -= points
    balance.debt -= paid
    balance.available += points - paid
    changes.events.append(_event(state, lot, points, "points.activated"))
    sides = [(Account.DEBT, paid), (Account.AVAILABLE, points - paid)]
    return [Posting(lot.wallet, account, n) for account, n in sides if n]


def _cancel(changes: Changes, state: MemberState, lot: Lot, cause: booking.Cause) -> list[Posting]:
    """Gone, as if never issued; its activity remembers how much, so that no return takes it again.

    Rounding that keeps remainders can have taken back one point more than was earned beside it;
    that one cannot be taken out of what was earned once more, so it is booked as a correction.
    """
    balance, points = state.balance(lot.wallet), lot.remaining
    issued = min(points, balance.earned)
    take_waiting(changes, state, cause, [lot], points)
    lot.state = "cancelled"
    balance.earned -= issued
    of_cause = (lot.cause_id, lot.wallet)
    state.lapsed[of_cause] = state.lapsed.get(of_cause, 0) + points
    changes.events.append(_event(state, lot, points, "points.cancelled", cause.reason))
    sides = [(Account.ISSUED, issued), (Account.ADJUSTED, points - issued)]
    return [Posting(lot.wallet, account, n) for account, n in sides if n]


def waiting_of(state: MemberState, wallet: int, sale_id: UUID) -> list[Lot]:
    """What of a sale is still pending in a wallet."""
    return [
        lot
        for lot in state.lots.values()
        if lot.state == "pending" and lot.wallet == wallet and lot.cause_id == sale_id
    ]


def take_waiting(
    changes: Changes, state: MemberState, cause: booking.Cause, lots: Iterable[Lot], amount: int
) -> int:
    """Take points out of these pending lots and their balance; how many were there to take."""
    left = amount
    for lot in lots:
        taken = min(left, lot.remaining)
        if taken == 0:
            continue
        left -= taken
        lot.remaining -= taken
        state.balance(lot.wallet).pending -= taken
        changes.change_lot(lot)
        changes.moves.append(
            LotMove(state.member_id, cause.entry_id, lot.lot_id, lot.wallet, -taken)
        )
    return amount - left
