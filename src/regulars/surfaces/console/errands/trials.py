"""A draft is tried on what happened: asked for, followed, kept, put side by side."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from litestar import Response

from regulars.base.faults import Fault
from regulars.engine.checking.admission import admit
from regulars.flows.errands.keep_errands import (
    AskErrand,
    ask_errand,
    forget_errand,
    stop_errand,
)
from regulars.flows.terms.keep_drafts import no_draft
from regulars.records.errands import read
from regulars.records.errands.types import Upload
from regulars.records.program import read as versions
from regulars.records.program.changes import read as drafts
from regulars.records.program.changes.types import Draft
from regulars.records.program.problems import ProgramFault
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.door.receiving import LARGEST, TOO_LARGE
from regulars.surfaces.console.errands import beside
from regulars.surfaces.console.errands.saying import fresh_id, id_of, now_of, the_errand, words
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.words import N

SPANS: Final = (
    ("1", N("The last month")),
    ("3", N("The last 3 months")),
    ("6", N("The last 6 months")),
    ("12", N("The last 12 months")),
    ("24", N("The last 24 months")),
    ("0", N("Everything there is")),
)
USUAL: Final = "6"
_ILL: Final = N("The draft has slips; mend them first")
_GONE: Final = N("This file is not here any more; bring it again")


async def trial_form(here: Here, name: str) -> Response[str]:
    """What is to be tried on which history; and what was tried of this draft before."""
    return await _form(here, name, {}, {"months": USUAL, "file": here.query.get("file", "")})


async def ask_trial(here: Here, form: Form) -> Response[Any]:
    """Ask for it; the worker begins within a second or two."""
    name, errand_id = str(form.path["name"]), id_of(form.get("errand"))
    typed = {"months": form.get("months", USUAL), "file": form.get("file")}
    async with here.transaction as tx:
        kept = await drafts.draft(tx, name)
        files = {one.upload_id.hex: one for one in await read.uploads(tx)}
        published = {one.version: one.source for one in await versions.versions(tx)}
    if kept is None:
        raise no_draft(name)
    wrong: dict[str, str] = {}
    if await here.given.aside(_is_ill, kept.source):
        wrong["draft"] = here.reader.say(_ILL)
    if typed["file"] and typed["file"] not in files:
        wrong["file"] = here.reader.say(_GONE)
    if wrong or errand_id is None:
        return await _form(here, name, wrong, typed, 422)
    number = here.version.number
    ask = _ask(here, kept, typed, files.get(typed["file"]))
    ask |= {"version": number, "against": published[number]}
    wish = AskErrand(errand_id, "trial", kept.name, ask, here.by)
    try:
        async with here.transaction as tx:
            await ask_errand(tx, wish)
    except Fault as fault:
        return await _form(here, name, {"": here.told(fault)}, typed, 409)
    return redirect(f"/console/trials/{errand_id.hex}")


def _ask(here: Here, kept: Draft, typed: dict[str, str], file: Upload | None) -> dict[str, Any]:
    """The draft as it is now, and the days that count; a file is tried as a whole."""
    ask: dict[str, Any] = {"draft": kept.name, "revision": kept.revision, "source": kept.source}
    if file is not None:
        return ask | {"upload": file.upload_id.hex, "file": file.name}
    today = here.now.astimezone(here.zone).date()
    months = int(typed["months"]) if typed["months"] in dict(SPANS) else int(USUAL)
    since = (months_before(today, months) + timedelta(1)).isoformat() if months else ""
    return ask | {"since": since, "until": (today + timedelta(1)).isoformat()}


def months_before(day: date, months: int) -> date:
    """So many months before a day; the last day of a shorter month where there is none such.

    Example: six months before 31 August 2026 is 28 February 2026.
    """
    place = day.year * 12 + day.month - 1 - months
    first = date(place // 12, place % 12 + 1, 1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return min(first + timedelta(day.day - 1), following - timedelta(1))


def _is_ill(source: str) -> bool:
    try:
        admit(source)
    except ProgramFault:
        return True
    return False


async def _form(
    here: Here, name: str, wrong: dict[str, str], typed: dict[str, str], status: int = 200
) -> Response[str]:
    async with here.transaction as tx:
        kept = await drafts.draft(tx, name)
        done = [one for one in await read.errands(tx, "trial") if one.ask["draft"] == name]
        files = [one for one in await read.uploads(tx) if one.choices.get("for") == "trial"]
    if kept is None:
        raise no_draft(name)
    say = here.reader.say
    return here.page(
        "errands/ask.html",
        status=status,
        one=kept,
        wrong=wrong,
        typed=typed,
        errand=fresh_id(here),
        spans=[(months, say(says)) for months, says in SPANS],
        files=files,
        most=LARGEST,
        too_large=TOO_LARGE,
        done=done,
        **words(),
    )


async def trials(here: Here) -> Response[str]:
    """Everything that was tried; two or three of them side by side."""
    async with here.transaction as tx:
        every = await read.errands(tx, "trial")
    chosen = set(here.query.getall("with", []))  # type: ignore[attr-defined]
    picked = [one for one in every if one.errand_id.hex in chosen and one.outcome]
    picked.sort(key=lambda one: (one.asked_at, one.ask["revision"]))
    return here.page(
        "errands/trials.html",
        every=every,
        chosen=chosen,
        table=beside.side_by_side(here, picked) if 1 < len(picked) <= beside.MOST else None,
        unfit=bool(chosen) and not 1 < len(picked) <= beside.MOST,
        **words(),
    )


async def trial(here: Here, text: str) -> Response[str]:
    """One trial: how far it is, or what came of it."""
    one = await the_errand(here, text, "trial")
    found = beside.seen(here, one) if one.outcome else None
    address = f"/console/trials/{one.errand_id.hex}"
    return here.page("errands/trial.html", one=one, found=found, address=address, **words())


async def trial_now(here: Here, text: str) -> Response[str]:
    """How far it is."""
    one = await the_errand(here, text, "trial")
    return now_of(here, one, f"/console/trials/{one.errand_id.hex}")


async def stop_trial(here: Here, text: str) -> Response[Any]:
    """Ask for its end."""
    one = await the_errand(here, text, "trial")
    async with here.transaction as tx:
        await stop_errand(tx, one.errand_id)
    return redirect(f"/console/trials/{one.errand_id.hex}")


async def delete_trial(here: Here, text: str) -> Response[Any]:
    """Throw away what came of it."""
    one = await the_errand(here, text, "trial")
    async with here.transaction as tx:
        await forget_errand(tx, one.errand_id)
    return redirect("/console/trials")
