"""The texts of planted bugs fit the source of today; noticed at once, not only in the long run."""

import ast
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from tests import turns
from tests.docs import planted_page
from tests.planted import checks
from tests.planted.bugs import BUGS, EVERY, MOST_BY_DAY, todays
from tests.planted.checks import ALONE
from tests.planted.garden import Gardener, Planted

import regulars
from regulars.records import prepared

SOURCE = Path(regulars.__file__).parent


def test_every_planted_bug_fits_its_file() -> None:
    """Of all at once: one test for each of some thousand took longer to tell than to look."""
    sources = {bug.file: (SOURCE / bug.file).read_text("utf-8") for bug in BUGS}
    wrong = {
        bug.name: bug.healthy
        for bug in BUGS
        if sources[bug.file].count(bug.healthy) != 1 or bug.broken == bug.healthy
    }
    assert wrong == {}


def test_every_planted_bug_has_its_day_and_no_day_has_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(turns, "NIGHTLY", False)
    played: list[str] = []
    for on in range(EVERY):
        monkeypatch.setenv(turns.DAY, date.fromordinal(740_000 + on).isoformat())
        names = [bug.name for bug in todays()]
        assert len(names) <= MOST_BY_DAY
        played += names
    assert sorted(played) == sorted(bug.name for bug in BUGS)
    monkeypatch.delenv(turns.DAY)
    assert todays() == BUGS, "by hand"


def test_the_page_of_planted_bugs_lists_them_all() -> None:
    assert planted_page.PAGE.read_text("utf-8") == planted_page.text(), (
        "it is stale; run `make docs`"
    )


def test_each_bug_has_a_name_of_its_own() -> None:
    """Of two under one name nobody could say which was noticed."""
    assert [name for name, many in Counter(bug.name for bug in BUGS).items() if many > 1] == []


def test_the_check_of_every_planted_bug_is_there() -> None:
    """One that is not there fails for every source, and so seems to notice everything."""
    assert {bug.name: bug.check for bug in BUGS if not _is_there(bug.check)} == {}


def _is_there(check: str) -> bool:
    what, *names = check.split()
    if what.startswith("checks."):
        return what.removeprefix("checks.") in ALONE
    return what in ("games", "story") and bool(names)


def test_each_check_has_a_name_of_its_own() -> None:
    """Two rooms had a check of one name: that of the one was run for the bugs of the other."""
    tree = ast.parse(Path(checks.__file__).read_text("utf-8"))
    put_together = [one for one in tree.body if isinstance(one, ast.Assign | ast.AugAssign)]
    words = [word for one in put_together for word in ast.walk(one.value)]
    found = [getattr(checks, word.id, None) for word in words if isinstance(word, ast.Name)]
    rooms = [room for room in found if isinstance(room, dict)]
    assert len(rooms) > 50
    assert [name for name, many in Counter(n for r in rooms for n in r).items() if many > 1] == []


def test_a_bug_in_the_first_file_of_a_package_is_planted() -> None:
    """It was not: the garden waited for a module of another name."""
    bug = next(bug for bug in BUGS if bug.file == "records/prepared/anew/__init__.py")
    spec = Gardener(bug).find_spec("regulars.records.prepared.anew", prepared.__path__)
    assert spec is not None
    assert spec.loader is not None
    assert isinstance(spec.loader, Planted)
