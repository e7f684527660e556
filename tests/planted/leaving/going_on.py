"""A shop in which everything is used up that can be, and what happens next there."""

from __future__ import annotations

import os
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.leaving.leaving import export_of, table
from tests.makers import Shop, buys, named

from regulars.base.faults import Fault, Refused
from regulars.flows.commands import History, RecordActivity, Redeem
from regulars.flows.importing.bring_codes import bring_codes
from regulars.flows.importing.bring_tiers import bring_tiers
from regulars.flows.importing.commands import BringCode, BringTier, OpenCount, OpenLot, OpenShelf
from regulars.flows.importing.open_balances import open_balances
from regulars.flows.importing.open_counts import open_counts
from regulars.flows.importing.open_shelves import open_shelves
from regulars.flows.points.codes.commands import FillPool, IssueCodes, UseCode
from regulars.flows.points.codes.fill_pools import fill_pools
from regulars.flows.points.codes.issue_codes import issue_codes
from regulars.flows.points.codes.use_codes import use_codes
from regulars.records.members.types import MemberRef

GOES_ON = """
regulars: 1
program: corner
name: Corner
currency: EUR
zone: Europe/Berlin
wallets:
  points: {}
  stamps: {kind: stamps}
  fine: {rounding: {carry: true}}
tiers:
  window: ever
  valid: for_ever
  steps: [{id: gold, at: "60.00"}]
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "10.00"}}
  - {id: fine, on: purchase, wallet: fine, award: {give: per_amount, points: 1, per: "15.00"}}
  - id: visit
    on: visit
    wallet: points
    award: {give: fixed, points: 10}
    limits: [{per: year, points: 15}]
  - id: first
    on: purchase
    wallet: stamps
    award: {give: fixed, points: 1}
    limits: [{per: ever, times: 2, of: everyone}]
budgets:
  - {id: all, wallet: points, per: ever, points: 40}
milestones:
  - {id: third, name: Every third, wallet: stamps, steps: [{at: 3, points: 5, again: true}]}
rewards:
  - {id: cup, name: A cup, price: {points: 1}, stock: 3}
  - {id: once, name: Once, price: {points: 1}, limit: {times: 1, per: ever}}
  - {id: film, name: A film, price: {points: 1}, gives: {kind: code, from: pool}}
  - {id: voucher, name: A voucher, price: {}, by: shop, worth: "5.00", gives: {kind: code}}
"""
ADA, BEN = MemberRef(external="ada"), MemberRef(external="ben")
SAID: Any = {"reason": "printed", "actor": "mia"}
_KINDS = """
select split_part(n.name, ':', 1), m.number, n.name, c.period, c.value
  from counter c join program_code n on n.program_id = c.program_id and n.kind = 'counter'
                                    and n.code = c.counter
  join member m on m.program_id = c.program_id and m.member_id = c.member_id
 where c.program_id = $1 and c.value <> 0
union all
select 'budget', '', n.name, b.period, b.used
  from budget b join program_code n on n.program_id = b.program_id and n.kind = 'counter'
                                   and n.code = b.budget
 where b.program_id = $1
union all
select 'stock', '', reward, 0, remaining from reward_stock where program_id = $1
union all
select 'code ' || state, '', reward, 0, count(*) from reward_code where program_id = $1
 group by state, reward
 order by 1, 3, 4, 5, 2
"""


def visits(receipt: str) -> RecordActivity:
    """Ada comes by."""
    return RecordActivity(kind="visit", source="till", external_id=receipt, member=ADA)


def lives(shop: Shop) -> dict[str, str]:
    """A year in which limits, budgets and stock are nearly used up; the codes that were issued."""
    shop.joined("ada", "ben")
    shop.record(buys(ADA, 5_500, receipt="r1"), visits("v1"))
    shop.record(buys(BEN, 2_200, receipt="r2"))
    shop.redeem(Redeem(ADA, "cup", capture=True), Redeem(BEN, "cup", capture=True))
    shop.redeem(Redeem(ADA, "once", capture=True))
    (filled,) = shop.ask(fill_pools, FillPool("film", ("FILM-1", "FILM-2", "FILM-3"), **SAID))
    assert not isinstance(filled, Fault | Refused), filled
    films = shop.redeem(*(Redeem(ADA, "film", capture=True) for _ in range(2)))
    assert not any(isinstance(one, Fault | Refused) for one in films), films
    used, kept = (one.code for one in films)
    (issued,) = shop.ask(issue_codes, IssueCodes("voucher", times=2, **SAID))
    spent, good = (one.code for one in issued.codes)
    for code in (used, spent):
        (done,) = shop.ask(use_codes, UseCode(code))
        assert not isinstance(done, Fault | Refused), done
    return {"used": used, "kept": kept, "spent": spent, "good": good}


def kinds(shop: Shop) -> list[tuple[Any, ...]]:
    """What is counted, what is left, and how codes stand."""
    found = shop.rows(_KINDS)
    assert {row[0] for row in found} >= {
        "limit", "credit", "reward", "remainder", "milestone", "budget", "stock",
        "code free", "code issued", "code used",
    }  # fmt: skip
    return found


def deeds(shop: Shop, codes: dict[str, str]) -> list[Any]:
    """What happens next: most of it is refused or cut."""
    told: list[Any] = []
    for sent in (visits("v2"), buys(ADA, 1_000, receipt="r3"),
                 visits("v3"), buys(BEN, 55_000, receipt="r4")):  # fmt: skip
        (done,) = shop.record(sent)
        told.append((done.earned, done.tier))
    asked = [Redeem(ADA, "once", capture=True), Redeem(ADA, "cup", capture=True),
             Redeem(ADA, "cup", capture=True), Redeem(ADA, "film", capture=True),
             Redeem(ADA, "film", capture=True)]  # fmt: skip
    for one in asked:
        told += [_word(done) for done in shop.redeem(one)]
    for name in ("used", "spent", "kept", "good", "kept"):
        told += [(name, _word(done)) for done in shop.ask(use_codes, UseCode(codes[name]))]
    told += [_word(done) for done in shop.ask(fill_pools, FillPool("film", ("FILM-1",), **SAID))]
    return [*told, shop.balances("ada"), shop.balances("ben")]


def _word(done: Any) -> str:
    if isinstance(done, Refused | Fault):
        return done.code
    return f"{type(done).__name__} {getattr(done, 'reward', '')}"


def moved(shop: Shop, slug: str) -> Any:
    """What lines of an export tell, booked in another program of this database by the flows."""
    folder = Path(tempfile.mkdtemp()) / "x"
    export_of(shop, folder)
    names = {row["member_id"]: row["value"] for row in table(folder, "identifiers")
             if row["kind"] == "external"}  # fmt: skip

    def whose(row: Any) -> MemberRef | None:
        told = row.get("member_id")
        return None if told is None else MemberRef(external=names[told])

    def told(name: str, counter: str = "counter") -> list[OpenCount]:
        return [
            OpenCount(row[counter], row["period"], row["used"], whose(row))
            for row in table(folder, name)
        ]

    lots = [
        OpenLot(MemberRef(external=names[row["member_id"]]), row["wallet"], row["remaining"], "x",
                row["lot_id"])
        for row in table(folder, "lots")
    ]  # fmt: skip
    tiers = [
        BringTier(MemberRef(external=names[row["member_id"]]), row["tier"], _at(row["since"]))
        for row in table(folder, "tiers")
    ]
    shelves = [
        OpenShelf(row["reward"], row["remaining"])
        for row in table(folder, "stock") if row["pool"] == "no"
    ]  # fmt: skip
    codes = [
        BringCode(row["reward"], row["code"], row["state"], row["printed"], whose(row),
                  _at(row["issued_at"]), _at(row["ends_at"]), _at(row["closed_at"]),
                  row["terms"] or "")
        for row in table(folder, "codes")
    ]  # fmt: skip
    shop.begin(named(GOES_ON, slug), slug=slug, now=shop.now)
    shop.joined("ada", "ben")
    history = History(UUID(int=9))

    async def book(tx: Any, terms: Any) -> list[Any]:
        done: list[Any] = list(await bring_tiers(tx, terms, tiers, history))
        done += await open_balances(tx, terms, lots, history)
        counts = [*told("limits"), *told("progress"), *told("budgets", "budget")]
        for _ in range(2):  # the same lines twice are the same lines
            done += await open_counts(tx, terms, counts, history)
            done += await open_shelves(tx, terms, shelves, history)
            done += await bring_codes(tx, terms, codes, history)
        return done

    done = shop.do(book)
    assert not any(isinstance(one, Fault) for one in done), done


def _at(told: str | None) -> datetime | None:
    return None if told is None else datetime.fromisoformat(str(told))


def goes_on_there(shop: Shop) -> None:
    """Two programs that lived the same: one lives on, the other is its export."""
    slug = f"goes-{os.getpid()}"
    shop.begin(named(GOES_ON, slug), slug=slug)
    codes = lives(shop)
    here, counted = shop.program_id, kinds(shop)
    moved(shop, f"{slug}-there")
    there = shop.program_id
    assert [_unnumbered(row) for row in kinds(shop)] == [_unnumbered(row) for row in counted]
    ends = []
    for shop.program_id in (here, there):
        shop.forget_terms()
        ends.append(deeds(shop, codes))
    assert ends[0] == ends[1]


def _unnumbered(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A count without the number of its member, who has another one there."""
    return row[0], *row[2:]


CHECKS = (goes_on_there,)
