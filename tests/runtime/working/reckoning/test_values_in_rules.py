"""What was reckoned of a member counts for rules while it is not too old, with its day and way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from tests.makers import Shop, buys, by
from tests.runtime.working.reckoning.test_values import simply, three, works

from regulars.engine.returning.sale import Sale
from regulars.engine.words.explain import why
from regulars.engine.words.voice import PLAIN
from regulars.records.activity import read as activities
from regulars.records.program.templates import load_template
from regulars.records.standing.values.types import LAST_DAYS, as_reckoned
from regulars.records.trail import read as trails

_RULE = """
rules:
  - id: strong
    wallet: points
    on: purchase
    when: {if: member, attribute: value-health, in: [strong]}
    award: {give: fixed, points: 10}
"""
_SET = """
insert into staff_setting (program_id, name, about, value, set_at, set_by)
values ($1, 'values_last_days', '', $2, now(), 'owner')
"""


def source() -> str:
    """A shop that gives more to whoever is likely to come again."""
    return load_template("coffee-shop").replace("\nrules:\n", _RULE, 1)


@pytest.fixture
def shop(fresh_database: Any) -> Iterator[Shop]:
    made = Shop.open(fresh_database, source())
    three(made)
    yield made
    made.close()


def given(shop: Shop, name: str, receipt: str, *, days_ago: int = 0) -> int:
    """How many points a sale of 5.00 brought."""
    before = shop.balances(name).get("points", (0, 0, 0))[0]
    at = shop.now - timedelta(days=days_ago)
    shop.record(buys(by(external=name), 500, receipt=receipt, occurred_at=at))
    return shop.balances(name)["points"][0] - before


def last_sale(shop: Shop) -> tuple[dict[str, Any], list[str]]:
    """What was frozen of the member with the last activity that was told, and why it earned."""
    sql = "select member_id, activity_id from activity where program_id = $1"
    member_id, id_ = shop.rows(f"{sql} order by activity_id desc limit 1")[0]
    kept = shop.do(lambda tx, _: trails.one(tx, member_id, id_))
    told = shop.do(lambda tx, _: activities.one(tx, id_))
    assert kept is not None
    assert told is not None
    version = shop.terms.numbered(kept.steps.version)
    return dict(kept.steps.member), why(version, Sale(told.activity, kept.steps), PLAIN)


def test_a_rule_asks_what_was_reckoned_until_it_is_too_old(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    simply(monkeypatch)
    works(shop)
    plain, more = given(shop, "bob", "b1"), given(shop, "ann", "a1")
    assert more == 10
    day = (shop.now.date() - timedelta(days=1)).isoformat()
    frozen, says = last_sale(shop)
    assert f"What the rules asked of the member was reckoned on {day} (MBG/NBD)." in says
    assert frozen == {
        "value-health": "strong", "value-as-of": day, "value-model": "MBG/NBD",
    }  # fmt: skip
    shop.now += timedelta(days=29)
    assert given(shop, "ann", "a2") == 10, "of thirty days ago"
    shop.now += timedelta(days=1)
    assert given(shop, "ann", "a3") == plain, "older than it may be: as if nobody knew it"
    frozen, says = last_sale(shop)
    assert frozen == {
        "value-as-of": day, "value-model": "MBG/NBD", "value-older-than": 30,
    }  # fmt: skip
    assert (
        f"What was reckoned of the member on {day} (MBG/NBD) did not count: on that day it was "
        "more than 30 days old."
    ) in says
    assert given(shop, "ann", "late", days_ago=1) == 10, "as old as it was when it happened"
    assert given(shop, "bob", "b2") == plain
    assert last_sale(shop)[0].keys() == {"value-as-of", "value-model", "value-older-than"}
    shop.rows(_SET, 31)
    assert given(shop, "ann", "a4") == 10, "the shop says how old"


def test_how_old_it_is_goes_by_the_days_of_the_shop(
    fresh_database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = source().replace("zone: Europe/Berlin", "zone: America/Los_Angeles")
    shop = Shop.open(fresh_database, far)
    three(shop)
    simply(monkeypatch)
    works(shop)
    plain = given(shop, "bob", "b1")
    day = shop.now.astimezone(shop.zone).date() - timedelta(days=1)
    last = datetime.combine(day + timedelta(days=LAST_DAYS), time(23), shop.zone)
    shop.now = last.astimezone(UTC)  # which is the day after by the clock of Greenwich
    assert given(shop, "ann", "a1") == 10
    shop.now += timedelta(hours=1)
    assert given(shop, "ann", "a2") == plain != 10
    shop.close()


def test_only_what_is_too_old_is_left_out() -> None:
    known: dict[str, bool | int | str] = {
        "vip": True, "value-worth": "upper", "value-category": "cake",
    }  # fmt: skip
    today, runs = date(2026, 3, 31), ("2026-03-01|MBG/NBD", "2026-02-28|v2", None)
    assert as_reckoned(known, runs, today) == {
        "vip": True, "value-worth": "upper", "value-as-of": "2026-03-01", "value-model": "MBG/NBD",
        "value-category-as-of": "2026-02-28", "value-category-version": "v2",
        "value-category-older-than": 30,
    }  # fmt: skip
    assert as_reckoned(known, (None, None, "9"), today) == {"vip": True}
    assert as_reckoned({"vip": True}, runs, today) == {"vip": True}, "of whom nothing is reckoned"
