"""A folder has at most fifteen things in it, and a room says in its README what it keeps."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.tidy.source import ROOT

MOST_CHILDREN = 15
LONGEST_README = 45
BESIDES = frozenset({"__init__.py", "README.md", "py.typed"})
CROWDED = {
    "bench/sides": 18,
    "src/regulars/engine": 18,
    "src/regulars/flows": 18,
    "src/regulars/records": 20,
    "src/regulars/records/migrations": 999,
    "tests": 29,
    "tests/planted": 16,
    "tests/model": 36,
    "tests/stories": 100,
    "tests/surfaces": 26,
    "docs/adr": 999,
}
"""How far some may go: tests mirrors the house, a story is a file, a migration
or a decision is for ever."""
ROOMS = sorted(
    folder
    for stage in ("", "records")
    for folder in (ROOT / "src/regulars" / stage).iterdir()
    if (folder / "__init__.py").exists()
)


def children(folder: Path) -> int:
    """How many things a reader of this folder has to look at."""
    seen = [each for each in folder.iterdir() if each.name[0] not in "._" or each.suffix == ".py"]
    return sum(each.name not in BESIDES for each in seen)


def crowded(root: Path) -> dict[str, int]:
    """The folders with more than fifteen children, and how many."""
    tops = [root / name for name in ("src", "tests", "docs", "bench") if (root / name).exists()]
    folders = [
        folder
        for top in tops
        for folder in (top, *top.rglob("*/"))
        if not any(part[0] in "._" for part in folder.relative_to(root).parts)
    ]
    counted = {str(folder.relative_to(root)): children(folder) for folder in folders}
    return {place: count for place, count in counted.items() if count > MOST_CHILDREN}


def test_no_folder_has_more_than_fifteen_children() -> None:
    assert {p: n for p, n in crowded(ROOT).items() if n > CROWDED.get(p, MOST_CHILDREN)} == {}


def test_a_folder_that_was_divided_is_held_to_the_rule() -> None:
    assert CROWDED.keys() <= crowded(ROOT).keys()


def test_a_crowded_folder_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "src" / "drawer"
    folder.mkdir(parents=True)
    for number in range(MOST_CHILDREN):
        (folder / f"file{number}.py").touch()
    (folder / "__init__.py").touch()
    (folder / "__pycache__").mkdir()
    assert crowded(tmp_path) == {}
    (folder / "one_more").mkdir()
    assert crowded(tmp_path) == {"src/drawer": 16}


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: str(room.relative_to(ROOT)))
def test_a_room_says_what_it_keeps(room: Path) -> None:
    readme = room / "README.md"
    assert readme.exists(), f"{room.relative_to(ROOT)} has no README.md"
    lines = readme.read_text("utf-8").splitlines()
    assert lines[0].startswith("# "), "it begins with the room's name"
    assert len(lines) <= LONGEST_README, len(lines)
