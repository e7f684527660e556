"""A journey gives an offer: once, to whom it may, and to none of who is held out of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.flows.terms.experiments.offering import (
    WHO,
    earns,
    has,
    listed,
    moves,
    offered,
)
from tests.makers import Shop

from regulars.base.faults import Invalid
from regulars.flows.telling.campaigns.journeys.commands import KeepJourney, MoveJourney
from regulars.flows.telling.campaigns.journeys.keep_journeys import keep_journeys
from regulars.flows.telling.campaigns.journeys.walk_journeys import begin_journeys, walk_journeys
from regulars.insight.experiments.since_each import OF_GIVEN, brought_since
from regulars.records.outbox.campaigns.journeys import read
from regulars.records.outbox.campaigns.journeys.types import (
    JourneyPlan,
    OfferStep,
    OnJoining,
    SplitStep,
    StopStep,
    WaitStep,
)

GIVES = OfferStep("more", "spring")


def plans(shop: Shop, *steps: Any, held: int = 0) -> Any:
    plan = JourneyPlan(OnJoining(), steps, held_percent=held)
    return shop.ask(keep_journeys, KeepJourney("way", "Way", plan, WHO))[0]


def publishes(shop: Shop, version: int = 1) -> Any:
    return shop.ask(keep_journeys, MoveJourney("way", "publish", WHO, version))[0]


def goes(shop: Shop) -> None:
    while shop.do(begin_journeys):
        pass
    while shop.do(walk_journeys):
        pass


def passed(shop: Shop) -> dict[str, int]:
    sql = "select outcome, count(*) from journey_pass where program_id = $1 group by 1"
    return dict(shop.rows(sql))  # type: ignore[arg-type]


def test_it_is_given_once_at_its_step_and_counts_from_then(cafe: Shop) -> None:
    offered(cafe)
    plans(cafe, WaitStep("a-day", days=1), GIVES)
    assert publishes(cafe).state == "running"
    cafe.now += timedelta(minutes=1)
    cafe.joined("ada")
    goes(cafe)
    assert has(cafe, "ada") == []
    cafe.now += timedelta(days=1)
    goes(cafe)
    goes(cafe)
    assert has(cafe, "ada") == [("spring", "held", date(2026, 3, 17))]
    assert [earns(cafe, "ada"), earns(cafe, "ada")] == [60, 10]
    assert cafe.rows("select how from offer_member where program_id = $1") == [("journey",)]


def test_what_is_not_open_is_refused_when_planned_and_told_when_it_closed_since(
    cafe: Shop,
) -> None:
    no = plans(cafe, GIVES)
    assert isinstance(no, Invalid)
    assert no.field == "/plan/steps/0/offer"
    offered(cafe)
    plans(cafe, GIVES)
    publishes(cafe)
    cafe.now += timedelta(minutes=1)
    moves(cafe, "close")
    cafe.joined("ada")
    goes(cafe)
    assert (passed(cafe), has(cafe, "ada")) == ({"not_given": 1}, [])


def test_a_split_gives_one_of_two_offers(cafe: Shop) -> None:
    offered(cafe)
    offered(cafe, "summer")
    other = OfferStep("other", "summer")
    plans(cafe, SplitStep("half", 50, "other"), GIVES, StopStep("over"), other)
    publishes(cafe)
    cafe.now += timedelta(minutes=1)
    cafe.joined(*(f"m{n}" for n in range(24)))
    goes(cafe)
    had = [has(cafe, f"m{n}") for n in range(24)]
    assert {len(one) for one in had} == {1}
    assert {one[0][0] for one in had} == {"spring", "summer"}


def test_who_is_held_out_of_the_journey_has_nothing_and_is_what_it_is_measured_by(
    cafe: Shop,
) -> None:
    cafe.joined("before")
    listed(cafe, "before")
    cafe.rows(MANY)
    offered(cafe)
    plans(cafe, GIVES, held=50)
    publishes(cafe)
    cafe.now += timedelta(minutes=1)
    names = [f"m{n}" for n in range(40)]
    cafe.joined(*names)
    goes(cafe)
    counts = passed(cafe)
    assert set(counts) == {"offered", "held_out"}
    assert counts["offered"] + counts["held_out"] == 40
    assert 8 <= counts["held_out"] <= 32
    assert sum(has(cafe, name) != [] for name in names) == counts["offered"]
    cafe.rows(DAYS, (cafe.now + timedelta(days=1)).date())
    cafe.now += timedelta(days=5)

    async def effect(tx: Any, terms: Any) -> Any:
        journey = await read.journey(tx, "way")
        assert journey is not None
        of = (journey.journey_id, "more")
        return await brought_since(tx, OF_GIVEN, of, "Europe/Berlin", tx.now.date())

    came = cafe.do(effect)
    assert (came.sent.members, came.held_out.members) == (counts["offered"], counts["held_out"])
    assert (came.sent.orders, came.held_out.orders) == (counts["offered"], 0)
    assert came.days == 5


MANY = """
insert into member (program_id, member_id, number, joined_at, recorded_at, state)
select $1, gen_random_uuid(), 'x' || n, now(), now(), 'active' from generate_series(1, 600) n
returning 1
"""
DAYS = """
insert into member_day
select $1, member_id, $2::date, 'main', 1, 1, 500, 500, 1, 0, 0
  from offer_member where program_id = $1 and state = 'held' returning 1
"""
