"""What is far from usual: on amounts whose habits are known, and silence where it must be."""

from __future__ import annotations

import random
from datetime import date, timedelta
from uuid import UUID

from regulars.insight.estimators.saying import NotEnough
from regulars.insight.values.slips import chosen, reasons
from regulars.insight.values.unusual import FAR, Day, Far, Jump, above, far, own, raised, usual
from regulars.records.standing.alerts.read import Lately, Slips

ON = date(2026, 3, 2)


def who(number: int) -> UUID:
    return UUID(int=number)


def days(*amounts: int, step: int = 7) -> list[Day]:
    return [Day(ON - timedelta(days=step * (at + 1)), one) for at, one in enumerate(amounts)]


def test_the_middle_is_that_of_amounts_each_as_often_as_it_came() -> None:
    found = usual([(100, 150), (10_000, 100), (0, 900)])
    assert not isinstance(found, NotEnough)
    assert above(100, found) == 0, "nothing at all counts as no day"
    assert usual([(100, 199)]) == NotEnough("values", 199, 200)


def test_of_a_shop_of_chance_hardly_anybody_is_far_and_who_was_planted_is() -> None:
    """2,000 members with spending of a long tail; of ten the day is fifty times what they spend."""
    rng = random.Random(4)
    middle = {who(at): rng.gauss(6.5, 0.5) for at in range(2_000)}

    def spent(member: UUID) -> int:
        return round(2.718 ** rng.gauss(middle[member], 0.4))

    before = {one: days(*(spent(one) for _ in range(20))) for one in middle}
    peers = usual([(day.amount, 1) for theirs in before.values() for day in theirs])
    assert not isinstance(peers, NotEnough)
    today = {one: spent(one) for one in middle}
    quiet = far(today, before, peers, ON.weekday())
    assert len(quiet) <= 4
    planted = {who(at) for at in range(10)}
    today |= {one: today[one] * 50 for one in planted}
    found = {one.member_id for one in far(today, before, peers, ON.weekday())}
    assert planted - found == set()
    assert len(found) <= 14


def test_own_days_of_the_week_count_where_there_are_enough() -> None:
    mondays, tuesdays = (
        days(*[9_000] * 8),
        [Day(ON - timedelta(days=7 * at + 6), 100) for at in range(30)],
    )
    season = own([*mondays, *tuesdays], ON.weekday())
    assert season is not None
    assert abs(above(9_000, season)) < 1e-9
    assert own(days(*[9_000] * 7), ON.weekday()) is None, "seven days say nothing"
    flat = own([*days(*[9_000] * 7), *tuesdays], ON.weekday())
    assert flat is not None
    assert above(9_000, flat) > 6


def test_who_always_pays_the_same_may_pay_a_little_more() -> None:
    always = own(days(*[999] * 20), ON.weekday())
    assert always is not None
    assert above(1_099, always) < 1
    assert above(2_000, always) > FAR


def test_negative_days_are_far_from_nothing() -> None:
    peers = usual([(100, 500)])
    assert not isinstance(peers, NotEnough)
    assert far({who(1): -50, who(2): 0}, {}, peers, 0) == []


def test_a_member_has_one_alert_with_all_reasons_and_one_step_is_no_jump() -> None:
    seen = Far(who(1), 900, 90, 5.0)
    found = raised(
        ON,
        [("spent_much", "", [seen]), ("earned_much", "points", [seen])],
        [Jump(who(1), 2, "gold"), Jump(who(2), 1, "silver"), Jump(who(3), 3, "gold")],
        20,
    )
    assert [one.member_id for one in found] == [who(1), who(3)]
    assert found[0].sorts == ["earned_much", "spent_much", "tier_jump"]
    many = raised(ON, [("spent_much", "", [Far(who(at), 9, 1, at) for at in range(99)])], [], 20)
    assert [one.member_id for one in many][:2] == [who(98), who(97)]
    assert len(many) == 20
    assert raised(ON, [("spent_much", "", [seen])], [], -3) == []


def slips(number: int, chance: int, worth: int) -> Slips:
    return Slips(who(number), chance, worth, 61, 19)


def test_beside_each_stands_the_nearest_chance_and_nobody_twice() -> None:
    order = [slips(1, 300, 9), slips(2, 310, 8), slips(3, 120, 7), slips(4, 305, 6),
             slips(5, 390, 5)]  # fmt: skip
    told, beside = chosen(order, 2)
    assert [one.member_id for one in told] == [who(1), who(2)]
    assert [one.member_id for one in beside] == [who(4), who(5)]
    assert chosen(order, 5)[1] == [], "nobody is left"
    assert chosen([], 3) == ([], [])


def test_reasons_are_only_what_is_so() -> None:
    one = slips(1, 300, 9)
    assert [why.sort for why in reasons(one, None)] == ["days_away"]
    same = Lately(who(1), 4, 4, 700, 1_000)
    assert [why.sort for why in reasons(one, same)] == ["days_away"], "a third less is less, not .7"
    less = Lately(who(1), 4, 5, 699, 1_000)
    assert [why.sort for why in reasons(one, less)] == ["days_away", "fewer_orders", "spends_less"]
    back = Lately(who(1), 1, 1, -50, 1_000)
    assert [why.sort for why in reasons(one, back)] == ["days_away"]
