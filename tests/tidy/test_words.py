"""Every domain word in code and tables is explained in the glossary."""

from __future__ import annotations

from pathlib import Path

from tests.tidy.source import ROOT, Source, sources
from tests.tidy.words import explained, in_code, in_tables, unexplained

GLOSSARY = (ROOT / "GLOSSARY.md").read_text("utf-8")


def test_the_glossary_explains_every_domain_word_in_the_code() -> None:
    assert unexplained(GLOSSARY, in_code(sources())) == []


def test_the_glossary_explains_every_word_of_every_table() -> None:
    assert unexplained(GLOSSARY, in_tables()) == []


def test_a_word_that_is_not_explained_is_found_in_code() -> None:
    planted = Source("src/regulars/engine/planted.py", "def find_vouchers(club): ...")
    assert unexplained(GLOSSARY, in_code([planted])) == ["voucher"]


def test_a_word_that_is_not_explained_is_found_in_tables(tmp_path: Path) -> None:
    (tmp_path / "0002.sql").write_text("create table lot_swap (id int);\n", "utf-8")
    assert unexplained(GLOSSARY, in_tables(tmp_path)) == ["swap"]


def test_an_entry_that_is_taken_out_is_missed() -> None:
    assert "lot" in explained(GLOSSARY)
    without = "\n".join(line for line in GLOSSARY.splitlines() if not line.startswith("- **lot"))
    assert unexplained(without, in_code(sources())) == ["lot"]
