"""The year of two programs, lived once and copied for whoever looks at it or spoils it."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.insight.verify.scenario import a_year


@pytest.fixture(scope="session")
def lived(make_database: Callable[..., Any]) -> Any:
    """A database in which two programs lived through a year; only to be copied."""
    made = make_database()
    asyncio.run(a_year(made.owner_dsn, made.app_dsn))
    return made


@pytest.fixture(scope="module")
def year(cluster: Any, make_database: Callable[..., Any], lived: Any) -> Iterator[Any]:
    """A copy of it for all tests of a file."""
    made = make_database(lived)
    yield made
    cluster.drop_database(made.name)
