"""What a long test says of itself is seen, also where several workers run at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SAYS = """
def test_tells(tell):
    tell.on_the_way("too soon")
    tell("seen by all")

def test_prints(capsys):
    with capsys.disabled():
        print("seen by nobody")
"""


@pytest.mark.parametrize("workers", ["0", "1"])
def test_what_is_told_is_seen_and_what_a_worker_prints_is_not(tmp_path: Path, workers: str) -> None:
    (tmp_path / "test_says.py").write_text(SAYS, "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-n", workers, "-p", "tests.conftest"]
    done = subprocess.run(
        [*command, "-c", "/dev/null", "--rootdir", str(tmp_path), str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr.count("seen by all") == 1
    assert "too soon" not in done.stderr
    assert ("seen by nobody" in done.stdout + done.stderr) == (workers == "0"), "the control"
