"""A form with a file in it, as browsers send it (multipart/form-data, RFC 7578)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from regulars.base.faults import Invalid

MOST_PARTS: Final = 50
_BOUNDARY: Final = re.compile(r'boundary="?([A-Za-z0-9\'()+_,./:=?-]{1,70})"?\s*$')
_NAME: Final = re.compile(rb'\bname="([^"\r\n]{1,100})"')
_FILE: Final = re.compile(rb'\bfilename="')


def parts_of(kind: str, body: bytes) -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, bytes]]:
    """The fields of a form and its files, both by name; a file that was not chosen is left out.

    Faults: Invalid for what no browser sends.
    """
    found = _BOUNDARY.search(kind)
    if found is None:
        raise _no_form()
    between = b"\r\n--" + found[1].encode()
    first, *parts = (b"\r\n" + body).split(between)
    if first or not parts or not parts.pop().startswith(b"--") or len(parts) > MOST_PARTS:
        raise _no_form()
    fields: dict[str, tuple[str, ...]] = {}
    files: dict[str, bytes] = {}
    for part in parts:
        head, gap, content = part.partition(b"\r\n\r\n")
        name = _NAME.search(head)
        if not gap or name is None:
            raise _no_form()
        try:
            called = name[1].decode()
            if not _FILE.search(head):
                fields[called] = (*fields.get(called, ()), content.decode())
            elif content:
                files[called] = content
        except UnicodeDecodeError as error:
            raise _no_form() from error
    return fields, files


def _no_form() -> Invalid:
    return Invalid("this is no form that a browser sends")
