"""Members' value and health: how they lie, who is behind each number, and what is not said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from tests.insight.metrics.test_from_the_books import told
from tests.insight.metrics.test_tastes import MARCH, table, two_days
from tests.makers import Shop

from regulars.base.faults import Invalid
from regulars.insight.metrics.reading import rows as behind
from regulars.surfaces.in_words.reports.asking import question
from regulars.surfaces.in_words.reports.offering import rule_for_group

Open = Callable[[str], Shop]
_VALUE = """
insert into member_value
select $1, i.member_id, '2026-03-09', $3::smallint, 0, $4::bigint, 1, 7, $5::text, $6::text
  from identifier i where i.program_id = $1 and i.kind = 'external' and i.value = $2
"""
_SAID = """
update member m set derived = $3::text::jsonb from identifier i
 where i.program_id = $1 and i.value = $2 and i.kind = 'external'
   and m.program_id = $1 and m.member_id = i.member_id
"""
_RUN = """
insert into value_run values ($1, $2::text::date, now(), 3, $3::text, $4::text::jsonb)
"""
PEOPLE = {
    "ada": (900, 60_00, "strong", "top-tenth", "55"),
    "bob": (200, 30_00, "slipping", "upper", "52"),
    "cleo": (None, 10_00, None, "lower", ""),
}


def kept(shop: Shop, day: str, model: str = "MBG/NBD", **found: Any) -> None:
    shop.rows(_RUN, day, model, msgspec.json.encode(found).decode())


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    return laid_out(open_shop)


def laid_out(open_shop: Open) -> Shop:
    """ada is strong and on gold, bob slips, of cleo, who ordered once, no chance is told."""
    shop = two_days(open_shop)
    shop.at("2026-03-10 12:00")
    told(shop, "overview")
    for name, (chance, worth, health, part, digits) in PEOPLE.items():
        shop.rows(_VALUE, name, chance, worth, health, part)
        if digits:
            said = {"value-recency": digits[0], "value-frequency": digits[1]}
            shop.rows(_SAID, name, msgspec.json.encode(said).decode())
    off = {"auc": 0.7, "recency": 0.6, "buying": 0.6, "lift": 1.3, "off": 0.02, "lapsed": 0.4,
           "picked": 10, "right": 7}  # fmt: skip
    kept(shop, "2026-03-09", off=0.08, judged=off)
    return shop


def listed(shop: Shop, metric: str, group: str = "", **said: str) -> list[behind.Who]:
    async def look(tx: Any, terms: Any) -> list[behind.Who]:
        asked = question(terms, shop.now, MARCH | said)
        page = behind.Page(behind.NOBODY, 10)
        return await behind.behind(tx, metric, asked, page, behind.Cell(None, group))

    found: list[behind.Who] = shop.do(look)
    return found


def test_values_lie_by_health_part_chance_tier_store_and_rfm(shop: Shop) -> None:
    found = told(shop, "values", **MARCH)
    said = {(one.metric, one.group): (one.part, one.whole) for one in found.figures}
    assert said == {
        ("valued_members", ""): (3, None),
        ("health_share", "slipping"): (1, 2),
        ("health_share", "strong"): (1, 2),
        ("health_share", "steady"): (0, 2),
        ("health_share", "lost"): (0, 2),
        ("expected_to_come", ""): (1, 2),
        ("expected_value", ""): (100_00, None),
        ("expected_value_each", ""): (100_00, 3),
        ("money_off", ""): (None, None),
    }
    come = found.figure("expected_to_come")
    assert come
    assert come.value == pytest.approx(0.55)
    assert [row[:2] for row in table(found, "by_health")] == [
        ("strong", 1), ("slipping", 1), ("", 1),
    ]  # fmt: skip
    assert [(row[0], row[-1]) for row in table(found, "by_part")] == [
        ("top-tenth", 0.6), ("upper", 0.3), ("lower", 0.1),
    ]  # fmt: skip
    assert [row[:2] for row in table(found, "by_chance")] == [("2", 1), ("9", 1), ("", 1)]
    assert [row[:3] for row in table(found, "rfm")] == [(5, 5, 1), (5, 2, 1)]
    (tier,) = table(found, "value_by_tier")
    assert (tier[0], tier[1], tier[-4:]) == ("", 3, (1, 0, 1, 0))
    (store,) = table(found, "value_by_store")
    assert (store[1], store[6]) == (2, 70_00), "what bob bought came back: he bought nowhere"
    reckoned = table(found, "reckoned")[0]
    assert reckoned[1:7] == ("MBG/NBD", "revenue", 0.08, 0.02, 10, 7)
    assert reckoned[7:] == (None, None, None, None, 0.1, None), "nothing is said of a season"
    for kept, says in (
        ('{"money_missing": {"what": "tie", "have": 0.41, "wanted": 0.3}}', (None, "tie", 0.41)),
        ('{"money_off": 0.11}', (0.11, None, 0)),
    ):
        shop.rows("update value_run set found = found || $2::text::jsonb where program_id = $1",
                  kept)  # fmt: skip
        off = told(shop, "values", **MARCH).figure("money_off")
        assert off
        assert (off.value, off.lacking, off.have) == says


BEHIND = {
    ("valued_members", ""): 3, ("valued_members", "health:slipping"): 1,
    ("valued_members", "health:"): 1, ("valued_members", "part:lower"): 1,
    ("valued_members", "chance:9"): 1, ("valued_members", "chance:"): 1,
    ("valued_members", "tier:"): 3, ("valued_members", "tier:gold"): 0,
    ("valued_members", "rfm:52"): 1, ("valued_members", "rfm:11"): 0,
    ("valued_members", "store:"): 2, ("valued_members", "store:nowhere"): 0,
    ("expected_value", ""): 3, ("expected_value_each", ""): 3, ("expected_to_come", ""): 2,
    ("health_share", "lost"): 2,
}  # fmt: skip
NONE = ("health:well", "part:", "chance:10", "chance:x", "size:1", "tier", "%", "rfm")


def test_every_number_opens_as_many_members_as_it_counts(shop: Shop) -> None:
    assert {one: len(listed(shop, *one)) for one in BEHIND} == BEHIND
    assert [one.counted for one in listed(shop, "health_share", "slipping")].count(True) == 1
    for one in BEHIND:
        assert listed(shop, *one, store="nowhere") == []


def test_a_group_that_is_none_is_refused_at_its_field(shop: Shop) -> None:
    for metric in ("valued_members", "health_share"):
        for group in NONE:
            with pytest.raises(Invalid) as refused:
                listed(shop, metric, group)
            assert refused.value.field == "group"


def test_before_the_first_night_and_where_nothing_is_told_it_says_why(open_shop: Open) -> None:
    shop = two_days(open_shop)
    shop.at("2026-03-10 12:00")
    found = told(shop, "values", **MARCH)
    assert {one.lacking for one in found.figures} == {"values"}
    assert found.tables == ()
    kept(shop, "2026-03-09", "", missing={"what": "members", "have": 3, "wanted": 100})
    found = told(shop, "values", **MARCH)
    assert {(one.lacking, one.have, one.wanted) for one in found.figures} == {("members", 3, 100)}


def test_nights_stand_beside_one_another_and_before_is_the_last_of_its_time(shop: Shop) -> None:
    spread = {"members": 2, "told": 1, "chances": 500, "worth_minor": 30_00, "strong": 0,
              "steady": 1, "slipping": 0, "lost": 0}  # fmt: skip
    for day in ("2026-02-27", "2026-02-28", "2026-03-08"):
        kept(shop, day, spread=spread)
    found = told(shop, "values", **MARCH, compare="previous")
    assert [row[2:8] for row in table(found, "nights")] == [(2, 0, 1, 0, 0, 0.5)]
    before = found.figure_before("expected_value")
    assert before
    assert (before.part, before.span.from_on.isoformat()) == (30_00, "2026-02-28")
    weeks = told(shop, "values", **MARCH | {"from": "2026-02-20"}, granularity="week")
    assert len(table(weeks, "nights")) == 2


def test_a_rule_asks_for_what_a_group_is_made_of(shop: Shop) -> None:
    async def look(_: Any, terms: Any) -> Any:
        return terms.at(shop.now).program

    program = shop.do(look)
    cell = rule_for_group(program, "rfm:52")
    assert cell
    assert [(one["attribute"], one["in"]) for one in cell["when"]["of"]] == [
        ("value-recency", ["5"]), ("value-frequency", ["2"]),
    ]  # fmt: skip
    slip = rule_for_group(program, "health:slipping")
    assert slip
    assert slip["when"] == {"if": "member", "attribute": "value-health", "in": ["slipping"]}
    for none in ("", "rfm:62", "rfm:5", "health:", "part:strong", "tier:gold", "x" * 300):
        assert rule_for_group(program, none) is None, none


def test_a_store_counts_who_ordered_there_in_the_year_before_the_night(shop: Shop) -> None:
    """Whatever time is asked for: values are of the night, and so is where somebody orders."""
    later = {"from": "2026-03-09", "to": "2026-03-09"}
    (store,) = table(told(shop, "values", **later), "value_by_store")
    assert store[1] == 2
    assert len(listed(shop, "valued_members", "store:", **later)) == 2
    shop.rows("update member_value set as_of = '2027-03-09' where program_id = $1")
    assert table(told(shop, "values", **MARCH), "value_by_store") == []
    assert listed(shop, "valued_members", "store:") == []
