"""A draft: its sentences and its file, what it would change, and how it is published."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Final

from litestar import Response

from regulars.base.faults import Fault
from regulars.engine.words.explain import amount_in_words
from regulars.flows.terms.keep_drafts import (
    DraftChanged,
    KeepDraft,
    drop_draft,
    keep_draft,
    no_draft,
)
from regulars.flows.terms.plan_version import Plan, plan_version
from regulars.flows.terms.publish_program import Said, publish_program
from regulars.records.program import read as versions
from regulars.records.program.changes import read as drafts
from regulars.records.program.parsing.nodes import parse
from regulars.records.program.problems import Problem, ProgramFault
from regulars.records.program.reading import read_program
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.terms.comparing import TURNS, called, compared
from regulars.surfaces.console.terms.editor.sentences import Told, others, sections, told_by
from regulars.surfaces.console.terms.touched import FATES
from regulars.surfaces.console.words import N
from regulars.surfaces.in_words.warned import warnings_in_words

CHANGED: Final = N("Somebody changed this draft since you read it. Look at it again first.")
NOT_A_TIME: Final = N("Choose a day and a time to come, or leave both empty to begin at once")
SKIPPED: Final = N("The clocks go forward then: this time is not there on that day")
_BOTH: Final = N(
    "Somebody changed this draft since you read it. Your text is still here, and theirs is beside "
    "it; what you keep now replaces theirs."
)
_SAID: Final = {
    "kept": N("Kept."),
    "back": N("Taken back. Do it again to have it as it was."),
    "gone": N("This part is not in the draft any more."),
}


async def draft(
    here: Here,
    name: str,
    problem: str = "",
    source: str | None = None,
    typed: Any = None,
) -> Response[str]:
    """A draft with its sentences, what is wrong with it and what it would change."""
    async with here.transaction as tx:
        kept = await drafts.draft(tx, name)
    if kept is None:
        raise no_draft(name)
    text = kept.source if source is None else source
    plan, slips = await _plan(here, kept.source)
    tree, told = parse(kept.source), told_by(kept.source)
    said = _SAID.get(here.query.get("said", ""))
    readable = not tree.problems and isinstance(tree.value, dict)
    return here.page(
        "terms/draft.html",
        status=409 if problem else 200,
        one=kept,
        source=text,
        theirs=kept.source if text != kept.source else "",
        problem=problem,
        said=here.reader.say(said) if said else "",
        sections=sections(here, tree.value, told) if readable else [],
        others=others(here, told),
        plan=plan,
        changes=await _changes(here, plan, told),
        warnings=warnings_in_words(here.reader, slips),
        errors=[one for one in slips if one.severity == "error"],
        examples=[one for one in slips if one.path.startswith("cases[") and ".earns" in one.path],
        full=here.staff.full_view or not readable or source is not None,
        typed=typed or {},
        turns=TURNS,
        names=called([here.version.program, *([told.program] if told else [])]),
        fates=FATES,
        rated=_rated(here, plan, told),
        ladder_names={k: one.name for k, one in told.program.ladders.items() if one.name}
        if told
        else {},
    )


def _rated(here: Here, plan: Plan | None, told: Told | None) -> dict[str, Any] | None:
    """What rates come to that hold for what happened: since when, and by how much in words."""
    if plan is None or told is None or plan.rates is None:
        return None
    rates = plan.rates

    def said(units: dict[str, int]) -> list[str]:
        # A wallet that is gone by the draft has its name by the version in force.
        there = told.program if units.keys() <= told.program.wallets.keys() else None
        program = there or here.version.program
        return [amount_in_words(program, one, n, here.voice) for one, n in units.items()]

    since = date.fromisoformat(rates.from_on)
    return {"on": since, "of": rates, "more": said(rates.more), "less": said(rates.less)}


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
    except DraftChanged:
        return await draft(here, name, here.reader.say(_BOTH), source)
    except Fault as fault:
        return await draft(here, name, here.told(fault), source)
    return redirect(f"/console/program/drafts/{name}?said=kept")


async def delete_draft(here: Here, name: str, revision: int) -> Response[Any]:
    """Forget a draft."""
    async with here.transaction as tx:
        await drop_draft(tx, name, revision)
    return redirect("/console/program")


async def publish_draft(here: Here, form: Form) -> Response[Any]:
    """The draft becomes the next version, at once or from an instant on; who asks is kept."""
    name, revision = str(form.path["name"]), form.whole("revision")
    typed = {"on": form.get("on").strip(), "at": form.get("at").strip()}
    begins = _begins(here, **typed)
    if isinstance(begins, str):
        return await draft(here, name, here.reader.say(begins), typed=typed)
    try:
        async with here.transaction as tx:
            kept = await drafts.draft(tx, name)
            if kept is None:
                raise no_draft(name)
            changed = kept.revision != revision
            if not changed:
                await publish_program(
                    tx,
                    kept.source,
                    effective_from=begins,
                    by=here.staff.principal,
                    said=Said(accept=form.all("accept")),
                    aside=here.given.aside,
                )
    except Fault as fault:
        return await draft(here, name, here.told(fault), typed=typed)
    if changed:
        # Out here, as the page asks for a connection of its own: nobody waits holding another.
        return await draft(here, name, here.reader.say(CHANGED), typed=typed)
    here.given.programs.forget(here.terms.program_id)
    return redirect("/console/program")


def _begins(here: Here, on: str, at: str) -> datetime | str | None:
    """The instant this is in the shop's zone; nothing for at once; or what is wrong with it.

    Order: of a time that is there twice, when clocks go back, the first.
    """
    if not on and not at:
        return None
    try:
        local = datetime.fromisoformat(f"{on}T{at or '00:00'}").replace(tzinfo=here.zone, fold=0)
    except ValueError:
        return NOT_A_TIME
    if len(on) != 10 or len(at) not in (0, 5) or not 1970 < local.year < 2200:
        return NOT_A_TIME
    instant = local.astimezone(UTC)
    if instant.astimezone(here.zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        return SKIPPED
    return instant if instant > here.now else NOT_A_TIME


async def _plan(here: Here, source: str) -> tuple[Plan | None, list[Problem]]:
    """What it would change, and every slip in it; without a plan where it cannot be read."""
    try:
        async with here.transaction as tx:
            plan = await plan_version(tx, source)
    except ProgramFault as fault:
        return None, list(fault.problems)
    except Fault as fault:
        return None, [Problem(0, 0, "", here.told(fault), "")]
    return plan, list(plan.problems)


async def _changes(here: Here, plan: Plan | None, told: Told | None) -> list[Any]:
    if plan is None or told is None or not plan.changes:
        return []
    async with here.transaction as tx:
        published = {one.version: one for one in await versions.versions(tx)}
    before = published.get(plan.replaces)
    assert before is not None, plan.replaces
    both = (read_program(before.source), told.program)
    return compared(here, both, plan.changes, plan.touched)
