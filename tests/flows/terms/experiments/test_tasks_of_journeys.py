"""A journey leaves something to people: once, to whoever looks after the member, else to the store
of their last order."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.flows.members.staff.people import hires
from tests.flows.terms.experiments.test_offers_of_journeys import (
    MANY,
    goes,
    passed,
    plans,
    publishes,
)
from tests.makers import Shop, buys, by

from regulars.base.faults import Forbidden, Invalid
from regulars.flows.membership.benefits.lines.commands import FinishTask
from regulars.flows.membership.benefits.lines.keep_tasks import keep_tasks
from regulars.records.benefits.lines.read import waiting
from regulars.records.benefits.lines.types import Task, TasksWanted
from regulars.records.outbox.campaigns.journeys.types import TaskStep, WaitStep

CALL = TaskStep("call", {"en": "Call them"}, 3)


def left(shop: Shop, *stores: str, staff: Any = None, everything: bool = False) -> list[Task]:
    wanted = TasksWanted(staff, stores, everything)
    return shop.do(lambda tx, _: waiting(tx, wanted, None, 99))


def test_a_step_leaves_one_task_to_the_store_of_the_last_order(cafe: Shop) -> None:
    cafe.joined("ada", "ben")
    for store in ("main", "east"):
        cafe.record(buys(by(external="ada"), 400, store=store, receipt=store))
        cafe.now += timedelta(hours=1)
    plans(cafe, WaitStep("a-day", days=1), CALL)
    publishes(cafe)
    cafe.now += timedelta(minutes=1)
    cafe.joined("cem")
    cafe.record(buys(by(external="cem"), 400, store="main", receipt="m1"))
    cafe.now += timedelta(minutes=1)
    cafe.record(buys(by(external="cem"), 400, store="east", receipt="m2"))
    goes(cafe)
    assert left(cafe, everything=True) == []
    cafe.now += timedelta(days=1)
    goes(cafe)
    cafe.rows("update journey_run set step = 'call', ended_at = null, why = '' "
              "where program_id = $1 returning 1")  # fmt: skip
    cafe.rows("delete from journey_pass where program_id = $1 returning 1")
    goes(cafe)
    (task,) = left(cafe, everything=True)
    due = cafe.now.date() + timedelta(days=3)
    assert (task.says, task.due_on, task.store, task.staff_id) == ("Call them", due, "east", None)
    assert task.journey == "Way"
    assert passed(cafe)["tasked"] == 1
    assert (left(cafe, "main"), left(cafe, "east")) == ([], [task])
    main, east = (hires(cafe, "cashier", stores=(one,)) for one in ("main", "east"))
    no, done, again = cafe.ask(
        keep_tasks,
        FinishTask(task.member_id, main.staff_id, task.task_id, "mine"),
        FinishTask(task.member_id, east.staff_id, task.task_id, "Comes on Friday"),
        FinishTask(task.member_id, east.staff_id, task.task_id, "Never"),
    )
    assert isinstance(no, Forbidden)
    assert (done.result, done.done_by) == ("Comes on Friday", east.principal)
    assert (again.result, left(cafe, everything=True)) == ("Comes on Friday", [])


def test_a_plan_says_in_the_shops_language_what_is_to_be_done_and_by_when(cafe: Shop) -> None:
    for step, field in (
        (TaskStep("call", {"de": "Anrufen"}), "says/en"),
        (TaskStep("call", {"en": " "}), "says/en"),
        (TaskStep("call", {"en": "Call", "xx": "?"}), "says"),
        (TaskStep("call", {"en": "x" * 401}), "says/en"),
        (TaskStep("call", {"en": "Call"}, 91), "days"),
    ):
        no = plans(cafe, step)
        assert isinstance(no, Invalid)
        assert no.field == f"/plan/steps/0/{field}"


def test_of_who_is_held_out_of_a_journey_nobody_has_a_task(cafe: Shop) -> None:
    cafe.rows(MANY)
    plans(cafe, CALL, held=50)
    publishes(cafe)
    cafe.now += timedelta(minutes=1)
    cafe.joined(*(f"m{n}" for n in range(40)))
    goes(cafe)
    counts = passed(cafe)
    assert counts["tasked"] + counts["held_out"] == 40
    assert 8 <= counts["held_out"] <= 32
    assert len(left(cafe, everything=True)) == counts["tasked"]
    assert {one.due_on for one in left(cafe, everything=True)} == {date(2026, 3, 5)}


def test_where_nobody_is_to_be_held_out_who_is_left_alone_for_good_has_a_task_too(
    cafe: Shop,
) -> None:
    for held in (0, 5):
        plans(cafe, CALL, held=held)
        publishes(cafe, 1 + (held > 0))
        cafe.now += timedelta(minutes=1)
        cafe.joined(f"ada{held}")
        cafe.rows(_LEFT_ALONE if not held else _ALSO)
        goes(cafe)
    assert passed(cafe) == {"tasked": 1, "held_out_of_all": 1}
    assert len(left(cafe, everything=True)) == 1


_LEFT_ALONE = """
with one as (
    insert into experiment (program_id, experiment_id, code, title, kind, outcome, arms, parts,
                            seed, wanted, made_at, made_by, begun_at)
    values ($1, gen_random_uuid(), 'never', 'Never', 'everybody', 'spend', '{out,in}', '{5,95}',
            uuid_send(gen_random_uuid()), 0, now(), 'mia', now())
    returning program_id, experiment_id
)
insert into experiment_member (program_id, experiment_id, member_id, arm, since)
select o.program_id, o.experiment_id, m.member_id, 0, now()
  from one o join member m on m.program_id = o.program_id returning 1
"""
_ALSO = """
insert into experiment_member (program_id, experiment_id, member_id, arm, since)
select o.program_id, o.experiment_id, m.member_id, 0, now()
  from experiment o join member m on m.program_id = o.program_id where o.program_id = $1
    on conflict do nothing returning 1
"""
