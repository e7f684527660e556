"""A whole import is taken back: whoever only it touched is as before it, and the rest is told."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.runtime.importing.moving_in import SILVER_GOLD, TODAY, House
from tests.runtime.importing.taking_back import (
    ADA,
    BOB,
    CYD,
    HISTORY,
    Stopped,
    Stops,
    acts,
    brought,
    counted,
    joins,
    spends,
    standings,
    undone,
    weighed,
)

from regulars.flows.commands import RecordActivity
from regulars.flows.importing.take_back import NoSuchImport, NotLinked
from regulars.flows.recording.record_activities import record_activities
from regulars.records.imports.undoing.signs import FOLLOWS, LOOKED_AT, SIGNS
from regulars.records.imports.undoing.types import Weighed
from regulars.records.members.types import MemberRef
from regulars.runtime.importing import undoing
from regulars.runtime.importing.undoing import TakenBack
from regulars.runtime.problems import SetupProblem


def test_what_it_would_come_to_is_shown_before_and_nothing_changes(house: House) -> None:
    import_id, before = brought(house, ADA, BOB, CYD), house.counts()
    assert weighed(house, import_id) == Weighed(
        members=3,
        others=0,
        kept={},
        points={"points": 758},
        purchases=4,
        stays={"sales_to_nobody": 1},
    )
    assert house.counts() == before


def test_members_it_made_are_nobody_again_and_nothing_was_deleted(house: House) -> None:
    import_id = brought(house, ADA, BOB, CYD)
    before = house.counts()
    assert undone(house, import_id) == TakenBack(members=3, others=0, kept={})
    after = house.counts()
    for table in ("activity", "entry", "posting", "lot", "lot_move", "trail", "member"):
        assert after[table] >= before[table], table
    assert house.rows("select distinct state from member") == [("erased",)]
    assert house.rows("select coalesce(sum(available + pending + debt), 0)::int from balance") == [
        (0,)
    ]
    assert house.wrong_books() == {}


SHARED = SILVER_GOLD.replace(
    "rules:\n",
    """budgets: [{id: all, wallet: points, per: year, points: 9000}]
rules:
  - {id: came, on: visit, wallet: points, award: {give: fixed, points: 3}}
""",
    1,
)


def test_what_visits_used_of_common_budgets_is_there_again(
    fresh_database: Any, tmp_path: Path
) -> None:
    visits_give_back(House.open(fresh_database, tmp_path, SHARED))


def visits_give_back(house: House) -> None:
    """Each of them comes back as a purchase does; without a common budget they stay as they are."""
    import_id = brought(house, ADA, BOB, CYD)
    used = f"select sum(used)::int from budget where program_id = {house.program_id}"
    assert house.rows(used)[0][0] > 3
    assert (weighed(house, import_id).purchases, weighed(house, import_id).deeds) == (4, 1)
    assert undone(house, import_id) == TakenBack(members=3, others=0, kept={})
    assert house.rows(used) == [(0,)]
    back = """select v.external_id from activity b
                join activity v on v.program_id = b.program_id and v.activity_id = b.sale_id
               where b.program_id = $1 and b.kind = 'return' and v.kind = 'visit'"""
    assert house.rows(back, house.program_id) == [("v1",)]
    assert house.wrong_books() == {}


def test_the_mended_file_comes_in_as_if_nothing_had_been_before(
    house: House, other_house: House
) -> None:
    import_id = brought(house, ADA, BOB, CYD)
    undone(house, import_id)
    mended = (ADA.replace("300", "30"), BOB, CYD)
    brought(house, *mended)
    brought(other_house, *mended)
    assert standings(house) == standings(other_house)
    assert counted(house) == counted(other_house)
    assert house.wrong_books() == {}


def test_the_very_same_files_can_come_again(house: House) -> None:
    first = brought(house, ADA, BOB, CYD)
    before = standings(house), counted(house)
    undone(house, first)
    assert brought(house, ADA, BOB, CYD) != first
    assert (standings(house), counted(house)) == before


def test_who_spent_something_since_keeps_everything(house: House) -> None:
    import_id = brought(house, ADA, BOB, CYD)
    assert spends(house, "bob").state == "captured"
    assert weighed(house, import_id).kept == {"spent": 1}
    assert undone(house, import_id) == TakenBack(members=2, others=0, kept={"spent": 1})
    assert [row[0] for row in standings(house)] == ["bob"]
    assert house.wrong_books() == {}


def test_who_keeps_what_came_is_known_when_the_file_comes_again(house: House) -> None:
    import_id = brought(house, ADA, BOB, CYD)
    spends(house, "bob")
    before = standings(house)[1]
    undone(house, import_id)
    brought(house, ADA, BOB, CYD.replace("cyd", "dan"))
    assert standings(house)[1] == before
    assert [row[0] for row in standings(house)] == ["ada", "bob", "dan"]
    assert house.wrong_books() == {}


def test_who_bought_something_since_keeps_everything(house: House) -> None:
    import_id = brought(house, ADA, BOB, CYD)
    bought = RecordActivity("purchase", MemberRef(external="cyd"), amount_minor=900)
    assert acts(house, record_activities, bought).state == "recorded"
    assert undone(house, import_id).kept == {"bought": 1}
    assert house.wrong_books() == {}


def test_who_was_here_before_gives_back_the_points_and_nothing_else(house: House) -> None:
    joins(house, "ada")
    before = standings(house)
    import_id = brought(house, ADA.replace("gold", ""), BOB, history=HISTORY[:1])
    assert weighed(house, import_id).others == 1
    assert undone(house, import_id) == TakenBack(members=1, others=1, kept={})
    assert [row[:2] for row in standings(house)] == [row[:2] for row in before]
    assert standings(house)[0][3] == 0
    mended = brought(house, ADA.replace("gold", "").replace("300", "30"), history=HISTORY[:1])
    assert mended != import_id
    assert standings(house)[0][3] == 30
    assert house.wrong_books() == {}


def test_who_was_here_before_and_got_more_than_points_keeps_it(house: House) -> None:
    joins(house, "ada")
    joins(house, "bob")
    import_id = brought(house, ADA, BOB, history=HISTORY[:2])
    assert undone(house, import_id) == TakenBack(members=0, others=1, kept={"was_here": 1})
    assert house.wrong_books() == {}


def test_who_was_here_before_and_used_some_of_it_keeps_the_rest(house: House) -> None:
    joins(house, "bob")
    import_id = brought(house, BOB, history=HISTORY[:1])
    spends(house, "bob")
    assert undone(house, import_id).kept == {"used": 1}
    assert house.wrong_books() == {}


def test_asked_again_it_changes_nothing(house: House) -> None:
    import_id = brought(house, ADA, BOB, CYD)
    first = undone(house, import_id)
    before = house.counts()
    assert undone(house, import_id) == first
    assert house.counts() == before


def test_nobody_is_told(house: House) -> None:
    undone(house, brought(house, ADA, BOB, CYD))
    assert house.counts()["outbox"] == 0


def test_it_goes_on_where_it_was_stopped_and_nothing_is_brought_meanwhile(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = brought(house, ADA, BOB, CYD)
    monkeypatch.setattr(undoing, "BATCH", 1)
    stop = Stops(after=1)
    with pytest.raises(Stopped):
        undone(house, import_id, watch=stop)
    assert len(standings(house)) == 2
    assert house.wrong_books() == {}
    with pytest.raises(SetupProblem, match="being taken back"):
        brought(house, ADA)
    assert undone(house, import_id) == TakenBack(members=3, others=0, kept={})


def test_an_import_that_was_stopped_goes_on_no_further(house: House) -> None:
    import_id = brought(house, ADA, BOB, CYD)
    house.rows("update import set done_at = null")
    house.rows("update import_lane set place = 0 where part = 6")
    assert undone(house, import_id).members == 3
    assert house.rows("select done_at is null from import") == [(False,)]
    assert house.wrong_books() == {}


def test_an_import_of_before_links_were_kept_is_refused(house: House) -> None:
    import_id = brought(house, ADA)
    house.rows("alter table import_made disable trigger append_only")
    house.rows("delete from import_made")
    house.rows("alter table import_made enable trigger append_only")
    house.rows(_LINKS_CAME, TODAY + timedelta(minutes=1))
    with pytest.raises(NotLinked):
        weighed(house, import_id)
    with pytest.raises(NotLinked):
        undone(house, import_id)
    with pytest.raises(NoSuchImport):
        undone(house, UUID(int=7))
    assert house.rows("select count(*) from import_undo") == [(0,)]


_LINKS_CAME = "update schema_migration set applied_at = $1::timestamptz where number = 61"


def test_an_import_that_was_half_way_when_links_came_is_refused(house: House) -> None:
    """Ada came before: she would be taken for somebody who was here, and stay without points."""
    import_id = brought(house, ADA, BOB, CYD)
    house.rows(_LINKS_CAME, TODAY + timedelta(minutes=1))
    assert weighed(house, import_id).members == 3  # all of it was linked, whenever that was
    house.rows("alter table import_made disable trigger append_only")
    house.rows(
        "delete from import_made where member_id = "
        "(select member_id from identifier where value = 'ada')"
    )
    house.rows("alter table import_made enable trigger append_only")
    for asks in (weighed, undone):
        with pytest.raises(NotLinked, match="restore the backup"):
            asks(house, import_id)
    assert house.rows("select count(*) from import_undo") == [(0,)]
    house.rows(_LINKS_CAME, TODAY - timedelta(minutes=1))  # then she was somebody with a card
    assert weighed(house, import_id).members == 2


def test_every_table_that_names_a_member_is_looked_at_or_follows(house: House) -> None:
    tables = house.rows(
        """select distinct c.table_name from information_schema.columns c
             join information_schema.tables t using (table_schema, table_name)
            where c.table_schema = 'public' and t.table_type = 'BASE TABLE'
              and c.data_type = 'uuid' and c.column_name in
                  ('member_id', 'from_id', 'into_id', 'referrer_id', 'guardian_id')"""
    )
    signs = {place.partition(".")[0] for place in SIGNS}
    assert not signs & LOOKED_AT | LOOKED_AT & FOLLOWS | signs & FOLLOWS
    assert {name for (name,) in tables} == (signs | LOOKED_AT | FOLLOWS) - {"import_row"}
