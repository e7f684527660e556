"""Appointments: booked, moved, cancelled in time, and missed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.flows.members.benefits.house import (
    ADA,
    BEN,
    CEM,
    HOUSE,
    back,
    counted,
    may,
    missed,
    move,
    opened,
    slots,
    take,
)
from tests.makers import Shop, asked

from regulars.base.faults import Invalid, NotFound
from regulars.flows.membership.benefits.use_benefits import use_benefits
from regulars.flows.membership.commands import UseBenefit

Open = Callable[[str], Shop]
DAY = "2026-07-09"


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    return opened(open_shop(HOUSE))


def ten(shop: Shop, day: str = DAY) -> object:
    return shop.local(f"{day}T10:00")


def test_booked_it_is_used_and_the_slot_has_one_place_less(shop: Shop) -> None:
    assert [(one.from_at, one.left) for one in slots(shop, "stylist", DAY)] == [
        (shop.local(f"{DAY}T10:00"), 2),
        (shop.local(f"{DAY}T11:00"), 2),
    ]
    done = take(shop, ADA, "stylist", from_at=ten(shop))

    assert (done.left, done.from_at, done.until_at) == (2, ten(shop), shop.local(f"{DAY}T11:00"))
    assert [one.left for one in slots(shop, "stylist", DAY)] == [1, 2]
    assert shop.told()[-1] == "benefit.used"


def test_who_finds_it_full_takes_another_time_or_store(shop: Shop) -> None:
    take(shop, ADA, "stylist", "Nil", from_at=ten(shop), store="mitte")
    no = take(shop, BEN, "stylist", from_at=ten(shop), store="mitte")
    assert (no.code, no.facts) == ("fully_booked", {"places": 2, "left": 0})
    assert may(shop, "ben", "stylist", from_at=ten(shop), store="mitte").no.code == "fully_booked"
    assert take(shop, BEN, "stylist", from_at=ten(shop), store="west").left == 2


def test_guests_take_a_place_each(shop: Shop) -> None:
    take(shop, BEN, "stylist", from_at=ten(shop))
    assert take(shop, ADA, "stylist", "Nil", from_at=ten(shop)).code == "fully_booked"
    assert take(shop, ADA, "stylist", from_at=ten(shop)).left == 2


def test_a_time_that_is_none(shop: Shop) -> None:
    for words in ("2026-07-09T10:30", "2026-07-08T10:00", "2026-07-02T10:00", "2026-09-10T10:00"):
        no = take(shop, ADA, "stylist", from_at=shop.local(words))
        assert no.code == "no_such_time", words
    assert isinstance(take(shop, ADA, "stylist"), Invalid)
    assert take(shop, CEM, "welcome", from_at=ten(shop)).code == "no_such_time"
    with pytest.raises(NotFound):
        slots(shop, "welcome", DAY)


def test_it_counts_in_the_month_in_which_it_is(shop: Shop) -> None:
    take(shop, ADA, "stylist", from_at=ten(shop, "2026-08-04"))
    assert counted(shop, "stylist") == [(202608, 1)]
    assert may(shop, "ada", "stylist").left == 3


def test_cancelled_until_a_day_before_and_later_only_by_the_shop(shop: Shop) -> None:
    done = take(shop, ADA, "stylist", from_at=ten(shop))
    shop.at(f"{DAY[:-1]}8T10:00")
    no = back(shop, done.use_id)
    assert no.code == "too_late_to_cancel"
    assert [one.left for one in slots(shop, "stylist", DAY)] == [1, 2]
    assert back(shop, done.use_id, late=True).state == "undone"
    assert [one.left for one in slots(shop, "stylist", DAY)] == [2, 2]


def test_moved_it_counts_once_and_its_place_is_free(shop: Shop) -> None:
    done = take(shop, ADA, "stylist", "Nil", from_at=ten(shop), store="mitte")
    eleven = shop.local(f"{DAY}T11:00")
    other = move(shop, done.use_id, eleven, asked=asked("m1"))
    assert (other.state, other.left, other.guests, other.from_at) == ("used", 2, 1, eleven)
    assert move(shop, done.use_id, eleven, asked=asked("m1")).use_id == other.use_id
    assert [one.left for one in slots(shop, "stylist", DAY, "mitte")] == [2, 0]
    assert counted(shop, "stylist") == [(202607, 1)]
    assert isinstance(move(shop, done.use_id, eleven), Invalid)
    assert shop.told()[-2:] == ["benefit.undone", "benefit.used"]


def test_where_the_other_time_is_full_it_stays(shop: Shop) -> None:
    eleven = shop.local(f"{DAY}T11:00")
    take(shop, BEN, "stylist", "Nil", from_at=eleven)
    done = take(shop, ADA, "stylist", from_at=ten(shop))
    assert move(shop, done.use_id, eleven).code == "fully_booked"
    assert [one.left for one in slots(shop, "stylist", DAY)] == [1, 0]
    assert counted(shop, "stylist") == [(202607, 1), (202607, 1)]


def test_the_last_of_the_month_may_still_be_moved(shop: Shop) -> None:
    done = [take(shop, ADA, "stylist", from_at=ten(shop, day)) for day in
            ("2026-07-09", "2026-07-14", "2026-07-16")]  # fmt: skip
    assert done[-1].left == 0
    assert move(shop, done[0].use_id, ten(shop, "2026-07-21")).left == 0


def test_moved_too_late(shop: Shop) -> None:
    done = take(shop, ADA, "stylist", from_at=ten(shop))
    shop.at(f"{DAY}T09:00")
    assert move(shop, done.use_id, ten(shop, "2026-07-14")).code == "too_late_to_cancel"


def test_nobody_came_and_it_counts(shop: Shop) -> None:
    done = take(shop, ADA, "stylist", from_at=ten(shop))
    assert isinstance(missed(shop, done.use_id), Invalid)
    shop.at(f"{DAY}T10:20")
    assert (missed(shop, done.use_id).state, missed(shop, done.use_id).left) == ("missed", 2)
    assert back(shop, done.use_id, late=True).state == "missed"
    assert counted(shop, "stylist") == [(202607, 1)]
    assert shop.told().count("benefit.missed") == 1


def test_nobody_came_and_it_is_given_back(shop: Shop) -> None:
    done = take(shop, CEM, "fitting", from_at=shop.local(f"{DAY}T09:00"))
    assert done.left == 0
    shop.at(f"{DAY}T09:20")
    assert (missed(shop, done.use_id).state, missed(shop, done.use_id).left) == ("undone", 1)
    assert shop.told()[-1] == "benefit.undone"


def test_two_in_one_batch_for_the_last_place(shop: Shop) -> None:
    at = shop.local(f"{DAY}T09:30")
    first, second = shop.ask(
        use_benefits, UseBenefit(ADA, "fitting", from_at=at), UseBenefit(BEN, "fitting", from_at=at)
    )
    assert (first.state, second.code) == ("used", "fully_booked")


def test_the_night_the_clocks_jump_has_no_appointment_in_the_gap(open_shop: Open) -> None:
    source = HOUSE.replace('from: "09:00", until: "10:00"', 'from: "01:30", until: "03:00"')
    shop = opened(open_shop(source))
    shop.at("2027-03-27T12:00")
    shown = [one.from_at.isoformat()[11:16] for one in slots(shop, "fitting", "2027-03-28")]
    assert shown == ["00:30"]
