"""Ties a child's life to its parent's, so that no part of Regulars runs on alone."""

import ctypes
import os
import signal
import sys
import threading
import time
from typing import Final

PR_SET_PDEATHSIG: Final = 1
LOOK_AGAIN_S: Final = 0.5


def die_with_parent(parent: int) -> None:
    """End this program at once when the one that started it is gone.

    Assumes: killing is safe, because everything acknowledged is committed.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    # Where the kernel cannot do it (macOS), and where the parent died before we could ask.
    threading.Thread(target=_watch, args=(parent,), daemon=True, name="lifeline").start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_AGAIN_S)
    os.kill(os.getpid(), signal.SIGKILL)
