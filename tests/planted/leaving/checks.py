"""Short checks of erasing and exporting that a planted bug must fail."""

from __future__ import annotations

import os
import random
import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

from structlog.testing import capture_logs
from tests.leaving.leaving import export_of, table
from tests.leaving.planting import (
    CORNER,
    Person,
    bring_a_guest,
    bring_back,
    buy,
    correct,
    double,
    erase,
    found,
    hold,
    person,
    sums,
)
from tests.makers import Shop, brings_back, buys, named
from tests.planted.leaving.along import everything_moves_along, who_moves_is_known_by_name
from tests.planted.leaving.going_on import CHECKS as GOING_ON
from tests.runtime.importing.lines import test_without_numbers as without_numbers
from tests.runtime.importing.moving_in import ADA, LOTS, MEMBERS, SILVER_GOLD, House

from regulars.base.faults import Fault
from regulars.flows.commands import History, Recorded
from regulars.flows.importing.commands import OpenLot
from regulars.flows.importing.open_balances import open_balances
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


def tells_a_merged_person_everything(shop: Shop) -> None:
    from regulars.insight.export import person as telling

    chance = random.Random(5)
    shop.begin(CORNER, slug=f"whole-{os.getpid()}")
    one = person(shop, chance, os.getpid() % 10_000, [buy])
    double(shop, chance, one, one.words[0], 9)
    gone = "select member_id from member_alias where program_id = $1 and into_id = $2"
    ((twin,),) = shop.rows(gone, one.id)
    for asked in (one.id, twin):
        told = shop.do(lambda tx, _, asked=asked: telling.person(tx, "EUR", asked))
        whose = {row["member_id"] for row in told["entries"]}
        assert whose == {f"mem_{one.id.hex}", f"mem_{twin.hex}"}


def _of_one_day(house: House) -> None:
    import pytest

    with pytest.MonkeyPatch.context() as patch:
        without_numbers.test_a_line_is_held_against_lots_of_its_own_day_alone(house, patch)


def knows_lots_by_what_they_are(shop: Shop) -> None:
    for test in (
        without_numbers.test_a_lot_without_a_number_is_known_by_what_it_is,
        without_numbers.test_what_an_older_release_knew_by_its_line_is_not_booked_again,
        without_numbers.test_a_lot_of_which_some_was_spent_elsewhere_is_the_one_that_came,
        without_numbers.test_a_rest_with_another_origin_is_told_differently,
        _of_one_day,
    ):
        slug = f"lots-{os.getpid()}-{test.__name__[-9:]}".replace("_", "-")
        test(without_numbers.opened(shop.made, Path(tempfile.mkdtemp()), slug))


def foresees_what_the_books_know(shop: Shop) -> None:
    name = "test_points_and_debts_that_are_in_the_books_in_other_words_are_foreseen"
    house = without_numbers.opened(shop.made, Path(tempfile.mkdtemp()), f"foreseen-{os.getpid()}")
    getattr(without_numbers, name)(house)


def brings_tiers_after_members(shop: Shop) -> None:
    name = "test_a_tier_comes_after_its_member_who_stands_on_what_everybody_has"
    house = without_numbers.opened(shop.made, Path(tempfile.mkdtemp()), f"later-{os.getpid()}")
    getattr(without_numbers, name)(house)


def reads_files_as_they_are(_: Shop) -> None:
    from tests.surfaces.connect.moving.reading import lots, read

    bare = b'{"who":"m1","wallet":"points","points":60}\n'
    late = tempfile.mkdtemp() / Path("f.jsonl")
    late.write_bytes(bare * 250 + bare.replace(b"}", b',"ends":"2027-01-01","note":1}'))
    assert len(lots(read(late))) == 251
    large = tempfile.mkdtemp() / Path("f.csv")
    large.write_text(f"who,wallet,points,ends,lines\nm1,points,60,,{'4006381333931 ' * 14_000}\n")
    assert len(lots(read(large))) == 1


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


def debt_moves_along(shop: Shop) -> None:
    owing = CORNER.replace("round_up_to: day}}", "round_up_to: day}, negative: debt}")
    shop.begin(named(owing, f"owing-{os.getpid()}"), slug=f"owing-{os.getpid()}")
    (ada,) = shop.joined("ada")
    lots = [
        OpenLot(ada, "points", 50, "old", "l1"),
        OpenLot(ada, "points", 30, "old", "debt", owed=True),
        OpenLot(ada, "points", 30, "old", "debt", owed=True),
        OpenLot(ada, "points", 2**53 - 30, "old", "vast", owed=True),
        OpenLot(ada, "gifts", 5, "old", "none", owed=True),
    ]
    history = History(UUID(int=1))
    *done, vast, no = shop.do(lambda tx, terms: open_balances(tx, terms, lots, history))
    assert not any(isinstance(one, Fault) for one in done), done
    assert isinstance(no, Fault), no
    assert isinstance(vast, Fault), vast
    assert shop.balances("ada") == {"points": (50, 0, 30)}


def own_mistakes_are_told(shop: Shop) -> None:
    from regulars.records.imports.types import Part
    from regulars.runtime.importing import booking

    source = named(SILVER_GOLD, f"mistakes-{os.getpid()}")
    house = House.open(shop.made, Path(tempfile.mkdtemp()), source)
    house.bring(house.write("members.csv", *MEMBERS))
    way = booking._WAYS[Part.LOTS]

    async def flow(tx: Any, terms: Any, batch: Any, history: History) -> Any:
        lots = [one.lot for one in batch]
        assert len(lots) == 1 and lots != ["l0"], "planted"  # noqa: PT018
        return await way.flow(tx, terms, batch, history)

    booking._WAYS[Part.LOTS] = way._replace(flow=flow)
    ends = "10,10,2026-01-01T00:00:00Z,2099-01-01T00:00:00Z,welcome"
    with capture_logs() as told:
        one = house.bring(house.write("lots.csv", LOTS, f"{ADA},points,l0,{ends}"))
        assert [(slip.file, slip.line) for slip in one.mistakes] == [("lots.csv", 2)]
        lines = (f"{ADA},points,l{n},{ends}" for n in (1, 2))
        two = house.bring(house.write("lots.csv", LOTS, *lines))
    assert (len(two.mistakes), two.taken) == (1, 2)
    reports = [one.mistakes[0].report, two.mistakes[0].report]
    assert {line["report"] for line in told} == set(reports)


CHECKS = (
    leaves_no_word, own_mistakes_are_told, comes_back_in_no_way, extract_has_late_returns, debt_moves_along,
    tells_a_merged_person_everything, knows_lots_by_what_they_are, foresees_what_the_books_know,
    brings_tiers_after_members, reads_files_as_they_are,
    *GOING_ON, everything_moves_along, who_moves_is_known_by_name,
)  # fmt: skip
