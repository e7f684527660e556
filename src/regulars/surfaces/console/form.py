"""What somebody typed into a form, read without surprises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from regulars.base.faults import Invalid


class Form(Struct, frozen=True):
    """The fields of a form, and the variable parts of its address."""

    fields: Mapping[str, tuple[str, ...]]
    path: Mapping[str, Any] = {}
    files: Mapping[str, bytes] = {}
    """What was uploaded, by field."""

    def get(self, name: str, otherwise: str = "") -> str:
        """What stands in a field, the last one of this name."""
        return self.fields.get(name, (otherwise,))[-1]

    def all(self, name: str) -> tuple[str, ...]:
        """Everything that was chosen under a name."""
        return self.fields.get(name, ())

    def whole(self, name: str) -> int:
        """A whole number that our own page put there. Faults: Invalid."""
        typed = self.get(name)
        if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
            raise Invalid("this form is not whole; load the page again", field=name)
        return int(typed)
