"""Whom a draft would move, on the tiers or a further ladder: by name, and where to find them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, get_args
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response

from regulars.base.faults import Fault
from regulars.engine.changing.crowd import What
from regulars.flows.terms.keep_drafts import no_draft
from regulars.flows.terms.plan_version import Person, Plan, people_of_plan, plan_version
from regulars.records.program.changes import read as drafts
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.terms.comparing import called
from regulars.surfaces.console.terms.editor.sentences import told_by
from regulars.surfaces.console.words import N

MOST: Final = 50
ROUNDS: Final = 10
"""So often a page looks at the next twenty thousand members; then it says where to go on."""
ROUNDS_BESIDE: Final = 2
"""The same on a further ladder, where the next two thousand are judged one by one."""
FATES: Final = {
    "wins": N("Come higher"),
    "loses": N("Come lower"),
    "kept": N("Keep what they were promised"),
    "same": N("As before"),
}
TIERS: Final = N("Tiers")
NAMED: Final = ("loses", "wins", "kept")


async def touched(here: Here, name: str) -> Response[Any]:
    """Members a draft would move, page by page; how many of each kind, where it can be told."""
    async with here.transaction as tx:
        kept = await drafts.draft(tx, name)
        if kept is None:
            raise no_draft(name)
    told = told_by(kept.source)
    ladders = {} if told is None else told.program.ladders
    asked, ladder = here.query.get("what", ""), here.query.get("ladder", "")
    ladder = ladder if ladder in ladders else ""
    what: Any = asked if asked in get_args(What) else ""
    wrong, counts, more = "", dict[str, dict[str, int]](), None
    found: list[Person] = []
    try:
        async with here.transaction as tx:
            counts = _counts(await plan_version(tx, kept.source))
            ladder = ladder or ("" if "" in counts else next(iter(counts), ""))
            what = what or next((one for one in NAMED if counts.get(ladder, {}).get(one)), "loses")
            wish = ([what], _after(here.query.get("after", "")), MOST)
            rounds = ROUNDS_BESIDE if ladder else ROUNDS
            found, more = await people_of_plan(tx, kept.source, None, wish, ladder, rounds=rounds)
    except Fault as fault:
        wrong = here.told(fault)
    names = called([here.version.program, *([told.program] if told else [])])
    page = f"/console/program/drafts/{name}/people"
    this = f"{page}?{urlencode({'ladder': ladder, 'what': what})}"
    return here.page(
        "terms/people.html",
        one=kept,
        wrong=wrong,
        what=what,
        page=page,
        ladder=ladder,
        ladders=[(one, ladders[one].name or one if one else here.reader.say(TIERS))
                 for one in counts if one in ladders or not one],
        choices=[(one, here.reader.say(FATES[one]), counts.get(ladder, {}).get(one, 0))
                 for one in NAMED],
        people=[_shown(here, names, one) for one in found],
        first=this if here.query.get("after") else "",
        following=f"{this}&after={more.hex}" if more else "",
    )  # fmt: skip


def _counts(plan: Plan) -> dict[str, dict[str, int]]:
    """How many of each kind, by ladder; the tiers stand first, under no name."""
    found: dict[str, dict[str, int]] = {}
    for group in plan.groups:
        of = found.setdefault(group.ladder, {})
        of[group.what] = of.get(group.what, 0) + group.members
    return dict(sorted(found.items()))


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
