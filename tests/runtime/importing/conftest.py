"""A house for each test: its own database and folder."""

from pathlib import Path
from typing import Any

import pytest
from tests.runtime.importing.moving_in import House


@pytest.fixture
def house(fresh_database: Any, tmp_path: Path) -> House:
    return House.open(fresh_database, tmp_path)
