"""Keep how a program is connected with Klaviyo, and how far that is."""

from __future__ import annotations

from regulars.base.tx import Tx, Write
from regulars.records.outbox.klaviyo.types import Klaviyo

_NAMES = Klaviyo.__struct_fields__
_TYPES = {
    "hook_id": "uuid", "walked_past": "uuid", "address": "text", "list_id": "text", "page": "text",
    "problem": "text",
    "bulk": "text", "keys": "bytea", "shares": "text[]", "takes_yes": "bool", "walk_yes": "bool",
    "heard": "bigint", "walked": "bigint", "failures": "int", "walk_fails": "int", "version": "int",
}  # fmt: skip
_VALUES = ", ".join(
    f"${place}::{_TYPES.get(name, 'timestamptz')}" for place, name in enumerate(_NAMES, 2)
)
_AGAIN = ", ".join(f"{name} = excluded.{name}" for name in _NAMES)
_KEEP = f"""
insert into klaviyo (program_id, {", ".join(_NAMES)}) values ($1::int, {_VALUES})
    on conflict (program_id) do update set {_AGAIN}
"""  # noqa: S608 - names of ours
_END = "delete from klaviyo where program_id = $1::int"


def keep(tx: Tx, one: Klaviyo) -> list[Write]:
    """How it is now; the row is held, or new."""
    told = [getattr(one, name) for name in _NAMES]
    told = [list(value) if isinstance(value, tuple) else value for value in told]
    return [Write(_KEEP, (tx.program_id, *told))]


def end(tx: Tx) -> list[Write]:
    """It is not connected any more, and its key is gone."""
    return [Write(_END, (tx.program_id,))]
