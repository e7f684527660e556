"""A journey goes by what is true when it speaks: whoever has done meanwhile what ends it is not
told, and nobody is judged by segments that are behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from tests.flows.terms.segments.test_following import follows
from tests.makers import Shop, buys, by
from tests.runtime.working.letters.campaigning import MIA
from tests.runtime.working.letters.journeying import Journeying, says, waits
from tests.runtime.working.senders.post_office import PostOffice, Provider, post_office, provider
from tests.runtime.working.senders.test_messages import SOURCE

from regulars.base.faults import Refused
from regulars.flows.access.commands import ChangeSetting
from regulars.flows.access.keep_staff import keep_staff
from regulars.flows.membership.office.segments.commands import KeepSegment
from regulars.flows.membership.office.segments.keep_segments import keep_segments
from regulars.flows.telling.campaigns.journeys.ready import ready
from regulars.flows.telling.plan_deliveries import at_once
from regulars.insight.experiments.since_each import OF_WAY, brought_since
from regulars.records.outbox.campaigns.journeys import read as journeys
from regulars.records.outbox.campaigns.journeys.types import (
    BranchStep,
    OnActivity,
    OnEntering,
    OnEvent,
    OnTermEnd,
)
from regulars.records.outbox.campaigns.types import Said
from regulars.surfaces.senders.types import Letter
from regulars.surfaces.senders.types import Said as Answer

PURCHASE = OnActivity("purchase")
BUYERS = {"if": "spent", "at_least": "20"}


@pytest.fixture(scope="module")
def world() -> Iterator[tuple[PostOffice, Provider]]:
    with post_office() as office, provider() as sms:
        yield office, sms


@pytest.fixture(scope="module")
def opened(database: Any) -> Iterator[Shop]:
    shop = Shop.open(database, SOURCE)
    yield shop
    shop.close()


@pytest.fixture
def told(opened: Shop, world: tuple[PostOffice, Provider]) -> Journeying:
    return Journeying(opened, *world)


class Away:
    """A mail server that does not answer."""

    channel, name, takes_key = "email", "away", False

    async def send(self, letters: Sequence[Letter]) -> Sequence[Answer]:
        return [Answer("later", "nobody answers", away=True)] * len(letters)


def bought(told: Journeying, name: str, minor: int = 3000) -> None:
    told.shop.record(buys(by(external=name), minor))


def test_what_ends_a_journey_while_it_pauses_ends_it(told: Journeying) -> None:
    told.published(waits(days=14), says("still-here"), ends_on=(PURCHASE,))
    told.shop.now += timedelta(minutes=1)
    told.joins("ada", "bo", "cem")
    told.walks()
    told.moves("pause")
    told.shop.now += timedelta(minutes=1)
    bought(told, "ada")
    told.joins("dee")
    told.goes_on(hours=1)
    assert told.runs()[0] == ("ada", "wait", "exit"), "it is over for her though it pauses"
    bought(told, "cem")
    told.shop.now += timedelta(seconds=1)
    told.moves("resume")
    told.goes_on(days=15)
    assert told.runs() == [("ada", "wait", "exit"), ("bo", "still-here", "done"),
                           ("cem", "wait", "exit")], "dee joined while it paused"  # fmt: skip
    assert told.to() == ["bo@example.org"]


def test_what_waits_to_be_sent_is_not_once_the_journey_is_over_for_its_member(
    told: Journeying,
) -> None:
    told.published(says("come-by"), waits(days=9), ends_on=(PURCHASE,))
    told.published(waits(minutes=1), says("last"), code="last", ends_on=(PURCHASE,))
    told.shop.now += timedelta(minutes=1)
    told.joins("ada", "bo")
    told.walks()
    told.shop.now += timedelta(hours=1)
    told.walks()
    told.goes(Away())
    told.published(waits(days=1), says("last"), code="last")
    bought(told, "ada")
    told.goes_on(hours=1)
    assert told.said() == [
        ("ada", "come-by", "skipped", "over"), ("ada", "last", "skipped", "over"),
        ("bo", "come-by", "sent", ""), ("bo", "last", "sent", ""),
    ]  # fmt: skip
    assert told.to() == ["bo@example.org"] * 2


@pytest.mark.parametrize("behind", [True, False])
def test_nobody_is_judged_by_segments_that_are_behind(told: Journeying, behind: bool) -> None:
    told.joins("seed")
    told.listed("seed")
    told.segment("buyers", BUYERS)
    branch = BranchStep("big", "buyers", otherwise="nudge")
    told.published(says("thanks"), code="thanks", begins=PURCHASE, only_in="buyers")
    told.published(branch, says("cheers"), waits(days=99), says("nudge"), begins=PURCHASE)
    told.shop.now += timedelta(minutes=1)
    told.joins("ada", "bo")
    follows(told.shop)
    bought(told, "ada")
    bought(told, "bo", 100)
    for turn in (told.walks, lambda: follows(told.shop))[:: 1 if behind else -1]:
        turn()
    told.goes_on(seconds=3)
    assert {(who, step) for who, step, *_ in told.said()} == {
        ("ada", "thanks"), ("ada", "cheers"), ("bo", "nudge"),
    }  # fmt: skip


def test_a_segment_that_is_behind_holds_nobody_but_who_begins_by_it(told: Journeying) -> None:
    told.joins("seed", "ada", "bo")
    told.segment("buyers", BUYERS)
    told.published(waits(days=9), says("miss-you"), code="back", only_in="buyers",
                   begins=PURCHASE, ends_on=(PURCHASE,))  # fmt: skip
    told.published(says("hello"))
    told.shop.now += timedelta(minutes=1)
    bought(told, "ada")
    bought(told, "bo")
    follows(told.shop)
    told.walks()
    assert [who for who, *_ in told.runs()] == ["ada", "bo"]
    told.shop.now += timedelta(days=1)
    told.joins("cem")
    # From here on nobody is followed, as while prepared rows are rebuilt.
    bought(told, "ada")
    bought(told, "seed")
    told.goes_on(seconds=3)
    told.goes_on(days=9)
    assert told.runs() == [("ada", "wait", "exit"), ("bo", "miss-you", "done"),
                           ("cem", "hello", "done")]  # fmt: skip
    assert told.to() == ["bo@example.org", "cem@example.org"]
    bought(told, "seed")
    follows(told.shop)
    told.goes_on(seconds=3)
    assert told.runs()[-1] == ("seed", "wait", ""), "begins late, and is not lost"


def test_a_segment_that_is_filled_holds_no_journey_but_its_own(told: Journeying) -> None:
    """Filling a million members takes a while, and a segment that cannot be filled for ever."""
    told.joins("seed", "ada")
    for code in ("buyers", "others"):
        told.segment(code, BUYERS)
        told.published(says("hello"), code=code, only_in=code, begins=PURCHASE)
    told.shop.now += timedelta(minutes=1)
    bought(told, "ada")
    follows(told.shop)
    told.shop.rows(_FILLS, "others", None)
    told.walks()
    assert told.runs() == [("ada", "hello", "done")], "one of the two"
    bought(told, "seed")
    follows_not = told.shop.rows("select code from journey where program_id = $1"
                                 " and waits_tx < (select max(waits_tx) from journey)")  # fmt: skip
    assert follows_not == [("others",)]
    told.published(says("hello"), code="others", begins=PURCHASE)
    told.walks()
    assert told.shop.rows("select waits_tx from journey where program_id = $1 and code = $2",
                          "others") == [(None,)], "who names none waits for none"  # fmt: skip


_FILLS = """
update segment set filled = $3 where program_id = $1 and code = $2 returning 1
"""


def test_what_a_journey_says_on_the_day_no_notice_says_too(told: Journeying) -> None:
    fails = OnEvent("membership.failed")
    for steps, at_day in (((waits(days=5), says("later")), False),
                          ((waits(hours=1), says("at-once")), True)):  # fmt: skip
        told.published(*steps, begins=fails)
        assert told.shop.do(lambda tx, _: at_once(tx, fails.event)) == at_day


def test_for_many_members_somebody_else_publishes_than_wrote_it(told: Journeying) -> None:
    told.joins("ada", "bo")
    told.segment("buyers", BUYERS)
    told.shop.ask(keep_segments, KeepSegment("empty", "Empty", MIA, kind="list"))
    told.shop.ask(keep_staff, ChangeSetting("campaign_alone", 1, MIA))
    told.plans(says("hello"))
    no = told.moves("publish", who=MIA)
    assert isinstance(no, Refused)
    assert no.code == "second_person_needed"
    assert (no.facts["members"], no.facts["alone"]) == (2, 1)
    assert told.shop.rows("select state from journey where program_id = $1") == [("draft",)]
    assert told.moves("publish").state == "running", "otto did not write it"
    told.plans(says("hello"), code="few", only_in="buyers")
    assert told.moves("publish", "few", who=MIA).state == "running", "nobody is in it"
    for code, plan in {
        "came": {"begins": OnEntering("buyers")}, "listed": {"only_in": "empty"},
    }.items():  # fmt: skip
        told.plans(says("hello"), code=code, **plan)
        assert isinstance(told.moves("publish", code, who=MIA), Refused), (
            "whoever comes to be in it"
        )
    told.plans(waits(days=1), code="silent")
    assert told.moves("publish", "silent", who=MIA).state == "running", "nothing is said"


def test_a_step_is_said_in_several_ways_each_drawn_once_and_told_apart(told: Journeying) -> None:
    other = ({"en": Said("Bye {{ member.given_name }}", "other")},)
    for variants, field in (
        (({"de": Said("x", "y")},), "/plan/steps/0/variants/0/says"),
        (({"en": Said("{{ nobody }}", "x")},), "/plan/steps/0/variants/0/says/en/text"),
        (other * 4, "/plan/steps/0/variants"),
    ):
        wrong = told.plans(says("hello", variants=variants))
        assert (wrong.code, wrong.field) == ("invalid", field)
    told.published(says("hello", variants=other), waits(days=9))
    told.shop.now += timedelta(minutes=1)
    names = [f"m{n}" for n in range(16)]
    told.joins(*names)
    told.walks()
    drawn = dict(told.shop.rows(_DRAWN))
    assert set(drawn.values()) == {0, 1}
    told.goes_on(seconds=3)
    assert dict(told.shop.rows(_DRAWN)) == drawn
    read = {mail["To"]: mail["Subject"] for mail in told.office.letters}
    assert read == {f"{n}@example.org": ("hello", "other")[drawn[n]] for n in names}

    async def seen(tx: Any, _: Any) -> Any:
        found = await journeys.journey(tx, "welcome")
        assert found is not None
        ways = await journeys.ways(tx, found.journey_id)
        of = (found.journey_id, f"hello:1:{ways[0].version}")
        came = await brought_since(tx, OF_WAY, of, "Europe/Berlin", tx.now.date())
        return ways, came

    ways, came = told.shop.do(seen)
    many = [list(drawn.values()).count(way) for way in (0, 1)]
    assert [(one.step, one.way, one.members, one.sent) for one in ways] == [
        ("hello", 0, many[0], many[0]), ("hello", 1, many[1], many[1]),
    ]  # fmt: skip
    assert (came.held_out.members, came.sent.members) == tuple(many)
    # Somebody came once more and read the other way; a further version draws anew, and nobody
    # read it.
    told.shop.rows(_AGAIN)
    told.published(says("hello", "Hey", variants=other), waits(days=9))
    ways, came = told.shop.do(seen)
    assert {one.version for one in ways} == {1}, "the latest with messages"
    assert came.held_out.members + came.sent.members == len(names) - 1
    told.shop.now += timedelta(minutes=1)
    told.joins("late", "later")
    told.walks()
    ways, came = told.shop.do(seen)
    assert (sum(one.members for one in ways), {one.version for one in ways}) == (2, {2})


def test_so_many_days_before_a_term_is_over_its_member_hears_of_it_once(
    told: Journeying,
) -> None:
    told.joins("ada", "bo", "cem", "dee")
    ends = told.shop.now + timedelta(days=20)
    told.pays("ada", ends)
    told.pays("bo", ends, "cancelled")
    long = (told.shop.now - timedelta(days=300)).isoformat()
    told.pays("dee", ends - timedelta(days=7), from_at=long)
    for wrong, field in (({"begins": OnTermEnd(0)}, "/plan/begins/days"),
                         ({"ends_on": (OnTermEnd(3),)}, "/plan/ends_on/0")):  # fmt: skip
        assert told.plans(says("soon"), **wrong).field == field
    told.published(says("soon"), begins=OnTermEnd(14), again_days=0)
    told.goes_on(days=5, hours=23)
    assert told.runs() == [], "dee's fortnight began before it was published"
    told.goes_on(hours=2)
    told.goes_on(days=1)
    assert [who for who, *_ in told.runs()] == ["ada", "bo"]
    told.goes_on(days=12)
    assert told.to() == ["ada@example.org", "bo@example.org"]
    told.pays("ada", told.shop.now + timedelta(days=30))
    told.goes_on(days=17)
    assert told.to() == ["ada@example.org"] * 2 + ["bo@example.org"], "the next term"


def test_of_a_term_shorter_than_its_days_a_member_hears_halfway(told: Journeying) -> None:
    """A week is never two weeks from its end, and neither is a trial: half of it is left. What is
    ready tells so of each week, as each is another term."""
    told.joins("ada", "bo", "cem")
    ready_made = ready("renewal", told.shop.terms.versions[-1].program)
    assert ready_made is not None
    again = ready_made.plan.again_days
    told.published(says("soon"), begins=OnTermEnd(14), again_days=again)
    told.goes_on(minutes=1)
    at = told.shop.now
    told.pays("ada", at + timedelta(days=7))
    told.pays("bo", at + timedelta(days=14), "trial")
    told.pays("cem", at + timedelta(days=15))
    told.goes_on(days=1, minutes=1)
    assert [who for who, *_ in told.runs()] == ["cem"], "a day longer, and its fortnight begins"
    told.goes_on(days=2, hours=11)
    assert [who for who, *_ in told.runs()] == ["cem"], "nobody hears of a week as it begins"
    told.goes_on(hours=2)
    told.goes_on(days=1)
    assert sorted(who for who, *_ in told.runs()) == ["ada", "cem"]
    told.pays("ada", at + timedelta(days=14), from_at=(at + timedelta(days=7)).isoformat())
    told.goes_on(days=3)
    assert sorted(who for who, *_ in told.runs()) == ["ada", "bo", "cem"]
    told.goes_on(days=3)
    assert [who for who, *_ in told.runs()].count("ada") == 2, "once in each week"


_AGAIN = """
insert into campaign_message (program_id, campaign_id, member_id, run_id, state, reason, try_at,
                              asked_at, taken_at, settled_at, variant)
select program_id, campaign_id, member_id, gen_random_uuid(), 'sent', '', try_at, asked_at,
       asked_at, asked_at, 1 - variant
  from campaign_message where program_id = $1 order by member_id limit 1 returning 1
"""
_DRAWN = """
select i.value, m.variant::int from campaign_message m
  join identifier i on i.program_id = m.program_id and i.member_id = m.member_id
   and i.kind = 'external'
 where m.program_id = $1
"""
