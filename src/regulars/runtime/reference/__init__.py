"""The generated pages of docs/reference: what the source says, for people who do not read it."""

from __future__ import annotations

from regulars.insight.verify import page as invariants
from regulars.records.program.published import page as program
from regulars.runtime.reference.codes import codes_page
from regulars.runtime.reference.commands import commands_page
from regulars.runtime.reference.events import events_page
from regulars.runtime.reference.export_files import export_files_page
from regulars.runtime.reference.facts import facts_page
from regulars.runtime.reference.metrics import metrics_page
from regulars.runtime.reference.settings import settings_page
from regulars.runtime.reference.tables import tables_page
from regulars.surfaces.api import openapi
from regulars.surfaces.connect.inlets import published as inlets


def pages() -> dict[str, str]:
    """Every generated file of docs/reference, by name."""
    return {
        **program.reference_files(),
        **invariants.reference_files(),
        "cli.md": commands_page(),
        "codes.md": codes_page(),
        "events.md": events_page(),
        "export-files.md": export_files_page(),
        "facts.md": facts_page(),
        inlets.SCHEMA_FILE: inlets.schema_text(),
        "metrics.md": metrics_page(),
        "openapi.json": openapi.text(),
        "settings.md": settings_page(),
        "tables.md": tables_page(),
    }
