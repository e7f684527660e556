"""The files of the checks: each says what it means, and the reference page says the same."""

from pathlib import Path

import pytest

from regulars.insight.verify.catalogue import AREAS, FOLDER, checks, read
from regulars.insight.verify.page import reference_files

REFERENCE = Path(__file__).parents[3] / "docs" / "reference"


def test_every_sql_file_is_a_check_with_a_name_of_its_own() -> None:
    files = {path.stem for path in FOLDER.rglob("*.sql")}
    assert files == {check.name for check in checks()}
    assert len(files) == len(checks())
    assert {path.name for path in FOLDER.iterdir()} == set(AREAS)


@pytest.mark.parametrize("check", checks(), ids=lambda check: check.name)
def test_every_check_says_what_holds_and_what_to_do(check: object) -> None:
    for sentence in (check.says, check.fails_when, check.mend):  # type: ignore[attr-defined]
        assert sentence.endswith("."), sentence
        assert len(sentence) > 20, sentence


def test_a_head_that_lacks_a_line_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "half.sql"
    path.write_text("-- I1: Something holds.\n-- Counts: posting\nselect 1")
    with pytest.raises(AssertionError, match=r"half\.sql"):
        read(path)


def test_a_head_may_run_over_several_lines(tmp_path: Path) -> None:
    path = tmp_path / "long.sql"
    path.write_text(
        "-- I1, I22: Something\n--   holds.\n-- Fails when: not.\n-- Do: this.\n"
        "-- Counts: posting\n--\n-- Do: not read this.\nselect 1"
    )
    check = read(path)
    assert (check.invariants, check.says, check.mend) == (
        ("I1", "I22"),
        "Something holds.",
        "this.",
    )


@pytest.mark.parametrize(("name", "text"), reference_files().items())
def test_the_reference_page_is_up_to_date(name: str, text: str) -> None:
    assert (REFERENCE / name).read_text("utf-8") == text, "make docs"
