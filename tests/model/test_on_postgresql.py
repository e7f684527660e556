"""The flows and the API on PostgreSQL against the reference, then `verify`."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import replace
from tests.makers import Shop
from tests.model.events import Answer, Publishes
from tests.model.on_http import OnHttp
from tests.model.on_postgresql import OnPostgreSQL
from tests.model.playing import WHERE, agree_and_verify, nothing_starved
from tests.model.programs import written
from tests.telling import Telling
from tests.turns import NIGHTLY

from regulars.engine.checking.admission import admit
from regulars.records.program.reading import read_program
from regulars.records.program.templates import load_template
from regulars.records.program.types import PerAmount, Rule


@pytest.fixture
def shop(database: Any) -> Iterator[Shop]:
    shop = Shop.open(database, load_template("coffee-shop"))
    yield shop
    shop.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("driver", "size", "shops"),
    [(OnPostgreSQL, "postgresql", 25 if NIGHTLY else 8), (OnHttp, "http", 10 if NIGHTLY else 6)],
)
def test_shop_and_reference_agree_after_every_step(
    shop: Shop, driver: Any, size: str, shops: int, tell: Telling
) -> None:
    for told in agree_and_verify(driver, shop, size, shops):
        tell(f"model on {driver.__name__}, {told}")


def test_a_kind_that_never_happens_is_told() -> None:
    """The control: what is left out, and what no line knows of."""
    every = Counter({kind: 2 for kinds in WHERE.values() for kind in kinds})
    assert nothing_starved(every) == []
    assert nothing_starved(every - Counter({"Bounces": 2, "Chooses": 2})) == ["Bounces", "Chooses"]
    assert nothing_starved(every + Counter({"Flies": 1})) == ["Flies"]


@pytest.mark.parametrize("driver", [OnPostgreSQL, OnHttp])
def test_a_version_that_warns_is_meant_by_whoever_plays_it(shop: Shop, driver: Any) -> None:
    """Drawn terms may give a large share of each sale, and what points are worth may fall."""
    text = load_template("coffee-shop")
    playing = driver(shop, text, shop.now)
    program = read_program(text)
    rules = [_ten_times(rule) for rule in program.rules]
    much = written(replace(program, rules=rules, cases=()))
    assert [one.code.partition(":")[0] for one in admit(much).warnings] == ["share"]
    assert playing.do_all(shop.now, [Publishes(much)]) == [Answer("published")]
    assert len(shop.terms.versions) == 2
    playing.close()


def _ten_times(rule: Rule) -> Rule:
    award = rule.award
    if not isinstance(award, PerAmount):
        return rule
    return replace(rule, award=replace(award, points=str(10 * int(award.points))))
