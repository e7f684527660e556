"""A vault for each file's own database."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.tamper.vault import COFFEE, Vault


@pytest.fixture
def open_vault(cluster: Any, fresh_database: Any) -> Iterator[Callable[..., Vault]]:
    """Opens a shop in a database of its own, with its sealer."""
    opened: list[Vault] = []

    def open_one(source: str = COFFEE) -> Vault:
        vault = Vault(fresh_database, cluster.dsn("postgres", fresh_database.name), source)
        opened.append(vault)
        return vault

    yield open_one
    for vault in opened:
        vault.close()


@pytest.fixture
def vault(open_vault: Callable[..., Vault]) -> Vault:
    """The coffee shop."""
    return open_vault()
