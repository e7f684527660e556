"""What members choose one of, on the wire."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from msgspec import Struct

from regulars.flows.points.choosing.commands import ChoiceMade
from regulars.flows.points.choosing.show_choices import ChoiceOpen
from regulars.records.rewards.codes.lettering import shown as lettered
from regulars.records.rewards.codes.types import RewardCode
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.wire.moving import Who
from regulars.surfaces.api.wire.parts import Money, Slug, Whom


class ChoiceSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A member says which of several rewards or benefits they choose for this period."""

    member: Whom
    choice: Slug
    """The word under which they are: `choose_one` of the program file."""
    option: Slug
    """The reward or benefit."""
    actor: Who = ""


class ChoiceDone(Struct, frozen=True):
    """What was chosen; who chose it before, when they did."""

    id: str
    member_id: str
    choice: str
    option: str
    chosen_at: datetime


class OptionShown(Struct, frozen=True):
    """One of several to choose from."""

    kind: Literal["reward", "benefit"]
    id: str
    name: str


class ChoiceShown(Struct, frozen=True):
    """What there is to choose from under a word, and what this member chose."""

    choice: str
    per: str
    options: list[OptionShown]
    chosen: str | None
    by: Literal["said", "taken"] | None
    """`said`: for this period, whatever happens. `taken`: for as long as what they took stands."""
    until_on: str | None
    """The first local day on which one chooses anew; nothing when it is for ever."""


class ChoicesShown(Struct, frozen=True):
    """Every choice of the program in force."""

    items: list[ChoiceShown]


class AutomaticCodeShown(Struct, frozen=True):
    """A code that was taken by itself and is not used: the code itself, and what it is worth."""

    code: str
    reward: str
    name: str
    worth: Money
    redemption_id: str
    issued_at: datetime
    ends_at: datetime | None


class AutomaticCodesShown(Struct, frozen=True):
    """All of a member, newest first."""

    items: list[AutomaticCodeShown]


def automatic_shown(code: RewardCode, currency: str) -> AutomaticCodeShown:
    """A code that was taken by itself, as whoever hands it over sees it."""
    promised, issued_at, of = code.promised, code.issued_at, code.redemption_id
    assert promised is not None, code.code_id
    assert issued_at is not None, code.code_id
    assert of is not None, code.code_id
    return AutomaticCodeShown(
        code=lettered(code.code, code.printed),
        reward=code.reward,
        name=promised.name,
        worth=Money(promised.worth_minor, currency),
        redemption_id=shown("red", of),
        issued_at=issued_at,
        ends_at=code.ends_at,
    )


def choice_done(answer: ChoiceMade) -> ChoiceDone:
    """The answer to a choice."""
    return ChoiceDone(
        id=shown("cho", answer.choice_id),
        member_id=shown("mem", answer.member_id),
        choice=answer.word,
        option=answer.chosen,
        chosen_at=answer.chosen_at,
    )


def choices_shown(found: Sequence[ChoiceOpen]) -> ChoicesShown:
    """All choices as the world sees them."""
    return ChoicesShown([_shown(one) for one in found])


def _shown(one: ChoiceOpen) -> ChoiceShown:
    return ChoiceShown(
        choice=one.word,
        per=one.options[0].per,
        options=[OptionShown(each.kind, each.id, each.name) for each in one.options],
        chosen=None if one.chosen is None else one.chosen.option.id,
        by=None if one.chosen is None else one.chosen.by,
        until_on=None if one.ends_on is None else one.ends_on.isoformat(),
    )
