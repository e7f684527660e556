"""What tiers, memberships and grants include: who has it, and what was used of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from litestar import Response

from regulars.engine.rewarding.including.associates import with_associates
from regulars.insight.home.given import Use, used, uses
from regulars.records.program.parts.benefits import Benefit
from regulars.records.tills import read as tills
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.words import N
from regulars.surfaces.in_words.rewards import benefit_in_words

LOOKS_BACK: Final = timedelta(days=30)
FIRST: Final = 10
MOST: Final = 50
"""So many uses at once: first those one takes in at a glance, and more for whoever asks."""
EVERYBODY: Final = N("Every member")
BY_GRANT: Final = N("Who was granted it by hand")


async def benefits(here: Here) -> Response[str]:
    """Every benefit in its own words or ours, who has it, how often it was used in 30 days."""
    only = here.query.get("of", "")[:80]
    most = MOST if here.query.get("all") else FIRST
    since = here.now - LOOKS_BACK
    async with here.transaction as tx:
        counts = await used(tx, since)
        lately = await uses(tx, only, since, most + 1)
        stores = {code: one.name or code for code, one in (await tills.stores(tx)).items()}
    program = here.version.program
    names = {one.id: one.name for one in program.benefits}
    return here.page(
        "offers/benefits.html",
        benefits=[_line(here, one, counts.get(one.id)) for one in program.benefits],
        uses=[_use(one, names, stores) for one in lately[:most]],
        more=len(lately) > most,
        most=most if most == MOST else 0,
        of=only,
        only=names.get(only, ""),
        associates=bool(with_associates(here.version)),
    )


def _line(here: Here, one: Benefit, count: Any) -> dict[str, Any]:
    program, number = here.version.program, here.reader.number
    return {
        "id": one.id,
        "name": one.name,
        "says": one.says or benefit_in_words(program, one, here.voice),
        "who": _who(here, one),
        "times": number(count.times if count else 0),
        "members": number(count.members if count else 0),
    }


def _who(here: Here, one: Benefit) -> list[tuple[str, str]]:
    """Who has it: steps of the ladder with the list of who stands there, a plan, a grant, all."""
    program, say = here.version.program, here.reader.say
    if one.by == "grant":
        return [(say(BY_GRANT), "")]
    plans = {plan.id: plan.name for plan in program.plans}
    if one.plan is not None:
        return [(plans.get(one.plan, one.plan), "")]
    steps = program.tiers.steps if program.tiers else ()
    ids = [step.id for step in steps]
    if one.tier not in ids:
        return [(say(EVERYBODY), "/console/members")]
    above = steps[ids.index(one.tier) :]
    return [(step.name or step.id, f"/console/members?tier={step.id}") for step in above]


def _use(one: Use, names: dict[str, str], stores: dict[str, str]) -> dict[str, Any]:
    return {
        "member_id": shown("mem", one.member_id),
        "member": f"{one.given_name} {one.family_name}".strip() or one.number,
        "benefit": names.get(one.benefit, one.benefit),
        "store": stores.get(one.store, one.store),
        "at": one.used_at,
        "undone": one.state == "undone",
        "missed": one.state == "missed",
        "by_grant": one.by_grant,
        "from_at": one.from_at,
        "guests": one.guests,
    }
