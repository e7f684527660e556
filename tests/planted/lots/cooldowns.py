"""Bugs about rules that rest after they gave, and about those for some stores only."""

from __future__ import annotations

from typing import Any, Final

from tests.planted.bug import Bug

_STORY = "story it-rests-after-it-gave"

COOLDOWNS = (
    Bug(
        "a rule that rests gives again",
        "engine/deciding/budgets.py",
        "room[place] = 0 if _rests(state, version, place, moment) else 1",
        "pass",
        _STORY,
    ),
    Bug(
        "a rule rests a moment too long",
        "engine/deciding/budgets.py",
        "abs(period - here) < limit.rest",
        "abs(period - here) <= limit.rest",
        _STORY,
    ),
    Bug(
        "what is told late is given beside what came after it",
        "engine/deciding/budgets.py",
        "abs(period - here) < limit.rest",
        "0 <= here - period < limit.rest",
        _STORY,
    ),
    Bug(
        "what came back whole rests all the same",
        "engine/deciding/reverse.py",
        'if by and limit.per != "activity":',
        'if by and limit.per != "activity" and not limit.rest:',
        _STORY,
    ),
    Bug(
        "a rule rests for everybody at once",
        "engine/compiling/compile.py",
        'rule, "times", "ever", 1, rest=',
        'rule, "times", "ever", 1, True, rest=',
        _STORY,
    ),
    Bug(
        "a member is told that it rests for longer than it does",
        "engine/deciding/budgets.py",
        "ends = last + limit.rest",
        "ends = last + limit.rest + 1",
        "checks.rests_until",
    ),
    Bug(
        "a rule that rests leaves nothing in its place",
        "engine/compiling/emit_rules.py",
        'RESTS: Final = Limit(per="ever", times=1, on_exceed="fall_through")',
        'RESTS: Final = Limit(per="ever", times=1, on_exceed="reject")',
        _STORY,
    ),
    Bug(
        "what is decided anew begins no rest",
        "engine/restating/again.py",
        '        if by and limit.per != "activity":\n',
        '        if by and limit.per != "activity" and not limit.rest:\n',
        "story it-rests-though-it-was-told-late",
    ),
    Bug(
        "a reward for a group of stores is for none of them",
        "records/program/parsing/grouping.py",
        "replace(one, stores=_stores(one.stores, groups)) for one in program.rewards",
        "one for one in program.rewards",
        "story only-at-the-airport",
    ),
    Bug(
        "a rule for a group of stores gives nowhere",
        "records/program/parsing/grouping.py",
        "return replace(condition, in_=_stores(condition.in_, groups))",
        "return condition",
        "story only-at-the-airport",
    ),
)


def _rests_until(shop: Any) -> None:
    # Imported late, so that it meets the source with the bug in it.
    from tests.flows.members import test_resting as tests
    from tests.planted.tiers.bugs import _opens

    tests.test_what_gave_rests_and_the_standing_says_until_when(_opens(shop))


ALONE: Final = {"rests_until": _rests_until}
