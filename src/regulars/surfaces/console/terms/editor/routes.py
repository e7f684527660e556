"""The addresses of drafts: written, looked at, tried, published, taken back."""

from __future__ import annotations

from typing import Any, Final

from regulars.records.access.staff.permissions import Permission
from regulars.surfaces.console.terms import bench, drafts, planned, touched
from regulars.surfaces.console.terms.editor import acts
from regulars.surfaces.console.terms.editor import form as editor

P: Final = Permission
PAGES: Final[tuple[Any, ...]] = (
    (
        "/console/program/drafts/{name:str}",
        P.PROGRAM_READ,
        lambda here, path: drafts.draft(here, path["name"]),
    ),
    (
        "/console/program/drafts/{name:str}/edit",
        P.PROGRAM_WRITE,
        lambda here, path: editor.form(here, path["name"]),
    ),
    (
        "/console/program/drafts/{name:str}/people",
        P.MEMBERS_READ,
        lambda here, path: touched.touched(here, path["name"]),
    ),
    (
        "/console/program/drafts/{name:str}/try",
        P.PROGRAM_READ,
        lambda here, path: bench.tried(here, path["name"]),
    ),
)
FORMS_DONE: Final[tuple[Any, ...]] = (
    (
        "/console/program/drafts",
        P.PROGRAM_WRITE,
        lambda here, form: drafts.begin_draft(here, form.get("name")),
    ),
    (
        "/console/program/drafts/{name:str}",
        P.PROGRAM_WRITE,
        lambda here, form: drafts.save_draft(
            here, form.path["name"], form.get("source"), form.whole("revision")
        ),
    ),
    (
        "/console/program/drafts/{name:str}/delete",
        P.PROGRAM_WRITE,
        lambda here, form: drafts.delete_draft(here, form.path["name"], form.whole("revision")),
    ),
    ("/console/program/drafts/{name:str}/publish", P.PROGRAM_PUBLISH, drafts.publish_draft),
    ("/console/program/drafts/{name:str}/edit", P.PROGRAM_WRITE, editor.keep),
    ("/console/program/drafts/{name:str}/parts", P.PROGRAM_WRITE, acts.act),
    ("/console/program/versions/{number:str}/back", P.PROGRAM_PUBLISH, planned.take_back),
)
