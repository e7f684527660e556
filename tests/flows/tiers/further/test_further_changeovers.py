"""New terms of a ladder beside the tiers: how members come over, worked out in memory."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.flows.tiers.further.test_further import CLUB, RULE
from tests.model.events import Happens, Joins, Publishes, Returns
from tests.model.in_memory import InMemory

from regulars.engine.changing.objections import objections
from regulars.engine.ladder.credit import step_of
from regulars.engine.ladder.further import stand_on
from regulars.records.program.reading import read_program

MARCH = datetime(2026, 3, 2, 12, tzinfo=UTC)
HERE = (RULE + CLUB.replace("MORE", "")).replace("Europe/Berlin", "UTC")
STEEPER = HERE.replace("at: 3", "at: 4").replace("at: 5", "at: 8")


def plan(said: str, text: str = STEEPER) -> str:
    """These terms with a plan for people; where somebody comes over from."""
    return text.replace("    steps:", f"    changeover: {{{said}}}\n    steps:")


class Club:
    """Ada and her club, in memory."""

    def __init__(self, text: str = HERE) -> None:
        self.shop, self.made = InMemory(text, MARCH), 0
        self.shop.do(MARCH, Joins("ada"))

    def comes(self, often: int, now: datetime = MARCH, at: datetime | None = None) -> None:
        for _ in range(often):
            self.made += 1
            self.shop.do(now, Happens("purchase", "ada", f"R{self.made}", at=at, amount=100))

    def publishes(self, text: str, now: datetime) -> None:
        self.shop.do(now, Publishes(text))

    def on(self, now: datetime) -> str:
        view = self.shop.terms.at(now).further["club"]
        stands = stand_on(view, self.shop.state("ada"), now)
        return str((None, *view.compiled.tiers)[step_of(view, stands.tier)])


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_what_somebody_stands_on_is_kept_until_its_time_is_over() -> None:
    club = Club()
    club.comes(5)
    club.publishes(STEEPER, day("2026-07-01T10:00"))
    assert club.on(day("2026-07-02")) == "friend"
    assert club.on(day("2027-12-31")) == "friend"
    assert club.on(day("2028-01-01")) == "guest"


def test_visits_after_the_change_do_not_reach_what_was_asked_before_it() -> None:
    club = Club()
    club.comes(2)
    club.publishes(STEEPER, day("2026-07-01T10:00"))
    club.comes(1, day("2026-07-01T11:00"))
    assert club.on(day("2026-07-01T11:00")) == "guest"
    club.comes(1, day("2026-08-01"))
    assert club.on(day("2026-08-01")) == "regular"


def test_what_was_bought_before_and_is_told_after_counts_by_the_terms_of_its_day() -> None:
    club = Club()
    club.comes(2)
    club.publishes(STEEPER, day("2026-07-01T10:00"))
    club.comes(1, day("2026-07-05"), day("2026-06-01"))
    assert club.on(day("2026-07-05")) == "regular"


def test_in_full_everybody_is_placed_anew() -> None:
    club = Club()
    club.comes(5)
    club.publishes(plan("members: full"), day("2026-07-01T10:00"))
    assert club.on(day("2026-07-01T09:00")) == "friend"
    assert club.on(day("2026-07-01T10:00")) == "regular"


def test_upwards_only_nobody_falls_and_whoever_has_enough_goes_up() -> None:
    easier = HERE.replace("at: 3", "at: 2").replace("at: 5", "at: 9")
    club = Club()
    club.comes(2)
    club.publishes(plan("members: upgrade_only", easier), day("2026-07-01T10:00"))
    assert club.on(day("2026-07-01T10:00")) == "regular"
    other = Club()
    other.comes(5)
    other.publishes(plan("members: upgrade_only", easier), day("2026-07-01T10:00"))
    assert other.on(day("2026-07-01T10:00")) == "friend"


def test_kept_until_a_day_it_does_not_end_before() -> None:
    club = Club()
    club.comes(5)
    said = "members: keep, until_on: 2029-03-01"
    club.publishes(plan(said), day("2026-07-01T10:00"))
    assert club.on(day("2029-02-28")) == "friend"
    assert club.on(day("2029-03-01")) == "guest"


def test_step_by_step_the_ladder_before_counts_beside_the_new_one() -> None:
    club = Club()
    club.comes(2)
    club.publishes(plan("members: step_by_step, until_on: 2026-10-01"), day("2026-07-01T10:00"))
    club.comes(1, day("2026-09-30"))
    assert club.on(day("2026-09-30")) == "regular"
    late = Club()
    late.comes(2)
    late.publishes(plan("members: step_by_step, until_on: 2026-10-01"), day("2026-07-01T10:00"))
    late.comes(1, day("2026-10-01T12:00"))
    assert late.on(day("2026-10-01T12:00")) == "guest"


def test_what_counts_beside_until_a_day_does_so_through_another_change() -> None:
    club = Club()
    club.comes(2)
    club.publishes(plan("members: step_by_step, until_on: 2026-10-01"), day("2026-07-01T10:00"))
    still = STEEPER.replace("at: 4", "at: 6")
    club.publishes(plan("members: keep", still), day("2026-08-01T10:00"))
    club.comes(1, day("2026-09-30"))
    assert club.on(day("2026-09-30")) == "regular"
    anew = Club()
    anew.comes(2)
    anew.publishes(plan("members: step_by_step, until_on: 2026-10-01"), day("2026-07-01T10:00"))
    anew.publishes(plan("members: full", still), day("2026-08-01T10:00"))
    anew.comes(1, day("2026-09-30"))
    assert anew.on(day("2026-09-30")) == "guest"


def test_two_ladders_count_beside_the_third_each_until_its_day() -> None:
    still = STEEPER.replace("at: 4", "at: 6")

    def after(visits: int, on: str) -> str:
        club = Club()
        club.comes(2)
        club.publishes(plan("members: step_by_step, until_on: 2026-10-01"), day("2026-07-01T10:00"))
        second = plan("members: step_by_step, until_on: 2026-12-01", still)
        club.publishes(second, day("2026-08-01T10:00"))
        club.comes(visits - 2, day(f"{on}T12:00"))
        return club.on(day(f"{on}T12:00"))

    assert [after(3, "2026-09-30"), after(3, "2026-10-01")] == ["regular", "guest"]
    assert [after(4, "2026-11-30"), after(4, "2026-12-01")] == ["regular", "guest"]
    assert after(6, "2026-12-01") == "regular"


def test_who_stood_on_a_step_that_is_no_more_stands_where_it_was_said() -> None:
    club = Club()
    club.comes(5)
    gone = HERE.replace(", {id: friend, at: 5}", ", {id: patron, at: 9}")
    club.publishes(plan("removed: {friend: patron}", gone), day("2026-07-01T10:00"))
    assert club.on(day("2026-07-01T10:00")) == "patron"
    assert club.on(day("2028-01-01")) == "guest"


def test_two_changes_in_a_row_are_gone_through_one_after_the_other() -> None:
    club = Club()
    club.comes(5)
    club.publishes(plan("members: full"), day("2026-07-01T10:00"))
    club.publishes(plan("members: upgrade_only", HERE), day("2026-07-01T11:00"))
    assert club.on(day("2026-07-01T10:30")) == "regular"
    assert club.on(day("2026-07-01T11:00")) == "friend"


def test_what_was_reached_two_versions_ago_is_kept() -> None:
    club = Club()
    club.comes(3)
    club.publishes(STEEPER, day("2026-07-01T10:00"))
    club.publishes(STEEPER.replace("at: 4", "at: 6"), day("2026-08-01T10:00"))
    assert club.on(day("2027-12-31")) == "regular"
    assert club.on(day("2028-01-01")) == "guest"


def test_what_came_back_after_the_change_takes_its_visit_along() -> None:
    club = Club()
    club.comes(5)
    club.publishes(STEEPER, day("2026-07-01T10:00"))
    club.shop.do(day("2026-07-02"), Returns("R1", receipt="B1"))
    assert club.on(day("2026-07-02")) == "regular"


def test_days_that_roll_come_over_too() -> None:
    rolls = "    window: rolling\n    rolling_days: 90\n    valid: window_end\n    steps:"
    before = HERE.replace("    steps:", rolls)
    after = STEEPER.replace("    steps:", rolls)
    kept, anew = Club(before), Club(before)
    for club, said in ((kept, "members: keep"), (anew, "members: full")):
        club.comes(3)
        club.publishes(plan(said, after), day("2026-04-01T10:00"))
    assert (kept.on(day("2026-04-02")), anew.on(day("2026-04-02"))) == ("regular", "guest")
    assert kept.on(day("2026-05-31")) == "guest"


def test_a_step_that_goes_needs_a_place_for_its_holders() -> None:
    text = HERE.replace(", {id: friend, at: 5}", "")
    found = objections(read_program(HERE), read_program(text), (MARCH, MARCH))
    assert [one.path for one in found] == [("ladders", "club", "steps")]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (
            plan("members: full", HERE.replace("measure: visits", "measure: spend")),
            ("ladders", "club", "changeover", "members"),
        ),
        (
            plan("members: keep, until_on: 2026-01-05"),
            ("ladders", "club", "changeover", "until_on"),
        ),
        (plan("notice_days: 30"), ("ladders", "club", "changeover", "notice_days")),
    ],
)
def test_a_plan_that_would_strip_somebody_silently_is_refused(text: str, where: object) -> None:
    found = objections(read_program(HERE), read_program(text), (MARCH, MARCH))
    assert [one.path for one in found] == [where]
