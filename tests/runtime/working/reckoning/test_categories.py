"""What members buy from next: reckoned once a week, said to rules and the till, or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from tests.flows.night.counted.following import goes_on
from tests.makers import Shop, brings_back, buys, by, line

from regulars.flows.membership.erase_members import erase_members
from regulars.insight.estimators.buying import next_category as asked
from regulars.insight.estimators.saying import NotEnough
from regulars.records.members.types import EraseMember
from regulars.records.standing.categories import read
from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.reckoning import categories as working
from regulars.runtime.working.reckoning.categories import Categories

SOURCE = """
regulars: 1
program: kinds
name: Kinds
currency: EUR
zone: Europe/Berlin
wallets: {points: {}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - id: cake
    on: purchase
    wallet: points
    when: {if: member, attribute: value-category, in: [cake]}
    award: {give: fixed, points: 100}
"""
_SAID = """
select i.value, m.derived from member m join identifier i using (program_id, member_id)
 where m.program_id = $1 and i.kind = 'external' order by i.value
"""
TRIED = asked.Tried(300, 200, 150, 120, 0.1, 0.2, 0.5, 90.0)


@pytest.fixture
def shop(fresh_database: Any) -> Iterator[Shop]:
    made = Shop.open(fresh_database, SOURCE)
    made.joined("ann", "bob", "cyd", "dan")
    made.record(
        buys(by(external="ann"), line(300, "cake"), line(200, "coffee"), receipt="a"),
        buys(by(external="bob"), line(300, "coffee"), line(100, "cake"), receipt="b"),
        buys(by(external="cyd"), 700, receipt="c"),
    )
    made.record(brings_back("b", (1, 1), receipt="b-back"))
    made.now += timedelta(days=1)
    yield made
    made.close()


class Models:
    """What is asked of the estimator, and what it says."""

    def __init__(self) -> None:
        self.asked: list[tuple[asked.Sold, int]] = []
        self.says: Any = None

    def __call__(self, sold: asked.Sold, today: int) -> Any:
        self.asked.append((sold, today))
        if self.says is not None:
            return self.says
        who = np.unique(sold.member)
        return asked.Next(who, np.zeros(len(who), dtype=np.int64), TRIED)


@pytest.fixture
def models(monkeypatch: pytest.MonkeyPatch) -> Models:
    made = Models()
    monkeypatch.setattr(asked, "next_category", made)
    return made


def reckons(shop: Shop) -> None:
    goes_on(shop)
    shop.run(Categories(shop.database, Programs(shop.database)).go(shop.program_id, shop.now))


def said(shop: Shop) -> dict[str, Any]:
    return {
        name: (json.loads(value) if value else {}).get("value-category")
        for name, value in shop.rows(_SAID)
    }


def test_what_was_bought_and_not_brought_back_is_asked_of(shop: Shop, models: Models) -> None:
    reckons(shop)
    ((sold, today),) = models.asked
    assert today == (shop.now.date() - date(1970, 1, 1)).days - 1
    rows = zip(sold.member.tolist(), sold.category.tolist(), strict=True)
    assert sorted(rows) == [(0, 0), (0, 1), (1, 1)], "Bob's cake came back; Cyd's has no category"
    assert set(sold.day.tolist()) == {today}


@pytest.mark.parametrize("at_once", [1, 2, 50])
def test_it_is_said_of_each_and_rules_decide_by_it(
    shop: Shop, models: Models, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(working, "AT_ONCE", at_once)
    reckons(shop)
    assert said(shop) == {"ann": "cake", "bob": "cake", "cyd": None, "dan": None}
    run = shop.do(lambda tx, _: read.last_run(tx))
    assert (run.members, run.version) == (2, "next-category-1")
    assert run.found["tried"]["right"] == 200
    ann, cyd = shop.record(buys(by(external="ann"), 100), buys(by(external="cyd"), 100))
    assert [one.earned for one in (ann, cyd)] == [{"points": 100}, {"points": 1}], (
        "the rule that gives more"
    )


def test_once_a_week_and_what_is_over_is_said_no_more(shop: Shop, models: Models) -> None:
    reckons(shop)
    reckons(shop)
    shop.now += timedelta(days=6)
    reckons(shop)
    assert len(models.asked) == 1
    models.says = asked.NotBetter(TRIED)
    shop.now += timedelta(days=1)
    reckons(shop)
    assert len(models.asked) == 2
    assert set(said(shop).values()) == {None}
    run = shop.do(lambda tx, _: read.last_run(tx))
    assert (run.version, run.found["missing"]) == ("", {"what": "better"})


def test_of_a_shop_opened_yesterday_it_says_what_is_missing(shop: Shop) -> None:
    reckons(shop)
    run = shop.do(lambda tx, _: read.last_run(tx))
    assert (run.members, run.version) == (0, "")
    assert run.found["missing"]["what"] == "history"
    assert set(said(shop).values()) == {None}


def test_a_shop_without_categories_is_no_mishap(fresh_database: Any) -> None:
    shop = Shop.open(fresh_database, SOURCE)
    shop.now += timedelta(days=1)
    reckons(shop)
    assert shop.do(lambda tx, _: read.last_run(tx)).found["missing"]["what"] == "groups"
    shop.close()


def test_beside_it_stands_what_else_is_said_and_erased_is_erased(
    shop: Shop, models: Models
) -> None:
    sql = 'update member set derived = \'{"value-health": "strong"}\' where program_id = $1'
    shop.rows(sql)
    reckons(shop)
    derived = {name: json.loads(value) for name, value in shop.rows(_SAID)}
    assert derived["ann"] == {"value-health": "strong", "value-category": "cake"}
    assert derived["dan"] == {"value-health": "strong"}
    ((who,),) = shop.rows("select member_id from identifier where program_id = $1 "
                          "and kind = 'external' and value = 'ann'")  # fmt: skip
    shop.ask(erase_members, EraseMember(who))
    shop.now += timedelta(days=7)
    reckons(shop)
    left = shop.rows("select count(*) from member where program_id = $1 and state = 'erased' "
                     "and derived is not null")  # fmt: skip
    assert left == [(0,)]


def test_too_little_takes_back_what_was_said(shop: Shop, models: Models) -> None:
    reckons(shop)
    models.says = NotEnough("repeat_orders", 20, 200)
    shop.now += timedelta(days=7)
    reckons(shop)
    assert set(said(shop).values()) == {None}
