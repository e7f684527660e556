"""How far a long test is, said at once and wherever it runs."""

from __future__ import annotations

import sys
import time
from typing import Any, Final

EVERY_S: Final = 60.0
"""On the way something is said so often at most."""


class Telling:
    """Says something past what pytest keeps to itself: to standard error, as what a worker of
    xdist prints goes nowhere."""

    def __init__(self, captured: Any) -> None:
        self._captured = captured
        self._said = time.monotonic()

    def __call__(self, words: str) -> None:
        """Say it now."""
        self._said = time.monotonic()
        with self._captured.global_and_fixture_disabled():
            print(f"\n{words}", file=sys.stderr, flush=True)

    def on_the_way(self, words: str) -> None:
        """Say it if nothing was said for a while."""
        if time.monotonic() - self._said >= EVERY_S:
            self(words)
