"""Somebody plans an experiment, begins it, or ends it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from msgspec.structs import replace

from regulars.base.faults import Fault, Forbidden, Invalid, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.terms.experiments.commands import (
    BeginExperiment,
    DropExperiment,
    EndExperiment,
    ExperimentCommand,
    ExperimentOutcome,
    PlanExperiment,
)
from regulars.records.access.staff import read as staff_read
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.staff.types import By
from regulars.records.access.staff.write import Done, acted
from regulars.records.program.changes.experiments import read, write
from regulars.records.program.changes.experiments.types import FEWEST, HELD_OUT, Experiment

MOST: Final = 100
"""Experiments of a program, those that are over counted."""
MOST_PARTS: Final = 1_000
LONGEST_CODE: Final = 28
"""So that `experiment-<code>` is an attribute like any other."""
MOST_WANTED: Final = 100_000_000
_CODE: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


async def keep_experiments(
    tx: Tx, _terms: Terms, batch: Sequence[ExperimentCommand]
) -> list[ExperimentOutcome]:
    """Each of these is planned, begun, ended or dropped, one after the other.

    Order: as sent; the same said again changes nothing and is answered alike.
    Refuses: `too_few_members` to hold somebody out of few, `held_out_already` where a part of the
    members is left alone for good, `experiment_begun` and `experiment_ended` where it is too late.
    Faults, each for its own item: `invalid` at a field, `not_found`, `forbidden`.
    """
    await write.hold(tx)
    return [await _one(tx, command) for command in batch]


async def _one(tx: Tx, command: ExperimentCommand) -> ExperimentOutcome:
    if not await _may(tx, command.by):
        return Forbidden("your role does not do this; ask an owner")
    there = await read.experiment(tx, command.code)
    if isinstance(command, PlanExperiment):
        return await _planned(tx, command, there)
    if there is None:
        return NotFound(f"there is no experiment {command.code[:40]}", field="/code")
    if isinstance(command, BeginExperiment):
        return await _begun(tx, command, there)
    if isinstance(command, EndExperiment):
        return await _ended(tx, command, there)
    return await _dropped(tx, command, there)


async def _may(tx: Tx, by: By) -> bool:
    if by.staff_id is None:
        return True
    who = await staff_read.one_staff(tx, by.staff_id)
    return who is not None and who.may(Permission.PROGRAM_PUBLISH)


async def _planned(tx: Tx, command: PlanExperiment, there: Experiment | None) -> ExperimentOutcome:
    wrong = _ill(command, tx)
    if wrong is not None:
        return wrong
    if there is None:
        if len(await read.experiments(tx, MOST)) >= MOST:
            return Invalid(f"There are {MOST} experiments; drop a plan first", field="/code")
        there = Experiment(
            tx.new_id(), command.code, "", command.kind, command.outcome, command.arms,
            tx.secret_bits(128).to_bytes(16), tx.now, command.by.actor,
        )  # fmt: skip
    fixed = (command.kind, command.outcome, command.arms)
    if there.state != "draft" and fixed != (there.kind, there.outcome, there.arms):
        says = "What is compared stays as it began; end this one and plan another"
        return Refused("experiment_begun", says)
    if there.state == "ended":
        return Refused("experiment_ended", "This experiment is over; plan another")
    now = replace(
        there, title=command.title.strip(), kind=command.kind, outcome=command.outcome,
        arms=command.arms, wanted=command.wanted, ends_at=command.ends_at,
    )  # fmt: skip
    if now != there:
        await tx.write([*write.keep(tx, now), *_noted(tx, command.by, "planned", there, now)])
    return now


async def _begun(tx: Tx, command: BeginExperiment, there: Experiment) -> ExperimentOutcome:
    if there.state == "ended":
        return Refused("experiment_ended", "This experiment is over; plan another")
    if there.state == "running":
        return there
    if there.ends_at is not None and there.ends_at <= tx.now:
        return Invalid("It would end before it began", field="/ends_at", mend="Say a later end")
    if there.kind != "split":
        many = await read.active_members(tx)
        if many < FEWEST:
            says = f"Nobody is held out of fewer than {FEWEST} members: it would say nothing"
            return Refused("too_few_members", says, {"members": many, "at_least": FEWEST})
    if there.kind == "everybody":
        other = [one for one in await read.running(tx) if one.kind == "everybody"]
        if other:
            says = "A part of the members is held out of everything already; end that one first"
            return Refused("held_out_already", says, {"experiment": other[0].code})
    now = replace(there, begun_at=tx.now)
    await tx.write([*write.keep(tx, now), *_noted(tx, command.by, "begun", there, now)])
    return now


async def _ended(tx: Tx, command: EndExperiment, there: Experiment) -> ExperimentOutcome:
    if there.state == "draft":
        return Refused("experiment_not_begun", "It never began; drop the plan instead")
    if there.state == "ended":
        return there
    why = command.why.strip()
    if not (0 < len(why) <= 200 and why.isprintable()):
        return Invalid("Say why it ends, in up to 200 letters", field="/why")
    now = replace(there, ended_at=tx.now, ended_by=command.by.actor, why=why)
    await tx.write([*write.keep(tx, now), *_noted(tx, command.by, "ended", there, now)])
    return now


async def _dropped(tx: Tx, command: DropExperiment, there: Experiment) -> ExperimentOutcome:
    if there.state != "draft":
        return Refused("experiment_begun", "It has begun; end it, and it stays to be read")
    await tx.write([*write.drop(tx, there), *_noted(tx, command.by, "dropped", there, there)])
    return there


def _ill(command: PlanExperiment, tx: Tx) -> Fault | None:
    if len(command.code) > LONGEST_CODE or _CODE.fullmatch(command.code) is None:
        mend = f"Small letters, digits and hyphens, up to {LONGEST_CODE}: double-tuesday"
        return Invalid("This cannot be the code of an experiment", field="/code", mend=mend)
    title = command.title.strip()
    if not (0 < len(title) <= 80 and title.isprintable()):
        return Invalid("Say in up to 80 letters what is tried", field="/title")
    if not 0 <= command.wanted <= MOST_WANTED:
        return Invalid("Plan with 0 or more members in each arm", field="/wanted")
    if command.ends_at is not None and command.ends_at <= tx.now:
        return Invalid("It would end before it began", field="/ends_at", mend="Say a later end")
    return _ill_arms(command)


def _ill_arms(command: PlanExperiment) -> Fault | None:
    names = [arm.name for arm in command.arms]
    if not 2 <= len(names) <= 6 or len(set(names)) < len(names):
        return Invalid("Name 2 to 6 arms, each otherwise", field="/arms")
    for place, arm in enumerate(command.arms):
        if len(arm.name) > 40 or _CODE.fullmatch(arm.name) is None:
            mend = "Small letters, digits and hyphens, up to 40: twice-the-points"
            return Invalid("This cannot name an arm", field=f"/arms/{place}/name", mend=mend)
        if not 1 <= arm.parts <= MOST_PARTS:
            says = f"Its part is a whole number from 1 to {MOST_PARTS}"
            return Invalid(says, field=f"/arms/{place}/parts")
    if command.kind != "split" and (len(names) != 2 or names[0] != HELD_OUT):
        says = f"A hold-out has two arms, and the first is called {HELD_OUT}"
        return Invalid(says, field="/arms")
    return None


def _noted(tx: Tx, by: By, did: str, before: Experiment, after: Experiment) -> list[Any]:
    """What is written down of it: the fields that are other than before."""
    said = [_told(before), _told(after)]
    if not before.title:
        said[0] = {}
    changed = {name for name in said[1] if said[0].get(name) != said[1][name]}
    was, now = ({name: one[name] for name in one if name in changed} for one in said)
    about = ("experiment", after.code)
    return list(acted(tx, [Done(by, f"experiment.{did}", *about, before=was, after=now)]))


def _told(one: Experiment) -> dict[str, Any]:
    return {
        "name": one.title,
        "compares": one.kind,
        "outcome": one.outcome,
        "arms": [f"{arm.name} {arm.parts}" for arm in one.arms],
        "planned": one.wanted,
        "until": one.ends_at.isoformat() if one.ends_at else "",
        "why": one.why,
    }
