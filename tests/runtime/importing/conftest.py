"""A house for each test: its own database and folder; another one where two are compared."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.runtime.importing.moving_in import House


@pytest.fixture
def house(fresh_database: Any, tmp_path: Path) -> House:
    return House.open(fresh_database, tmp_path)


@pytest.fixture
def other_house(make_database: Callable[[], Any], tmp_path: Path) -> House:
    folder = tmp_path / "other"
    folder.mkdir()
    return House.open(make_database(), folder)
