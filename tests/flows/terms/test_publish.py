"""Publishing: each version once, the past decided by the version that was in force then."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.makers import NOON, Shop, brings_back, buys

from regulars.base.faults import Invalid
from regulars.flows.terms.plan_version import plan_version
from regulars.flows.terms.publish_program import AlreadyPublished, WarningsOpen
from regulars.records.program.problems import ProgramFault
from regulars.records.program.templates import load_template

Open = Callable[[str], Shop]
RATE = """
regulars: 1
program: rate
name: Rate
currency: EUR
zone: Europe/Berlin
wallets:
  points: {}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: POINTS, per: "1.00"},
     limits: LIMITS}
"""


def rate(shop: Shop | None, points: int, limits: str = "[]") -> str:
    text = RATE.replace("POINTS", str(points)).replace("LIMITS", limits)
    return text.replace("program: rate", f"program: {shop.terms.slug}") if shop else text


def test_the_version_in_force_when_it_happened_decides(open_shop: Open) -> None:
    shop = open_shop(rate(None, 1))
    (ada,) = shop.joined("ada")
    shop.publish(rate(shop, 2), effective_from=shop.now + timedelta(hours=1))
    earned = []
    for minutes in (59, 60, 0):
        at = shop.now + timedelta(minutes=minutes)
        (one,) = shop.record(buys(ada, 1_000, occurred_at=at))
        earned.append((one.version, one.earned))
    assert earned == [(1, {"points": 10}), (2, {"points": 20}), (1, {"points": 10})]


def test_what_happened_before_the_first_version_is_decided_by_it(open_shop: Open) -> None:
    shop = open_shop(rate(None, 1))
    (ada,) = shop.joined("ada")
    (one,) = shop.record(buys(ada, 1_000, occurred_at=shop.now - timedelta(days=900)))
    assert (one.version, one.earned) == (1, {"points": 10})


def test_a_sale_is_taken_back_by_its_own_version(open_shop: Open) -> None:
    shop = open_shop(rate(None, 3))
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 1_000, receipt="r1"))
    shop.publish(rate(shop, 1))
    shop.now += timedelta(days=1)
    (back,) = shop.record(brings_back("r1", (0, 500), receipt="b1"))
    assert (back.version, back.earned) == (1, {"points": -15})


def test_the_same_file_again_publishes_nothing(open_shop: Open) -> None:
    shop = open_shop(rate(None, 1))
    again = shop.publish(rate(shop, 1))
    assert (again.version, again.fresh) == (1, False)
    next_ = shop.publish(rate(shop, 2))
    assert (next_.version, next_.fresh) == (2, True)
    versions = "select version, published_by from program_version where program_id = $1"
    assert shop.rows(versions) == [(1, "owner"), (2, "owner")]


def test_the_newest_file_with_an_earlier_date_decides_from_then_on(open_shop: Open) -> None:
    shop = open_shop(rate(None, 1))
    (ada,) = shop.joined("ada")
    shop.publish(rate(shop, 2), effective_from=shop.now + timedelta(days=9))
    planned = shop.publish(rate(shop, 2), effective_from=shop.now + timedelta(days=9))
    assert (planned.version, planned.fresh) == (2, False)
    sooner = shop.publish(rate(shop, 2), effective_from=shop.now + timedelta(days=3))
    assert (sooner.version, sooner.fresh) == (3, True)
    earned = []
    for days in (2, 3, 8, 9):
        shop.now += timedelta(days=days) - (shop.now - NOON)
        (one,) = shop.record(buys(ada, 1_000))
        earned.append((one.version, one.earned["points"]))
    assert earned == [(1, 10), (3, 20), (3, 20), (2, 20)]


def test_the_newest_file_without_a_date_begins_now_when_it_was_planned(open_shop: Open) -> None:
    shop = open_shop(rate(None, 1))
    shop.publish(rate(shop, 2), effective_from=shop.now + timedelta(days=9))
    now = shop.publish(rate(shop, 2))
    assert (now.version, now.effective_from, now.fresh) == (3, shop.now, True)


def test_what_is_promised_cannot_be_put_off(open_shop: Open) -> None:
    shop = open_shop(rate(None, 1))
    with pytest.raises(AlreadyPublished) as fault:
        shop.publish(rate(shop, 1), effective_from=shop.now + timedelta(days=1))
    assert fault.value.field == "/effective_from"
    assert len(shop.terms.versions) == 1


def test_another_program_s_file_is_a_fault(cafe: Shop) -> None:
    with pytest.raises(Invalid) as fault:
        cafe.publish(load_template("bronze-silver-gold"))
    assert fault.value.field == "/program"
    assert cafe.rows("select max(version) from program_version where program_id = $1") == [(1,)]


def test_two_limits_of_one_kind_and_period_are_a_slip(open_shop: Open) -> None:
    shop = open_shop(rate(None, 1))
    twice = "[{per: month, points: 50}, {per: month, points: 80}]"
    with pytest.raises(ProgramFault) as fault:
        shop.publish(rate(shop, 1, twice))
    assert [problem.path for problem in fault.value.problems] == ["rules[0].limits[1]"]
    shop.publish(rate(shop, 1, "[{per: month, points: 50}, {per: month, times: 2}]"))
    assert len(shop.terms.versions) == 2


def test_a_file_that_would_rule_never_again_has_to_be_meant(open_shop: Open) -> None:
    """`--from today` on the day of the first version meant this morning, and nothing changed."""
    shop = open_shop(rate(None, 1))
    morning = shop.now - timedelta(hours=3)
    with pytest.raises(WarningsOpen) as fault:
        shop.publish(rate(shop, 2), effective_from=morning)
    assert fault.value.facts["warnings"] == ["overtaken:1"]
    assert "version 1 rules since 2026-03-02 13:00" in fault.value.says
    assert len(shop.terms.versions) == 1
    file = rate(shop, 2)
    plan = shop.do(lambda tx, _terms: plan_version(tx, file, morning))
    assert [one.code for one in plan.problems if one.code] == ["overtaken:1"]
    shop.publish(rate(shop, 2), effective_from=morning, accept=("overtaken:1",))
    assert shop.terms.at(shop.now).number == 1


def test_a_file_that_begins_in_the_past_has_to_be_meant(open_shop: Open) -> None:
    shop = open_shop(rate(None, 1))
    shop.now += timedelta(days=3)
    with pytest.raises(WarningsOpen) as fault:
        shop.publish(rate(shop, 2), effective_from=shop.now - timedelta(days=2))
    assert fault.value.facts["warnings"] == ["past:2026-03-03"]
    today = shop.publish(rate(shop, 2), effective_from=shop.now - timedelta(hours=3))
    assert (today.version, today.warnings) == (2, ())


def test_a_file_that_another_follows_soon_says_so(open_shop: Open) -> None:
    shop = open_shop(rate(None, 1))
    shop.publish(rate(shop, 2), effective_from=shop.now + timedelta(days=9))
    done = shop.publish(rate(shop, 3), effective_from=shop.now + timedelta(days=3))
    assert [one.says for one in done.warnings] == [
        "it rules until 2026-03-11 13:00 only; from then on version 2 does"
    ]
