"""The checks: one SQL file per invariant, whose first lines say what it means and what to do."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

from msgspec import Struct

FOLDER: Final = Path(__file__).parent / "checks"
AREAS: Final = {
    "ledger": "The books",
    "lots": "Points and when they lapse",
    "idle": "Points that are left alone",
    "rewards": "Reservations and rewards",
    "choices": "What members choose one of",
    "money": "Money that goes to banks and partners",
    "activities": "What happened, and why it gave what it gave",
    "draws": "Prize draws",
    "tills": "Tills that were cut off",
    "members": "Members and their tiers",
    "told": "What the world was told",
    "prepared": "What is counted beforehand for screens",
    "segments": "Who is in which segment, and whom campaigns and journeys wrote to",
    "asked": "What members were asked, and what they said",
    "fences": "What the database itself refuses",
}
"""The folders of checks in the order in which they run, with their titles."""
_FIELD: Final = re.compile(r"-- (I[0-9]+(?:, I[0-9]+)*|Fails when|Do|Counts|Fold): (.+)")


class Check(Struct, frozen=True):
    """One check: which invariants it stands for, and its rows that break them."""

    name: str
    area: str
    invariants: tuple[str, ...]
    says: str
    """What holds, in a sentence a shop owner can follow."""
    fails_when: str
    mend: str
    counts: str
    """What is looked at, as SQL writes it after `from`."""
    fold: str
    """Who judges the rows of `sql`; when empty, each row of it is a violation."""
    sql: str


@cache
def checks() -> tuple[Check, ...]:
    """Every check there is, area by area, in the order of the invariants."""
    found = [read(path) for area in AREAS for path in sorted((FOLDER / area).glob("*.sql"))]
    order = list(AREAS)
    return tuple(sorted(found, key=lambda one: (order.index(one.area), _number(one.invariants[0]))))


def read(path: Path) -> Check:
    """One check from its file; a head that lacks a line is a mistake of ours."""
    text = path.read_text("utf-8")
    fields: dict[str, str] = {}
    last = ""
    for line in text.splitlines():
        said = _FIELD.fullmatch(line)
        if said is not None:
            last, fields[said[1]] = said[1], said[2]
        elif line.startswith("--   ") and last:
            fields[last] += " " + line[5:]
        else:
            break
    head = next((name for name in fields if name.startswith("I")), None)
    assert head is not None, path
    assert {"Fails when", "Do", "Counts"} <= fields.keys(), path
    return Check(
        name=path.stem,
        area=path.parent.name,
        invariants=tuple(head.split(", ")),
        says=fields[head],
        fails_when=fields["Fails when"],
        mend=fields["Do"],
        counts=fields["Counts"],
        fold=fields.get("Fold", ""),
        sql=text,
    )


def _number(invariant: str) -> int:
    return int(invariant[1:])
