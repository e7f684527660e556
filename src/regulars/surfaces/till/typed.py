"""What somebody typed or scanned at a till: in which digits and with which signs between them ever.

Without the network `find.js` reads it alike; tests/browser/till/apart lets both read the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from phonenumbers.phonemetadata import PhoneMetadata

from regulars.base.tx import Tx
from regulars.records.access.cards.spelling import told_by
from regulars.records.members import read as members
from regulars.records.members.types import Identifier, MemberRef

_BETWEEN: Final = re.compile(
    r"[\s()./\-\u00ad\u200b-\u200f\u2010-\u2015\u202a-\u202e\u2060-\u2069\u2212]"
)
"""What people, and what they paste from, put between digits: spaces, dashes, marks nobody sees."""


def in_digits(text: str) -> str:
    """The same with the digits of every script written 0 to 9, and a full-width plus as a plus.

    Example: `in_digits("٠٥٠")` is `"050"`.
    """
    plain = (str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)
    return "".join(plain).replace("\uff0b", "+")


def meanings(typed: str) -> tuple[MemberRef, ...]:
    """What a typed text could be, the likeliest first: as `find.js` says it without the network.

    Example: twelve digits are a loyalty number before they are a telephone, and a card last.
    """
    text = typed.strip()
    if "@" in text:
        return (MemberRef(email=text.lower()),)
    digits = _BETWEEN.sub("", in_digits(text).removeprefix("tel:"))
    phone = (MemberRef(phone=digits),) if re.fullmatch(r"\+?[0-9]{6,15}", digits) else ()
    number = (MemberRef(number=digits),)
    both = number + phone if re.fullmatch(r"[0-9]{12}", digits) else phone + number
    return (*both, MemberRef(card=text), MemberRef(external=text))


def by_code(ref: MemberRef) -> MemberRef:
    """Whose card it is that was recorded by what it shows for half a minute.

    Keeps: a till without the network takes the code's own word for it, and so does what it recorded
    before it could read one.
    """
    whose = told_by(ref.card) if ref.card else None
    return ref if whose is None else MemberRef(id=whose)


def own_names(names: Sequence[Identifier]) -> tuple[Identifier, ...]:
    """What somebody can be found by who joined: without what a card showed, if there is more."""
    own = tuple(one for one in names if one.kind != "card" or told_by(one.value) is None)
    return own or tuple(names)


async def shown_by(tx: Tx, names: Sequence[Identifier]) -> UUID | None:
    """Who "joined" by nothing but what their card showed: a member they were already, or nobody."""
    shown = {told_by(one.value) if one.kind == "card" else None for one in names}
    if len(shown) != 1 or (whose := shown.pop()) is None:
        return None
    (found,) = await members.whom(tx, None, [MemberRef(id=whose)])
    return found if isinstance(found, UUID) else None


async def meant(tx: Tx, country: str | None, texts: Sequence[str]) -> dict[str, MemberRef]:
    """By what of it somebody is found who showed one of these; left out who is nobody's.

    Keeps: the name and not whom it finds now, so that the same record asks for the same thing
    when it is told again.
    """
    asked = [(text, by_code(ref)) for text in texts for ref in meanings(text)]
    found: dict[str, MemberRef] = {}
    people = await members.whom(tx, country, [ref for _, ref in asked])
    for (text, ref), who in zip(asked, people, strict=True):
        if isinstance(who, UUID):
            found.setdefault(text, ref)
    return found


def dialling(country: str | None) -> dict[str, Any] | None:
    """How telephones are dialled in a country, out of the very library that spells them here.

    A till without the network reads them by this: which prefix leads abroad, which one stands
    before a number at home and what becomes of it, and which numbers there are.
    """
    found = PhoneMetadata.metadata_for_region(country) if country else None
    if found is None or found.general_desc is None:
        return None
    general = found.general_desc
    return {
        "code": str(found.country_code),
        "abroad": found.international_prefix or "",
        "before": found.national_prefix_for_parsing or "",
        "becomes": found.national_prefix_transform_rule or "",
        "numbers": general.national_number_pattern,
        "lengths": list(general.possible_length),
    }
