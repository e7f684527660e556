"""Several files in one go: members, their points and their sales, looked at and booked as one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from litestar import Response

from regulars.base.faults import Fault
from regulars.flows.errands.keep_errands import AskErrand, ask_errand
from regulars.flows.errands.keep_uploads import choose_columns
from regulars.records.errands import read
from regulars.records.errands.types import Upload
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.errands import columns, imports
from regulars.surfaces.console.errands.saying import id_of
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.words import N

_TWO: Final = N("Tick two files at least.")
_UNSAID: Final = N("First say which column of it is what: %(name)s")
_SOURCES: Final = N("Files that are brought over together come from one old system: call it alike.")
_READY: Final = N("Files that another system exports go together with its own alone.")


async def look_together(here: Here, form: Form) -> Response[Any]:
    """Look at the ticked files as one, without touching anything.

    Order: whatever order they were brought in, members are booked before their points, and these
    before their sales.
    """
    errand_id = id_of(form.get("errand"))
    ids = {one for text in form.all("file") if (one := id_of(text))}
    async with here.transaction as tx:
        there = [one for one in await read.uploads(tx) if one.choices.get("for") == "import"]
    files = [one for one in reversed(there) if one.upload_id in ids]
    if len(files) < 2 or errand_id is None:
        return await imports.imports(here, here.reader.say(_TWO))
    kept = [(one, await _kept(here, one)) for one in files]
    wrong = _wrong(here, kept)
    if wrong:
        return await imports.imports(here, wrong)
    try:
        title = ", ".join(one.name for one in files)[:200]
        ask = AskErrand(errand_id, "check", title, _ask(kept, title), here.by)
        async with here.transaction as tx:
            await ask_errand(tx, ask)
    except Fault as fault:
        return await imports.imports(here, here.told(fault))
    return redirect(f"/console/imports/{errand_id.hex}")


async def _kept(here: Here, one: Upload) -> dict[str, Any]:
    """What was chosen for a file; what nobody looked at is guessed, and kept as if it had been."""
    kept = await imports.chosen(here, one, "")
    async with here.transaction as tx:
        await choose_columns(tx, one.upload_id, kept)
    return kept


def _wrong(here: Here, kept: Sequence[tuple[Upload, dict[str, Any]]]) -> str:
    """Why these are not brought over together."""
    say = here.reader.say
    for one, each in kept:
        if columns.what_is_wrong(each):
            return say(_UNSAID, name=one.name)
    systems = {each["ready"].partition(":")[0] if _is_ready(each) else "" for _, each in kept}
    if len(systems) > 1:
        return say(_READY)
    if systems == {""} and len({each["source"] for _, each in kept}) > 1:
        return say(_SOURCES)
    return ""


def _is_ready(kept: dict[str, Any]) -> bool:
    return bool(kept["kind"] == "ready")


def _ask(kept: Sequence[tuple[Upload, dict[str, Any]]], title: str) -> dict[str, Any]:
    """What the errand is asked: the first file, and the others as `more`. Faults: Invalid."""
    if _is_ready(kept[0][1]):
        told = [columns.mapping_of(each, title) for _, each in kept]
        mapping, names = told[0][0], [name for _, name in told]
    else:
        mapping, names = columns.mapping_together([each for _, each in kept], title)
    files = [
        {"upload": one.upload_id.hex, "file": one.name, "named": name}
        for (one, _), name in zip(kept, names, strict=True)
    ]
    return {**files[0], "mapping": mapping, "more": files[1:]}
