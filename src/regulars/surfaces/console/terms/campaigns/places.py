"""Beside which field of a campaign's form stands what is wrong, and how it is said there."""

from __future__ import annotations

from typing import Final

from regulars.base.faults import Fault
from regulars.records.outbox.campaigns.types import WAYS
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.terms.campaigns.instead import place_of

_FIELD: Final = {
    "/held_percent": "held", "/send_at": "at", "/says": "says", "/event": "event",
}  # fmt: skip


def field_of(fault: Fault, form: Form) -> str:
    """Which field of the form a fault is of."""
    if fault.field in _FIELD:
        return _FIELD[fault.field]
    if fault.field.startswith("/instead/"):
        return place_of(form, fault.field)
    if fault.field.startswith("/variants/"):
        at, _, rest = fault.field.removeprefix("/variants/").partition("/")
        part = rest.removeprefix("says").strip("/").replace("/", "-")
        return f"{WAYS[int(at) + 1]}-{part}" if part else "variants"
    if fault.field.startswith("/offers/"):
        place = int(fault.field.removeprefix("/offers/"))
        return f"{WAYS[place]}-offer" if place else "offer"
    return fault.field.removeprefix("/says/").strip("/").replace("/", "-")


def said_of(here: Here, fault: Fault) -> str:
    """What is wrong with a template has its place first, and in English what Liquid says of it."""
    mend = fault.facts.get("mend")
    told = here.told(fault)
    if "/says/" in fault.field and told:
        return f"{told} ({mend})" if mend else told
    return told or here.reader.say("This is not what it must be.")
