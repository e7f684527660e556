"""May somebody join this program: by whom, how old, from where, and with what they tell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal, NamedTuple

from msgspec import Struct

from regulars.base.faults import Refused
from regulars.records.members.types import Attributes
from regulars.records.program.types import Join

Refusal = Literal[
    "staff_only", "invitation_needed", "country_closed", "detail_needed", "too_young",
    "guardian_needed", "join_first",
]  # fmt: skip
"""Every way joining can be refused, in the order it is checked."""


class Applicant(Struct, frozen=True):
    """Somebody who wants to join, as far as the program asks."""

    birthday: date | None
    country: str
    attributes: Attributes
    invited: bool
    """An active member invited them."""
    guardian: date | bool
    """Whether an active member answers for them, and that one's birthday where it is known."""
    actor: str


class Gate(NamedTuple):
    """What a program asks of whoever joins, and the local day on which it does."""

    join: Join
    today: date


def refusal(gate: Gate, who: Applicant) -> Refused | None:
    """Why this one may not join, or nothing.

    Example: born on 29 February 2012, 14 years old on 1 March 2026 and not a day before.
    """
    return next(_refusals(gate, who), None)


def first(gate: Join | None) -> Refused | None:
    """Why a card without a person cannot be given one otherwise than by joining, or nothing."""
    if gate is None:
        return None
    says = "this program asks who joins; let them join with this card, then change what is theirs"
    return Refused("join_first", says)


def age_on(today: date, birthday: date) -> int:
    """Whole years; who was born on 29 February has their birthday on 1 March in common years."""
    before = (today.month, today.day) < (birthday.month, birthday.day)
    return today.year - birthday.year - int(before)


def _refusals(gate: Gate, who: Applicant) -> Iterator[Refused]:
    join, today = gate
    if join.by == "staff" and not who.actor.strip():
        yield Refused("staff_only", "somebody of the shop must let them in: say who")
    if join.by == "invitation" and not who.invited:
        yield Refused("invitation_needed", "an active member must invite them: say who")
    if join.countries and who.country not in join.countries:
        facts = {"countries": join.countries}
        yield Refused("country_closed", "the program is for people who live elsewhere", facts)
    missing = [name for name in join.needs if name not in who.attributes]
    if missing:
        yield Refused("detail_needed", f"tell {', '.join(missing)}", {"needs": missing})
    if join.minimum_age is None and not join.guardian_for_minors:
        return
    if who.birthday is None:
        yield Refused("detail_needed", "tell the birthday", {"needs": ["birthday"]})
        return
    age = age_on(today, who.birthday)
    if join.minimum_age is not None and age < join.minimum_age:
        says = f"from {join.minimum_age} years on"
        yield Refused("too_young", says, {"minimum_age": join.minimum_age})
    if join.guardian_for_minors and age < join.of_age and not _answers(gate, who.guardian):
        says = "a member of age must answer for them: say who"
        yield Refused("guardian_needed", says, {"of_age": join.of_age})


def _answers(gate: Gate, guardian: date | bool) -> bool:
    """Whether the guardian is a member, and of age as far as is known."""
    if isinstance(guardian, bool):
        return guardian
    return age_on(gate.today, guardian) >= gate.join.of_age
