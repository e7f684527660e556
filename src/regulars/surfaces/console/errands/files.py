"""Files that are brought: kept under their own name, looked at, and deleted again."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

from litestar import Response

from regulars.base.faults import Fault, Invalid, NotFound, Outage
from regulars.flows.errands.keep_uploads import drop_upload, keep_upload, room_for_upload
from regulars.records.errands import read
from regulars.records.errands.types import Upload
from regulars.surfaces.console.door.guard import NO_PLACE
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.door.proving import House
from regulars.surfaces.console.door.receiving import Brought
from regulars.surfaces.console.door.session import Visit
from regulars.surfaces.console.errands.saying import id_of
from regulars.surfaces.console.errands.shelf import ENDINGS, file_of, folder_of, tame
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.words import N

SHEETS: Final = (".xls", ".xlsx", ".ods", ".numbers")
NO_SHEET: Final = N("A spreadsheet is saved as CSV first; then bring that file.")
NOT_READ: Final = N("Bring a CSV, JSON Lines or Parquet file: it ends in .csv, .jsonl or .parquet.")
FILE_GONE: Final = N("this file is not here any more; bring it again")


async def bring_for_trial(here: Here, came: Brought) -> Response[Any]:
    """Sales to try a draft on."""
    kept = await _keep(here, came, {"for": "trial"})
    return redirect(f"{_history(came.form)}?file={kept.upload_id.hex}")


async def bring_for_import(here: Here, came: Brought) -> Response[Any]:
    """A file to be brought over: next its columns are named."""
    kept = await _keep(here, came, {"for": "import"})
    return redirect(f"/console/imports/files/{kept.upload_id.hex}")


async def room(house: House, visit: Visit, use: str) -> None:
    """Whether one more file may come for this; asked before its first byte. Faults: Fault."""
    async with house.given.database.transaction(visit.program_id) as tx:
        await room_for_upload(tx, use)


async def delete_import_file(here: Here, form: Form) -> Response[Any]:
    """Take a file that was to be brought over away at once."""
    await _delete(here, str(form.path["upload_id"]), "import")
    return redirect("/console/imports")


async def delete_trial_file(here: Here, form: Form) -> Response[Any]:
    """Take sales that drafts were tried on away at once."""
    await _delete(here, str(form.path["upload_id"]), "trial")
    return redirect(_history(form))


async def _delete(here: Here, text: str, use: str) -> None:
    """Faults: UploadInUse while a job that is open reads it."""
    one = await the_file(here, text, use)
    async with here.transaction as tx:
        await drop_upload(tx, one.upload_id)
    shutil.rmtree(folder_of(root_of(here), here.terms.program_id, one.upload_id), True)


def _history(form: Form) -> str:
    """The page on which the form stood: a draft is tried there."""
    return f"/console/program/drafts/{quote(form.get('draft')[:60], safe='')}/history"


async def the_file(here: Here, text: str, use: str) -> Upload:
    """The file an address names, brought for this. Faults: NotFound."""
    upload_id = id_of(text)
    async with here.transaction as tx:
        found = await read.upload(tx, upload_id) if upload_id else None
    if found is None or found.choices.get("for") != use:
        raise NotFound(FILE_GONE)
    return found


def path_of(here: Here, one: Upload) -> Path:
    """Where the file lies."""
    return file_of(root_of(here), here.terms.program_id, one.upload_id, one.name)


def root_of(here: Here) -> Path:
    """Where all files lie. Faults: Outage where there is no such place."""
    if here.given.uploads is None:
        raise Outage(NO_PLACE)
    return here.given.uploads


async def _keep(here: Here, came: Brought, choices: dict[str, Any]) -> Upload:
    """Keep what came, under its own name made safe; what is no such file is thrown away."""
    try:
        name = tame(came.name)
        ending = Path(name).suffix
        if ending in SHEETS:
            raise Invalid(NO_SHEET, field="file")
        if ending not in ENDINGS:
            raise Invalid(NOT_READ, field="file")
        came.file.rename(came.folder / name)
        one = Upload(
            UUID(came.folder.name), name, came.bytes, choices, here.staff.principal, here.now
        )
        async with here.transaction as tx:
            return await keep_upload(tx, one)
    except (Fault, OSError):
        shutil.rmtree(came.folder, ignore_errors=True)
        raise
