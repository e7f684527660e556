"""Taking a reward: reserve its price, then hand it over or give the points back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from regulars.base.faults import Refused
from regulars.engine.calendar import add_span
from regulars.engine.deciding import booking, idle, tiering
from regulars.engine.deciding.expire import expire
from regulars.engine.returning.owed import OWED, Because, as_paid, pay_owed
from regulars.engine.rewarding.counter.currencies import Abroad, abroad
from regulars.engine.rewarding.counter.offered import as_offered
from regulars.engine.rewarding.counter.proving import too_much_alone, unproven
from regulars.engine.rewarding.freeing import freed, with_free
from regulars.engine.rewarding.having import (
    Wish,
    person_refused,
    points_missing,
    wallet_code,
    way_for,
)
from regulars.engine.rewarding.paying import (
    Basket,
    as_quoted,
    promised_payment,
    quote,
    said_of,
)
from regulars.engine.rewarding.promise import Way, promise
from regulars.engine.state import Changes, Event, MemberState
from regulars.engine.terms import Version
from regulars.records.ledger.types import Account, Hold, Lot, Posting
from regulars.records.rewards.types import Promised, Redemption

_ONCE_MORE: Final = "15 minutes"
"""What waits for its sale again, which is told right after it; the program may say no more how long
baskets wait."""


def hold(
    changes: Changes, state: MemberState, version: Version, wish: Wish
) -> Redemption | Refused:
    """Reserve a reward for a member: soonest points first, for as long as the reward says.

    Order: what lapsed by now leaves the books first, so only living points are reserved; a tier
    whose time is over is reviewed first, so it opens no door any more. Where points stand beside a
    debt of their wallet that they would pay, they pay it, if the rest is enough. A seat that is
    offered to them for less is had by that offer.
    """
    _let_time_pass(changes, state, version, wish)
    if wish.others:
        wish = as_offered(version, as_paid(state), wish, changes.stock)
    way = way_for(version, as_paid(state), wish, changes.stock)
    if isinstance(way, Refused):
        return way
    return hold_by(changes, state, version, wish, way, pays_owed=True)


def hold_by(
    changes: Changes,
    state: MemberState,
    version: Version,
    wish: Wish,
    way: Way,
    *,
    pays_owed: bool = False,
) -> Redemption | Refused:
    """Reserve a reward whose price is settled; before it, where said, what the member owes is paid.

    Assumes: this member may have it, and can pay in this way.
    """
    reward = version.rewards[wish.reward]
    free = freed(version, reward, wish.goods)
    if isinstance(free, Refused):
        return free
    promised = promise(version, reward, wish.now, way, wish.currency)
    promised = with_free(promised, free, costs_said=reward.cost is not None)
    if wish.gathering:
        promised = replace(promised, told={**promised.told, "gathering": wish.gathering})
    no = not_by(version, promised, wish)
    if no is not None:
        return no
    if pays_owed:
        _pay_owed(changes, state, version, wish, promised)
    if reward.cooldown is not None:
        state.taken[reward.id] = wish.now
    return reserve(changes, state, version, wish, (promised, reward.hold_for))


def pay(
    changes: Changes, state: MemberState, version: Version, wish: Wish, basket: Basket
) -> Redemption | Refused:
    """Reserve the points with which a member pays a part of a basket; order as for a reward."""
    _let_time_pass(changes, state, version, wish)
    where = abroad(version, wish.currency, wish.now, "/currency")
    assert isinstance(where, Abroad), (wish, where)
    found = quote(version, as_paid(state), basket, where, wish.now)
    if isinstance(found, Refused):
        return found
    if wish.quoted is not None and not as_quoted(found, basket, wish.quoted):
        facts = {"points": found.points, "value_minor": found.value_minor}
        return Refused("payment_changed", "by now it takes other points than were said", facts)
    promised = promised_payment(found, stored=bool(basket.wallet))
    no = not_by(version, promised, wish)
    if no is not None:
        return no
    said = said_of(version, basket)
    assert not isinstance(said, Refused), (version.number, basket)
    _pay_owed(changes, state, version, wish, promised)
    return reserve(changes, state, version, wish, (promised, said.hold_for))


def pay_again(
    changes: Changes,
    who: tuple[MemberState, MemberState],
    version: Version,
    wish: Wish,
    promised: Promised,
) -> Redemption | Refused:
    """Reserve once more what was promised to pay for a basket and lapsed: so many points for so
    much, however the program pays by now (semantics F3).

    Shape: whose points they are, and whose basket they pay; one and the same, unless a household
    pays. How much may be spent is said of the second; who owes pays nobody else's basket.
    """
    state, payer = who
    _let_time_pass(changes, state, version, wish)
    for no in person_refused(version, state):
        return no
    if not promised.price.keys() <= version.program.wallets.keys():
        return Refused("points_do_not_pay", "the program has no such points any more")
    own = payer is state
    missing = points_missing(version, as_paid(state) if own else state, promised.price, payer)
    if missing is not None:
        return missing
    if own:
        _pay_owed(changes, state, version, wish, promised)
    return reserve(changes, state, version, wish, (promised, _ONCE_MORE), payer)


def not_by(version: Version, promised: Promised, wish: Wish) -> Refused | None:
    """Why this is not handed over to whoever asks, by whoever hands it over."""
    no = unproven(version, promised.worth_minor, wish.unproven)
    return no or too_much_alone(version, promised.price, wish.most_alone)


def _pay_owed(
    changes: Changes, state: MemberState, version: Version, wish: Wish, promised: Promised
) -> None:
    """Pay what is owed in the wallets of the price; where nothing is spent, nothing is paid."""
    because = Because(wish.redemption_id, wish.now, wish.actor, OWED)
    wallets = {wallet_code(version, name) for name, units in promised.price.items() if units}
    pay_owed(changes, state, because, wallets)


def _let_time_pass(changes: Changes, state: MemberState, version: Version, wish: Wish) -> None:
    expire(changes, state, wish.now)
    tiering.review(changes, state, version, wish.now)


def reserve(
    changes: Changes,
    state: MemberState,
    version: Version,
    wish: Wish,
    what: tuple[Promised, str],
    payer: MemberState | None = None,
) -> Redemption:
    """Reserve what was promised and can be paid; `what` says too for how long. It counts against
    what the `payer` may spend: the member, unless a household pays."""
    promised, hold_for = what
    redemption = Redemption(
        redemption_id=wish.redemption_id,
        member_id=state.member_id,
        reward=wish.reward,
        version=version.number,
        promised=promised,
        state="held",
        store=wish.store,
        channel=wish.channel,
        actor=wish.actor,
        opened_at=wish.now,
        lapses_at=wish.until or add_span(version.zone, wish.now, hold_for),
    )
    cause = booking.Cause("hold", changes.new_id(), redemption.redemption_id, wish.now, wish.actor)
    postings: list[Posting] = []
    for name, price in promised.price.items():
        if price:
            spends = version.program.wallets[name].spends
            order = booking.in_order(state.lots.values(), wallet_code(version, name), spends)
            opened = _reserve(
                changes, state, (wallet_code(version, name), price), order, redemption
            )
            postings += _move(changes, state, opened.wallet, price)
    if postings:
        booking.book(changes, state, cause, postings)
    wallets = frozenset(posting.wallet for posting in postings)
    idle.act(changes, state, version, ("redeeming", wallets), wish.now)
    spender = payer or state
    if spender.allowance is not None:
        for name, price in promised.price.items():
            spender.allowance[name] = spender.allowance.get(name, 0) - price
    if promised.limit_counter:
        changes.count(state, promised.limit_counter, promised.limit_period, 1)
    if promised.stocked:
        changes.shelve(redemption.shelf, -1)
    changes.touch(state)
    changes.events.append(_event(state, redemption, "reward.held"))
    return redemption


def _reserve(
    changes: Changes,
    state: MemberState,
    wanted: tuple[int, int],
    order: Sequence[Lot],
    redemption: Redemption,
) -> Hold:
    """Pin the first points of a wallet to a new hold; `wanted` is wallet and price."""
    wallet, price = wanted
    left, pinned = price, []
    for lot in order:
        part = min(left, lot.free)
        if part:
            lot.pinned += part
            left -= part
            pinned.append((lot.lot_id, part))
            changes.change_lot(lot)
        if not left:
            break
    assert left == 0, (state.member_id, wallet, price, left)
    opened = Hold(
        hold_id=changes.new_id(),
        member_id=state.member_id,
        redemption_id=redemption.redemption_id,
        wallet=wallet,
        amount=price,
        state="open",
        opened_at=redemption.opened_at,
        lapses_at=redemption.lapses_at,
        lots=tuple(pinned),
    )
    changes.holds_opened[opened.hold_id] = state.holds[opened.hold_id] = opened
    return opened


def _move(changes: Changes, state: MemberState, wallet: int, amount: int) -> list[Posting]:
    """Available points become held ones."""
    balance = state.balance(wallet)
    balance.available -= amount
    balance.held += amount
    changes.balances[(state.member_id, wallet)] = balance
    return [Posting(wallet, Account.AVAILABLE, -amount), Posting(wallet, Account.HELD, amount)]


def _event(state: MemberState, redemption: Redemption, type_: str) -> Event:
    payload = {
        "redemption_id": redemption.redemption_id,
        "reward": redemption.reward,
        "price": redemption.promised.price,
        "store": redemption.store,
    }
    return Event(state.member_id, state.version, type_, payload)
