"""The program as sentences and as its file; drafts, compared before anybody is promised."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from litestar import Response

from regulars.base.faults import Fault, NotFound
from regulars.engine.words.changes import in_words
from regulars.flows.terms.keep_drafts import KeepDraft, drop_draft, keep_draft, no_draft
from regulars.flows.terms.plan_version import Plan, plan_version
from regulars.flows.terms.publish_program import Said, publish_program
from regulars.insight.home.given import handed_over
from regulars.records.program import read as versions
from regulars.records.program.changes import read as drafts
from regulars.records.program.problems import Problem, ProgramFault
from regulars.records.program.types import Program
from regulars.records.rewards import read as stocks
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.words import N
from regulars.surfaces.in_words.program import promises_in_words
from regulars.surfaces.in_words.rewards import reward_terms_in_words
from regulars.surfaces.in_words.rules import rule_in_words

CHANGED: Final = N("Somebody changed this draft since you read it. Look at it again first.")
LOOKS_BACK: Final = timedelta(days=30)


async def program(here: Here) -> Response[str]:
    """What is promised now, in sentences, and every version before and after."""
    async with here.transaction as tx:
        published = await versions.versions(tx)
        kept = await drafts.drafts(tx)
    version = here.version
    return here.page(
        "terms/program.html",
        program=version.program,
        number=version.number,
        parts=_parts(here, version.program),
        published=sorted(published, key=lambda one: one.version, reverse=True),
        drafts=kept,
    )


async def version_file(here: Here, number: str) -> Response[str]:
    """One version as it was published. Faults: NotFound."""
    async with here.transaction as tx:
        published = {str(one.version): one for one in await versions.versions(tx)}
    if number not in published:
        raise NotFound("there is no such version; look at the list again")
    return here.page("terms/version.html", one=published[number])


async def draft(
    here: Here, name: str, problem: str = "", source: str | None = None
) -> Response[str]:
    """A draft in its editor, with what is wrong with it and what it would change."""
    async with here.transaction as tx:
        kept = await drafts.draft(tx, name)
    if kept is None:
        raise no_draft(name)
    text = kept.source if source is None else source
    plan, slips = await _plan(here, text)
    return here.page(
        "terms/draft.html",
        status=409 if problem else 200,
        one=kept,
        source=text,
        problem=problem,
        slips=slips,
        plan=plan,
        changes=[in_words(one) for one in plan.changes] if plan else [],
        warnings=[one for one in slips if one.severity == "warning"],
        errors=[one for one in slips if one.severity == "error"],
    )


async def begin_draft(here: Here, name: str) -> Response[Any]:
    """A new draft from the version in force."""
    async with here.transaction as tx:
        published = {one.version: one for one in await versions.versions(tx)}
        wish = KeepDraft(
            name.strip(), published[here.version.number].source, 0, here.staff.principal
        )
        kept, _ = await keep_draft(tx, wish)
    return redirect(f"/console/program/drafts/{kept.name}")


async def save_draft(here: Here, name: str, source: str, revision: int) -> Response[Any]:
    """Keep what was typed, right or wrong; two who write at once do not overwrite each other."""
    wish = KeepDraft(name, source.replace("\r\n", "\n"), revision, here.staff.principal)
    try:
        async with here.transaction as tx:
            await keep_draft(tx, wish)
    except Fault as fault:
        return await draft(here, name, fault.says, source)
    return redirect(f"/console/program/drafts/{name}")


async def delete_draft(here: Here, name: str, revision: int) -> Response[Any]:
    """Forget a draft."""
    async with here.transaction as tx:
        await drop_draft(tx, name, revision)
    return redirect("/console/program")


async def publish_draft(
    here: Here, name: str, revision: int, accept: tuple[str, ...]
) -> Response[Any]:
    """The draft becomes the next version, in the name of who asks."""
    try:
        async with here.transaction as tx:
            kept = await drafts.draft(tx, name)
            if kept is None:
                raise no_draft(name)
            if kept.revision != revision:
                return await draft(here, name, here.reader.say(CHANGED))
            await publish_program(
                tx,
                kept.source,
                by=here.staff.principal,
                said=Said(accept=accept),
                aside=here.given.aside,
            )
    except Fault as fault:
        return await draft(here, name, fault.says)
    here.given.programs.forget(here.terms.program_id)
    return redirect("/console/program")


async def rewards(here: Here) -> Response[str]:
    """What members can have, on what terms, and how many are left."""
    program = here.version.program
    async with here.transaction as tx:
        shelves = await stocks.stock(tx)
        handed = await handed_over(tx, here.now - LOOKS_BACK)
    shown = [
        {
            "name": one.name,
            "says": reward_terms_in_words(program, one, here.voice),
            "left": here.reader.number(shelves[one.id]) if one.id in shelves else "–",
            "handed": here.reader.number(handed.get(one.id, 0)),
        }
        for one in program.rewards
    ]
    return here.page("terms/rewards.html", rewards=shown)


async def _plan(here: Here, source: str) -> tuple[Plan | None, list[Problem]]:
    """What it would change, and every slip in it; without a plan where it cannot be read."""
    try:
        async with here.transaction as tx:
            plan = await plan_version(tx, source)
    except ProgramFault as fault:
        return None, list(fault.problems)
    except Fault as fault:
        return None, [Problem(0, 0, "", fault.says, "")]
    return plan, list(plan.problems)


def _parts(here: Here, program: Program) -> list[tuple[str, list[str]]]:
    """The sentences of a program under their headings."""
    voice, say = here.voice, here.reader.say
    parts = [
        (say("How members earn"), [rule_in_words(program, rule, voice) for rule in program.rules]),
        (say("What else is promised"), promises_in_words(program, voice)),
    ]
    return [(name, said) for name, said in parts if said]
