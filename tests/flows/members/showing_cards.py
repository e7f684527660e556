"""What a member does with their card: to be failed at every statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from tests.isolation.scenes import Ask, of
from tests.makers import Shop

from regulars.base.keyed import key_from
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.access.ask_for_codes import AskToSpend, ask_to_spend
from regulars.flows.access.keep_passes import RegisterPass, keep_passes
from regulars.flows.access.use_card_codes import UseCardCode, use_card_codes
from regulars.flows.access.use_codes import ProveByCode, prove_by_codes
from regulars.flows.telling.say_consents import SayConsent, say_consents
from regulars.records.access.cards.spelling import Holder, code_at, step_of
from regulars.records.access.members.spelling import code_of
from regulars.records.members.types import Identifier, JoinMember

_KEYED = key_from(b"k" * 32, "test")
PROVING = """
regulars: 1
program: kiosk
name: Kiosk
currency: EUR
zone: Europe/Berlin
wallets: {points: {}}
rewards: [{id: cake, name: A cake, price: {points: 10}, worth: "9.00"}]
spending_proof: {card_above: "5.00"}
"""
_OF = "select member_id from identifier where program_id = $1 and kind = 'external' and value = $2"


async def _show(tx: Tx, _: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    done: list[Any] = []
    for code, telephone, word in batch:
        done += await use_card_codes(tx, _KEYED, [code])
        await keep_passes(tx, [telephone])
        await say_consents(tx, [word])
    return done


def shows(n: int, held: Any) -> Ask:
    """A card is shown, goes into a telephone's wallet, and its member agrees to letters."""
    member_id, code = held if isinstance(held, tuple) else (UUID(int=1), "")
    asked = uuid5(NAMESPACE_URL, f"showing {n}")
    telephone = RegisterPass(f"telephone {n}", member_id, "token")
    return _show, [
        (UseCardCode(code, asked), telephone, SayConsent(member_id, "email", "given", "card"))
    ]


def with_cards(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """Members, each with the code their card shows."""
    shop.joined(*[f"a{n}" for n in ns])
    found = [UUID(str(shop.rows(_OF, f"a{n}")[0][0])) for n in ns]
    step = step_of(shop.now)
    return [(who, code_at(_KEYED, Holder(shop.program_id, who), step)) for who in found]


async def _send(tx: Tx, terms: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    return [str(type(one)) for one in await ask_to_spend(tx, terms, _KEYED, batch)]


def sends(n: int, _: Any) -> Ask:
    """A member at a counter is sent a code to spend with."""
    code_id = uuid5(NAMESPACE_URL, f"spending {n}")
    return _send, [AskToSpend(code_id, of("a", n), "cake", ("email",), f"till {n}")]


async def _say(tx: Tx, _: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    return [str(type(one)) for one in await prove_by_codes(tx, _KEYED, batch)]


def says(n: int, _: Any) -> Ask:
    """The member reads out the digits."""
    code_id = uuid5(NAMESPACE_URL, f"spending {n}")
    return _say, [ProveByCode(code_id, code_of(_KEYED, code_id), f"till {n}")]


def with_addresses(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """Members with an address."""
    for n in ns:
        names = (Identifier("external", f"a{n}"), Identifier("email", f"a{n}@example.org"))
        shop.join(JoinMember(identifiers=names))
    return [None] * len(ns)


def with_digits(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """Members who were sent a code."""
    with_addresses(shop, ns)
    for n in ns:
        flow, batch = sends(n, None)
        shop.ask(flow, *batch)
    return [None] * len(ns)
