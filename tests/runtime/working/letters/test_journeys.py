"""Members go through journeys: from what begins them on, each message at most once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from tests.flows.terms.segments.test_following import follows, keep
from tests.makers import Shop, buys, by
from tests.runtime.working.letters.campaigning import MIA
from tests.runtime.working.letters.journeying import Journeying, says, waits
from tests.runtime.working.senders.post_office import PostOffice, Provider, post_office, provider
from tests.runtime.working.senders.test_messages import KEYED, SOURCE

from regulars.base.faults import Invalid, Refused
from regulars.flows.membership.block_members import block_members
from regulars.flows.membership.commands import BlockMember, MergeMembers
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.membership.merge_members import merge_members
from regulars.flows.telling.campaigns.journeys.commands import KeepJourney
from regulars.flows.telling.campaigns.journeys.keep_journeys import keep_journeys
from regulars.flows.telling.campaigns.journeys.ready import ready, ready_codes
from regulars.flows.telling.surveys.commands import KeepSurvey
from regulars.flows.telling.surveys.keep_surveys import keep_surveys
from regulars.records.access.members.spelling import survey_of
from regulars.records.members.types import EraseMember
from regulars.records.outbox.campaigns.journeys.types import (
    BranchStep,
    GoStep,
    MessageStep,
    OnActivity,
    OnEntering,
    OnEvent,
    OnLeaving,
    OnTermEnd,
    SplitStep,
    StopStep,
    TellStep,
)
from regulars.records.outbox.write import Told, tell

BUYERS = {"if": "spent", "at_least": "20"}
PURCHASE = OnActivity("purchase")


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


def test_who_joins_is_welcomed_at_once_and_written_to_again_after_a_wait(told: Journeying) -> None:
    told.joins("early")
    told.published(says("hello"), waits(days=3, until="09:30"), says("come-by"))
    told.walks()
    assert told.runs() == [], "whoever joined before it was published does not begin"
    told.shop.now += timedelta(minutes=1)
    told.joins("ada")
    told.goes_on(seconds=3)
    assert told.runs() == [("ada", "wait", "")]
    assert told.to() == ["ada@example.org"]
    told.goes_on(days=3)
    assert told.to() == ["ada@example.org"], "it is noon; half past nine is tomorrow"
    told.goes_on(hours=22)
    assert told.runs() == [("ada", "come-by", "done")]
    assert told.said() == [("ada", "come-by", "sent", ""), ("ada", "hello", "sent", "")]
    told.goes_on(days=1)
    assert len(told.to()) == 2


def test_who_comes_into_a_segment_begins_and_nobody_because_it_was_edited(
    told: Journeying,
) -> None:
    told.joins("ada", "bo")
    told.segment("buyers", BUYERS)
    told.published(says("thanks"), begins=OnEntering("buyers"), code="thanks")
    told.shop.now += timedelta(minutes=1)
    told.shop.record(buys(by(external="ada"), 3000), buys(by(external="bo"), 1500))
    follows(told.shop)
    told.goes_on(seconds=3)
    assert [who for who, *_ in told.runs()] == ["ada"]
    keep(told.shop, "buyers", {"if": "spent", "at_least": "10"})
    follows(told.shop)
    told.goes_on(seconds=3)
    assert [who for who, *_ in told.runs()] == ["ada"], "bo is in it, as somebody edited it"


def test_a_branch_a_split_and_a_jump_lead_to_later_steps(told: Journeying) -> None:
    told.joins("seed")
    told.segment("buyers", BUYERS)
    told.published(
        waits(hours=1),
        BranchStep("bought", "buyers", otherwise="nudge"),
        says("thanks"),
        GoStep("on", "halves"),
        says("nudge"),
        SplitStep("halves", 50, otherwise="stop"),
        says("more"),
        StopStep("stop"),
        says("never"),
    )
    told.shop.now += timedelta(minutes=1)
    names = [f"m{at}" for at in range(12)]
    told.joins(*names)
    told.walks()
    told.shop.record(*(buys(by(external=one), 3000) for one in names[:4]))
    follows(told.shop)
    told.goes_on(hours=2)
    said = {(who, step) for who, step, *_ in told.said()}
    assert {who for who, step in said if step == "thanks"} == set(names[:4])
    assert {who for who, step in said if step == "nudge"} == set(names[4:])
    more = {who for who, step in said if step == "more"}
    assert 0 < len(more) < 12
    assert not [step for _, step in said if step == "never"]
    assert {(step, why) for _, step, why in told.runs()} == {("stop", "done")}


def test_what_ends_a_journey_lets_its_member_go_no_further(told: Journeying) -> None:
    told.published(waits(days=1), says("come-by"), ends_on=(PURCHASE,))
    told.shop.now += timedelta(minutes=1)
    told.joins("ada", "bo", "cem")
    told.shop.now += timedelta(seconds=1)
    told.shop.record(buys(by(external="cem"), 100))
    told.walks()
    told.shop.now += timedelta(hours=2)
    told.shop.record(buys(by(external="ada"), 100))
    told.goes_on(days=2)
    assert told.runs() == [("ada", "wait", "exit"), ("bo", "come-by", "done"),
                           ("cem", "wait", "exit")]  # fmt: skip
    assert told.to() == ["bo@example.org"]


def test_people_finish_on_the_version_they_entered(told: Journeying) -> None:
    told.published(waits(days=1), says("old"))
    told.shop.now += timedelta(minutes=1)
    told.joins("ada")
    told.goes_on(seconds=3)
    told.published(waits(days=1), says("new"))
    told.joins("bo")
    told.goes_on(seconds=3)
    told.goes_on(days=2)
    assert [(who, step) for who, step, *_ in told.said()] == [("ada", "old"), ("bo", "new")]
    told.goes_on(seconds=3)
    sql = "select code, state from campaign where program_id = $1 and journey_id is not null"
    assert sorted(told.shop.rows(sql)) == [("new", "sending"), ("old", "sent")]


def test_nobody_begins_twice_but_where_the_plan_says_so(told: Journeying) -> None:
    again = {"begins": PURCHASE, "again_days": 30}
    told.published(waits(hours=1), code="once", begins=PURCHASE)
    told.published(waits(hours=1), code="again", **again)
    told.shop.now += timedelta(minutes=1)
    told.joins("ada")

    def buys_once(**later: Any) -> int:
        told.shop.now += timedelta(**later)
        told.shop.record(buys(by(external="ada"), 100))
        told.goes_on(minutes=1)
        return len(told.runs())

    assert buys_once() == 2
    assert buys_once(minutes=5) == 2, "each is under way"
    assert buys_once(days=3) == 2, "too soon after its end"
    assert buys_once(days=40) == 3
    assert told.shop.rows(
        "select count(*) from journey_run where program_id = $1 and ended_at is null"
    ) == [(1,)]


def test_a_journey_that_pauses_moves_nobody_and_one_that_ended_sends_nothing(
    told: Journeying,
) -> None:
    told.published(says("other"), code="beside", begins=PURCHASE)
    told.published(waits(hours=1), says("hello"), waits("long", days=9), says("later"))
    told.shop.now += timedelta(minutes=1)
    told.joins("ada")
    told.goes_on(seconds=3)
    told.moves("pause")
    told.goes_on(hours=2)
    assert (told.runs(), told.to()) == ([("ada", "wait", "")], [])
    told.joins("bo")
    told.moves("resume")
    told.goes_on(seconds=3)
    assert told.to() == ["ada@example.org"]
    assert [who for who, *_ in told.runs()] == ["ada"], "bo joined while it paused"
    told.moves("end")
    told.goes_on(days=10)
    assert (told.runs(), len(told.to())) == ([("ada", "long", "ended")], 1)
    assert isinstance(told.moves("resume"), Refused)


def test_who_is_blocked_or_erased_on_their_way_goes_no_further(told: Journeying) -> None:
    told.published(waits(days=1), says("hello"))
    told.shop.now += timedelta(minutes=1)
    told.joins("ada", "bo", "cem")
    told.walks()
    told.shop.ask(block_members, BlockMember(by(external="ada"), True, "fraud", MIA.actor))
    bo = told.id_of("bo")
    told.shop.ask(erase_members, EraseMember(bo))
    told.goes_on(days=2)
    assert told.runs() == [("ada", "wait", "gone"), ("cem", "hello", "done")]
    sql = "select why from journey_run where program_id = $1 and member_id = $2"
    assert told.shop.rows(sql, bo) == [("gone",)]
    assert told.to() == ["cem@example.org"]


def test_the_bounds_of_campaigns_hold_and_the_reason_stands_at_the_step(told: Journeying) -> None:
    told.published(says("hello"), code="hello", begins=OnEvent("member.joined"))
    told.shop.now += timedelta(minutes=1)
    told.joins("ada")
    told.joins("cem", agrees=False)
    told.goes_on(seconds=3)
    assert told.said() == [("ada", "hello", "sent", ""), ("cem", "hello", "skipped", "no_consent")]


def test_who_leaves_a_segment_begins(told: Journeying) -> None:
    told.joins("ada")
    told.listed("ada")
    told.segment("not-yet", {"if": "spent", "at_most": "10"})
    told.published(says("thanks"), begins=OnLeaving("not-yet"))
    told.shop.now += timedelta(minutes=1)
    told.shop.record(buys(by(external="ada"), 3000))
    follows(told.shop)
    told.goes_on(seconds=3)
    assert told.runs() == [("ada", "thanks", "done")]


@pytest.mark.parametrize(
    ("steps", "more", "place"),
    [
        ((), {}, "/plan/steps"),
        ((says("a"), says("a")), {}, "/plan/steps/1/id"),
        ((GoStep("a", "a"),), {}, "/plan/steps/0/to"),
        ((says("a"), SplitStep("b", 50, otherwise="a")), {}, "/plan/steps/1/otherwise"),
        ((BranchStep("a", "nobody"),), {}, "/plan/steps/0/segment"),
        ((says("a", "{{ member.nmae }}"),), {}, "/plan/steps/0/says/en/text"),
        ((waits("a", until="25:00"),), {}, "/plan/steps/0/until"),
        ((says("a", survey="none"),), {}, "/plan/steps/0/survey"),
        ((says("a"),), {"begins": OnEvent("points.flown")}, "/plan/begins/event"),
        ((says("a"),), {"ends_on": (OnEntering("none"),)}, "/plan/ends_on/0/segment"),
        ((says("a"),), {"only_in": "none"}, "/plan/only_in"),
    ],
)
def test_a_plan_that_leads_nowhere_is_refused_at_its_place(
    told: Journeying, steps: Any, more: Any, place: str
) -> None:
    refused = told.plans(*steps, **more)
    assert isinstance(refused, Invalid)
    assert refused.field == place
    assert told.shop.rows("select count(*) from journey where program_id = $1") == [(0,)]


def test_a_message_bears_its_survey_and_who_was_asked_lately_is_spared(told: Journeying) -> None:
    texts = {"en": "Would you recommend us?"}
    told.shop.ask(keep_surveys, KeepSurvey("nps", "Nps", "nps", texts, (), texts, MIA))
    told.published(says("ask", "Tell us: {{ survey.link }}", survey="nps"), begins=PURCHASE)
    told.shop.now += timedelta(minutes=1)
    told.joins("ada")
    told.shop.record(buys(by(external="ada"), 100))
    told.goes_on(seconds=3)
    assert told.said() == [("ada", "ask", "sent", "")]
    (letter,) = told.office.letters
    text = letter.get_body(("plain",)).get_content()  # type: ignore[attr-defined]
    link = re.search(r"https://club.test/card/survey\?link=([0-9a-z]+)", text.replace("\n", ""))
    assert link is not None, text
    sql = "select invitation_id from survey_invitation where program_id = $1"
    asked = told.shop.rows(sql)[0][0]
    assert link[1] == survey_of(KEYED, asked)
    told.shop.ask(keep_surveys, KeepSurvey("visit", "Visit", "csat", texts, (), texts, MIA))
    other = says("ask-more", "And this: {{ survey.link }}", survey="visit")
    told.published(other, code="more", begins=PURCHASE)
    told.shop.now += timedelta(minutes=1)
    told.shop.record(buys(by(external="ada"), 100))
    told.goes_on(seconds=3)
    assert ("ada", "ask-more", "done") in told.runs()
    assert not [one for one in told.said() if one[1] == "ask-more"], "asked not long ago"
    passed = "select outcome from journey_pass where program_id = $1 and step = 'ask-more'"
    assert told.shop.rows(passed) == [("spared",)]


def test_of_a_journey_that_pauses_nothing_goes_out_that_was_passed_before(
    told: Journeying,
) -> None:
    told.published(says("hello"))
    told.shop.now += timedelta(minutes=1)
    told.joins("ada")
    told.walks()
    assert told.said() == [("ada", "hello", "waiting", "")]
    told.moves("pause")
    told.goes()
    assert told.to() == []
    told.moves("resume")
    told.goes()
    assert told.to() == ["ada@example.org"]


def test_who_became_one_with_another_goes_no_further_and_the_other_goes_on(
    told: Journeying,
) -> None:
    told.published(waits(days=1), says("hello"))
    told.shop.now += timedelta(minutes=1)
    told.joins("ada", "bo")
    told.walks()
    one = MergeMembers(by(external="ada"), by(external="bo"), "one person", "mia")
    told.shop.ask(merge_members, one)
    told.goes_on(days=2)
    sql = "select why from journey_run where program_id = $1 order by 1"
    assert told.shop.rows(sql) == [("done",), ("united",)]
    assert len(told.to()) == 1


def test_another_system_hears_once_of_who_came_to_a_step_that_tells(told: Journeying) -> None:
    told.joins("ada")
    wrong = told.plans(waits(days=1), begins=OnEvent("journey.reached"))
    assert (wrong.code, wrong.field) == ("invalid", "/plan/begins/event")
    wrong = told.plans(TellStep("call", "a\nb"))
    assert (wrong.code, wrong.field) == ("invalid", "/plan/steps/0/note")
    told.published(TellStep("call", "vip-call"), waits(days=1), TellStep("again"))
    told.walks()
    told.shop.now += timedelta(minutes=1)
    told.joins("bea", "cem")
    told.goes_on(seconds=3)
    told.goes_on(seconds=3)
    heard = told.shop.rows(_HEARD)
    assert heard == [("bea", "welcome", "call", "vip-call"), ("cem", "welcome", "call", "vip-call")]
    told.goes_on(days=1)
    assert [one[2] for one in told.shop.rows(_HEARD)] == ["call", "again"] * 2
    assert told.said() == [], "nobody was written to by us"


_HEARD = """
select i.value, o.payload ->> 'journey', o.payload ->> 'step', o.payload ->> 'note' from outbox o
  join identifier i on i.program_id = o.program_id and i.member_id = o.member_id
   and i.kind = 'external'
 where o.program_id = $1 and o.type = 'journey.reached' order by 1, o.recorded_tx, o.outbox_id
"""


@pytest.mark.parametrize("code", ready_codes())
def test_each_that_is_ready_leads_a_member_to_its_end(told: Journeying, code: str) -> None:
    one = ready(code, told.shop.terms.versions[-1].program)
    assert one is not None
    for name, need in one.segments.items():
        keep(told.shop, name, need.condition)
    for name, asks in one.surveys.items():
        survey = KeepSurvey(name, name, asks.kind, asks.asks, (), asks.thanks, MIA)  # type: ignore
        told.shop.ask(keep_surveys, survey)
    told.shop.ask(keep_journeys, KeepJourney(code, code, one.plan, MIA))
    assert told.moves("publish", code, version=1).state == "running"
    told.walks()
    told.shop.now += timedelta(minutes=1)
    told.joins("ada")
    _happens(told, one.plan.begins)
    told.walks()
    for _ in range(60):
        told.goes_on(days=1)
        if told.runs() == [("ada", one.plan.steps[-1].id, "done")]:
            break
    told.goes_on(hours=20)
    said = {step: state for _, step, state, _ in told.said()}
    written = [step.id for step in one.plan.steps if isinstance(step, MessageStep)]
    assert said == dict.fromkeys(written, "sent"), (told.runs(), told.said())


def _happens(told: Journeying, what: Any) -> None:
    """Something happens to somebody that begins a journey; what lies behind it is tested where it
    belongs."""
    who = told.id_of("ada")
    if isinstance(what, OnActivity):
        done = buys(by(external="ada"), 100)
        other = replace(done, kind=what.kind, amount_minor=None)
        told.shop.record(done if what.kind == "purchase" else other)
    if isinstance(what, OnEvent):
        event = Told(who, 1, what.event, "{}")
        told.shop.do(lambda tx, _: tx.write(tell(tx, [event])))
    if isinstance(what, OnTermEnd):
        told.pays("ada", told.shop.now + timedelta(days=what.days))
    if isinstance(what, OnEntering):
        told.shop.rows(_COMES_IN, who, told.shop.now, what.segment)


_COMES_IN = """
insert into segment_move (program_id, segment_id, member_id, at, entered, because, version)
select $1, segment_id, $2, $3, true, 'told', version from segment
 where program_id = $1 and code = $4 returning 1
"""
