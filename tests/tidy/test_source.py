"""The source keeps the rules of the house, and each rule notices when it does not."""

from __future__ import annotations

import pytest
from tests.tidy import naming, purity, saying, sizes, spreadsheets, systems
from tests.tidy.source import Rule, Source, sources

RULES = (
    *sizes.RULES,
    *naming.RULES,
    *purity.RULES,
    *saying.RULES,
    *spreadsheets.RULES,
    *systems.RULES,
)
named = pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.name) for rule in RULES])


@named
def test_the_source_keeps(rule: Rule) -> None:
    broken = [
        f"{source.place}:{offence.line}: {offence.says}"
        for source in sources()
        if rule.holds_in(source)
        for offence in rule.find(source)
    ]
    assert not broken, f"{rule.name}:\n" + "\n".join(broken)


@named
def test_a_planted_offence_is_found(rule: Rule) -> None:
    for text in rule.breaks:
        planted = Source(rule.place, text)
        assert rule.holds_in(planted)
        assert list(rule.find(planted)), text


@named
def test_a_text_that_keeps_it_passes(rule: Rule) -> None:
    for text in rule.keeps:
        assert list(rule.find(Source(rule.place, text))) == [], text


def test_a_table_laid_out_by_hand_may_be_wide_in_tests_only() -> None:
    text = f"CASES = [\n    {'1' * 100},\n]  # fmt: skip\n"
    assert list(sizes.wide_lines(Source("tests/engine/planted.py", text))) == []
    assert list(sizes.wide_lines(Source("src/regulars/engine/planted.py", text)))
    assert list(
        sizes.wide_lines(Source("tests/engine/planted.py", text.replace("  # fmt: skip", "")))
    )


def test_all_of_the_house_is_read() -> None:
    places = {source.place for source in sources()}
    assert "src/regulars/engine/deciding/earn.py" in places
    assert "tests/tidy/test_source.py" in places
    assert set(spreadsheets.MAY_WRITE) <= places
