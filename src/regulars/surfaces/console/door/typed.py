"""What somebody typed as their session ended: it waits in their own browser until they are back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec
from msgspec import Struct

from regulars.surfaces.console.form import Form

MOST_BYTES: Final = 60_000
"""What is longer would not fit into the form to sign in by."""
_NEVER: Final = frozenset({"_form", "password", "present", "by", "pin", "proof"})
"""What opens doors is typed anew."""


class Typed(Struct, frozen=True, forbid_unknown_fields=True):
    """A form that was sent too late, and where to."""

    to: str
    fields: dict[str, tuple[str, ...]]

    @property
    def rows(self) -> Iterator[tuple[str, str]]:
        """Its fields, one by one."""
        for name, values in self.fields.items():
            for value in values:
                yield name, value


def typed_of(form: Form, path: str) -> str:
    """A form as one text for a page to carry; nothing where it cannot be carried.

    Keeps: no password and no PIN, and no file; what the page carries only its own browser has.
    """
    fields = {name: tuple(all_) for name, all_ in form.fields.items() if name not in _NEVER}
    if form.files or len(fields) < len(form.fields) - 1 or not fields:
        return ""
    text = msgspec.json.encode(Typed(path, fields))
    return text.decode() if len(text) <= MOST_BYTES else ""


def read_typed(text: str) -> Typed | None:
    """The same back from a page; nothing of what is no form of the console."""
    try:
        typed = msgspec.json.decode(text, type=Typed)
    except ValueError:
        return None
    inside = typed.to.startswith("/console/") and typed.to.isprintable()
    return typed if inside and not _NEVER & set(typed.fields) and "\\" not in typed.to else None
