"""Members' value in use: reckoned once a day, said to rules, gone with whoever is gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from tests.flows.night.counted.following import goes_on
from tests.makers import Shop, buys, by

from regulars.flows.membership.erase_members import erase_members
from regulars.flows.membership.office.prepare_rows import prepare_rows
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.metrics.asked import Report
from regulars.insight.metrics.reading import rows as behind
from regulars.insight.values import reckoning
from regulars.insight.values.sums import unpacked
from regulars.records.members.types import EraseMember
from regulars.records.program.templates import load_template
from regulars.records.standing.values import read
from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.reckoning import values as working
from regulars.runtime.working.reckoning.values import Values
from regulars.surfaces.in_words.reports.asking import REPORTS, question

NAMES = ("ann", "bob", "cyd", "dan")
_SAID = """
select i.value, m.derived from member m join identifier i using (program_id, member_id)
 where m.program_id = $1 and i.kind = 'external' order by i.value
"""


@pytest.fixture
def shop(fresh_database: Any) -> Iterator[Shop]:
    made = Shop.open(fresh_database, load_template("coffee-shop"))
    three(made)
    yield made
    made.close()


def three(shop: Shop) -> None:
    """Three of four bought yesterday."""
    shop.joined(*NAMES)
    for number, name in enumerate(NAMES[:3]):
        shop.record(buys(by(external=name), 500 * (number + 1), receipt=name))
    shop.now += timedelta(days=1)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[reckoning.Known]:
    return simply(monkeypatch)


def simply(monkeypatch: pytest.MonkeyPatch) -> list[reckoning.Known]:
    """What is asked of the models, which say something simple: three orders do not carry them."""
    asked: list[reckoning.Known] = []

    def reckon(known: reckoning.Known, _: float = 0.1) -> reckoning.Reckoned:
        asked.append(known)
        many = len(np.unique(known.member))
        chance = np.array([0.9, 0.2, np.nan, np.nan])[:many]
        columns = (
            np.full(many, 1.25),
            known.net[:many] * 2,
            np.full(many, 1.0),
            np.full(many, np.nan),
        )
        return reckoning.Reckoned(np.arange(many), chance, *columns, "MBG/NBD", 0.08, None)

    monkeypatch.setattr(reckoning, "reckon", reckon)
    return asked


def works(shop: Shop) -> None:
    goes_on(shop)
    reckons(shop)


def reckons(shop: Shop) -> None:
    shop.run(Values(shop.database, Programs(shop.database)).go(shop.program_id, shop.now))


def said(shop: Shop) -> dict[str, Any]:
    import json

    return {name: json.loads(value) if value else {} for name, value in shop.rows(_SAID)}


def test_everybody_who_ordered_has_a_value_and_rules_can_ask(
    shop: Shop, told: list[reckoning.Known], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "AT_ONCE", 2)  # portions make the whole
    works(shop)
    (known,) = told
    assert sorted(known.net) == [500, 1000, 1500]
    assert (shop.now.date() - date(1970, 1, 1)).days - 1 == known.today
    found = said(shop)
    assert {one.get("value-health") for one in found.values()} == {"strong", "slipping", None}
    assert found["cyd"]["value-worth"] == "top-tenth"
    assert found["dan"] == {}, "who never ordered has no value"
    run = shop.do(lambda tx, _: read.last_run(tx))
    assert (run.members, run.model, run.found["off"]) == (3, "MBG/NBD", 0.08)
    (slips,) = shop.do(lambda tx, _: read.slipping(tx, 9))
    assert (slips.chance, slips.orders, slips.worth_minor) == (200, 125, 2000)


def test_scores_beside_everybody_are_said_where_there_are_enough(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reckon(known: reckoning.Known, _: float) -> reckoning.Reckoned:
        many = len(np.unique(known.member))
        columns = [np.full(many, 1.0) for _ in range(5)]
        return reckoning.Reckoned(np.arange(many), *columns, "MBG/NBD", 0.08, None)

    monkeypatch.setattr(reckoning, "reckon", reckon)
    monkeypatch.setattr(working, "AT_ONCE", 7)  # portions make the whole
    works(shop)
    names = ("value-recency", "value-frequency", "value-money")
    assert not any(name in one for one in said(shop).values() for name in names), "three are few"
    more = [f"n{number:02}" for number in range(30)]
    shop.joined(*more)
    for number, name in enumerate(more):
        if number == 15:
            shop.now += timedelta(days=1)
        shop.record(buys(by(external=name), 100 + number, receipt=name))
    shop.now += timedelta(days=1)
    works(shop)
    found = {who: "".join(one.get(name, "-") for name in names) for who, one in said(shop).items()}
    assert found["dan"] == "---", "who never ordered"
    # Of 33, three came first and paid most, fifteen came a day after the others; all ordered once.
    assert (found["ann"], found["cyd"]) == ("115", "115")
    assert (found["n00"], found["n15"], found["n29"]) == ("111", "313", "315")


def test_a_day_is_reckoned_once(shop: Shop, told: list[reckoning.Known]) -> None:
    works(shop)
    works(shop)
    assert len(told) == 1
    shop.now += timedelta(days=1)
    works(shop)
    assert len(told) == 2


def test_nobody_is_reckoned_from_half_the_rows(shop: Shop, told: list[reckoning.Known]) -> None:
    reckons(shop)
    for _ in range(3):
        shop.do(lambda tx, terms: prepare_rows(tx, terms, 1))
        reckons(shop)
    assert told == [], "two of four members have no rows yet: they would be taken for nobody"
    works(shop)
    assert len(np.unique(told[0].member)) == 3


def test_what_was_told_while_nobody_worked_is_waited_for(
    shop: Shop, told: list[reckoning.Known]
) -> None:
    goes_on(shop)
    shop.record(buys(by(external="dan"), 700, receipt="late"))
    shop.now += timedelta(days=1)
    reckons(shop)
    assert told == [], "Dan bought yesterday"
    works(shop)
    assert len(np.unique(told[0].member)) == 4
    # What is told today waits for tomorrow.
    shop.now += timedelta(days=1)
    shop.record(buys(by(external="dan"), 700, receipt="now"))
    reckons(shop)
    assert len(told) == 2


def test_whoever_is_erased_has_none_and_nothing_is_said_of_them(
    shop: Shop, told: list[reckoning.Known]
) -> None:
    works(shop)
    ((who,),) = shop.rows(
        "select member_id from identifier where program_id = $1 and value = 'bob'"
    )
    shop.ask(erase_members, EraseMember(who))
    assert shop.do(lambda tx, _: read.values(tx, [who])) == {}
    rows = shop.rows("select derived from member where program_id = $1 and member_id = $2", who)
    assert rows == [(None,)]


def test_where_nothing_can_be_said_it_is_kept_why_and_old_values_go(
    shop: Shop, told: list[reckoning.Known], monkeypatch: pytest.MonkeyPatch
) -> None:
    works(shop)
    monkeypatch.undo()
    shop.now += timedelta(days=1)
    works(shop)
    run = shop.do(lambda tx, _: read.last_run(tx))
    assert (run.model, run.found["missing"]["what"]) == ("", "history")
    assert shop.rows("select count(*) from member_value where program_id = $1") == [(0,)]
    assert set(map(str, said(shop).values())) == {"{}"}


def test_chances_are_kept_where_nobody_can_say_what_members_are_worth(
    shop: Shop, told: list[reckoning.Known], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few spend so much more than others, as in wholesale: who slips is told all the same."""
    works(shop)
    simple, interests = reckoning.reckon, list[float]()

    def reckon(known: reckoning.Known, interest: float) -> reckoning.Reckoned:
        interests.append(interest)
        found = simple(known)
        assert isinstance(found, reckoning.Reckoned)
        nothing = np.full(len(found.member), np.nan)
        return replace(found, worth=nothing, soon=nothing, unvalued=NotEnough("tie", 0.88, 0.3))

    monkeypatch.setattr(reckoning, "reckon", reckon)
    shop.rows("""insert into staff_setting (program_id, name, about, value, set_at, set_by)
                 values ($1, 'interest_percent', '', 4, now(), 'owner')""")
    works_again(shop)
    assert interests == [0.04], "what the shop says money costs"
    (slips,) = shop.do(lambda tx, _: read.slipping(tx, 9))
    assert (slips.chance, slips.orders, slips.worth_minor, slips.worth) == (200, 125, None, None)
    assert {one.get("value-health") for one in said(shop).values()} == {"strong", "slipping", None}
    assert not any("value-worth" in one for one in said(shop).values())
    found = page(shop)
    figures = {one.metric: one for one in found.figures}
    for name in ("expected_value", "expected_value_each"):
        assert (figures[name].lacking, figures[name].have) == ("tie", 0.88), name
    assert figures["valued_members"].part == 3
    assert figures["expected_to_come"].value == pytest.approx(0.55)
    kept = [one.id for one in found.tables]
    assert "by_health" in kept, "health is told"
    assert "by_part" not in kept, "nobody is in a part of what nobody can say"
    assert [row[-2:] for row in found.table("nights").rows] == [(0.55, None)]
    (row,) = found.table("reckoned").rows
    assert 0.04 in row, "the page says it"


def page(shop: Shop, store: str | None = None) -> Report:
    async def look(tx: Any, terms: Any) -> Report:
        asked = question(terms, shop.now, {"store": store} if store else {})
        return await REPORTS["values"](tx, asked)

    found: Report = shop.do(look)
    return found


def said_of(found: Report) -> tuple[Any, ...]:
    return found.figures, found.tables


def unequal(shop: Shop) -> list[str]:
    """Groups of which the night kept another number than there are members behind them."""

    async def look(tx: Any, terms: Any) -> list[str]:
        run = await read.last_run(tx)
        assert run
        wrong = []
        for store in (None, "mitte", "west", "nowhere"):
            asked = question(terms, shop.now, {"store": store} if store else {})
            for one in unpacked(await read.cuts(tx, run.as_of, store) or []):
                cell = behind.Cell(None, "" if one.cut == "all" else f"{one.cut}:{one.name}")
                upto = behind.Page(behind.NOBODY, 100)
                some = await behind.behind(tx, "valued_members", asked, upto, cell)
                if len(some) != one.members:
                    wrong.append(f"{store} {one.cut}:{one.name}")
        return wrong

    found: list[str] = shop.do(look)
    return found


def test_what_the_night_kept_is_what_its_rows_come_to(
    shop: Shop, told: list[reckoning.Known], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "AT_ONCE", 2)  # portions make the whole
    shop.record(
        buys(by(external="ann"), 300, receipt="m", store="mitte"),
        buys(by(external="bob"), 300, receipt="n", store="mitte"),
        buys(by(external="bob"), 300, receipt="w", store="west"),
    )
    shop.now += timedelta(days=1)
    shop.record(buys(by(external="ann"), 300, receipt="again", store="mitte"))
    shop.now += timedelta(days=1)
    works(shop)
    kept = page(shop), page(shop, "mitte"), page(shop, "nowhere")
    assert [one.figures[0].part for one in kept] == [3, 2, 0]
    assert [row[:2] for row in kept[0].table("value_by_store").rows] == [
        ("", 3), ("mitte", 2), ("west", 1),
    ]  # fmt: skip
    assert unequal(shop) == []
    shop.rows("update value_run set cuts = null where program_id = $1")
    at_once = page(shop), page(shop, "mitte"), page(shop, "nowhere")
    assert [said_of(one) for one in at_once] == [said_of(one) for one in kept]
    # The control: a number that is wrong by one is found.
    works_again(shop)
    assert unequal(shop) == []
    shop.rows("""update value_run
                    set cuts = jsonb_set(cuts, '{in,mitte,0,2}', '3') where program_id = $1""")
    assert len(unequal(shop)) == 1


def test_the_page_reads_what_was_kept_and_no_member(
    shop: Shop, told: list[reckoning.Known]
) -> None:
    works(shop)
    before = page(shop)
    shop.rows("delete from member_value where program_id = $1")
    assert said_of(page(shop)) == said_of(before)
    # The control: where nothing is kept, everybody is read.
    shop.rows("update value_run set cuts = null where program_id = $1")
    assert page(shop).figures[0].part == 0


def test_a_step_is_that_of_the_night_and_cuts_are_of_the_last_night_only(
    shop: Shop, told: list[reckoning.Known]
) -> None:
    works(shop)
    step = "update standing set tier = 'gold' where program_id = $1"
    shop.rows(step)
    assert unequal(shop) == []
    assert [row[0] for row in page(shop).table("value_by_tier").rows] == [""]
    works_again(shop)
    assert [row[:2] for row in page(shop).table("value_by_tier").rows] == [("gold", 3)]
    assert unequal(shop) == []
    many = "select count(*), count(cuts), count(found -> 'spread') from value_run"
    assert shop.rows(f"{many} where program_id = $1") == [(2, 1, 2)]


def works_again(shop: Shop) -> None:
    """The next night."""
    shop.now += timedelta(days=1)
    works(shop)
