"""What a mapping says of members: which field of the other system shows what of a member."""

from __future__ import annotations

import re
from typing import Annotated, Final

from msgspec import Meta, Struct

from regulars.flows.inlets.outlets.pictures import ATTRIBUTES, OPEN
from regulars.records.program.problems import Finding, closest
from regulars.surfaces.connect.inlets.places.pieces import From, Said

MOST_FIELDS: Final = 60
_PATH: Final = re.compile(r"[A-Za-z0-9._~-]+(/[A-Za-z0-9._~-]+)*")
_OBJECT: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,79}")
_UNUSED: Final = ("dates", "zone", "decimal", "last_day", "prefix")


class MembersMap(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the other system is told of members."""

    key: str
    """Its field by which it knows a member again; what stands in it never changes: tell `member`.
    """
    fields: dict[str, Said]
    """Its fields, each with the attribute of ours it shows."""
    path: str = "members"
    """Where records are sent, behind the address. Of a CRM over REST."""
    list: str = "members"
    """What the list of records is called in what is sent."""
    object: str = "Contact"
    """Of Salesforce: which object members are."""
    at_once: Annotated[int, Meta(ge=1, le=500)] = 200
    """So many records go in one request; of Salesforce never more than 200."""
    says: str = ""


def wrong_in_members(one: MembersMap | None) -> list[Finding]:
    """What is wrong with it beside its shape."""
    if one is None:
        return []
    at = ("members",)
    found = []
    if one.key not in one.fields:
        mend = f"add `{one.key}: member` under `fields`"
        found.append(Finding((*at, "key"), "nothing says what stands in this field", mend))
    elif _shown(one.fields[one.key]) != "member":
        says = "this is what a member is known by, and it must be theirs for ever"
        found.append(Finding((*at, "fields", one.key), says, f"write `{one.key}: member`"))
    if _PATH.fullmatch(one.path) is None or ".." in one.path.split("/"):
        found.append(Finding((*at, "path"), "this is no path", "write it as in `api/members`"))
    if _OBJECT.fullmatch(one.object) is None:
        mend = "write it as in `Contact` or `Loyalty_Member__c`"
        found.append(Finding((*at, "object"), "this is no object", mend))
    if len(one.fields) > MOST_FIELDS:
        found.append(Finding((*at, "fields"), "these are too many", f"{MOST_FIELDS} at most"))
    for name, said in one.fields.items():
        found += _field((*at, "fields", name), name, said)
    return found


def _shown(said: Said) -> str:
    return said if isinstance(said, str) else said.column


def _field(path: tuple[str, ...], name: str, said: Said) -> list[Finding]:
    if not name or len(name) > 80 or not name.isprintable():
        return [Finding(path, "this is no name of a field", "write it as it is called there")]
    if isinstance(said, From):
        if said.constant is not None:
            return []
        unused = [one for one in _UNUSED if getattr(said, one)]
        if unused:
            says = f"{unused[0]} says how something is read, and this is told"
            return [Finding((*path, unused[0]), says, "leave it out")]
    shown = _shown(said)
    if shown in ATTRIBUTES or any(
        shown.startswith(begins) and len(shown) > len(begins) for begins in OPEN
    ):
        return []
    mend = closest(shown, tuple(ATTRIBUTES)) or "write one of " + ", ".join(ATTRIBUTES)
    return [Finding(path, f"nobody knows {shown[:60]!r} of a member", mend)]
