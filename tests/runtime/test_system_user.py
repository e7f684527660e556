"""Installations that start at the same moment make one system user, not two."""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from regulars.runtime.embedded.place import make_once

# As useradd: looks, takes its time, then writes, whoever else did meanwhile.
_MAKE = "import sys, time; time.sleep(0.1); open(sys.argv[1], 'a').write('made\\n')"


def test_four_starts_at_once_make_one_user(tmp_path: Path) -> None:
    made, lock = tmp_path / "users", tmp_path / "lock"
    lock.touch()
    command = [sys.executable, "-c", _MAKE, str(made)]

    def find() -> str | None:
        return made.read_text() if made.exists() else None

    with ThreadPoolExecutor(4) as starts:
        found = list(starts.map(lambda _: make_once(lock, command, find), range(4)))

    assert found == ["made\n"] * 4


def test_where_none_can_be_made_nothing_is_found(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    lock.touch()
    assert make_once(lock, [sys.executable, "-c", ""], lambda: None) is None
