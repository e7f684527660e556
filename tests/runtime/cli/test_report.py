"""`regulars report` as it is typed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.flows.points.sharing import SHARING
from tests.makers import Shop
from typer.testing import CliRunner, Result

from regulars.runtime.cli import build_command


@pytest.fixture
def shop(fresh_database: Any) -> Iterator[Shop]:
    opened = Shop.open(fresh_database, SHARING)
    yield opened
    opened.close()


def typed(shop: Shop, home: Path, *words: str) -> Result:
    environment = {
        "REGULARS_HOME": str(home),
        "REGULARS_DATABASE_URL": shop.made.app_dsn,
        "REGULARS_OWNER_DATABASE_URL": shop.made.owner_dsn,
    }
    return CliRunner().invoke(build_command(), ["report", *words], env=environment)


def test_a_month_is_said_and_written(shop: Shop, tmp_path: Path) -> None:
    said = typed(shop, tmp_path, "sharing", "--month", "2026-03", "--language", "en")
    assert said.exit_code == 0, said.output
    assert "no member bought anything in this month" in said.output
    pdf, html = tmp_path / "month.pdf", tmp_path / "month.html"
    both = typed(shop, tmp_path, "sharing", "--pdf", str(pdf), "--html", str(html))
    assert both.exit_code == 0, both.output
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert "<!doctype html>" in html.read_text()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("sharing", "--month", "2026-13"), "Write a month such as 2026-10"),
        (("nowhere",), "There is no program nowhere here"),
        (("sharing", "--language", "fr"), "choose from en, de, tr, ar"),
        (("sharing", "--pdf", "/no/such/folder/a.pdf"), "There is no folder"),
    ],
)
def test_what_cannot_be_is_said(
    shop: Shop, tmp_path: Path, words: tuple[str, ...], says: str
) -> None:
    wrong = typed(shop, tmp_path, *words)
    assert wrong.exit_code != 0
    assert says in " ".join(wrong.output.split())
    assert not list(tmp_path.glob("*.pdf"))
