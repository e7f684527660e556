"""The words of the house: those its glossary explains and those its code and tables use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.tidy.source import ROOT, Source, identifiers, in_house, words

NOUNS = frozenset(
    """
    account activity actor adjustment attribute award balance bonus capture case channel command
    condition counter credit debt entry event expiry grain hold identifier invariant lapse ledger
    limit lot member midnight multiplier outbox payment period posting preview problem program
    purchase receipt redemption refusal remainder reward room rule sale scope segment stacking
    standing stock store template terms tier till trail version visit void wallet window
    associate audience badge benefit campaign club cohort household journey leaderboard
    liability notice offer partner promotion referral staff streak survey voucher
    """.split()  # noqa: SIM905  (a list of words is read as words)
)
"""Words that mean something in a loyalty program; those that code uses must be explained."""
PLAIN = frozenset({"api", "change", "end", "name", "refuse", "row", "step"})
"""Words of tables that mean what they mean everywhere."""
EXPLAINED_BY = {"purchase": "sale", "visit": "activity", "waiting": "return"}
"""Words that the entry of another word explains."""
_ENTRY = re.compile(r"^- (.+?):", re.MULTILINE)
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_TABLE = re.compile(r"^create table (\w+)", re.MULTILINE)


def explained(glossary: str) -> set[str]:
    """Every word the glossary has an entry for."""
    return {
        word
        for head in _ENTRY.findall(glossary)
        for term in _BOLD.findall(head)
        for word in words(term)
    }


def unexplained(glossary: str, used: Iterable[str]) -> list[str]:
    """The words among these that the glossary leaves out."""
    known = explained(glossary) | PLAIN
    return sorted({word for word in used if EXPLAINED_BY.get(word, word) not in known})


def in_code(sources: Iterable[Source]) -> Iterator[str]:
    """The nouns of a loyalty program that the code of the house uses in names."""
    for source in sources:
        if in_house(source):
            for _, name in identifiers(source):
                yield from NOUNS & {singular(word) for word in words(name)}


def in_tables(folder: Path = ROOT / "src/regulars/records/migrations") -> Iterator[str]:
    """Every word in the name of a table."""
    for file in sorted(folder.glob("*.sql")):
        for table in _TABLE.findall(file.read_text("utf-8")):
            yield from words(table)


def singular(word: str) -> str:
    """One of them: activities → activity, lots → lot."""
    if word in NOUNS:
        return word
    return word.removesuffix("ies") + "y" if word.endswith("ies") else word.removesuffix("s")
