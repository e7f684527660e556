"""What the program brought against what it cost: by a hold-out, or what is missing to say so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import msgspec
import pytest
from tests.insight.metrics.test_from_the_books import told
from tests.insight.metrics.test_tastes import rows
from tests.makers import Shop

from regulars.insight.experiments.looking import seen
from regulars.insight.experiments.outcomes import Outcomes
from regulars.insight.metrics.asked import Report
from regulars.records.program.changes.experiments.types import Arm, Experiment
from regulars.records.program.templates import load_template

_BEGUN = """
insert into experiment (program_id, experiment_id, code, title, kind, outcome, arms, parts, seed,
                        wanted, made_at, made_by, begun_at)
values ($1, gen_random_uuid(), 'held', 'H', $2::text, 'spend', '{held-out,all}', '{1,1}',
        decode(repeat('00', 16), 'hex'), 0, '2026-01-01', 'owner', '2026-01-01')
"""
_LOOK = """
insert into experiment_look
select $1, experiment_id, $2::text::date, now(), $3::text::jsonb from experiment
 where program_id = $1
"""
MARCH = {"from": "2026-03-01", "until": "2026-04-01"}
MANY = 400


@pytest.fixture
def shop(fresh_database: Any) -> Iterator[Shop]:
    made = Shop.open(fresh_database, load_template("coffee-shop"))
    made.at("2026-03-20 12:00")
    yield made
    made.close()


def look(more: int, cost: int, margin: int = 30, *, held: int = MANY) -> dict[str, Any]:
    """A look as the night makes it: members spend 10 to 30, those not held out so much more, and
    cost so much more."""
    one = Experiment(
        None, "held", "H", "everybody", "spend", (Arm("held-out", 1), Arm("all", 1)), b"", None, ""
    )  # type: ignore[arg-type]
    arm = [0] * held + [1] * MANY
    noise = [1_000 + 5 * (place * 37 % MANY) for place in range(held + MANY)]
    spend = [base + more * side for base, side in zip(noise, arm, strict=True)]
    costs = [place % 7 + cost * side for place, side in enumerate(arm)]
    found = dict.fromkeys(Outcomes._fields, [0.0] * len(arm))
    found |= {
        "arm": arm,
        "spend": spend,
        "cost": costs,
        "orders": [1 + n % 3 for n in range(len(arm))],
    }
    return seen(one, Outcomes(**found), margin)  # type: ignore[arg-type]


def kept(shop: Shop, day: str, found: dict[str, Any]) -> None:
    shop.rows(_LOOK, day, msgspec.json.encode(found).decode())


def said(found: Report, metric: str) -> Any:
    one = found.figure(metric)
    assert one is not None
    return one


def test_return_is_margin_less_cost_over_cost_as_it_was_looked_at_in_the_time(shop: Shop) -> None:
    shop.rows(_BEGUN, "everybody")
    kept(shop, "2026-02-20", look(200, 50))
    kept(shop, "2026-03-19", look(300, 50))
    found = told(shop, "overview", **MARCH, compare="previous")
    rate, more = said(found, "return_on_cost"), said(found, "brought_more")
    assert rate.value == pytest.approx(0.3 * more.value / 50 - 1, abs=0.05)
    assert rate.low < rate.value < rate.high
    assert (rate.whole, rate.n) == (pytest.approx(MANY * 50, rel=0.02), MANY)
    assert rate.part == pytest.approx(rate.value * rate.whole, abs=1)
    assert more.part == round(more.value * MANY)
    before = found.figure_before("return_on_cost")
    assert before
    assert before.value == pytest.approx(rate.value - 0.6, abs=0.05)


def test_the_return_opens_whom_the_last_look_was_at(shop: Shop) -> None:
    ids = [UUID(int=n + 1) for n in range(5)]
    shop.rows(_BEGUN, "everybody")
    for at, id_ in enumerate(ids):
        since = "2026-03-01" if at < 4 else "2027-01-01"
        shop.rows("""insert into experiment_member
                     select $1, experiment_id, $2, $3::int, $4::text::timestamptz from experiment
                      where program_id = $1""", id_, int(at > 0), since)  # fmt: skip
    for metric in ("return_on_cost", "brought_more"):
        assert rows(shop, metric, **MARCH) == [], "nobody looked"
    kept(shop, "2026-03-19", look(300, 50))
    shop.rows("update experiment_look set at = '2026-03-19' where program_id = $1")
    found = [(one.member_id, one.counted) for one in rows(shop, "brought_more", **MARCH)]
    assert found == [(ids[0], False), *((id_, True) for id_ in ids[1:4])], "who was there by then"
    shop.rows("insert into member_alias values ($1, $2, $3)", ids[1], ids[2])
    found = [(one.member_id, one.counted) for one in rows(shop, "brought_more", **MARCH)]
    assert found == [(ids[0], False), *((id_, True) for id_ in ids[2:4])], "who was merged is one"


def test_without_a_hold_out_a_look_or_a_margin_it_is_not_said(shop: Shop) -> None:
    def why(**time: str) -> list[Any]:
        found = told(shop, "overview", **(time or MARCH))
        return [said(found, one).lacking for one in ("return_on_cost", "brought_more")]

    assert why() == ["hold_out", "hold_out"]
    shop.rows(_BEGUN, "hold_out")
    kept(shop, "2026-03-10", look(300, 50))
    assert why() == ["hold_out", "hold_out"], "one campaign's is not the program's"
    shop.rows("update experiment set kind = 'everybody' where program_id = $1")
    assert why() == [None, None]
    assert why(**{"from": "2026-03-11", "until": "2026-03-20"}) == ["look", "look"]
    for day, found, due in (
        ("2026-03-11", look(300, 50, margin=0), ["margin", None]),
        ("2026-03-12", look(300, 0), ["cost", None]),
        ("2026-03-13", look(300, 50, held=40), ["mismatch", "mismatch"]),
        ("2026-03-14", {"arms": [{"members": 3}, {"members": 2}], "effects": []},
         ["values", "values"]),
    ):  # fmt: skip
        kept(shop, day, found)
        assert why() == due, day
