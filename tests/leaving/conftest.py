"""A corner shop in a fresh database for each test: what leaves must leave nothing behind."""

from collections.abc import Callable, Iterator

import pytest
from tests.leaving.planting import CORNER
from tests.leaving.reaching import Logs, logged
from tests.makers import Shop

from regulars.runtime.embedded import Cluster
from regulars.runtime.installation.settings import Settings


@pytest.fixture
def corner(fresh_database: object) -> Iterator[Shop]:
    shop = Shop.open(fresh_database, CORNER)  # type: ignore[arg-type]
    yield shop
    shop.close()


@pytest.fixture
def house_logs(
    make_settings: Callable[..., Settings], cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Logs]:
    with logged(make_settings(log="json"), cluster, monkeypatch) as found:
        yield found
