"""Servers of the tests: all are stopped, and whoever fell is seen to have fallen."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
from tests.surfaces import forking
from tests.surfaces.forking import Forked, fork, root, stop

pytestmark = pytest.mark.slow
PORT = {"PORT": "no number"}


def fell(folder: Path, name: str) -> Forked:
    """One that cannot begin."""
    return fork(os.environ | PORT | {"REGULARS_HOME": str(folder)}, "no:app", folder / name)


def test_a_root_that_died_is_made_anew_and_how_a_server_ended_is_told(tmp_path: Path) -> None:
    root().kill()
    root_that_died = forking._roots[0]
    root_that_died.wait()
    server = fell(tmp_path, "said")
    assert root() is not root_that_died
    assert server.is_gone_by(time.monotonic() + 20)
    assert server.code == 1
    (wrong,) = stop([server], 1)
    assert "ended with 1" in wrong
    assert "PORT is 'no number'" in wrong


def test_one_that_does_not_stop_is_killed_and_keeps_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = fell(tmp_path, "first"), fell(tmp_path, "second")
    sent: list[tuple[Forked, int]] = []
    codes: dict[Forked, int | None] = {first: None, second: None}

    def send(self: Forked, number: signal.Signals) -> None:
        sent.append((self, number))
        if self is second or number == signal.SIGKILL:
            codes[self] = -number

    monkeypatch.setattr(Forked, "send", send)
    monkeypatch.setattr(Forked, "code", property(lambda self: codes[self]))
    assert stop([first, second], 0.05) == [f"server {first.pid} did not stop at SIGTERM"]
    both = [(first, signal.SIGTERM), (second, signal.SIGTERM), (first, signal.SIGKILL)]
    assert sent == both
