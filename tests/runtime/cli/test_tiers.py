"""`regulars member tier …` as it is typed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.flows.tiers.houses import MAISON
from tests.makers import Shop
from tests.runtime.cli.test_points import typed


@pytest.fixture
def shop(fresh_database: Any) -> Iterator[Shop]:
    opened = Shop.open(fresh_database, MAISON)
    opened.joined("ada")
    yield opened
    opened.close()


def test_a_tier_is_given_matched_offered_and_ended(shop: Shop, tmp_path: Path) -> None:
    def tier(*words: str) -> Any:
        return typed(shop, tmp_path, "member", "tier", *words, program="maison")

    given = tier("give", "external:ada", "gold", "--reason", "a friend")
    assert "gold held." in given.output, given.output
    assert "stands on gold now" in given.output
    id_ = given.output.split(":")[0]
    assert "ended" in tier("end", id_, "--reason", "by mistake").output
    matched = tier("match", "external:ada", "silver", "--proof", "their card", "--credit", "5000",
                   "--within-days", "30")  # fmt: skip
    assert "silver held, until" in matched.output
    asked = tier("invite", "external:ada", "black", "--reason", "our best")
    assert "black waiting, to be answered by" in asked.output
    assert "stands on black now" in tier("accept", asked.output.split(":")[0]).output
    no = tier("invite", "external:ada", "gold", "--reason", "our best")
    assert no.exit_code != 0
    assert "not_by_invitation" in no.output
