"""Bank accounts as they are written: the check digits, the length of each country, the name."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from regulars.base.faults import Invalid

_COUNTRIES: Final = (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 "
    "DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 "
    "IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 "
    "MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 "
    "SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30"
)
_LENGTHS: Final = {word[:2]: int(word[2:]) for word in _COUNTRIES.split()}
"""How many signs an IBAN of each country has."""
_IBAN: Final = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]+\Z", re.ASCII)
_BIC: Final = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?\Z", re.ASCII)
_LONGEST_NAME: Final = 70
_ALIKE: Final = str.maketrans(
    {"ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O",
     "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th",
     "ı": "i", "’": "'", "‘": "'", "–": "-", "&": "+"}
)  # fmt: skip
_SEPA: Final = re.compile(r"[^A-Za-z0-9/?:().,'+ -]")


def iban_of(text: str, field: str) -> str:
    """An account number in its one spelling.

    Faults: Invalid for a country without such numbers, a wrong length or wrong check digits.
    Source: ISO 13616; the check digits are those of ISO 7064, modulo 97.
    Example: `de89 3704 0044 0532 0130 00` is good, and with any two signs changed over it is not.
    """
    found = re.sub(r"[\s-]", "", text).upper()
    if _IBAN.match(found) is None:
        says = "this is no IBAN: two letters, two digits, then letters and digits"
        raise Invalid(says, field=field)
    wanted = _LENGTHS.get(found[:2])
    if wanted is None:
        raise Invalid(f"no country {found[:2]} has IBANs; check its first letters", field=field)
    if len(found) != wanted:
        says = f"an IBAN of {found[:2]} has {wanted} signs, and this has {len(found)}"
        raise Invalid(says, field=field)
    if int("".join(str(int(sign, 36)) for sign in found[4:] + found[:4])) % 97 != 1:
        raise Invalid("its check digits are wrong: compare it sign by sign", field=field)
    return found


def bic_of(text: str, field: str) -> str:
    """A bank's code in its one spelling; nothing where nothing is said."""
    found = text.strip().upper()
    if found and _BIC.match(found) is None:
        raise Invalid("a BIC has 8 or 11 letters and digits", field=field)
    return found


def holder_of(text: str, field: str) -> str:
    """The name of who has an account. Faults: Invalid where no bank could read it."""
    found = " ".join(text.split())
    if not found or len(found) > _LONGEST_NAME:
        says = f"say whose account it is, in at most {_LONGEST_NAME} signs"
        raise Invalid(says, field=field)
    letters = [sign for sign in unicodedata.normalize("NFKD", found) if sign.isalpha()]
    strange = [sign for sign in letters if not plain(sign).strip()]
    if strange or not letters:
        raise Invalid("write the name in Latin letters, as the bank has it", field=field)
    return found


def plain(text: str) -> str:
    """A text in the letters that every bank reads: `Jörg Weiß` is `Jorg Weiss`.

    Source: the character set of SEPA credit transfers.
    """
    parted = unicodedata.normalize("NFKD", text.translate(_ALIKE))
    kept = _SEPA.sub(" ", "".join(sign for sign in parted if not unicodedata.combining(sign)))
    return re.sub(r"//+", "/", " ".join(kept.split())).strip("/")
