"""What the best do, offered as rules in a draft: nothing is published by it."""

from __future__ import annotations

from typing import Any, Final

from litestar import Response

from regulars.base.faults import NotFound
from regulars.flows.terms.keep_drafts import KeepDraft, keep_draft
from regulars.insight.metrics.asked import Report
from regulars.records.access.staff.permissions import Permission
from regulars.records.program import read as versions
from regulars.records.program.changes import read as drafts
from regulars.records.program.parsing.editing import UneditableError, add
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.first.reports.saying import Said, habit_said
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.words import N
from regulars.surfaces.in_words.reports.offering import rule_for, rule_for_group

NO_RULE: Final = N("There is no rule for this; load the page again.")
BY_HAND: Final = N("The program file is written in a way that only its author can extend.")


def offered(said: Said, found: Report) -> list[dict[str, Any]]:
    """For each thing the best did more, a rule to try, where one can ask for it."""
    here = said.here
    if not here.may(Permission.PROGRAM_WRITE):
        return []
    rules = []
    for habit, *_ in found.table("habits").rows:
        rule = rule_for(here.version.program, str(habit))
        if rule is not None:
            rules.append({"habit": habit, "says": habit_said(here, str(habit)), "id": rule["id"]})
    return rules


async def draft_rule(here: Here, form: Form) -> Response[Any]:
    """A draft of the version in force with one rule more. Faults: NotFound."""
    habit = form.get("habit")
    return await _draft(here, None if len(habit) > 200 else rule_for(here.version.program, habit))


async def draft_for_group(here: Here, form: Form) -> Response[Any]:
    """A draft with a rule for members of a health, a part by value or a cell of RFM. Faults:
    NotFound."""
    return await _draft(here, rule_for_group(here.version.program, form.get("group")))


async def _draft(here: Here, rule: dict[str, Any] | None) -> Response[Any]:
    if rule is None:
        raise NotFound(NO_RULE)
    async with here.transaction as tx:
        published = {one.version: one for one in await versions.versions(tx)}
        source = published[here.version.number].source
        try:
            written = add(source, ("rules",), rule)
        except UneditableError:
            raise NotFound(BY_HAND) from None
        name = rule["id"]
        kept = await drafts.draft(tx, name)
        if kept is None:
            await keep_draft(tx, KeepDraft(name, written, 0, here.staff.principal))
    return redirect(f"/console/program/drafts/{name}")
