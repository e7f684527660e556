"""Whether it is somebody's birthday, and what they may have for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from regulars.engine.compiling.lookups import near_anniversary
from regulars.engine.terms import Version
from regulars.records.members.admission.types import Admission
from regulars.records.members.types import Member
from regulars.records.program.types import (
    All,
    AnniversaryIs,
    AnyOf,
    Benefit,
    Condition,
    Rule,
)

BIRTHDAY: Final = "birthday"
"""The attribute that holds it, and how names of what is given for it begin."""


def birthday_of(member: Member, told: Admission | None) -> str:
    """The day they told, when they joined or later; nothing when they told none."""
    if told is not None and told.birthday is not None:
        return told.birthday.isoformat()
    return str(member.attributes.get(BIRTHDAY, ""))


def is_birthday(born: str, today: date) -> bool:
    """Whether this is the day; born on 29 February, it is the 28th in other years, as for rules."""
    return near_anniversary(born, today.toordinal(), 0, 0)


def birthday_rules(version: Version, born: str, today: date) -> list[str]:
    """The rules by which more is earned around this birthday, by their ids.

    Keeps: a rule counts while its own days around the birthday run, which may be a week.
    Example: twice the points from three days before to three days after: on the second day before
    it is told, though the birthday itself is not yet.
    """
    return [
        rule.id
        for rule in version.program.rules
        if _runs(rule, today)
        and any(
            near_anniversary(born, today.toordinal(), one.days_before, one.days_after)
            for one in _anniversaries(rule.when)
        )
    ]


def is_for_birthdays(benefit: Benefit) -> bool:
    """Whether it is bound to birthdays, or its id or the word it is chosen by begins so."""
    if benefit.birthday is not None:
        return True
    return any(name.split("-")[0] == BIRTHDAY for name in (benefit.id, benefit.choose_one or ""))


def _runs(rule: Rule, today: date) -> bool:
    on = today.isoformat()
    begun = rule.from_on is None or rule.from_on <= on
    return begun and (rule.until_on is None or on < rule.until_on)


def _anniversaries(when: Condition | None) -> Iterator[AnniversaryIs]:
    """Where a condition asks for the birthday; what it must not be is not asked for."""
    if isinstance(when, AnniversaryIs) and when.attribute == BIRTHDAY:
        yield when
    if isinstance(when, All | AnyOf):
        for one in when.of:
            yield from _anniversaries(one)
