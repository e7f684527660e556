"""Which word a text message is, in four languages, and whether it is answered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from unicodedata import category, normalize

from msgspec import Struct

from regulars.records.members.consents.texts.types import Text, Word

QUIET: Final = timedelta(hours=1)
"""HELP is answered once in so long: two machines that answer each other fall silent."""
FEW: Final = 4
"""In so few words a plain STOP counts at the beginning or the end: "please stop"."""
_WORDS: Final[Mapping[Word, Mapping[str, str]]] = {
    "stop": {
        "": "stop stopall unsubscribe cancel end quit optout revoke",
        "de": "stopp abmelden abbestellen austragen ende",
        "tr": "dur iptal ret çıkış durdur",
        "ar": "إيقاف توقف قف إلغاء",
    },
    "start": {
        "": "start unstop",
        "de": "anmelden",
        "tr": "başla başlat",
        "ar": "ابدأ بدء اشتراك",
    },
    "help": {
        "": "help info",
        "de": "hilfe",
        "tr": "yardım bilgi",
        "ar": "مساعدة معلومات",
    },
}
"""By language; those without one are said everywhere and answered in the shop's own."""
_PLAIN: Final = "stop stopp unsubscribe abmelden iptal إيقاف"
"""What means nothing else in a sentence so short."""
_SIGNS: Final = re.compile(r"[^\w]+")


class Meant(Struct, frozen=True):
    """Which word a message is, and in whose language it was said; nothing: the shop's."""

    word: Word
    language: str = ""


def meant(text: str) -> Meant:
    """What a message asks for.

    Order: whoever may have meant STOP has said it; START and HELP must stand alone.
    Example: "Stop.", "STOP please", "İptal", "إيقاف" end it; "When do you stop selling bread on
    Sundays?" is something else.
    """
    words = _words(text)
    alone = "".join(words) if len(words) <= 2 else ""
    found = _KNOWN.get(alone)
    if found is not None:
        return found
    for edge in (words[:1] + words[-1:]) if len(words) <= FEW else []:
        if edge in _STOPS:
            return _KNOWN[edge]
    return Meant("other")


def answers(word: Word, before: Text | None, now: datetime) -> bool:
    """Whether this is answered, after the last answered word of the same number.

    Example: STOP twice in a row is answered once, STOP after START again.
    """
    if word == "other":
        return False
    if before is None or before.word != word:
        return True
    return word == "help" and now >= before.heard_at + QUIET


def _words(text: str) -> list[str]:
    return [word for word in _SIGNS.split(_plain(text)) if word]


def _plain(text: str) -> str:
    """The same without accents, in small letters: İ, ı and i are one, as are hamza and none."""
    apart = normalize("NFKD", text.replace("ı", "i").replace("\u0640", ""))
    bare = "".join(sign for sign in apart if category(sign) not in ("Mn", "Cf"))
    return bare.casefold()


_KNOWN: Final = {
    "".join(_words(one)): Meant(word, language)
    for word, by_language in _WORDS.items()
    for language, listed in by_language.items()
    for one in listed.split()
}
_STOPS: Final = frozenset("".join(_words(one)) for one in _PLAIN.split())
