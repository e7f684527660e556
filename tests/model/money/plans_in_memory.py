"""The engine's folds for memberships, driven as the flows do it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.model.events import Answer, Subscribes, Turns

from regulars.base.faults import Refused
from regulars.engine.rewarding.plans import life
from regulars.engine.rewarding.plans.fees import due_minor, to_tell
from regulars.engine.rewarding.plans.life import Step
from regulars.engine.rewarding.plans.points import points_back, points_of
from regulars.engine.state import MemberState
from regulars.records.benefits.plans.types import Membership, Turn

if TYPE_CHECKING:
    from tests.model.in_memory import InMemory

REASON = "as agreed"


class Paying:
    """Who pays for what, and who had a trial."""

    def __init__(self) -> None:
        self.named: dict[str, Membership] = {}
        self.before: dict[str, Membership] = {}
        self.trials: list[tuple[str, set[str]]] = []
        self.turns: list[Turn] = []
        """All that happened to any membership."""

    def turns_of(self, memory: InMemory, state: MemberState) -> list[Turn]:
        """All that happened to the memberships of somebody, and of whoever is one with them."""
        return [one for one in self.turns if memory.owner(one.after.member_id) is state]

    def write_down(self, memory: InMemory, step: Step) -> None:
        version = memory.terms.at(memory.now).number
        self.turns.append(Turn(memory.new_id(), step.what, step.at, version, step.after))

    def pass_by(self, memory: InMemory, state: MemberState | None = None) -> None:
        """What the clock brought about, for somebody or for everybody."""
        version = memory.terms.at(memory.now)
        for name, one in self.named.items():
            if state is None or memory.owner(one.member_id) is state:
                for step in life.passed(version, one, memory.now):
                    self.named[name] = step.after
                    self.write_down(memory, step)

    def tells(self, memory: InMemory) -> None:
        """By night everybody is told of a fee they do not know of."""
        version = memory.terms.at(memory.now)
        for name, one in self.named.items():
            fee = to_tell(version, one)
            if fee is not None:
                step = life.tell(one, fee, memory.now)
                self.named[name] = step.after
                self.write_down(memory, step)


def subscribes(memory: InMemory, event: Subscribes) -> Answer:
    known, state = memory.unions.paying, memory.state(event.who)
    version, now = memory.terms.at(memory.now), memory.now
    memory.let_go(state)
    known.pass_by(memory, state)
    mine = [one for one in known.named.values() if memory.owner(one.member_id) is state]
    cards = {n for n in memory.states if n[0] == "c" and memory.state(n) is state}
    had = any(memory.state(who) is state or cards & theirs for who, theirs in known.trials)
    if state.state == "blocked":
        return Answer("member_blocked")
    if event.plan not in version.plans:
        return Answer("unknown_plan")
    if any(one.state != "ended" for one in mine):
        return Answer("has_plan")
    if event.trial and had:
        return Answer("trial_taken")
    one = Membership(
        memory.new_id(), state.member_id, 1, event.plan, "trial", now, 0, now, now, now, 0,
        in_trial=event.trial,
    )  # fmt: skip
    reason = REASON if event.agreed else ""
    step = life.begin(version, one, version.plans[event.plan], event.amount, reason)
    if isinstance(step, Refused):
        return Answer(step.code)
    if event.trial:
        known.trials.append((memory.stands_as(event.who), cards))
    return _note(memory, event.name, state, (step, one))


def turns(memory: InMemory, event: Turns) -> Answer:
    known, version, now = memory.unions.paying, memory.terms.at(memory.now), memory.now
    state = memory.owner(known.named[event.name].member_id)
    memory.let_go(state)
    known.pass_by(memory, state)
    one, reason = known.named[event.name], REASON if event.agreed else ""
    before = known.before.get(event.name)
    steps: dict[str, Callable[[], Any]] = {
        "paid": lambda: life.pay(version, one, event.amount, reason, now),
        "failed": lambda: life.fail(one, now),
        "refunded": lambda: life.refund(one, event.amount, now, before),
        "cancelled": lambda: life.cancel(one, _when(event), now),
        "paused": lambda: life.pause(version, one, now),
        "resumed": lambda: life.resume(one, now),
        "changed": lambda: life.change(version, one, event.plan, _when(event), now),
    }
    step = steps[event.what]()
    if isinstance(step, Refused):
        return Answer(step.code)
    return _note(memory, event.name, state, (step, one))


def _when(event: Turns) -> str:
    return "now" if event.at_once else "period_end"


def _note(
    memory: InMemory, name: str, state: MemberState, decided: tuple[Step, Membership]
) -> Answer:
    (step, one), version = decided, memory.terms.at(memory.now)
    known, changes = memory.unions.paying, memory.changes
    if step.what == "paid" or (step.what == "started" and not step.after.in_trial):
        first = one.in_trial or step.what == "started"
        step, _ = points_of(changes, state, version, step, first)
        if step.what == "paid":
            known.before[name] = one
    elif step.amount_minor < 0:
        step, _ = points_back(changes, state, version, step, (one, _lapsed(memory, state, one)))
    known.named[name] = step.after
    known.write_down(memory, step)
    known.pass_by(memory, state)
    return stands(known.named[name], step.amount_minor, due_minor(version, known.named[name]),
                  memory.balances(state))  # fmt: skip


def stands(one: Any, paid: int, due: int | None, balances: Any) -> Answer:
    """Where it stands, in the form of the reference."""
    told = () if one.state == "ended" or due is None else (("due", due),)
    ends = one.wait_until.isoformat() if one.wait_until else ""
    amounts = (("left", one.paid_minor), ("paid", paid), *told)
    return Answer(one.state, amounts, (), balances, one.until_at.isoformat(), ends)


def _lapsed(memory: InMemory, state: MemberState, one: Membership) -> int:
    mine = {one.member_id} | memory.unions.ever.get(one.member_id, set())
    return sum(
        points
        for each in memory.states.values()
        if each.member_id in mine and each is not state
        for (cause, _), points in each.lapsed.items()
        if cause == one.gave_entry
    )


PLANS: dict[type, Callable[[Any, Any], Answer]] = {Subscribes: subscribes, Turns: turns}
