"""What a mapping says of members: which field of the other system shows what of a member."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from regulars.flows.inlets.outlets.pictures import ATTRIBUTES, OPEN
from regulars.records.program.problems import Finding, closest
from regulars.surfaces.connect.inlets.places.pieces import From, Said
from regulars.surfaces.connect.outlets.crm.shapes import (
    KEY,
    KeyHeader,
    RefusedMap,
    wrong_in_header,
    wrong_in_path,
)

MOST_FIELDS: Final = 60
MOST_BESIDE: Final = 20
MOST_STEPS: Final = 6
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
    """Where records are sent, behind the address. Of a CRM over REST. With `{key}` in it each
    record goes alone, and its key stands there."""
    list: str = "members"
    """What the list of records is called in what is sent; empty, what is sent is one record."""
    method: Literal["POST", "PUT", "PATCH"] = "POST"
    """By which method records are sent. Of a CRM over REST, as all that follows but `at_once`."""
    header: KeyHeader = KeyHeader()
    """In which header the key goes."""
    within: str = ""
    """Where in a record its fields stand, as `properties`; empty, they are the record."""
    beside: dict[str, Said] = {}
    """What else a record has beside them: a `constant`, or the attribute `member`."""
    around: dict[str, str | int | bool | tuple[str, ...]] = {}
    """What stands beside the list, the same in every request."""
    dotted: bool = False
    """Whether dots in the names of fields are steps: `address.city` is a field within a field."""
    empty: str | None = None
    """What is told where nothing is known, so that what was there goes: null, or a text."""
    refused: RefusedMap = RefusedMap()
    """Where it says which records it does not take."""
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
    found += wrong_in_path((*at, "path"), one.path, keyed=True)
    found += wrong_in_header((*at, "header"), one.header)
    if (not one.list or KEY in one.path) and one.at_once != 1:
        says = "records that go alone do not go several at once"
        found.append(Finding((*at, "at_once"), says, "write `at_once: 1`"))
    if _OBJECT.fullmatch(one.object) is None:
        mend = "write it as in `Contact` or `Loyalty_Member__c`"
        found.append(Finding((*at, "object"), "this is no object", mend))
    if len(one.fields) > MOST_FIELDS:
        found.append(Finding((*at, "fields"), "these are too many", f"{MOST_FIELDS} at most"))
    for name, said in one.fields.items():
        found += _field((*at, "fields", name), name, said)
    return [*found, *_around(at, one), *_crossing(at, one)]


def _around(at: tuple[str, ...], one: MembersMap) -> list[Finding]:
    """What stands beside the fields of a record says the same for ever, or who it is."""
    found = []
    for name, said in one.beside.items():
        path = (*at, "beside", name)
        found += _field(path, name, said)
        if _shown(said) != "member" and not (isinstance(said, From) and said.constant is not None):
            mend = "write `member`, or `{constant: …}`; all else belongs under `fields`"
            found.append(Finding(path, "this may change, and goes when they are erased", mend))
    if len(one.beside) + len(one.around) > MOST_BESIDE:
        found.append(Finding((*at, "beside"), "these are too many", f"{MOST_BESIDE} at most"))
    if one.list and one.list in one.around:
        says = "the list of records is called so already"
        found.append(Finding((*at, "around", one.list), says, "call it otherwise"))
    return found


def _crossing(at: tuple[str, ...], one: MembersMap) -> list[Finding]:
    """Two names, one of which is a step to the other, cannot both hold a value."""
    if not one.dotted:
        return [
            Finding((*at, "within"), "one step only, unless `dotted: true`", "leave out the dots")
            for _ in one.within[:1]
            if "." in one.within
        ]
    before = f"{one.within}." if one.within else ""
    names = {**{before + name: "fields" for name in one.fields}}
    found = []
    for name in one.beside:
        if name in names:
            says = "a field of a record is called so already"
            found.append(Finding((*at, "beside", name), says, "call it otherwise"))
        names[name] = "beside"
    for name, part in names.items():
        steps = name.split(".")
        if not all(steps) or len(steps) > MOST_STEPS:
            mend = f"write it as in `address.city`, {MOST_STEPS} steps at most"
            found.append(Finding((*at, part, name.removeprefix(before)), "this is no way", mend))
        above = (".".join(steps[:upto]) for upto in range(1, len(steps)))
        if any(way in names for way in above):
            says = "this is within something that holds a value itself"
            found.append(Finding((*at, part, name.removeprefix(before)), says, "keep one of them"))
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
