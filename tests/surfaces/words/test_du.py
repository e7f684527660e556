"""In German we say `du`, to members and to whoever works in the shop (ADR 0564)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import regulars

ROOT = Path(regulars.__file__).parent
FORMAL = re.compile(
    r"\bIhne[n]\b|(?<=[a-zäöü,] )Sie\b|[a-zäöü]+n Sie\b|(?<=[a-zäöü] )Ihr(?:e[mnrs]?)?\b"
)
AT_THE_COUNTER = "surfaces/till/words/de.po"
"""A guest's own screen at the till speaks as somebody at the counter does to a stranger."""
FILES = sorted(
    one
    for one in (*ROOT.rglob("de.po"), *ROOT.rglob("ready/*.yaml"))
    if str(one.relative_to(ROOT)) != AT_THE_COUNTER
)


def formal(text: str) -> list[str]:
    """Sentences that address somebody as `Sie`."""
    return [line.strip() for line in text.splitlines() if FORMAL.search(line)]


@pytest.mark.parametrize("file", FILES, ids=lambda one: str(one.relative_to(ROOT)))
def test_nobody_is_spoken_to_as_a_stranger(file: Path) -> None:
    assert formal(file.read_text("utf-8")) == []


def test_control_a_formal_sentence_is_noticed_and_they_are_none() -> None:
    assert formal('msgstr "Wählen Sie eine"\nmsgstr "für Ihre Karte"\nmsgstr "mit Ihnen"') != []
    assert formal('msgstr "Sie kamen sonst"\nmsgstr "dass sie bald kommen"') == []
