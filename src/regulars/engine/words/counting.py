"""So many of a wallet in words: the name as it reads after the number, in each language."""

from __future__ import annotations

from collections.abc import Callable

from regulars.engine.words.voice import Voice
from regulars.records.program.wallets import Wallet


def bare(text: str) -> str:
    """Decimal text without decimals that say nothing: `1.00` is `1`, and `1.50` is `1.5`."""
    return text.rstrip("0").rstrip(".") if "." in text else text


def name_after(kept: Wallet, id_: str, text: str, plural: Callable[[str], str]) -> str:
    """How a wallet's name reads after a number; its name where no form is said.

    Shape: `plural` says of decimal text which category of Unicode it is in a language.
    Example: of `name: نقاط` with `many: نقطة` it is نقطة after 11, and نقاط after 5.
    """
    said = bare(text)
    if said.removeprefix("-") == "1":
        return kept.one or kept.name or id_
    return getattr(kept.forms, plural(said), "") or kept.name or id_


def says_its_number(kept: Wallet, text: str, plural: Callable[[str], str]) -> bool:
    """Whether the name after this number says it itself, such as نقطتان.

    Keeps: of what is taken the number is written, for only it has a sign.
    """
    # Of money the amount is always written.
    whole = kept.scale == 0 and not text.startswith("-")
    return whole and bool(kept.forms.two) and plural(bare(text)) == "two"


def counted(kept: Wallet, id_: str, text: str, voice: Voice) -> tuple[str, str]:
    """A number as it is read here, and the name after it; `text` is decimal text.

    Keeps: the number is "" where the name says it itself.
    """
    name = name_after(kept, id_, text, voice.plural)
    return "" if says_its_number(kept, text, voice.plural) else voice.number(text), name
