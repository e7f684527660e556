"""What is owed is paid in the wallet that is spent from, by the books and by a replay alike."""

import asyncio
import itertools
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from regulars.base.faults import Refused
from regulars.engine.deciding import idle, redeem, tiering
from regulars.engine.deciding.redeem import pay_again
from regulars.engine.replaying import given
from regulars.engine.replaying.given import Scene
from regulars.engine.returning.owed import Because, pay_owed
from regulars.engine.rewarding.counter.currencies import Abroad
from regulars.engine.state import Changes, MemberState
from regulars.flows import show_standing
from regulars.flows.points import quote_payment
from regulars.records.ledger.types import NEVER, Balance, Lot

NOW = datetime(2026, 6, 2, tzinfo=UTC)
ids = map(UUID, (f"{number:032x}" for number in itertools.count(1)))


def owes_in_both() -> MemberState:
    """80 points and 30 owed, of each of two wallets."""
    ada = next(ids)
    lots = [
        Lot(
            lot_id=next(ids), member_id=ada, wallet=code, entry_id=next(ids), cause_id=next(ids),
            amount=80, remaining=80, pinned=0, state="open", earned_at=NOW, expires_at=NEVER,
            version=1,
        )
        for code in (1, 2)
    ]  # fmt: skip
    balances = {code: Balance(available=80, debt=30) for code in (1, 2)}
    return MemberState(ada, NOW, {}, balances=balances, lots={one.lot_id: one for one in lots})


def debts(state: MemberState) -> list[int]:
    return [state.balance(code).debt for code in (1, 2)]


def test_only_the_wallet_that_is_spent_from_pays() -> None:
    state = owes_in_both()
    pay_owed(Changes(lambda: next(ids)), state, Because(next(ids), NOW, ""), ())
    assert debts(state) == [30, 30]
    pay_owed(Changes(lambda: next(ids)), state, Because(next(ids), NOW, ""), (2,))
    assert (debts(state), state.balance(2).available) == ([30, 0], 50)


def test_what_costs_no_points_pays_nothing() -> None:
    state = owes_in_both()
    compiled = SimpleNamespace(wallet_places={"points": 0, "stars": 1})
    program = SimpleNamespace(wallets={"points": None, "stars": None})
    version: Any = SimpleNamespace(wallet_codes=[1, 2], compiled=compiled, program=program)
    wish: Any = SimpleNamespace(now=NOW, redemption_id=next(ids), actor="till")
    after = []
    for price in ({}, {"points": 0, "stars": 20}):
        promised: Any = SimpleNamespace(price=price)
        redeem._pay_owed(Changes(lambda: next(ids)), state, version, wish, promised)
        after.append(debts(state))
    assert after == [[30, 30], [30, 0]]


def test_a_replay_pays_in_the_same_wallet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idle, "act", lambda *_: None)
    state = owes_in_both()
    compiled = SimpleNamespace(wallet_places={"points": 0})
    program = SimpleNamespace(wallets={"points": SimpleNamespace(spends="soonest_expiring")})
    version: Any = SimpleNamespace(wallet_codes=[1], compiled=compiled, program=program)
    fact: Any = SimpleNamespace(wallet="points", units=20, now=NOW, cause_id=next(ids))
    given.hold(Scene(Changes(lambda: next(ids)), state, version, fact), {})
    assert (debts(state), state.balance(1).available) == ([0, 30], 30)


def test_what_somebody_lends_for_another_basket_pays_nothing_of_theirs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(redeem, "_let_time_pass", lambda *_: None)
    monkeypatch.setattr(redeem, "person_refused", lambda *_: iter(()))
    state, ben = owes_in_both(), owes_in_both()
    compiled = SimpleNamespace(wallet_places={"points": 0})
    program = SimpleNamespace(wallets={"points": None})
    version: Any = SimpleNamespace(wallet_codes=[1], compiled=compiled, program=program)
    promised: Any = SimpleNamespace(price={"points": 20})
    wish: Any = SimpleNamespace(now=NOW, redemption_id=next(ids), actor="till")
    no = pay_again(Changes(lambda: next(ids)), (state, ben), version, wish, promised)
    assert getattr(no, "code", "") == "debt_first"
    assert debts(state) == [30, 30]


def test_whoever_asks_is_answered_as_if_it_were_paid(monkeypatch: pytest.MonkeyPatch) -> None:
    """A payment with points, the quote before it, and what the card says is in reach."""
    seen: list[list[int]] = []

    def asked(_: Any, state: MemberState, *__: Any) -> Refused:
        seen.append(debts(state))
        return Refused("asked", "")

    async def looked_at(*_: Any) -> dict[UUID, MemberState]:
        return {state.member_id: state}

    state = owes_in_both()
    for module, name, stands_for in (
        (redeem, "_let_time_pass", lambda *_: None),
        (redeem, "abroad", lambda *_: Abroad()),
        (redeem, "quote", asked),
        (quote_payment, "_where", lambda *_: None),
        (quote_payment, "_looked_at", looked_at),
        (quote_payment, "expire", lambda *_: None),
        (tiering, "review", lambda *_: None),
        (quote_payment, "quote", asked),
        (show_standing, "way_for", asked),
        (show_standing, "my_ways", lambda *_: [SimpleNamespace(price={})]),
    ):
        monkeypatch.setattr(module, name, stands_for)
    tx: Any = SimpleNamespace(now=NOW, new_id=lambda: next(ids))
    terms: Any = SimpleNamespace(at=lambda _: None)
    wish: Any = SimpleNamespace(currency="", now=NOW)
    reward: Any = SimpleNamespace(id="cup", stores=(), channels=())
    nothing: Any = None
    redeem.pay(Changes(tx.new_id), state, nothing, wish, nothing)
    asyncio.run(quote_payment.quote_payment(tx, terms, state.member_id, nothing))
    show_standing._in_reach(terms, state, Changes(tx.new_id), reward, tx)
    assert (seen, debts(state)) == ([[0, 0]] * 3, [30, 30])
