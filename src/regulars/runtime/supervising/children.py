"""Programs that must run: started, looked after, and told to go."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import structlog

SHORTEST_WAIT_S: Final = 0.1
LONGEST_WAIT_S: Final = 10.0
SETTLED_S: Final = 30.0

log = structlog.get_logger()


@dataclass(slots=True)
class Child:
    """One program that must run; each time it falls early the next start waits twice as long."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    running: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    next_start_at: float = 0.0
    wait_s: float = SHORTEST_WAIT_S

    def keep_running(self) -> None:
        """Start it unless it runs or has yet to wait."""
        if self.running is not None and self.gone():
            self._note_fall(self.running.returncode)
        if self.running is None and time.monotonic() >= self.next_start_at:
            self.started_at = time.monotonic()
            self.running = subprocess.Popen(
                [*self.command, str(os.getpid())],
                stdin=subprocess.DEVNULL,
                env=dict(self.environment),
                # A Ctrl-C in the terminal is for the supervisor, which stops all in order.
                start_new_session=True,
            )

    def gone(self) -> bool:
        """Whether it does not run; asking reaps it."""
        return self.running is None or self.running.poll() is not None

    def tell(self, sign: signal.Signals) -> None:
        """Send it a signal if it runs."""
        if self.running is not None and not self.gone():
            self.running.send_signal(sign)

    def _note_fall(self, status: int) -> None:
        now = time.monotonic()
        settled = now - self.started_at > SETTLED_S
        self.wait_s = SHORTEST_WAIT_S if settled else min(LONGEST_WAIT_S, self.wait_s * 2)
        self.next_start_at = now + self.wait_s
        self.running = None
        log.error("child.fell", child=self.name, status=status, again_in_s=self.wait_s)


def dismiss(children: Sequence[Child], patience_s: float) -> None:
    """Ask all to finish what they have begun; who takes too long is cut off."""
    for child in children:
        child.tell(signal.SIGTERM)
    until = time.monotonic() + patience_s
    while not all(child.gone() for child in children) and time.monotonic() < until:
        time.sleep(0.02)
    for child in children:
        child.tell(signal.SIGKILL)
        if child.running is not None:
            child.running.wait()
