"""Which of what happens an organization hears as a transaction journal, and how that is written."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Annotated, Final

from msgspec import Meta, Struct, field

from regulars.records.outbox.hooks.outlets.journals.types import TYPES
from regulars.records.program.problems import Finding, closest
from regulars.surfaces.connect.inlets.places.pieces import From, Said

FACTS: Final = (
    "amount", "channel", "currency", "kind", "occurred_at", "points", "receipt", "reward", "store",
)  # fmt: skip
"""What may be told of an event; what it has nothing of is left out."""
NUMBERS: Final = ("number", "external", "member", "email", "phone")
OURS: Final = ("ExternalTransactionNumber", "MembershipNumber", "JournalTypeName", "ActivityDate")
JOURNAL: Final = "TransactionJournal"
"""The parameter of a process that is ours to fill: by its number it is there once."""
MOST_FIELDS: Final = 30
EITHER_WAY: Final = ("points.adjusted", "points.pooled", "points.restated", "points.transferred")
"""By these points are given, or taken."""
_FIELD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,79}")
_NAME_THERE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_ -]{0,79}")


class JournalMap(Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of event, as a journal."""

    type: Annotated[str, Meta(min_length=1, max_length=80)] = "Accrual"
    """The journal type there, by its name."""
    sub_type: str = ""
    fields: dict[str, Said] = {}
    """Further fields of the journal there, each with what of the event it shows."""
    runs: str = field(default="", name="process")
    """The program process there that is run with it, such as `CreditPointsToMembers`, for points
    that are worked out here; nothing: its own rules say what the journal is worth."""
    parameters: dict[str, Said] = {}
    """Of a process: its parameters beside the journal; points are told without their sign."""
    wallet: str = ""
    """Of which points; nothing: of those of which most came or went."""
    taken: JournalMap | None = None
    """How it is told where points went by it; nothing: as where they came."""


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
        if type_ in EITHER_WAY and journal.runs and journal.taken is None:
            mend = "say under taken how it is told where points went"
            found.append(Finding(path, "points may come or go by this", mend))
        found += _journal(path, journal)
        if journal.taken is not None:
            found += _journal((*path, "taken"), journal.taken)
    return found


def other_wallets(
    one: JournalsMap | None, wallets: Collection[str] | None
) -> list[tuple[str, str, str]]:
    """Wallets that the program does not have, as no points of theirs would ever be told: where
    each stands, what is wrong, and what mends it. Nothing where no wallets are told."""
    if one is None or wallets is None:
        return []
    return [
        (
            f"journals/events/{type_}/wallet",
            f"there is no wallet {journal.wallet[:60]!r}",
            closest(journal.wallet, wallets),
        )
        for type_, journal in one.events.items()
        if journal.wallet and journal.wallet not in wallets
    ]


def _journal(path: tuple[str, ...], one: JournalMap) -> list[Finding]:
    found = []
    for place, fields in (("fields", one.fields), ("parameters", one.parameters)):
        if len(fields) > MOST_FIELDS:
            found.append(Finding((*path, place), "these are too many", f"{MOST_FIELDS} at most"))
        for name, said in fields.items():
            found += _field((*path, place, name), name, said)
    if one.runs and _NAME_THERE.fullmatch(one.runs) is None:
        mend = "write its API name, such as CreditPointsToMembers"
        found.append(Finding((*path, "process"), "no process is called so", mend))
    if one.parameters and not one.runs:
        mend = "say under process which one is run"
        found.append(Finding((*path, "parameters"), "only a process has parameters", mend))
    if path[-1] == "taken" and one.taken is not None:
        found.append(Finding((*path, "taken"), "this is how it is taken", "leave it out"))
    if path[-1] == "taken" and one.wallet:
        mend = "say the wallet once, outside of taken"
        found.append(Finding((*path, "wallet"), "points of one wallet come and go by this", mend))
    return found


def _field(path: tuple[str, ...], name: str, said: Said) -> list[Finding]:
    if _FIELD.fullmatch(name) is None or name in (*OURS, JOURNAL):
        return [Finding(path, "this field is ours to fill, or none", "name another one")]
    if isinstance(said, From) and said.constant is not None:
        return []
    shown = said.column if isinstance(said, From) else said
    if shown in FACTS:
        return []
    mend = closest(shown, FACTS) or f"write one of {', '.join(FACTS)}"
    return [Finding(path, f"nobody knows {shown[:60]!r} of an event", mend)]
