"""Environments of the peers' own, each made once from a lock with hashes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent


class Missing(NamedTuple):
    """A peer that is not there, and why."""

    why: str


def python_of(peer: str) -> Path | Missing:
    """The Python that has `lifetimes` or `pymc-marketing`; made where there is none yet."""
    folder = {"lifetimes": HERE, "pymc-marketing": HERE / "young"}[peer]
    place, lock = folder / ".venv", folder / "requirements.lock"
    python, kept = place / "bin/python", place / "requirements.lock"
    if kept.exists() and kept.read_bytes() == lock.read_bytes():
        return python
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(place)], check=True)
    wanted = "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(lock)
    done = subprocess.run([str(python), *wanted], capture_output=True, text=True, check=False)
    if done.returncode:
        return Missing(why_not(done.stderr))
    kept.write_bytes(lock.read_bytes())
    return python


def why_not(told: str) -> str:
    """What pip said last of why it could not."""
    errors = [line for line in told.splitlines() if line.startswith("ERROR: ")]
    return errors[-1].removeprefix("ERROR: ") if errors else "pip ended without a word"
