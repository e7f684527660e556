"""The page of what a program does unless its file says otherwise, made from its types.

The result is committed as `docs/reference/defaults.md`; a test fails when it is stale.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import inspect as look

from regulars.records.program.published.language import structs
from regulars.records.program.published.reasons import REASONS, UNSAID
from regulars.records.program.published.shown import default_of, words_of

DEFAULTS_FILE: Final = "defaults.md"
_HEAD: Final = """\
# What holds unless a program says otherwise

<!-- Generated from src/regulars/records/program; `make docs` writes it anew. -->

Every switch of [the program file](program.md) with what it is unless said, what else it may be,
and why. The defaults are chosen for a café: never below zero, no expiry and so no notice of it, the
best base rule and all multipliers added, tax in, discounts of an order taken off fully, rounded
down, a tier by a year's spend that holds for the year after, and new terms only once the time of
what somebody stands on is over. A published default never changes: what a file does not say means
the same for ever.

"""
_UNSAID: Final = """\
## What is not there

What is left out decides something, too.

| field | when it is left out |
|---|---|
"""


def defaults_text() -> str:
    """The page: each part that has switches, in the order of the reference; then what is not
    there unless it is said."""
    parts = [_part(name, shape) for name, shape in structs().items() if switches(shape)]
    absent = [
        f"| [{name}](program.md#{name.lower()}).`{field}` | {why} |\n"
        for name, fields in UNSAID.items()
        for field, why in fields.items()
    ]
    return _HEAD + "\n".join(parts) + "\n" + _UNSAID + "".join(absent)


def switches(shape: look.StructType) -> list[look.Field]:
    """The fields of a part that are something unless said."""
    return [field for field in shape.fields if not field.required and default_of(field)[0] == "`"]


def unsaid(shape: look.StructType) -> Iterator[str]:
    """The fields of a part that are nothing unless said."""
    return (f.encode_name for f in shape.fields if not f.required and default_of(f) == "none")


def _part(name: str, shape: look.StructType) -> str:
    title = f"`{shape.tag_field}: {shape.tag}`" if shape.tag_field else name
    rows = "".join(
        f"| `{field.encode_name}` | {default_of(field)} | {words_of(field.type)} "
        f"| {REASONS[name][field.encode_name]} |\n"
        for field in switches(shape)
    )
    head = "| field | unless said | may be | why |\n|---|---|---|---|\n"
    return f"## [{title}](program.md#{name.lower()})\n\n{head}{rows}"
