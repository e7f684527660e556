"""Experiments: planned, begun, read and ended."""

from __future__ import annotations

from typing import Any, Final

from regulars.base.faults import NotFound
from regulars.flows.terms.experiments.commands import (
    BeginExperiment,
    DropExperiment,
    EndExperiment,
    ExperimentCommand,
    PlanExperiment,
)
from regulars.flows.terms.experiments.keep_experiments import keep_experiments
from regulars.insight.estimators.asking.sizes import parts_wanted
from regulars.records.access.types import Scope
from regulars.records.members import read as members
from regulars.records.members.types import nobody
from regulars.records.program.changes.experiments import read
from regulars.records.program.changes.experiments.types import Experiment
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.faults import BadParameter
from regulars.surfaces.api.operations.terms.experiments import examples, seen
from regulars.surfaces.api.operations.terms.experiments.wire import (
    ArmsOfMember,
    EndSent,
    ExperimentRead,
    ExperimentSent,
    ExperimentShown,
    ExperimentsShown,
    InArm,
    SizeAsked,
    SizeShown,
    arms_of,
    experiment_shown,
    look_shown,
)
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.api.wire.parts import instant_of

_TAG: Final = "Experiments"
_READ = (Scope.PROGRAMS_READ, Scope.PROGRAMS_WRITE)
_WRITE = (Scope.PROGRAMS_WRITE,)


async def listed(call: Call) -> Reply:
    """Every experiment."""
    async with call.transaction as tx:
        found = await read.experiments(tx)
        counts = await read.counts(tx, [one.experiment_id for one in found])
    shown = [experiment_shown(one, counts.get(one.experiment_id, {})) for one in found]
    return Reply(ExperimentsShown(shown))


async def one(call: Call) -> Reply:
    """One experiment and the last look at it."""
    async with call.transaction as tx:
        found = await read.experiment(tx, call.ids["code"])
        if found is None:
            raise NotFound(f"there is no experiment {call.ids['code'][:40]}", field="/code")
        counts = await read.counts(tx, [found.experiment_id])
        looks = await read.looks(tx, found.experiment_id)
    shown = experiment_shown(found, counts.get(found.experiment_id, {}))
    return Reply(ExperimentRead(shown, look_shown(looks)))


async def plan(call: Call) -> Reply:
    """An experiment is planned, or planned anew."""
    sent: ExperimentSent = call.sent
    ends = instant_of(sent.ends_at, "/ends_at")
    command = PlanExperiment(
        call.ids["code"], sent.title, sent.kind, sent.outcome, arms_of(sent), call.by,
        sent.wanted, ends,
    )  # fmt: skip
    return await _done(call, command)


async def begin(call: Call) -> Reply:
    """Chance begins to put members into arms."""
    return await _done(call, BeginExperiment(call.ids["code"], call.by))


async def end(call: Call) -> Reply:
    """An experiment is over."""
    sent: EndSent = call.sent
    return await _done(call, EndExperiment(call.ids["code"], sent.why, call.by))


async def drop(call: Call) -> Reply:
    """A plan is forgotten."""
    return await _done(call, DropExperiment(call.ids["code"], call.by))


async def arms(call: Call) -> Reply:
    """In which arms a member is."""
    id_ = addressed("mem", call.ids["member_id"])
    async with call.transaction as tx:
        if not await members.present(tx, [id_]):
            raise nobody()
        rows = await read.arms_of(tx, id_)
    items = [InArm(r["code"], r["arm"], r["since"], r["ended_at"] is not None) for r in rows]
    return Reply(ArmsOfMember(items))


async def size(call: Call) -> Reply:
    """How many members a difference takes to be noticed."""
    asked: SizeAsked = call.query
    if asked.lift == 0 or not 0 < asked.share + asked.lift < 1_000:
        says = "a difference other than 0, with which the share stays between 0 and 1,000"
        raise BadParameter(says, field="lift")
    size = parts_wanted(asked.share / 1_000, asked.lift / 1_000, asked.part / 100, arms=asked.arms)
    return Reply(SizeShown(size.smaller, size.larger))


async def _done(call: Call, command: ExperimentCommand) -> Reply:
    found: Experiment = await call.do(keep_experiments, command)
    async with call.transaction as tx:
        counts = await read.counts(tx, [found.experiment_id])
    return Reply(experiment_shown(found, counts.get(found.experiment_id, {})))


def _operation(method: str, path: str, name: str, **told: Any) -> Operation:
    return Operation(method=method, path=path, name=name, tag=_TAG, **told)


OPERATIONS = (
    _operation(
        "GET", "/v1/experiments", "list_experiments",
        says="Every experiment, the latest first",
        scopes=_READ,
        answers={200: ExperimentsShown},
        answer_example={"items": [examples.RUNNING]},
        do=listed,
    ),
    _operation(
        "GET", "/v1/experiments/{code}", "get_experiment",
        says="One experiment, and what there was to be seen at the last look",
        notes="There is a look every hour, of more than 20,000 members every day. Its intervals "
        "hold however often one looks. With an alarm of `mismatch` there are no effects: whoever "
        "is missing from an arm is not missing by chance.",
        scopes=_READ,
        answers={200: ExperimentRead},
        answer_example={"experiment": examples.RUNNING, "look": examples.LOOK},
        codes=("not_found",),
        do=one,
    ),
    _operation(
        "PUT", "/v1/experiments/{code}", "plan_experiment",
        once=Once.AGAIN,
        says="Plan an experiment, or plan it anew",
        notes="What is given in an arm says the program: a rule asks `if: member` for the "
        "attribute `experiment-<code>`. Once it has begun, only title, plan and end can "
        "change. A hold-out has two arms, `held-out` first. With `everybody` a part is held out of "
        "all campaigns, journeys and offers, and nobody is alerted to them; points, tiers and "
        "rewards they have like everybody.",
        scopes=_WRITE,
        sent=ExperimentSent,
        answers={200: ExperimentShown},
        example=examples.PLAN,
        answer_example=examples.PLANNED,
        codes=("experiment_begun", "experiment_ended"),
        do=plan,
    ),
    _operation(
        "POST", "/v1/experiments/{code}/begin", "begin_experiment",
        once=Once.AGAIN,
        says="Begin an experiment",
        notes="Every active member is put into an arm within minutes, and whoever joins; nobody "
        "changes sides. Nobody is held out of fewer than 500 members.",
        scopes=_WRITE,
        answers={200: ExperimentShown},
        answer_example=examples.RUNNING,
        codes=("not_found", "too_few_members", "held_out_already", "experiment_ended"),
        do=begin,
    ),
    _operation(
        "POST", "/v1/experiments/{code}/end", "end_experiment",
        once=Once.AGAIN,
        says="End an experiment",
        notes="Rules that ask for an arm find nobody in it any more; who was in which, and what "
        "was seen, stays.",
        scopes=_WRITE,
        sent=EndSent,
        answers={200: ExperimentShown},
        example={"why": "Twice the points it is"},
        answer_example=examples.ENDED,
        codes=("not_found", "experiment_not_begun"),
        do=end,
    ),
    _operation(
        "DELETE", "/v1/experiments/{code}", "drop_experiment",
        once=Once.AGAIN,
        says="Forget a plan that never began",
        scopes=_WRITE,
        answers={200: ExperimentShown},
        answer_example=examples.PLANNED,
        codes=("not_found", "experiment_begun"),
        do=drop,
    ),
    _operation(
        "GET", "/v1/members/{member_id}/experiments", "experiments_of_member",
        says="In which arms of which experiments a member is",
        scopes=(Scope.MEMBERS_READ,),
        answers={200: ArmsOfMember},
        answer_example={"items": [examples.IN_ARM]},
        codes=("unknown_member",),
        do=arms,
    ),
    _operation(
        "GET", "/v1/experiment-sizes", "experiment_size",
        says="How many members an experiment takes",
        notes="Of a share that does it today and a difference to be sure of four times of five, by "
        "the bounds that hold at every look; both in thousandths, as in `share=100&lift=20`. "
        "`part` is how many of a hundred are in the smaller of two arms.",
        scopes=_READ,
        query=SizeAsked,
        answers={200: SizeShown},
        answer_example={"members": 8442, "larger": 8442},
        do=size,
    ),
    *seen.OPERATIONS,
)  # fmt: skip
