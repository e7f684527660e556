"""One spelling for every name a member is found by, so that two spellings are one person."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from uuid import UUID

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from regulars.base.faults import Fault, Invalid
from regulars.records.members.number import LENGTH, is_valid
from regulars.records.members.types import Identifier, Kind, MemberRef

LONGEST_PHONE = 40
LONGEST_EMAIL = 254
LONGEST_CARD = 64
_CHANGING = re.compile(r"RG1:[A-Z2-7]{40}")


def normal(kind: Kind, text: str, country: str | None, *, field: str = "") -> str:
    """The one spelling of this identifier: what is kept, compared and looked up.

    `country` is the region (`DE`) to which telephone numbers without `+` belong, when there is one.
    Faults: `Invalid` at `field` (when not said, the kind's own field), with how to mend it.
    Source: ADR 0020.
    Example: `normal("phone", "030 901820", "DE")` is `"+4930901820"`.
    """
    try:
        return _SPELLINGS[kind](text, country)
    except Invalid as fault:
        fault.field = field or f"/{kind}"
        raise


def normal_ref(ref: MemberRef, country: str | None, *, field: str = "") -> UUID | Identifier:
    """Who is meant, in the one spelling: the id itself, or an identifier to look up."""
    said = ref.identifier()
    if said is None:
        assert ref.id is not None
        return ref.id
    return Identifier(
        said.kind, normal(said.kind, said.value, country, field=f"{field}/{said.kind}")
    )


def normal_or_fault(
    kind: Kind, text: str, country: str | None, *, field: str = ""
) -> Identifier | Fault:
    """As `normal`, with the fault returned, for batches in which others go on."""
    try:
        return Identifier(kind, normal(kind, text, country, field=field))
    except Fault as fault:
        return fault


def _misspelt(says: str, mend: str) -> Invalid:
    return Invalid(says, mend=mend)


# Whoever comes often is asked for often; parsing costs more than the rest of a lookup.
@lru_cache(maxsize=16_384)
def _phone(text: str, country: str | None) -> str:
    if len(text) > LONGEST_PHONE:
        raise _misspelt("This is too long for a telephone number", _PHONE_MEND)
    text = text.strip().removeprefix("tel:")
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException as why:
        if why.error_type == why.INVALID_COUNTRY_CODE and not text.startswith("+"):
            raise _misspelt("This telephone number does not say its country", _PHONE_MEND) from None
        raise _misspelt("This is not a telephone number", _PHONE_MEND) from None
    if number.extension:
        raise _misspelt(
            "This telephone number has an extension, behind which many people can be",
            "Give a number that reaches one person",
        )
    if any(sign.isalpha() for sign in text):
        raise _misspelt("This telephone number has letters in it", "Write it in digits")
    if not phonenumbers.is_valid_number(number):
        raise _misspelt("No telephone has this number", _PHONE_MEND)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


_PHONE_MEND = "Write it with + and the country, as in +49 30 901820"
_EMAIL_MEND = "Write it as in ada@example.org"


def _email(text: str, _country: str | None) -> str:
    text = text.strip()
    if len(text) > LONGEST_EMAIL:
        raise _misspelt("This is too long for an e-mail address", _EMAIL_MEND)
    try:
        address = validate_email(text, check_deliverability=False, strict=True)
    except EmailNotValidError as why:
        raise _misspelt(f"This is not an e-mail address: {why}", _EMAIL_MEND) from None
    # Mail systems treat Ada@ and ada@ as one; lower(), since casefold would join ß and ss.
    return f"{address.local_part.lower()}@{address.ascii_domain.lower()}"


def _card(text: str, _country: str | None) -> str:
    text = text.strip(" ")
    mend = f"Send 1 to {LONGEST_CARD} plain letters, digits or signs, as the scanner reads them"
    if not text:
        raise _misspelt("This is empty", mend)
    if len(text) > LONGEST_CARD:
        raise _misspelt("This is too long", mend)
    if not all(" " <= sign <= "~" for sign in text):
        raise _misspelt("This has signs that are not plain letters, digits or signs", mend)
    return text


def _own_card(text: str, country: str | None) -> str:
    card = _card(text, country)
    if _CHANGING.fullmatch(card):
        raise _misspelt(
            "This is what a member's card shows for half a minute, and no card of its own",
            "Scan it where members are looked up",
        )
    return card


def _number(text: str, _country: str | None) -> str:
    digits = text.strip(" ").replace(" ", "").replace("-", "") if len(text) <= 2 * LENGTH else ""
    if not is_valid(digits):
        raise _misspelt(
            "This is no loyalty number: a digit is missing, wrong, or swapped with its neighbour",
            f"Read all {LENGTH} digits (0 to 9) again from the card",
        )
    return digits


_SPELLINGS: dict[Kind, Callable[[str, str | None], str]] = {
    "phone": _phone,
    "email": _email,
    "card": _own_card,
    "external": _card,
    "number": _number,
}
