"""`regulars staff …`: a shop's first owner, and a way in for whoever lost theirs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.makers import Shop
from tests.surfaces.console.browser import PASSWORD, Browser
from tests.surfaces.counter import Counter
from typer.testing import CliRunner, Result

from regulars.records.program.templates import load_template
from regulars.runtime.cli import build_command


@pytest.fixture
def shop(fresh_database: Any) -> Iterator[Shop]:
    opened = Shop.open(fresh_database, load_template("coffee-shop"))
    yield opened
    opened.close()


def typed(shop: Shop, home: Path, *words: str) -> Result:
    environment = {
        "REGULARS_HOME": str(home),
        "REGULARS_DATABASE_URL": shop.made.app_dsn,
        "REGULARS_OWNER_DATABASE_URL": shop.made.owner_dsn,
    }
    return CliRunner().invoke(build_command(), ["staff", *words], env=environment)


def path_of(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return "/console/" + result.stdout.splitlines()[0].partition("/console/")[2]


def test_the_first_owner_comes_in_and_a_lost_password_is_set_anew(
    shop: Shop, tmp_path: Path
) -> None:
    import datetime as dt

    shop.now = dt.datetime.now(dt.UTC)  # the verbs go by this machine's clock
    counter = Counter(shop)
    assert "Nobody yet" in typed(shop, tmp_path, "list").stdout
    first = path_of(typed(shop, tmp_path, "add", "Olga@example.org", "--name", "Olga Kern"))
    shop.now = dt.datetime.now(dt.UTC)
    second = path_of(typed(shop, tmp_path, "reset", "olga@example.org"))
    shop.now = dt.datetime.now(dt.UTC)
    browser = Browser(counter)
    assert browser.get(first).status_code == 410  # links made before end
    browser.get(second)
    assert browser.post(second, {"password": PASSWORD}).status_code == 303
    assert browser.sign_in("olga@example.org").status_code == 303
    listed = typed(shop, tmp_path, "list").stdout
    assert "olga@example.org  Olga Kern  owner  every store  active" in listed
    no = typed(shop, tmp_path, "close", "olga@example.org")
    assert no.exit_code != 0
    assert "last_owner" in no.output
    assert "not_found" in typed(shop, tmp_path, "reset", "nobody@example.org").output
    assert "/role" in typed(shop, tmp_path, "add", "x@example.org", "--role", "king").output
