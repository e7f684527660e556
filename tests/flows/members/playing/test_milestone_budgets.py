"""A milestone with a budget gives what is left for all members together, and never more."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.flows.members.playing.test_milestones import books, bought, points
from tests.flows.points.sharing import merge
from tests.makers import Shop, brings_back, buys, named

from regulars.flows.recording.preview_activities import preview_activities
from regulars.flows.recording.record_activities import record_activities
from regulars.records.members.types import MemberRef

Open = Callable[[str], Shop]
BUDGET = """
regulars: 1
program: budget
name: Budget
currency: EUR
zone: Europe/Berlin
wallets: {points: {negative: debt}}
milestones:
  - {id: second, name: Every second, wallet: points, per: month, budget: 120,
     steps: [{at: 2, points: 50, again: true}]}
"""
USED = "select period, used from budget where program_id = $1 order by period"


def ref(name: str) -> MemberRef:
    return MemberRef(external=name)


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    return met(open_shop(BUDGET))


def met(shop: Shop) -> Shop:
    """Four are members, each with one purchase; it is Monday, 2 March, at two."""
    shop.at("2026-03-02 14:00")
    shop.joined("ada", "ben", "cem", "dan")
    for name in ("ada", "ben", "cem", "dan"):
        bought(shop, 100, f"{name}-1", ref(name))
    return shop


def all_points(shop: Shop) -> list[int]:
    return [points(shop, name) for name in ("ada", "ben", "cem", "dan")]


def test_what_is_left_is_given_and_then_nothing(shop: Shop) -> None:
    gave = [
        bought(shop, 100, f"{name}-2", ref(name)).milestones
        for name in ("ada", "ben", "cem", "dan")
    ]
    assert gave == [{"second": 50}, {"second": 50}, {"second": 20}, {}]
    assert (all_points(shop), shop.rows(USED)) == ([50, 50, 20, 0], [(202603, 120)])
    shop.at("2026-04-01 00:00")
    shop.record(*[buys(ref("dan"), 100, receipt=f"april-{n}") for n in (1, 2)])
    assert (points(shop, "dan"), shop.rows(USED)) == (50, [(202603, 120), (202604, 50)])
    books(shop)


def test_what_comes_back_is_there_for_others_in_the_period_it_was_given_in(shop: Shop) -> None:
    for name in ("ada", "ben", "cem", "dan"):
        bought(shop, 100, f"{name}-2", ref(name))
    shop.at("2026-04-01 09:00")
    shop.record(brings_back("ada-2", (0, 100), receipt="back"))
    assert (points(shop, "ada"), shop.rows(USED)) == (0, [(202603, 70)])
    then = shop.local("2026-03-30 12:00")
    # Of what Dan reached in March 50 are there again, and 0 of what Ada gave back is left over.
    late = bought(shop, 100, "late", ref("dan"), occurred_at=then)
    assert (late.milestones, all_points(shop)) == ({"second": 50}, [0, 50, 20, 50])
    assert shop.rows(USED) == [(202603, 120)]
    books(shop)


def test_many_at_once_are_never_given_more(shop: Shop) -> None:
    told = [buys(ref(name), 100, receipt=f"{name}-2") for name in ("ada", "ben", "cem", "dan")]
    shop.together(*(lambda tx, terms, one=one: record_activities(tx, terms, [one]) for one in told))
    assert sorted(all_points(shop)) == [0, 20, 50, 50]
    assert shop.rows(USED) == [(202603, 120)]
    books(shop)


def test_a_preview_draws_on_nothing(shop: Shop) -> None:
    before = shop.rows(USED)
    (seen,) = shop.ask(preview_activities, buys(ref("ada"), 100, receipt="seen"))
    assert (seen.milestones, shop.rows(USED)) == ({"second": 50}, before)


def test_two_who_become_one_draw_together_what_they_drew(shop: Shop) -> None:
    for name in ("ada", "ben", "cem"):
        bought(shop, 100, f"{name}-2", ref(name))
    merge(shop, ref("cem"), ref("ada"))
    shop.record(brings_back("cem-2", (0, 100), receipt="back"))
    (used,) = shop.rows(USED)
    given = shop.rows(
        "select sum(c.value)::int from counter c join program_code n"
        " on n.program_id = c.program_id and n.kind = 'counter' and n.code = c.counter"
        " where c.program_id = $1 and n.name like 'milestone-given:%'"
    )
    assert (used[1],) == given[0]
    assert used[1] == points(shop, "ada") + points(shop, "ben")
    books(shop)


def test_a_period_keeps_the_budget_it_began_with(shop: Shop) -> None:
    shop.at("2026-03-03 09:00")
    shop.publish(named(BUDGET.replace("budget: 120", "budget: 60"), shop.terms.slug))
    for name in ("ada", "ben", "cem"):
        bought(shop, 100, f"{name}-2", ref(name))
    assert all_points(shop) == [50, 50, 20, 0]
    shop.at("2026-04-01 00:00")
    for name in ("ada", "ben"):
        shop.record(*[buys(ref(name), 100, receipt=f"{name}-{n}") for n in (3, 4)])
    assert (all_points(shop), shop.rows(USED)) == (
        [100, 60, 20, 0], [(202603, 120), (202604, 60)],
    )  # fmt: skip
    books(shop)


def test_a_budget_that_is_taken_out_holds_to_the_end_of_the_period(shop: Shop) -> None:
    shop.at("2026-03-03 09:00")
    shop.publish(named(BUDGET.replace(" budget: 120,", ""), shop.terms.slug))
    for name in ("ada", "ben", "cem", "dan"):
        bought(shop, 100, f"{name}-2", ref(name))
    assert (all_points(shop), shop.rows(USED)) == ([50, 50, 20, 0], [(202603, 120)])
    books(shop)


def test_verify_finds_a_budget_that_is_not_what_was_given(shop: Shop) -> None:
    assert bought(shop, 100, "ada-2", ref("ada")).milestones == {"second": 50}
    books(shop)
    more = "update budget set used = used + 1 where program_id = $1 returning used"
    assert shop.rows(more) == [(51,)]
    with pytest.raises(AssertionError, match="budgets_follow"):
        books(shop)
    given = (
        "update counter set value = value + {} from program_code n where n.kind = 'counter'"
        " and n.program_id = counter.program_id and n.code = counter.counter"
        " and n.name like 'milestone-given:%' and counter.program_id = $1"
    )
    shop.rows(given.format(1))
    with pytest.raises(AssertionError, match="counters_follow"):
        books(shop)
