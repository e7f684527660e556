"""The engine's folds for money, driven as the flows do it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tests.model.beside.between.events import PaysTogether
from tests.model.events import Answer, Banks, Bounces, Pays, PaysOut, parts
from tests.model.in_memory_spent import notice_spent
from tests.model.money.paying import Bank

from regulars.base.faults import Refused
from regulars.engine.deciding.adjust import Correction, adjust
from regulars.engine.deciding.booking import Cause
from regulars.engine.deciding.conclude import Ending
from regulars.engine.deciding.redeem import pay
from regulars.engine.moving.paying import pay_together
from regulars.engine.moving.pool import Pool
from regulars.engine.rewarding.cashback.due import Paying, minimum_of, pay_out
from regulars.engine.rewarding.having import Wish, wallet_code
from regulars.engine.rewarding.paying import Basket
from regulars.engine.state import MemberState
from regulars.records.program.parts.rewards import PAYING

if TYPE_CHECKING:
    from tests.model.in_memory import InMemory


def pays(memory: InMemory, event: Pays) -> Answer:
    state, version = memory.state(event.who), memory.terms.at(memory.now)
    memory.let_go(state)
    wish = Wish(PAYING, memory.new_id(), memory.now, event.store, "", "till")
    basket = Basket(event.amount, event.discount, event.want, event.wallet)
    return memory.taken(event, state, pay(memory.changes, state, version, wish, basket))


def pays_together(memory: InMemory, event: PaysTogether) -> Answer:
    """A household pays for a basket: of each whose points pay so much is reserved, with them."""
    version, homes = memory.terms.at(memory.now), memory.unions.homes
    if memory.stands_as(event.who) not in homes:
        return Answer("not_found")
    if version.program.household is None:
        return Answer("no_households")
    taker = memory.state(event.who)
    others = [memory.states[name] for name in homes if memory.states[name] is not taker]
    for state in (taker, *others):
        memory.let_go(state)
    if taker.state == "blocked" and not version.program.blocked.may_redeem:
        return Answer("member_blocked")
    wish = Wish(PAYING, memory.new_id(), memory.now, "", "", "till")
    pool = Pool(taker, others, UUID(int=1))
    basket = Basket(event.amount, 0, event.want)
    paid = pay_together(memory.changes, pool, version, wish, basket)
    if isinstance(paid, Refused):
        return Answer(paid.code)
    gave, worth = {}, {}
    for one in paid:
        owner = next(name for name in homes if memory.states[name].member_id == one.member_id)
        memory.keep_redemption(f"{event.name}-{owner}", one)
        memory.unions.take(memory, memory.states[owner], one)
        gave[owner], worth[owner] = one.promised.price["points"], one.promised.worth_minor
        if event.capture:
            memory.end(f"{event.name}-{owner}", Ending("captured", memory.now, "till"))
    state = "captured" if event.capture else "held"
    return Answer(state, parts(gave), parts(worth), memory.balances(taker))


def banks(memory: InMemory, event: Banks) -> Answer:
    known, name = memory.unions.banks, memory.stands_as(event.who)
    if not event.number:
        for one in [one for one in known if memory.stands_as(one) == name]:
            del known[one]
    elif memory.terms.at(memory.now).program.paying_out is None:
        return Answer("no_payouts")
    else:
        known[name] = Bank(event.number, memory.now)
    return Answer("banked")


def _bank(memory: InMemory, name: str) -> Bank | None:
    known = memory.unions.banks
    others = [one for other, one in known.items() if memory.stands_as(other) == name]
    return known.get(name) or max(others, key=lambda one: one.at, default=None)


def pays_out(memory: InMemory, _: PaysOut) -> Answer:
    version = memory.terms.at(memory.now)
    if version.program.paying_out is None:
        return Answer("no_payouts")
    paid = []
    for name in [one for one, state in memory.states.items() if state.state != "merged"]:
        bank, state = _bank(memory, name), memory.states[name]
        if bank is None or not bank.usable or not _seems_due(memory, state):
            continue
        memory.let_go(state)
        paying = Paying(memory.new_id(), memory.now, "Olga")
        redemption = pay_out(memory.changes, state, version, paying)
        if redemption is not None:
            before = [one for one in memory.redemptions if one.startswith(f"out-{name}-")]
            told = f"out-{name}-{len(before) + 1}"
            memory.keep_redemption(told, redemption)
            memory.unions.take(memory, state, redemption)
            notice_spent(memory, redemption)
            memory.unions.paid_to[told] = bank.number
            paid.append(redemption.promised.worth_minor)
    if not paid:
        return Answer("nothing_due")
    return Answer("paid", (("payouts", len(paid)), ("total", sum(paid))))


def _seems_due(memory: InMemory, state: MemberState) -> bool:
    """What the books say before anything lapses: who is not due anything is left alone."""
    version = memory.terms.at(memory.now)
    said = version.program.paying_out
    assert said is not None
    balance = state.balance(wallet_code(version, said.wallet))
    blocked = state.state == "blocked" and not version.program.blocked.may_redeem
    return balance.available >= minimum_of(version) and not balance.debt and not blocked


def bounces(memory: InMemory, event: Bounces) -> Answer:
    known = memory.unions
    if event.name in known.bounced:
        return Answer("already_returned")
    redemption, _ = memory.redemptions[event.name]
    state, entry = memory.owner(redemption.member_id), memory.new_id()
    memory.let_go(state)
    ((wallet, amount),) = redemption.promised.price.items()
    cause = Cause("adjust", entry, entry, memory.now, "Olga", "AC04")
    version = memory.terms.at(memory.now)
    assert adjust(memory.changes, state, version, Correction(wallet, amount, cause)) is None
    known.bounced.add(event.name)
    for name, bank in known.banks.items():
        if memory.state(name) is state and bank.number == known.paid_to[event.name]:
            bank.usable = False
    return Answer("bounced", balances=memory.balances(state))


MONEY: dict[type, Callable[[Any, Any], Answer]] = {
    Pays: pays, PaysTogether: pays_together, Banks: banks, PaysOut: pays_out, Bounces: bounces,
}  # fmt: skip
