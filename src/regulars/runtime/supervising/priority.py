"""Whoever serves somebody at a counter goes first; what can wait a moment gives way."""

import os
from contextlib import suppress
from typing import Final

LESS: Final = 5
"""So nice: where both want a core, who serves people has three quarters of it."""


def give_way() -> None:
    """Let this program run behind those that serve people, for as long as both want a processor.

    Assumes: both are counted together by the kernel, as in one service or container; where each
    terminal has its own share (autogroups), it changes nothing.
    """
    with suppress(OSError):  # whoever may not be nicer goes on as it is
        # What something that gave way begins does so as much, and not twice as much.
        mine = os.getpriority(os.PRIO_PROCESS, 0)
        os.setpriority(os.PRIO_PROCESS, 0, max(LESS, mine))
