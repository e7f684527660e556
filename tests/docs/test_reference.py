"""The committed reference says what the source says today."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from regulars.runtime import reference
from regulars.runtime.cli import build_command
from regulars.runtime.reference.codes import refusals_in
from regulars.runtime.reference.tables import tables_in

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


@cache
def pages() -> dict[str, str]:
    """Every page, made once."""
    return reference.pages()


def test_no_page_is_missing_and_none_is_left_over() -> None:
    assert {file.name for file in REFERENCE.iterdir()} == set(pages())


@pytest.mark.parametrize("name", sorted(file.name for file in REFERENCE.iterdir()))
def test_a_page_is_as_the_source_says(name: str) -> None:
    committed = (REFERENCE / name).read_text("utf-8")
    assert committed == pages()[name], f"docs/reference/{name} is stale; run `make docs`"


def test_the_verb_writes_every_page(tmp_path: Path) -> None:
    done = CliRunner().invoke(build_command(), ["docs", "--folder", str(tmp_path / "here")])
    assert done.exit_code == 0
    written = {file.name: file.read_text("utf-8") for file in (tmp_path / "here").iterdir()}
    assert written == pages()


def test_a_table_is_read_with_its_comments_checks_and_keys() -> None:
    (table,) = tables_in(
        """
-- ── the ledger ───────
-- Points of one origin.
create table lot (
    lot_id uuid   not null,
    kind   text   not null check (kind in
        ('earn', 'adjust')),                    -- where they are from
    amount bigint not null,
    primary key (lot_id, kind)
) with (fillfactor = 85);
"""
    )
    assert (table.name, table.note) == ("lot", "Points of one origin.")
    assert table.columns[1] == (
        "kind",
        "text not null check (kind in ('earn', 'adjust'))",
        "where they are from",
    )
    assert [column.name for column in table.columns] == ["lot_id", "kind", "amount"]
    assert table.constraints == ["primary key (lot_id, kind)"]


def test_every_table_and_every_column_is_on_its_page() -> None:
    page = pages()["tables.md"]
    for migration in sorted(
        (REFERENCE.parents[1] / "src/regulars/records/migrations").glob("[0-9]*.sql")
    ):
        for line in migration.read_text("utf-8").splitlines():
            if line.startswith("create table "):
                assert f"### `{line.split()[2]}`" in page


def test_a_key_that_was_changed_later_is_the_one_on_the_page() -> None:
    page = pages()["tables.md"]
    assert "`primary key (program_id, member_id, word, period, chosen)`" in page
    assert "`primary key (program_id, member_id, word, period)`" not in page


def test_events_stand_there_with_their_fields() -> None:
    page = pages()["events.md"]
    for kind in ("points.earned", "reward.captured", "reward.held", "tier.changed"):
        assert f"\n## {kind}\n" in page
    assert "| `redemption_id` | The redemption." in page


def test_refusals_are_found_with_their_code_and_words() -> None:
    source = """
class Refusal(StrEnum):
    LATE = "too_late"

def judge(name):
    if name:
        return Refused("not_here", f"{wish.name} is not here")
    return Refused(Refusal.LATE, "it is too late")
"""
    assert set(refusals_in(source)) == {
        ("`not_here`", "{name} is not here"),
        ("`too_late`", "it is too late"),
    }
