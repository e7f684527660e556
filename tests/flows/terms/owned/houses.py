"""A shop whose terms change while somebody has something, and the questions put to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from tests.makers import Shop, named

from regulars.flows.commands import Adjust, Adjusted
from regulars.flows.terms.plan_version import Plan, plan_version
from regulars.flows.terms.publish_program import WarningsOpen
from regulars.records.members.types import MemberRef
from regulars.records.program.problems import ProgramFault

Open = Callable[[str], Shop]
ADA = MemberRef(external="ada")
HEAD = """
regulars: 1
program: house
name: House
currency: EUR
zone: Europe/Berlin
"""
POINTS = """
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
"""


def house(wallets: str = "points: {}", *more: str, currency: str = "EUR") -> str:
    """A program file with these wallets."""
    head = HEAD.replace("EUR", currency)
    return f"{head}wallets: {{{wallets}}}\n" + POINTS + "\n".join(more) + "\n"


def given(shop: Shop, wallet: str, units: int) -> None:
    """Ada has so much more of a wallet, by hand."""
    (done,) = shop.adjust(Adjust(ADA, wallet, units, "a present", "olga"))
    assert isinstance(done, Adjusted), done


def opened(open_shop: Open, source: str, **has: int) -> Shop:
    """The shop a day later, when Ada has all this."""
    shop = open_shop(source)
    shop.joined("ada")
    for wallet, units in has.items():
        given(shop, wallet, units)
    shop.now += timedelta(days=1)
    return shop


def planned(shop: Shop, source: str, start: datetime | None = None) -> Plan:
    file = named(source, shop.terms.slug)
    return shop.do(lambda tx, _terms: plan_version(tx, file, start))


def refused(shop: Shop, source: str, start: datetime | None = None) -> list[str]:
    """What forbids it: the same as planned and as published, whatever is accepted."""
    plan, before = planned(shop, source, start), shop.counts()
    every = tuple(one.code for one in plan.problems if one.code)
    with pytest.raises(ProgramFault) as fault:
        shop.publish(named(source, shop.terms.slug), effective_from=start, accept=every)
    errors = [one.says for one in plan.errors]
    assert [one.says for one in fault.value.problems] == errors
    assert shop.counts() == before
    return errors


def asked(shop: Shop, source: str) -> dict[str, str]:
    """What its author has to say that it is meant; with that it is published."""
    plan, file = planned(shop, source), named(source, shop.terms.slug)
    assert plan.errors == []
    found = {one.code: one.says for one in plan.problems if one.code}
    if found:
        with pytest.raises(WarningsOpen) as fault:
            shop.publish(file)
        assert sorted(one.code for one in fault.value.problems) == sorted(found)
    assert shop.publish(file, accept=tuple(found)).fresh
    return found
