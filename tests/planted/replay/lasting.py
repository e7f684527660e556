"""A shop whose late and merged points live a while, that took in a debt, and erases somebody."""

from __future__ import annotations

import os
from datetime import timedelta
from uuid import UUID

from tests.flows.points.sharing import merge
from tests.makers import Shop, buys
from tests.planted.replay.checks import days, differences, history

from regulars.base.faults import Fault
from regulars.engine.replaying.fold import Fold
from regulars.engine.replaying.tally import Tally
from regulars.flows.commands import History, RecordActivity, Redeem
from regulars.flows.importing.commands import OpenCount, OpenLot
from regulars.flows.importing.open_balances import open_balances
from regulars.flows.importing.open_counts import open_counts
from regulars.flows.membership.erase_members import erase_members
from regulars.records.members.types import EraseMember

LASTING = """
regulars: 1
program: lasting
name: Lasting
currency: EUR
zone: Europe/Berlin
wallets:
  points:
    expiry: {after: 10 days, round_up_to: day}
    comes_late: {days: 6}
    comes_over: {days: 8}
    negative: debt
    write_off_after: 50 days
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - id: visit
    on: visit
    wallet: points
    award: {give: fixed, points: 10}
    limits: [{per: ever, times: 2}, {per: ever, points: 60, of: everyone}]
rewards:
  - {id: cup, name: A cup, price: {points: 30}}
"""


def lives_lasting(shop: Shop, name: str) -> None:
    """What is told late and what comes by a merge; a debt of before, forgiven as it was due."""
    shop.begin(LASTING, slug=name)
    ada, eve, dan, fay, gil = shop.joined("ada", "eve", "dan", "fay", "gil")
    begun = shop.now
    owed = [
        OpenLot(dan, "points", 7, "old", "d1"),
        OpenLot(dan, "points", 40, "old", "d2", earned_at=begun - timedelta(days=48), owed=True),
    ]
    history = History(UUID(int=7))
    shop.do(lambda tx, terms: open_balances(tx, terms, owed, history))
    used = [
        OpenCount("limit:visit:ever:times", 0, 1, fay),
        OpenCount("limit:visit:ever:points:everyone", 0, 45),
    ]
    done = shop.do(lambda tx, terms: open_counts(tx, terms, used, history))
    assert not any(isinstance(one, Fault) for one in done), done
    for who, gets in ((fay, 10), (fay, 0), (ada, 5), (ada, 0)):
        (came,) = shop.record(RecordActivity("visit", who))
        assert came.earned.get("points", 0) == gets
    assert shop.balances("dan") == {"points": (7, 0, 40)}
    shop.record(buys(ada, 4_000), buys(eve, 2_500), buys(fay, 2_100), buys(gil, 900))
    days(shop, 3)
    assert shop.balances("dan") == {"points": (7, 0, 0)}
    days(shop, 6)
    shop.record(buys(eve, 1_700, occurred_at=begun), buys(ada, 300, occurred_at=begun))
    merge(shop, eve, ada)
    shop.record(buys(fay, 600, occurred_at=begun))
    merge(shop, fay, gil)
    days(shop, 3)
    assert shop.balances("ada")["points"][0] == 25 + 17 + 3  # her five and own forty lapsed
    shop.redeem(Redeem(ada, "cup", capture=True))
    (whom,) = shop.rows("select member_id from identifier where program_id = $1 and value = 'gil'")[
        0
    ]
    shop.ask(erase_members, EraseMember(whom))
    days(shop, 20)
    shop.record(buys(dan, 300))


def replays_what_lasts(shop: Shop) -> None:
    lives_lasting(shop, f"lasting-{os.getpid()}")
    assert differences(shop) == []


def replays_by_the_drafts_own_word(shop: Shop) -> None:
    """A courtesy that the terms gave at a merge, or at a return, is not a fact: a draft that does
    not say it lets those points go when they would have, also of whom nobody knows any more."""
    for erased in (False, True):
        slug, begun = f"word-{os.getpid()}-{int(erased)}", shop.now
        shop.begin(LASTING, slug=slug, now=begun)
        ada, eve = shop.joined("ada", "eve")
        shop.record(buys(eve, 2_500))
        days(shop, 9)
        merge(shop, eve, ada)
        days(shop, 3)
        (whom,) = shop.rows(
            "select member_id from balance where program_id = $1 and available = 25"
        )
        if erased:
            shop.ask(erase_members, EraseMember(*whom))
        told, until = history(shop), shop.now
        draft = LASTING.replace("    comes_over: {days: 8}\n", "")
        shop.begin(draft, slug=f"{slug}-draft", now=begun)
        names = shop.terms.wallet_names.values()
        fold = Fold(shop.terms, Tally(0, 10**7), names).run(told, until)
        assert [b.available for b in fold.states[whom[0]].balances.values()] == [0], erased
        shop.now = until


CHECKS = (replays_what_lasts, replays_by_the_drafts_own_word)
