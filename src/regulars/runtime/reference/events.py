"""The page of events: everything we tell the world about a member."""

from __future__ import annotations

import json
from collections.abc import Iterator

from regulars.records.outbox.events.catalogue import EVENTS
from regulars.records.outbox.events.fields import EventType, Field
from regulars.runtime.reference.markdown import page, table
from regulars.surfaces.senders.hooks.described import body_example

_ABOUT = """
Each is written to the `outbox` in the transaction of what it tells of, and sent to the webhooks
that want it ([guide](../guides/developer/webhooks.md)). `sequence` is the version of the member's
standing, `position` counts the member's events to one webhook. Quantities are whole numbers of
the wallet's smallest unit, instants are in UTC, ids as the API shows them. Types and fields are
only ever added.
"""


def events_page() -> str:
    """Every type of event with its meaning, the fields of its details, and one whole body."""
    index = [(f"[`{one.type}`](#{_anchor(one)})", one.says) for one in EVENTS.values()]
    parts = [_ABOUT, table(("type", "means"), index), "## A whole body", _example()]
    for one in EVENTS.values():
        parts += [f"## {one.type}", one.says, table(("field", "is"), list(_fields(one)))]
    return page("Events", "src/regulars/records/outbox/events", parts)


def _anchor(one: EventType) -> str:
    """As those who show Markdown name a heading: without its dot."""
    return one.type.replace(".", "")


def _example() -> str:
    told = json.dumps(body_example(EVENTS["points.earned"]), indent=2)
    return f"```json\n{told}\n```"


def _fields(one: EventType) -> Iterator[tuple[str, str]]:
    for name, field in one.fields.items():
        yield f"`{name}`", f"{field.says}{_besides(field)} E.g. `{json.dumps(field.example)}`."


def _besides(field: Field) -> str:
    """When it is not there."""
    left_out = " Left out where it says nothing." if field.optional else ""
    return left_out + (" Null where there is nothing." if field.empty else "")
