"""Sandboxes: made, their clocks moved, begun anew, taken home and deleted."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, Final

from litestar import Response

from regulars.base.faults import Fault, Invalid, Refused
from regulars.flows.access.api_keys import CreateKey, create_keys
from regulars.flows.terms.keep_drafts import KeepDraft, keep_draft
from regulars.flows.terms.sandboxes import keep_sandboxes as flows
from regulars.flows.terms.sandboxes.move_clock import MoveClock, move_clock
from regulars.records.access.staff.permissions import Permission
from regulars.records.night.sandbox import read
from regulars.records.program import read as program
from regulars.records.program.changes import read as drafts
from regulars.records.program.changes.types import Draft
from regulars.surfaces.api.operations.terms.sandboxes import emptied, inside
from regulars.surfaces.api.strict.once import own_key
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here

PAGE: Final = "/console/sandboxes"
_EVERYTHING: Final = frozenset({"all"})
_STEPS: Final = {"day": 1, "week": 7, "month": 30, "year": 365}


async def sandboxes(
    here: Here,
    fresh: str = "",
    wrong: dict[str, str] | None = None,
    name: str = "",
    there: Draft | None = None,
) -> Response[str]:
    """Every sandbox and what its clock shows; the key of a fresh one is shown once, and the draft
    that is `there` already where one of its name is to come home."""
    async with here.transaction as tx:
        found, now = await read.sandboxes(tx), tx.now
    items = [(one, now + one.ahead, one.gone(now + one.ahead)) for one in found]
    return here.page(
        "terms/sandboxes.html",
        status=409 if there else 422 if wrong else 200,
        items=items,
        moving=any(one.moves for one in found),
        fresh=fresh,
        key=own_key(here.given.random_bytes),
        wrong=wrong or {},
        name=name,
        there=there,
    )


async def make(here: Here, form: Form) -> Response[Any]:
    """A sandbox is made, with a key that opens everything in it."""
    name = form.get("name").strip()
    wish = flows.MakeSandbox(name, here.asked(form.get("key")[:80]))
    async with here.transaction as tx:
        founded = await flows.make_sandbox(tx, wish, here.by)
    if isinstance(founded, (Refused, Fault)):
        return await sandboxes(here, wrong={"name": here.told(founded)}, name=name)
    by = here.staff.principal
    async with here.given.database.transaction(founded.program_id) as tx:
        if not await program.latest(tx):
            await flows.open_sandbox(tx, founded.source, by, here.given.aside)
        if founded.replayed:
            return redirect(PAGE)
        first = CreateKey("first key", ("all",), by, mode="test", may=_EVERYTHING)
        (made,) = await create_keys(tx, here.given.random_bytes, [first])
    if isinstance(made, Fault):
        raise made
    return await sandboxes(here, made.shown)


async def change(here: Here, form: Form) -> Response[Any]:
    """What a button beside a sandbox does: move its clock, begin it anew, take it home, end it."""
    name, did = str(form.path["name"]), form.get("do")
    async with here.transaction as tx:
        await flows.the_sandbox(tx, name)
    if did in _STEPS:
        return await _move(here, name, timedelta(days=_STEPS[did]), form.get("key")[:80])
    if did == "home":
        return await _home(here, name, form.get("revision"))
    if did in ("renew", "end"):
        await emptied(here.given.database.transaction, here.terms.program_id, name)
    async with here.transaction as tx:
        if did == "renew":
            await flows.renew_sandbox(tx, name, here.by, here.staff.principal)
        elif did == "end":
            await flows.end_sandbox(tx, name, here.by)
        else:
            raise Invalid("this form is not whole; load the page again")
    here.house.forget_keys()
    return redirect(PAGE)


async def _move(here: Here, name: str, by: timedelta, key: str) -> Response[Any]:
    async with here.transaction as tx:
        there = await flows.the_sandbox(tx, name)
    async with here.given.database.transaction(there.program_id) as tx:
        outcome = await move_clock(tx, MoveClock(here.asked(key), by=by))
    if isinstance(outcome, (Refused, Fault)):
        return await sandboxes(here, wrong={"": here.told(outcome)})
    return redirect(PAGE)


async def _home(here: Here, name: str, revision: str) -> Response[Any]:
    """Into the draft that is called as the sandbox is.

    Keeps: what is in a draft of that name already, until somebody who saw that it is there says
    that it may be written over; and what somebody wrote into it since.
    """
    async with here.transaction as tx:
        there = await flows.the_sandbox(tx, name)
    source, _ = await inside(here.given.database.transaction, there.program_id)
    async with here.transaction as tx:
        before = await drafts.draft(tx, name)
        if before is None or before.source != source:
            if before is not None and revision != str(before.revision):
                return await sandboxes(here, there=before)
            number = before.revision if before else 0
            await keep_draft(tx, KeepDraft(name, source, number, here.staff.principal))
    assert re.fullmatch(r"[a-z0-9-]+", name), name
    return redirect(f"/console/program/drafts/{name}")


PAGES: Final = ((PAGE, Permission.KEYS_WRITE, lambda here, _: sandboxes(here)),)
FORMS_DONE: Final = (
    (PAGE, Permission.KEYS_WRITE, make),
    (PAGE + "/{name:str}", Permission.KEYS_WRITE, change),
)
