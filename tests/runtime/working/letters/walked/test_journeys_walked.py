"""How far somebody comes through a plan, without any table: waits by their clock, splits by chance,
and an end of every plan."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.engine.segments.walking import Walker, goes_first, waited_until, walk
from regulars.records.outbox.campaigns.journeys.types import (
    BranchStep,
    GoStep,
    JourneyPlan,
    MessageStep,
    OnJoining,
    Run,
    SplitStep,
    Step,
    StopStep,
    WaitStep,
)

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ONE = UUID(int=7)


def walker(zone: ZoneInfo = BERLIN, *inside: str, gone: bool = False) -> Walker:
    return Walker(gone, False, set(inside), zone)


def run(step: str, since: datetime = NOON, who: UUID = ONE) -> Run:
    return Run(UUID(int=1), UUID(int=2), 1, who, step, since, since)


@pytest.mark.parametrize(
    ("step", "since", "zone", "until"),
    [
        (WaitStep("w", days=1), "2026-03-02T12:00+00:00", BERLIN, "2026-03-03T12:00+00:00"),
        (WaitStep("w", until="09:00"), "2026-03-02T07:30+00:00", BERLIN,
         "2026-03-02T08:00+00:00"),
        (WaitStep("w", until="09:00"), "2026-03-02T08:00+00:00", BERLIN,
         "2026-03-02T08:00+00:00"),
        (WaitStep("w", until="09:00"), "2026-03-02T08:00:01+00:00", BERLIN,
         "2026-03-03T08:00+00:00"),
        (WaitStep("w", until="09:00"), "2026-03-02T08:30+00:00", NEW_YORK,
         "2026-03-02T14:00+00:00"),
        # On 29 March the hour from 2 to 3 is left out in Berlin; on 25 October it comes twice.
        (WaitStep("w", until="02:30"), "2026-03-28T23:30+00:00", BERLIN,
         "2026-03-29T01:30+00:00"),
        (WaitStep("w", until="02:30"), "2026-10-24T22:30+00:00", BERLIN,
         "2026-10-25T00:30+00:00"),
        (WaitStep("w", until="02:30"), "2026-10-25T00:45+00:00", BERLIN,
         "2026-10-26T01:30+00:00"),
    ],
)  # fmt: skip
def test_a_wait_is_over_by_the_clock_of_its_member(
    step: WaitStep, since: str, zone: ZoneInfo, until: str
) -> None:
    assert waited_until(step, datetime.fromisoformat(since), zone) == datetime.fromisoformat(until)


def test_who_moves_to_another_zone_while_they_wait_waits_for_the_hour_there() -> None:
    plan = JourneyPlan(OnJoining(), (WaitStep("w", until="18:00"), StopStep("end")))
    at_six = datetime(2026, 3, 2, 17, tzinfo=UTC)
    assert walk(plan, run("w"), walker(BERLIN), at_six).why == "done"
    moved = walk(plan, run("w"), walker(NEW_YORK), at_six)
    assert (moved.why, moved.due_at) == ("", datetime(2026, 3, 2, 23, tzinfo=UTC))
    assert walk(plan, run("w"), walker(NEW_YORK), moved.due_at).why == "done"


def test_a_split_says_the_same_of_a_member_each_time_and_gives_its_share() -> None:
    quarter = SplitStep("quarter", 25)
    people = [uuid5(ONE, str(at)) for at in range(4000)]
    first = [goes_first(ONE, quarter, who) for who in people]
    assert first == [goes_first(ONE, quarter, who) for who in people]
    assert 900 < sum(first) < 1100
    more = [goes_first(ONE, SplitStep("quarter", 50), who) for who in people]
    assert all(after for before, after in zip(first, more, strict=True) if before)


@st.composite
def plans(draw: Any) -> JourneyPlan:
    """Any plan that may be kept: every step leads to a later one, or to the end."""
    names = [f"s{at}" for at in range(draw(st.integers(1, 8)))]
    return JourneyPlan(OnJoining(), tuple(_step(draw, names, at) for at in range(len(names))))


def _step(draw: Any, names: list[str], at: int) -> Step:
    name, later = names[at], st.sampled_from(["", *names[at + 1 :]])
    kinds = ["wait", "message", "branch", "split", "stop", "go"]
    kind = draw(st.sampled_from(kinds if at + 1 < len(names) else kinds[:-1]))
    if kind == "wait":
        hour = draw(st.sampled_from(["", "00:00", "02:30", "23:59"]))
        return WaitStep(name, days=draw(st.integers(0, 3)), hours=draw(st.integers(0, 23)),
                        until=hour)  # fmt: skip
    if kind == "message":
        return MessageStep(name, "email", {})
    if kind == "branch":
        return BranchStep(name, draw(st.sampled_from(["in", "out"])), draw(later))
    if kind == "split":
        return SplitStep(name, draw(st.integers(1, 99)), draw(later))
    if kind == "go":
        return GoStep(name, draw(st.sampled_from(names[at + 1 :])))
    return StopStep(name)


@settings(max_examples=300, deadline=None, database=None)
@given(plans(), st.sampled_from([BERLIN, NEW_YORK, ZoneInfo("Pacific/Apia")]), st.data())
def test_whatever_the_plan_everybody_comes_to_its_end_and_takes_each_step_once(
    plan: JourneyPlan, zone: ZoneInfo, data: Any
) -> None:
    now, here, taken = NOON, run(plan.steps[0].id), list[str]()
    for _ in range(60):
        now += timedelta(hours=data.draw(st.integers(1, 60)))
        went = walk(plan, here, walker(zone, "in"), now)
        taken += [step.id for step, _ in went.passed]
        if went.why:
            break
        assert went.due_at > now, "whoever stands is waited for"
        assert went.due_at <= went.since + timedelta(days=5), "nobody waits longer than it says"
        here = run(went.step, went.since)
    else:
        raise AssertionError(f"it never ends: {plan}")
    places = [int(name[1:]) for name in taken]
    assert places == sorted(set(places)), "each step once, and only forwards"


def test_who_is_gone_takes_no_step() -> None:
    plan = JourneyPlan(OnJoining(), (MessageStep("hello", "email", {}),))
    went = walk(plan, run("hello"), walker(gone=True), NOON)
    assert (went.why, list(went.passed)) == ("gone", [])
