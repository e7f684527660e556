"""What members choose one of, on the wire."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from msgspec import Struct

from regulars.flows.points.choosing.commands import ChoiceMade
from regulars.flows.points.choosing.show_choices import ChoiceOpen
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.wire.moving import Who
from regulars.surfaces.api.wire.parts import Slug, Whom


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
