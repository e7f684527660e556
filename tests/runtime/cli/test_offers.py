"""`regulars offers …` as it is typed."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.makers import Shop
from tests.runtime.cli.test_points import typed
from tests.runtime.working.senders.test_messages import SOURCE
from typer.testing import Result


@pytest.fixture
def shop(fresh_database: Any) -> Iterator[Shop]:
    opened = Shop.open(fresh_database, SOURCE)
    opened.now = datetime.now(UTC)  # the verbs have a clock of their own
    yield opened
    opened.close()


def test_an_offer_is_opened_from_a_file_listed_and_closed(shop: Shop, tmp_path: Path) -> None:
    slug = shop.terms.versions[-1].program.program

    def says(*words: str) -> Result:
        return typed(shop, tmp_path, "offers", *words, program=slug)

    file = tmp_path / "spring.yaml"
    file.write_text("name: Spring\ngives: {give: bonus, wallet: points, points: 50}\n"
                    "says: {en: 50 points more}\ndays: 14\n")  # fmt: skip
    opened = says("open", "spring", str(file))
    assert "spring is open since" in opened.output, opened.output
    assert says("open", "spring", str(file)).output == opened.output, "left as it is"
    listed = says("list").output
    assert [word in listed for word in ("spring", "Spring", "open")] == [True] * 3
    assert "spring is closed; 0 members" in says("close", "spring").output
    assert "not_found" in says("close", "summer").output
    file.write_text("name: Spring\nsays: {}\n")
    wrong = says("open", "summer", str(file))
    assert (wrong.exit_code, "is no offer" in wrong.output) == (1, True)
    assert "cannot be read" in says("open", "summer", str(tmp_path / "none.yaml")).output
