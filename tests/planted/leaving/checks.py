"""Short checks of erasing and exporting that a planted bug must fail."""

from __future__ import annotations

import os
import random
import tempfile
from pathlib import Path

from tests.leaving.leaving import export_of, table
from tests.leaving.planting import (
    CORNER,
    Person,
    bring_a_guest,
    bring_back,
    buy,
    correct,
    erase,
    found,
    hold,
    person,
    sums,
)
from tests.makers import Shop, brings_back, buys

from regulars.flows.commands import Recorded
from regulars.records.members.types import Identifier, JoinMember, MemberErased, MemberRef


def _somebody(shop: Shop) -> Person:
    """Somebody who did everything there is, in a program of their own."""
    chance = random.Random(7)
    shop.begin(CORNER, slug=f"leaving-{os.getpid()}")
    one = person(shop, chance, os.getpid() % 10_000)
    mark = one.words[0]
    for step, deed in enumerate((buy, hold, hold, hold, correct)):
        deed(shop, chance, one, mark, 50 + step)
    bring_a_guest(shop, chance, one, mark, 55)
    one.receipts.append(f"unseen-{one.id.hex}")
    for step in range(6):
        bring_back(shop, chance, one, mark, 60 + step)
    return one


def leaves_no_word(shop: Shop) -> None:
    one = _somebody(shop)
    before = sums(shop)
    erase(shop, one)
    assert found(shop, one.words) == []
    assert sums(shop) == before
    held = "select count(*) from hold where program_id = $1 and state = 'open'"
    assert shop.rows(held) == [(0,)]


def comes_back_in_no_way(shop: Shop) -> None:
    one = _somebody(shop)
    sale = buys(MemberRef(card=one.card), 900, receipt="before")
    (first,) = shop.record(sale)
    erase(shop, one)
    (again,) = shop.record(sale)
    assert isinstance(again, Recorded), again
    assert again.activity_id == first.activity_id
    left = shop.counts()
    told = (
        buys(MemberRef(card=one.card), 900, receipt="late-1"),
        buys(MemberRef(id=one.id), 900, receipt="late-2"),
        brings_back("before", receipt="late-3"),
    )
    for sent in told:
        (no,) = shop.record(sent)
        assert isinstance(no, MemberErased), no
    names = (Identifier("email", one.email),)
    (no,) = shop.join(JoinMember(identifiers=names, source="web"))
    assert isinstance(no, MemberErased), no
    assert shop.counts() == left
    aside = "select count(*) from quarantine where program_id = $1"
    assert shop.rows(aside) == [(4,)]
    (joined,) = shop.join(JoinMember(identifiers=names, again=True))
    assert joined.member_id != one.id


def extract_has_late_returns(shop: Shop) -> None:
    from regulars.insight.export import cursor

    cursor.CLOCKS_APART *= 0  # type: ignore[misc]
    shop.begin(CORNER, slug=f"extract-{os.getpid()}")
    (ref,) = shop.joined("ada")
    shop.record(brings_back("sale-1", receipt="back-1"))
    folder = Path(tempfile.mkdtemp())
    said = export_of(shop, folder / "0").cursor
    said = export_of(shop, folder / "1", since=said).cursor
    shop.record(buys(ref, 500, receipt="sale-1"))
    export_of(shop, folder / "2", since=said)
    told = sorted(row["external_id"] for row in table(folder / "2", "activities"))
    assert told == ["back-1", "sale-1"], told
    lots = table(folder / "2", "lots_ever")
    assert {lot["remaining"] for lot in lots} == {0}


CHECKS = (leaves_no_word, comes_back_in_no_way, extract_has_late_returns)
