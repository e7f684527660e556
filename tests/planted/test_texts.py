"""The texts of planted bugs fit the source of today; noticed at once, not only in the long run."""

from pathlib import Path

import pytest
from tests.planted.bugs import BUGS, Bug

import regulars


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_planted_bug_fits_its_file(bug: Bug) -> None:
    source = (Path(regulars.__file__).parent / bug.file).read_text("utf-8")
    assert source.count(bug.healthy) >= 1, bug.healthy
    assert bug.broken != bug.healthy
