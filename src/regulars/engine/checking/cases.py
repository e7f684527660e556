"""The examples beside a program, run through the very engine that will serve the till."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Any, Final, NamedTuple
from uuid import UUID

from regulars.base.decimals import text_of, units
from regulars.base.faults import Invalid
from regulars.engine.checking.written import activity_of
from regulars.engine.compiling.asked import known_to_run
from regulars.engine.compiling.compile import Compiled
from regulars.engine.compiling.counters import code_names
from regulars.engine.deciding.earn import Earned, earn
from regulars.engine.returning.sale import Sale
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms, terms_of
from regulars.engine.words.explain import why
from regulars.engine.words.voice import PLAIN, Voice
from regulars.records.activity.types import Activity
from regulars.records.program.problems import Finding, Path
from regulars.records.program.types import Case, Program

_START: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NOBODY: Final = UUID(int=1)


class Tried(NamedTuple):
    """What an activity would earn, and how it was worked out."""

    units: Mapping[str, int]
    """Per wallet, in its smallest quantity; wallets that get nothing left out."""
    tier: str | None
    """Where the member stands afterwards."""
    trail: list[str]


def tried_of(trial: Trial, case: Case) -> Tried:
    """What an example comes to. Faults: as `Trial.run`."""
    return trial.run(case.given, case.tier, {**case.member, **known_to_run(case.plans)})


class Trial:
    """One program version on trial: real rules, real rounding, an invented member, no books."""

    def __init__(self, compiled: Compiled) -> None:
        codes = {name: place for place, name in enumerate(code_names(compiled), 1)}
        self.program: Program = compiled.program
        self.terms: Terms = terms_of(0, self.program.program, [(1, _START, compiled)], codes)
        self._version = self.terms.versions[0]

    def run(
        self,
        given: Mapping[str, Any],
        tier: str | None = None,
        member: Mapping[str, bool | int | str] | None = None,
        voice: Voice = PLAIN,
    ) -> Tried:
        """What this activity earns for a newcomer of this tier, with the trail in sentences.

        Shape: `given` as `written` takes it; `member` are the attributes rules may ask for,
        with the paid plans that run as `known_to_run` writes them.
        Faults: Invalid, with the field that cannot be read.
        """
        activity = activity_of(self._version, given, _NOBODY)
        state = MemberState(_NOBODY, activity.occurred_at, member or {}, tier=tier)
        earned = self._earn(state, activity)
        names = self.terms.wallet_names
        return Tried(
            units={names[code]: units for code, units in earned.units.items()},
            tier=state.tier,
            trail=why(self._version, Sale(activity, earned.trail.steps), voice),
        )

    def _earn(self, state: MemberState, activity: Activity) -> Earned:
        numbers = count(2)
        # Nobody drew on any budget before an example.
        changes = Changes(new_id=lambda: UUID(int=next(numbers)), budgets=defaultdict(int))
        return earn(changes, state, self.terms, activity)


def failing(compiled: Compiled) -> list[Finding]:
    """The examples of a program that do not earn exactly what they say.

    Assumes: the program passed its checks, so that names and amounts in `earns` are good.
    """
    trial = Trial(compiled)
    return [
        finding
        for place, case in enumerate(compiled.program.cases)
        for finding in _judge(trial, place, case)
    ]


def _judge(trial: Trial, place: int, case: Case) -> Iterator[Finding]:
    path: Path = ("cases", place)
    try:
        tried = tried_of(trial, case)
    except Invalid as wrong:
        where = tuple(int(step) if step.isdigit() else step for step in wrong.field.split("/")[1:])
        yield Finding((*path, "given", *where), wrong.says, "mend the example")
        return
    for name, wallet in trial.program.wallets.items():
        said = units(case.earns.get(name, 0), wallet.scale)
        earned = tried.units.get(name, 0)
        if said != earned:
            says = (
                f"the example says {text_of(said, wallet.scale)} {name}, "
                f"but the rules give {text_of(earned, wallet.scale)}"
            )
            where = (*path, "earns", name) if name in case.earns else (*path, "earns")
            yield Finding(where, says, "correct the example, or the rules: " + _told(tried))


def _told(tried: Tried) -> str:
    return " ".join(tried.trail)
