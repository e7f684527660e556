"""Which of what happens an organization hears as a transaction journal, and how that is written."""

from __future__ import annotations

import re
from typing import Annotated, Final

from msgspec import Meta, Struct

from regulars.records.outbox.hooks.outlets.journals.types import TYPES
from regulars.records.program.problems import Finding, closest
from regulars.surfaces.connect.inlets.places.pieces import From, Said

FACTS: Final = (
    "amount", "channel", "currency", "kind", "occurred_at", "points", "receipt", "reward", "store",
)  # fmt: skip
"""What may be told of an event; what it has nothing of is left out."""
NUMBERS: Final = ("number", "external", "member", "email", "phone")
OURS: Final = ("ExternalTransactionNumber", "MembershipNumber", "JournalTypeName", "ActivityDate")
MOST_FIELDS: Final = 30
_FIELD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,79}")


class JournalMap(Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of event, as a journal."""

    type: Annotated[str, Meta(min_length=1, max_length=80)] = "Accrual"
    """The journal type there, by its name."""
    sub_type: str = ""
    fields: dict[str, Said] = {}
    """Further fields of the journal there, each with what of the event it shows."""


class JournalsMap(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What happens is told as transaction journals of a loyalty program there."""

    program: Annotated[str, Meta(min_length=1, max_length=80)]
    """The name of the loyalty program there."""
    membership: str = "number"
    """What of a member is their MembershipNumber there."""
    events: dict[str, JournalMap]
    """By the type of event."""


def wrong_in_journals(one: JournalsMap | None) -> list[Finding]:
    """What is wrong with it beside its shape."""
    if one is None:
        return []
    found = []
    if one.membership not in NUMBERS:
        mend = f"write one of {', '.join(NUMBERS)}"
        says = "nobody is known by this there"
        found.append(Finding(("journals", "membership"), says, mend))
    for type_, journal in one.events.items():
        path = ("journals", "events", type_)
        if type_ not in TYPES:
            mend = closest(type_, TYPES) or f"write one of {', '.join(TYPES)}"
            found.append(Finding(path, "no journal is about this", mend))
        if len(journal.fields) > MOST_FIELDS:
            found.append(Finding((*path, "fields"), "these are too many", f"{MOST_FIELDS} at most"))
        for name, said in journal.fields.items():
            found += _field((*path, "fields", name), name, said)
    return found


def _field(path: tuple[str, ...], name: str, said: Said) -> list[Finding]:
    if _FIELD.fullmatch(name) is None or name in OURS:
        return [Finding(path, "this field is ours to fill, or none", "name another one")]
    if isinstance(said, From) and said.constant is not None:
        return []
    shown = said.column if isinstance(said, From) else said
    if shown in FACTS:
        return []
    mend = closest(shown, FACTS) or f"write one of {', '.join(FACTS)}"
    return [Finding(path, f"nobody knows {shown[:60]!r} of an event", mend)]
