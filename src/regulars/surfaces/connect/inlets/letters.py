"""Letters that failed: from what a provider sends to whose letter it was, and how it failed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any, Final

from regulars.flows.inlets.book_arrivals import FailedLetter
from regulars.records.program.problems import Problem
from regulars.surfaces.connect.inlets.kinds import LETTERS
from regulars.surfaces.connect.inlets.mapping import (
    LETTER_KINDS,
    LetterMap,
    Mapping,
    MappingFault,
    read_mapping,
)
from regulars.surfaces.connect.inlets.places.values import Where, in_time, place_of
from regulars.surfaces.connect.inlets.providers.discourse.wishes import DISCOURSE
from regulars.surfaces.connect.moving.mapping import Skip
from regulars.surfaces.connect.moving.wrong import Wrong
from regulars.surfaces.connect.outlets.salesforce.shapes import other_wallets

LONGEST_ADDRESS: Final = 254
STRIPE: Final = "stripe"
TOLD: Final = ("crm", "salesforce")
"""Kinds of systems that are told of members."""
MAGENTO: Final = "magento"
CRM: Final = "crm"
SALESFORCE: Final = "salesforce"
_PARTS: Final = (
    ("members", TOLD, "only a CRM is told of members",
     "leave it out, or add a source of that kind"),
    ("cases", (CRM,), "only a source of the kind crm is asked for cases so", "leave it out"),
    ("journals", (SALESFORCE,), "only a source of the kind salesforce is told journals",
     "leave it out"),
    ("cart", (MAGENTO,), "only a source of the kind magento makes carts cheaper", "leave it out"),
    ("forum", (DISCOURSE,), "only a source of the kind discourse has a forum", "leave it out"),
)  # fmt: skip
"""Parts of a mapping that sources of some kinds alone have: what others are told, and its mend."""
LetterReader = Callable[[Any, datetime], FailedLetter | None]
"""From a payload and when it came to the letter; nothing where it is left aside."""


def letter_reader(where: Where, one: LetterMap, skip: Sequence[Skip]) -> LetterReader:
    """Reads the letter of an event. Raises, as it reads: Wrong."""
    aside = where.aside(skip)
    is_text = one.phone is not None
    named, kind, reason = (
        one.phone if is_text else one.email,
        where.text(one.kind),
        where.text(one.reason),
    )
    address = where.text(named)
    occurred = where.instant(one.occurred_at)

    def read(root: Any, came_at: datetime) -> FailedLetter | None:
        if aside(root):
            return None
        how, whose = kind(root), address(root)
        if how not in LETTER_KINDS:
            mend = f"Translate it with `values` into one of {', '.join(LETTER_KINDS)}"
            raise Wrong(place_of(one.kind), f"no letter fails as {how[:60]!r}", mend)
        if not whose or len(whose) > LONGEST_ADDRESS:
            raise Wrong(place_of(named), "no address stands here", "Name its place")
        at = in_time(occurred(root) or came_at, came_at, place_of(one.occurred_at))
        mail, phone = ("", whose) if is_text else (whose, "")
        return FailedLetter(mail, how, reason(root), at, phone)  # type: ignore[arg-type]

    return read


def mapping_for(text: str, kind: str, wallets: Collection[str] | None = None) -> Mapping:
    """A mapping for a source of this kind, of a program that has these wallets, if they are told.

    Keeps: who does not sign books nothing, so that a secret which somebody read on its way is worth
    no points.
    Faults: MappingFault.
    """
    mapping = read_mapping(text)
    tells = [type_ for type_, event in mapping.events.items() if event.membership]
    if tells and kind != STRIPE:
        says, mend = "only a source of the kind stripe tells memberships", "leave it out"
        raise MappingFault([Problem(1, 1, f"events/{tells[0]}/membership", says, mend)])
    for name, kinds, says, mend in _PARTS:
        if getattr(mapping, name) is not None and kind not in kinds:
            raise MappingFault([Problem(1, 1, name, says, mend)])
    if wrong := other_wallets(mapping.journals, wallets):
        raise MappingFault([Problem(1, 1, *one) for one in wrong])
    if kind == LETTERS:
        books = [type_ for type_, event in mapping.events.items() if event.gives]
        if books:
            says = "what comes with the secret itself tells of letters only, and this books"
            mend = "use `letter:` in place of `gives:`, or a source that signs"
            raise MappingFault([Problem(1, 1, f"events/{books[0]}/gives", says, mend)])
    elif mapping.signed_by:
        says, mend = "only a source of letters is signed by a provider's key", "leave it out"
        raise MappingFault([Problem(1, 1, "signed_by", says, mend)])
    return mapping
