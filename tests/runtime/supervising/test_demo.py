"""`regulars demo` as a newcomer starts it: the shop has regulars, and stops when asked.

By day in turns with `test_demo_again.py`, as a year of a shop takes a quarter of a minute.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from regulars.records.access.staff.permissions import ROLES
from regulars.runtime.installation.settings import Settings

pytestmark = pytest.mark.slow
PATIENCE_S = 90.0
STOPPED_BY_HAND = (0, 130)


class Demo:
    """The demo in a process of its own, as `make demo` starts it."""

    def __init__(self, settings: Settings) -> None:
        self.home = settings.home
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        environment = os.environ | settings.as_environment() | {"PORT": str(self.port)}
        command = [sys.executable, "-m", "regulars", "demo"]
        self.running = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def told(self) -> Any:
        """What it wrote down about itself, once it says that it is ready."""
        until = time.monotonic() + PATIENCE_S
        while self.status("/readyz") != 200:
            assert self.running.poll() is None, self.running.communicate()[0]
            assert time.monotonic() < until, "the demo was never ready"
            time.sleep(0.1)
        return json.loads((self.home / "demo.json").read_text())

    def status(self, path: str) -> int:
        with suppress(OSError):
            where = f"http://127.0.0.1:{self.port}{path}"
            with urllib.request.urlopen(where, timeout=5) as answer:
                return int(answer.status)
        return 0

    def get(self, path: str, key: str) -> Any:
        asked = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", headers={"authorization": f"Bearer {key}"}
        )
        with urllib.request.urlopen(asked, timeout=10) as answer:
            return json.load(answer)

    def stop(self, by: signal.Signals) -> str:
        self.running.send_signal(by)
        says: str = self.running.communicate(timeout=30)[0]
        assert self.running.returncode in STOPPED_BY_HAND, says
        return says


@pytest.fixture
def start(make_settings: Callable[..., Settings]) -> Iterator[Callable[[], Demo]]:
    """Starts the demo in one home; at the end none is left."""
    settings, started = make_settings(), list[Demo]()

    def again() -> Demo:
        started.append(Demo(settings))
        return started[-1]

    yield again
    for one in started:
        if one.running.poll() is None:
            one.running.kill()
            one.running.communicate()


def standings(demo: Demo, key: str) -> dict[str, Any]:
    """What every fourth member has."""
    page = demo.get("/v1/members?limit=200", key)
    members = page["items"]
    while page["has_more"]:
        page = demo.get(f"/v1/members?limit=200&cursor={page['next_cursor']}", key)
        members += page["items"]
    assert len(members) == 404  # guests, and four firms
    return {
        one["id"]: demo.get(f"/v1/members/{one['id']}/standing", key)["wallets"]
        for one in members[::4]
    }


@pytest.mark.in_turns(2, 0)
def test_a_newcomer_finds_a_shop_with_regulars_and_finds_the_same_one_again(
    start: Callable[[], Demo],
) -> None:
    demo = start()
    told = demo.told()
    assert told["base_url"] == f"http://127.0.0.1:{demo.port}"
    assert told["program"] == "coffee-shop"
    assert stat.S_IMODE((demo.home / "demo.json").stat().st_mode) == 0o600
    assert (demo.status("/healthz"), demo.status("/"), demo.status("/docs")) == (200, 200, 200)
    regulars = standings(demo, told["api_key"])
    assert sum(wallets["points"]["earned"] > 0 for wallets in regulars.values()) > 22
    somebody = [one["email"].partition("@")[0] for one in told["logins"]]
    assert somebody[0] == "owner"
    assert set(somebody) == set(ROLES)
    ways_in = ("console_url", "till_url", "portal_url", "shop_url")
    paths = [told[name].removeprefix(told["base_url"]) for name in ways_in]
    assert [demo.status(path) for path in paths] == [200, 200, 200, 200]
    for_square = demo.get("/compat/square/v2/loyalty/programs/main", told["square_token"])
    assert for_square["program"]["id"] == "coffee-shop"
    says = demo.stop(signal.SIGINT)
    assert told["api_key"] in says
    assert "Stopped" in says

    again = start()
    second = again.told()
    assert (second["api_key"], second["logins"]) == (told["api_key"], told["logins"])
    assert second["till_code"] != told["till_code"]
    assert standings(again, told["api_key"]) == regulars
    again.stop(signal.SIGTERM)
    assert not Path(again.home / "demo.new").exists()
