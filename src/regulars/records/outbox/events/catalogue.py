"""Every type of event there is; documentation and the OpenAPI document are made from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from regulars.records.outbox.events.community import COMMUNITY_EVENTS
from regulars.records.outbox.events.fields import EventType, Field
from regulars.records.outbox.events.people import PEOPLE_EVENTS
from regulars.records.outbox.events.playing import PLAYING_EVENTS
from regulars.records.outbox.events.points import POINT_EVENTS
from regulars.records.outbox.events.rewards import REWARD_EVENTS

EVENTS: Final[Mapping[str, EventType]] = {
    one.type: one
    for one in sorted(
        (*POINT_EVENTS, *REWARD_EVENTS, *PEOPLE_EVENTS, *PLAYING_EVENTS, *COMMUNITY_EVENTS),
        key=lambda one: one.type,
    )
}


FREE: Final[tuple[tuple[str, str], ...]] = tuple(
    (one.type, name) for one in EVENTS.values() for name, field in one.fields.items() if field.free
)
"""What somebody typed, by type and field: `erases_free_texts` takes exactly these away."""


def outward(type_: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    """The payload as receivers see it: ids as the API shows them, everything else as it is.

    A type or a field that is not in the catalogue goes out as it was written.
    """
    known = EVENTS.get(type_)
    fields: Mapping[str, Field] = {} if known is None else known.fields
    return {name: _shown(fields.get(name), value) for name, value in payload.items()}


def _shown(field: Field | None, value: Any) -> Any:
    if field is None or field.kind != "id" or not field.prefix or not isinstance(value, str):
        return value
    if value.startswith(f"{field.prefix}_"):  # some events are written that way
        return value
    return f"{field.prefix}_{value.replace('-', '')}"


def wrong_in(type_: str, payload: Mapping[str, Any]) -> list[str]:
    """What of a payload as it is written is not as the catalogue says; for tests and checks."""
    known = EVENTS.get(type_)
    if known is None:
        return [f"{type_} is not in the catalogue"]
    found = [f"{type_}.{name} is not in the catalogue" for name in payload.keys() - known.fields]
    for name, field in known.fields.items():
        if name not in payload:
            found += [] if field.optional else [f"{type_}.{name} is missing"]
        elif not _fits(field, payload[name]):
            found.append(f"{type_}.{name} is {payload[name]!r}")
    return sorted(found)


def _fits(field: Field, value: Any) -> bool:
    if value is None:
        return field.empty
    kinds: Mapping[str, type] = {"whole": int, "units": dict, "flag": bool, "words": list}
    wanted = kinds.get(field.kind, str)
    return isinstance(value, wanted) and (wanted is bool or not isinstance(value, bool))
