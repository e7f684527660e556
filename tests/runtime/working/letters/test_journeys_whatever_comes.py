"""Whatever the plan and whatever comes between, also a worker killed in mid-step: nobody is stuck,
nobody is twice on their way, and no step says its message twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.makers import Shop, buys, by
from tests.runtime.working.letters.journeying import Journeying, says, waits
from tests.runtime.working.letters.test_campaigns_whatever_comes import Letterbox
from tests.runtime.working.senders.post_office import PostOffice, Provider
from tests.runtime.working.senders.test_messages import SOURCE, Killed

from regulars.flows.membership.commands import MergeMembers
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.membership.merge_members import merge_members
from regulars.flows.telling.campaigns.journeys.walk_journeys import begin_journeys, walk_journeys
from regulars.insight.verify.catalogue import checks
from regulars.records.members.types import EraseMember
from regulars.records.outbox.campaigns.journeys.types import (
    BranchStep,
    GoStep,
    OnActivity,
    SplitStep,
    Step,
    StopStep,
)

NAMES = ("ada", "bo", "cem")
DEEDS = st.one_of(
    st.tuples(st.just("buy"), st.sampled_from(NAMES)),
    st.tuples(st.just("walk"), st.sampled_from(("whole", "begins killed", "walk killed", "both"))),
    st.tuples(st.just("send"), st.sampled_from(("sent", "killed", "away"))),
    st.tuples(st.just("wait"), st.sampled_from((1, 90, 1500, 5000))),
    st.tuples(st.sampled_from(("erase", "withdraw")), st.sampled_from(NAMES)),
    st.tuples(st.just("merge"), st.sampled_from([(a, b) for a in NAMES for b in NAMES if a != b])),
    st.tuples(st.sampled_from(("pause", "resume", "publish")), st.just("")),
)  # fmt: skip
_ADDED = "select count(*) from journey_run where program_id = $1 and ended_at is null"
_TWICE = """
select c.code, m.run_id, count(*)
  from campaign_message m join campaign c using (program_id, campaign_id)
 where m.program_id = $1 and c.journey_id is not null group by 1, 2 having count(*) > 1
"""


@st.composite
def steps(draw: Any) -> tuple[Step, ...]:
    """Steps of any plan, of which each says, waits, or leads on."""
    names = [f"s{at}" for at in range(draw(st.integers(1, 6)))]
    made: list[Step] = []
    for at, name in enumerate(names):
        later = st.sampled_from(["", *names[at + 1 :]])
        kind = draw(
            st.sampled_from(["say", "say", "wait", "wait", "branch", "split", "stop", "go"])
        )
        if kind == "say":
            made.append(says(name, "Hi"))
        elif kind == "wait":
            made.append(waits(name, hours=draw(st.integers(0, 23)),
                              until=draw(st.sampled_from(["", "09:30"]))))  # fmt: skip
        elif kind == "branch":
            made.append(BranchStep(name, "all", draw(later)))
        elif kind == "split":
            made.append(SplitStep(name, 50, draw(later)))
        elif kind == "go" and at + 1 < len(names):
            made.append(GoStep(name, draw(st.sampled_from(names[at + 1 :]))))
        else:
            made.append(StopStep(name))
    return tuple(made)


class Doing:
    """Does one thing after the other to a journey that purchases begin."""

    def __init__(self, told: Journeying, plan: tuple[Step, ...], again: int | None) -> None:
        self.told, self.plan, self.again = told, plan, again
        self.box = Letterbox(told, takes_key=False)
        self.left, self.versions = list(NAMES), 0
        told.joins(*NAMES)
        self.publish("")
        told.shop.now += timedelta(minutes=1)

    def does(self, deed: str, of: Any) -> None:
        self.told.shop.now += timedelta(seconds=1)
        getattr(self, deed)(of)
        self.holds()

    def publish(self, _: str) -> None:
        self.versions += 1
        plan = (*self.plan, says(f"last-{self.versions}", "Hi"))
        kept = self.told.plans(*plan, begins=OnActivity("purchase"), again_days=self.again)
        assert kept.code == "welcome", kept
        assert self.told.moves("publish").code == "welcome"

    def pause(self, _: str) -> None:
        self.told.moves("pause")

    def resume(self, _: str) -> None:
        self.told.moves("resume")

    def buy(self, name: str) -> None:
        if name in self.left:
            self.told.shop.record(buys(by(external=name), 100))

    def walk(self, how: str) -> None:
        if how == "whole":
            return self.told.walks()
        if how == "both":
            return self._at_once()
        # Killed before it could commit: all is as if it had not begun.
        flow = begin_journeys if how == "begins killed" else walk_journeys
        with suppress(Killed):
            self.told.shop.do(lambda tx, terms: _then_killed(flow, tx, terms))
        return None

    def _at_once(self) -> None:
        """Two workers walk at the same moment, as after a lock was lost."""
        shop, terms = self.told.shop, self.told.shop.terms

        async def one() -> None:
            async with shop.transaction() as tx:
                await begin_journeys(tx, terms)
            async with shop.transaction() as tx:
                await walk_journeys(tx, terms, 2)

        async def two() -> None:
            await asyncio.gather(one(), one())

        shop.run(two())

    def send(self, answer: str) -> None:
        self.box.answer = answer
        with suppress(Killed):
            self.told.goes(self.box)

    def wait(self, minutes: int) -> None:
        self.told.shop.now += timedelta(minutes=minutes)

    def withdraw(self, name: str) -> None:
        if name in self.left:
            self.told.says(name, "email", "withdrawn")

    def erase(self, name: str) -> None:
        if name in self.left:
            self.told.shop.ask(erase_members, EraseMember(self.told.id_of(name)))
            self.left.remove(name)

    def merge(self, pair: tuple[str, str]) -> None:
        if all(name in self.left for name in pair):
            gone, stays = (by(external=name) for name in pair)
            (done,) = self.told.shop.ask(merge_members, MergeMembers(gone, stays, "one", "mia"))
            assert not isinstance(done, Exception), done
            self.left.remove(pair[0])

    def holds(self) -> None:
        marks = Counter(mark for _, _, mark in self.box.arrived)
        assert all(many == 1 for many in marks.values()), "a message went out twice"
        assert not self.told.shop.rows(_TWICE), "a step says its message twice"

    def ends(self) -> None:
        """The worker works again: within the days of the plan everybody is at the end of it."""
        self.told.moves("resume")
        for _ in range(14):
            self.told.goes_on(hours=24)
        assert self.told.shop.rows(_ADDED) == [(0,)], f"somebody is stuck: {self.told.runs()}"
        for name in ("one_way_at_a_time", "nobody_is_stuck", "asked_once", "messages_end"):
            (check,) = (one for one in checks() if one.name == name)
            assert not self.told.shop.rows(
                f"select * from ({check.sql}) c where program_id = $1"
            ), name


async def _then_killed(flow: Any, tx: Any, terms: Any) -> None:
    await flow(tx, terms)
    raise Killed


@pytest.fixture(scope="module")
def opened(database: Any) -> Iterator[Shop]:
    shop = Shop.open(database, SOURCE)
    yield shop
    shop.close()


def whatever(
    shop: Shop, plan: tuple[Step, ...], again: int | None, deeds: Sequence[tuple[str, Any]]
) -> None:
    """These deeds one after the other, with what must hold after each."""
    doing = Doing(Journeying(shop, PostOffice(), Provider()), plan, again)
    doing.buy("ada")
    for deed, of in deeds:
        doing.does(deed, of)
    doing.ends()


@settings(
    max_examples=4, deadline=None, database=None,
    phases=[Phase.generate],  # a case takes seconds, so shrinking one would take minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(steps(), st.sampled_from([None, 0, 2]), st.lists(DEEDS, min_size=6, max_size=18))
def test_nobody_is_stuck_and_nothing_is_said_twice(
    opened: Shop, plan: tuple[Step, ...], again: int | None, deeds: list[tuple[str, Any]]
) -> None:
    whatever(opened, plan, again, deeds)
