"""The flows and the API on PostgreSQL against the reference, then `verify`."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.makers import Shop
from tests.model.on_http import OnHttp
from tests.model.on_postgresql import OnPostgreSQL
from tests.model.playing import agree_and_verify
from tests.telling import Telling

from regulars.records.program.templates import load_template


@pytest.fixture
def shop(database: Any) -> Iterator[Shop]:
    shop = Shop.open(database, load_template("coffee-shop"))
    yield shop
    shop.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("driver", "size", "shops"), [(OnPostgreSQL, "postgresql", 25), (OnHttp, "http", 10)]
)
def test_shop_and_reference_agree_after_every_step(
    shop: Shop, driver: Any, size: str, shops: int, tell: Telling
) -> None:
    for told in agree_and_verify(driver, shop, size, shops):
        tell(f"model on {driver.__name__}, {told}")
