"""Whom a draft would move on the tiers, by name and with where to find them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, get_args
from uuid import UUID

from litestar import Response

from regulars.base.faults import Fault
from regulars.engine.changing.crowd import What
from regulars.flows.terms.keep_drafts import no_draft
from regulars.flows.terms.plan_version import Person, people_of_plan, plan_version
from regulars.records.program.changes import read as drafts
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.terms.comparing import called
from regulars.surfaces.console.terms.editor.sentences import told_by
from regulars.surfaces.console.words import N

MOST: Final = 50
ROUNDS: Final = 10
"""So often a page looks at the next twenty thousand members; then it says where to go on."""
FATES: Final = {
    "wins": N("Come higher"),
    "loses": N("Come lower"),
    "kept": N("Keep what they were promised"),
    "same": N("As before"),
}
NAMED: Final = ("loses", "wins", "kept")


async def touched(here: Here, name: str) -> Response[Any]:
    """Members a draft would move, page by page; how many of each kind, where it can be told."""
    async with here.transaction as tx:
        kept = await drafts.draft(tx, name)
        if kept is None:
            raise no_draft(name)
    asked = here.query.get("what", "")
    what: Any = asked if asked in get_args(What) else ""
    wrong, counts, more = "", dict[str, int](), None
    found: list[Person] = []
    try:
        async with here.transaction as tx:
            counts = _counts(await plan_version(tx, kept.source))
            what = what or next((one for one in NAMED if counts.get(one)), "loses")
            wish = ([what], _after(here.query.get("after", "")), MOST)
            found, more = await people_of_plan(tx, kept.source, None, wish, rounds=ROUNDS)
    except Fault as fault:
        wrong = here.told(fault)
    told = told_by(kept.source)
    names = called([here.version.program, *([told.program] if told else [])])
    page = f"/console/program/drafts/{name}/people?what={what}"
    return here.page(
        "terms/people.html",
        one=kept,
        wrong=wrong,
        what=what,
        choices=[(one, here.reader.say(FATES[one]), counts.get(one, 0)) for one in NAMED],
        people=[_shown(here, names, one) for one in found],
        first=page if here.query.get("after") else "",
        following=f"{page}&after={more.hex}" if more else "",
    )


def _counts(plan: Any) -> dict[str, int]:
    found: dict[str, int] = {}
    for group in plan.groups:
        if not group.ladder:
            found[group.what] = found.get(group.what, 0) + group.members
    return found


def _after(text: str) -> UUID | None:
    try:
        return UUID(hex=text)
    except ValueError:
        return None


def _shown(here: Here, names: Mapping[str, str], one: Person) -> dict[str, str]:
    return {
        "id": shown("mem", one.member_id),
        "name": one.given_name or one.number,
        "number": one.number,
        "tier": names.get(one.tier or "", one.tier or "–"),
        "becomes": names.get(one.becomes or "", one.becomes or "–"),
        "says": here.reader.say(FATES[one.what]),
    }
