"""`regulars sandbox …` as it is typed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.makers import Shop
from tests.runtime.working.trying import SOURCE
from typer.testing import CliRunner, Result

from regulars.flows.terms.keep_drafts import KeepDraft, keep_draft
from regulars.records.program.changes.read import draft
from regulars.runtime.cli import build_command

OURS = SOURCE.replace("points: 30", "points: 45")


@pytest.fixture
def shop(fresh_database: Any) -> Iterator[Shop]:
    opened = Shop.open(fresh_database, SOURCE)
    yield opened
    opened.close()


def sandbox(shop: Shop, home: Path, *words: str) -> Result:
    environment = {
        "REGULARS_HOME": str(home),
        "REGULARS_DATABASE_URL": shop.made.app_dsn,
        "REGULARS_OWNER_DATABASE_URL": shop.made.owner_dsn,
    }
    return CliRunner().invoke(build_command(), ["sandbox", *words], env=environment)


def test_a_sandbox_comes_home_and_writes_over_a_draft_only_if_told_to(
    shop: Shop, tmp_path: Path
) -> None:
    made = sandbox(shop, tmp_path, "make", "spring")
    assert made.output.startswith("reg_test_"), made.output
    shop.do(lambda tx, _: keep_draft(tx, KeepDraft("spring", OURS, 0, "ada")))

    def source() -> str:
        kept = shop.do(lambda tx, _: draft(tx, "spring"))
        assert kept is not None
        return kept.source

    no = sandbox(shop, tmp_path, "promote", "spring")
    assert (no.exit_code, source()) == (1, OURS)
    assert "There is a draft spring already: revision 1, by ada." in no.output
    assert sandbox(shop, tmp_path, "promote", "spring", "--draft", "summer").exit_code == 0
    assert source() == OURS
    assert sandbox(shop, tmp_path, "promote", "spring", "--over").exit_code == 0
    assert source() == SOURCE
    # It is there already: nothing to write over.
    assert sandbox(shop, tmp_path, "promote", "spring").exit_code == 0
