"""What a draft says otherwise than the version before it: both sentences, and for whom."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from regulars.engine.changing.comparing import Difference, Turn
from regulars.engine.words.changes import in_words
from regulars.records.program.types import Program
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.terms.editor.sentences import part_in_words, parts_of
from regulars.surfaces.console.words import N

TURNS: Final = {"better": N("better"), "worse": N("worse"), "other": N("different")}
_WHOM: Final = (
    (re.compile(r"everybody\Z"), N("Everybody")),
    (re.compile(r"holders of (?P<tier>[a-z0-9-]+)\Z"), N("Members on %(tier)s")),
    (re.compile(r"holders of (?P<tier>[a-z0-9-]+), and who aims"),
     N("Members on %(tier)s, and who is on the way there")),
    (re.compile(r"everybody who has (?P<wallet>[a-z0-9-]+)\Z"), N("Everybody with %(wallet)s")),
    (re.compile(r"everybody who earns (?P<wallet>[a-z0-9-]+) from then on"),
     N("Everybody who earns %(wallet)s from then on")),
)  # fmt: skip


class Change(Struct, frozen=True):
    """One thing that is otherwise: the sentence before and after; nothing on one side where it is
    new or gone."""

    before: str
    after: str
    turn: Turn
    whom: str
    details: tuple[str, ...] = ()
    """What changed besides, where the sentences do not say it."""


def compared(
    here: Here, both: tuple[Program, Program], differences: Sequence[Difference]
) -> list[Change]:
    """Every difference, those about one sentence together, in the order of the file."""
    old, new = (parts_of(one) for one in both)
    places = [*new, *(one for one in old if one not in new)]
    groups: dict[str, list[Difference]] = {}
    for one in differences:
        groups.setdefault(_place(one.path, places), []).append(one)
    found = []
    for at, some in groups.items():
        said = [
            part_in_words(here, program, parts[at]) if at in parts else ""
            for program, parts in zip(both, (old, new), strict=True)
        ]
        found.append(_change(here, (said[0], said[1]), some))
    return found


def _place(path: str, places: Sequence[str]) -> str:
    """The most exact part that a path is in; the path itself where no part has it."""
    around = [one for one in places if path == one or path.startswith(one + ".")]
    return max(around, key=len, default=path)


def _change(here: Here, said: tuple[str, str], some: Sequence[Difference]) -> Change:
    turns = {one.turn for one in some}
    turn: Turn = some[0].turn if len(turns) == 1 else "other"
    whom = dict.fromkeys(_whom(here, one.whom) for one in some)
    details: tuple[str, ...] = ()
    if said[0] == said[1]:
        details = tuple(in_words(one) for one in some)
    return Change(*said, turn, ", ".join(whom), details)


def _whom(here: Here, whom: str) -> str:
    for pattern, words in _WHOM:
        found = pattern.match(whom)
        if found:
            return here.reader.say(words, **found.groupdict())
    return whom
