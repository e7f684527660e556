"""What a draft says otherwise than the version before it: both sentences, and for whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from regulars.engine.changing.comparing import Difference, Of, Turn, Whom
from regulars.records.program.parts.measuring import names_of
from regulars.records.program.types import Program
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.terms.details import detail
from regulars.surfaces.console.terms.editor.sentences import part_in_words, parts_of
from regulars.surfaces.console.words import N

TURNS: Final = {"better": N("better"), "worse": N("worse"), "other": N("different")}
_WHOM: Final[Mapping[Of, str]] = {
    "everybody": N("Everybody"),
    "who_saves": N("Everybody who has enough for it, or took it within a year"),
    "granted": N("Everybody it was granted to"),
    "on_ladder": N("Everybody on %(tier)s"),
    "on_plan": N("Members on %(tier)s"),
    "on_a_tier": N("Everybody who has a tier"),
    "on_tier": N("Members on %(tier)s"),
    "tier_and_above": N("Members on %(tier)s and above"),
    "tier_and_aiming": N("Members on %(tier)s, and who is on the way there"),
    "who_has": N("Everybody with %(wallet)s"),
    "who_collects": N("Everybody who collects %(wallet)s and was there within a year"),
    "who_earns": N("Everybody who earns %(wallet)s from then on"),
    "who_invites": N("Everybody who invited or was invited within a year"),
    "who_plays": N("Everybody who has come somewhere in it"),
    "in_household": N("Everybody in a household"),
    "blocked": N("Everybody who is blocked"),
    "who_joins": N("Everybody who joins from then on"),
}
"""Whom a difference touches, in words for readers of other languages."""


class Change(Struct, frozen=True):
    """One thing that is otherwise: the sentence before and after; nothing on one side where it is
    new or gone."""

    before: str
    after: str
    turn: Turn
    whom: str
    details: tuple[str, ...] = ()
    """What changed besides, where the sentences do not say it."""
    members: int | None = None
    """How many members that are; not said where nothing counts them, or of several kinds."""


def compared(
    here: Here,
    both: tuple[Program, Program],
    differences: Sequence[Difference],
    touched: Mapping[Whom, int],
) -> list[Change]:
    """Every difference, those about one sentence together, in the order of the file."""
    old, new = (parts_of(one) for one in both)
    places = [*new, *(one for one in old if one not in new)]
    groups: dict[str, list[Difference]] = {}
    for one in differences:
        groups.setdefault(_place(one.path, places), []).append(one)
    found = []
    for at, some in groups.items():
        before, after = (
            _says(here, program, parts, at) for program, parts in zip(both, (old, new), strict=True)
        )
        change = _change(here, called(both), (before, after), some)
        whom = {one.whom for one in some}
        members = touched.get(some[0].whom) if len(whom) == 1 else None
        found.append(replace(change, members=members))
    return found


def called(programs: Iterable[Program]) -> dict[str, str]:
    """What members read for tiers, wallets, rewards and paid plans, by their ids."""
    found: dict[str, str] = {}
    for one in programs:
        found |= {plan.id: plan.name for plan in one.plans}
        found |= names_of(one)
        found |= {name: wallet.name or name for name, wallet in one.wallets.items()}
        found |= {reward.id: reward.name for reward in one.rewards}
    return found


def _says(here: Here, program: Program, parts: Mapping[str, Any], at: str) -> str:
    """The sentence of a part; of a ladder with its steps."""
    if at not in parts:
        return ""
    steps = program.tiers.steps if at == "tiers" and program.tiers else ()
    said = [part_in_words(here, program, one) for one in (*steps, parts[at])]
    # Each keeps its own direction among words of another.
    return " · ".join(f"\u2068{one}\u2069" for one in said) if steps else said[0]


def _place(path: str, places: Sequence[str]) -> str:
    """The most exact part that a path is in; the path itself where no part has it."""
    around = [one for one in places if path == one or path.startswith(one + ".")]
    return max(around, key=len, default=path)


def _change(
    here: Here, names: Mapping[str, str], said: tuple[str, str], some: Sequence[Difference]
) -> Change:
    turns = {one.turn for one in some}
    turn: Turn = some[0].turn if len(turns) == 1 else "other"
    whom = dict.fromkeys(_whom(here, names, one.whom) for one in some)
    details: tuple[str, ...] = ()
    if said[0] == said[1]:
        details = tuple(detail(here, one) for one in some)
    return Change(*said, turn, ", ".join(whom), details)


def _whom(here: Here, names: Mapping[str, str], whom: Whom) -> str:
    name = names.get(whom.name, whom.name)
    return here.reader.say(_WHOM[whom.of], tier=name, wallet=name)
