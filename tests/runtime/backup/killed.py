"""A restore in a process of its own that is killed on its way.

`python -m tests.runtime.backup.killed BACKUP WHERE` with the settings in the environment; WHERE is
how what it says last begins, or `the fence`, before which it dies.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from regulars.runtime.backup import restoring
from regulars.runtime.backup.label import read_label
from regulars.runtime.backup.shelf import Kept
from regulars.runtime.installation.settings import read_settings
from regulars.runtime.storage.database import utc_now


def die(*_: Any) -> Any:
    """As the machine's own killer does it: nothing of ours runs any more."""
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    path, where = Path(sys.argv[1]), sys.argv[2]
    if where == "the fence":
        restoring.raise_fence = die  # type: ignore[assignment]
    restoring.restore(
        read_settings(),
        restoring.Wanted(Kept(path, read_label(path))),
        utc_now(),
        lambda said: die() if said.startswith(where) else None,
    )
