"""The addresses of long work: each with who may, as the table of the whole console takes them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

from litestar import Response

from regulars.records.access.staff.permissions import Permission
from regulars.surfaces.console.door.receiving import Brought
from regulars.surfaces.console.errands import files, imports, taking_back, together, trials
from regulars.surfaces.console.here import Here

View = Callable[[Here, Any], Awaitable[Response[Any]]]
Take = Callable[[Here, Brought], Awaitable[Response[Any]]]
P = Permission

PAGES: Final[tuple[tuple[str, Permission, View], ...]] = (
    (
        "/console/program/drafts/{name:str}/history",
        P.PROGRAM_WRITE,
        lambda here, path: trials.trial_form(here, path["name"]),
    ),
    ("/console/trials", P.REPORTS_READ, lambda here, _: trials.trials(here)),
    (
        "/console/trials/{trial_id:str}",
        P.REPORTS_READ,
        lambda here, path: trials.trial(here, path["trial_id"]),
    ),
    (
        "/console/trials/{trial_id:str}/now",
        P.REPORTS_READ,
        lambda here, path: trials.trial_now(here, path["trial_id"]),
    ),
    ("/console/imports", P.IMPORTS_WRITE, lambda here, _: imports.imports(here)),
    (
        "/console/imports/files/{upload_id:str}",
        P.IMPORTS_WRITE,
        lambda here, path: imports.file_form(here, path["upload_id"]),
    ),
    (
        "/console/imports/{import_id:str}",
        P.IMPORTS_WRITE,
        lambda here, path: imports.the_import(here, path["import_id"]),
    ),
    (
        "/console/imports/{import_id:str}/now",
        P.IMPORTS_WRITE,
        lambda here, path: imports.import_now(here, path["import_id"]),
    ),
    (
        "/console/imports/back/{back_id:str}",
        P.IMPORTS_WRITE,
        lambda here, path: taking_back.the_undo(here, path["back_id"]),
    ),
    (
        "/console/imports/back/{back_id:str}/now",
        P.IMPORTS_WRITE,
        lambda here, path: taking_back.undo_now(here, path["back_id"]),
    ),
)
LISTS: Final[tuple[tuple[str, Permission, View], ...]] = (
    (
        "/console/imports/{import_id:str}/slips",
        P.IMPORTS_WRITE,
        lambda here, path: imports.slips(here, path["import_id"]),
    ),
)
"""What is handed out as a file."""
FORMS: Final[tuple[tuple[str, Permission, View], ...]] = (
    ("/console/program/drafts/{name:str}/history", P.PROGRAM_WRITE, trials.ask_trial),
    (
        "/console/trials/{trial_id:str}/stop",
        P.PROGRAM_WRITE,
        lambda here, form: trials.stop_trial(here, form.path["trial_id"]),
    ),
    (
        "/console/trials/{trial_id:str}/delete",
        P.PROGRAM_WRITE,
        lambda here, form: trials.delete_trial(here, form.path["trial_id"]),
    ),
    ("/console/trials/files/{upload_id:str}/delete", P.PROGRAM_WRITE, files.delete_trial_file),
    ("/console/imports", P.IMPORTS_WRITE, together.look_together),
    ("/console/imports/files/{upload_id:str}", P.IMPORTS_WRITE, imports.choose),
    (
        "/console/imports/files/{upload_id:str}/delete",
        P.IMPORTS_WRITE,
        files.delete_import_file,
    ),
    ("/console/imports/{import_id:str}/bring", P.IMPORTS_WRITE, imports.bring_over),
    ("/console/imports/back", P.IMPORTS_WRITE, taking_back.look_back),
    ("/console/imports/back/{back_id:str}", P.IMPORTS_WRITE, taking_back.take_back),
    (
        "/console/imports/back/{back_id:str}/stop",
        P.IMPORTS_WRITE,
        lambda here, form: taking_back.stop_undo(here, form.path["back_id"]),
    ),
    (
        "/console/imports/{import_id:str}/stop",
        P.IMPORTS_WRITE,
        lambda here, form: imports.stop_import(here, form.path["import_id"]),
    ),
    (
        "/console/imports/{import_id:str}/delete",
        P.IMPORTS_WRITE,
        lambda here, form: imports.forget_import(here, form.path["import_id"]),
    ),
)
FILES: Final[tuple[tuple[str, Permission, Take, str], ...]] = (
    ("/console/bring/trial", P.PROGRAM_WRITE, files.bring_for_trial, "trial"),
    ("/console/bring/import", P.IMPORTS_WRITE, files.bring_for_import, "import"),
)
"""Forms that bring a file, and what for."""
