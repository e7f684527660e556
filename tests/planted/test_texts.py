"""The texts of planted bugs fit the source of today; noticed at once, not only in the long run."""

from collections import Counter
from pathlib import Path

import pytest
from tests.planted.bug import Bug
from tests.planted.bugs import BUGS
from tests.planted.checks import ALONE

import regulars


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_planted_bug_fits_its_file(bug: Bug) -> None:
    source = (Path(regulars.__file__).parent / bug.file).read_text("utf-8")
    assert source.count(bug.healthy) == 1, bug.healthy
    assert bug.broken != bug.healthy


def test_each_bug_has_a_name_of_its_own() -> None:
    """Of two under one name nobody could say which was noticed."""
    assert [name for name, many in Counter(bug.name for bug in BUGS).items() if many > 1] == []


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_the_check_of_a_planted_bug_is_there(bug: Bug) -> None:
    """One that is not there fails for every source, and so seems to notice everything."""
    what, *names = bug.check.split()
    if what.startswith("checks."):
        assert what.removeprefix("checks.") in ALONE
    else:
        assert what in ("games", "story"), bug.check
        assert names, bug.check
