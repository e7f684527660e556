"""What somebody typed into a form, read without surprises."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct

from regulars.base.faults import Invalid

_SPACES: Final = re.compile(r"\s")
_ARABIC: Final = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "0123456789" * 2)
"""Digits as Arabic and Persian keyboards write them."""


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

    def languages(self, before: str, after: str = "") -> list[str]:
        """In which languages our page let somebody write: those between two parts of a name.

        Example: of `de-says` and `fr-says`, after `-says` they are `de` and `fr`.
        """
        name = re.compile(rf"{re.escape(before)}([a-z]{{2,3}}){re.escape(after)}")
        return [found[1] for each in self.fields if (found := name.fullmatch(each))]

    def whole(self, name: str) -> int:
        """A whole number that our own page put there. Faults: Invalid."""
        typed = self.get(name)
        if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
            raise Invalid("this form is not whole; load the page again", field=name)
        return int(typed)


def plain_number(typed: str, separators: tuple[str, str]) -> str:
    """A number as people write it here, as plain decimal text; nothing where it could be two.

    Example: in German `1.250,5` is `1250.5` and `1.250` is `1250`; `1.25` is nothing, and so is
    `0.925`, which is no thousand. `١٢٫٥` is `12.5` everywhere.
    """
    group, point = (re.escape(sign) for sign in separators)
    text = _SPACES.sub("", typed).translate(_ARABIC)
    text = text.replace("\u066c", separators[0]).replace("\u066b", separators[1])
    # A thousands sign parts three digits; where it does not, it may be meant as a decimal point.
    if re.fullmatch(rf"[1-9][0-9]{{0,2}}({group}[0-9]{{3}})+({point}[0-9]+)?", text):
        text = re.sub(group, "", text)
    elif re.search(group, text):
        return ""
    return re.sub(point, ".", text)
