"""Places that are away for three days, whose keys change meanwhile, and files at the edge of what
is read: nothing is lost, nothing counts twice."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncssh
import pytest
from tests.surfaces.connect.feeds import test_sftp
from tests.surfaces.connect.feeds.drop import Drop, sold, written
from tests.surfaces.connect.feeds.test_bucket import needs_moto, put, store
from tests.surfaces.connect.feeds.test_bucket import said as in_bucket
from tests.surfaces.connect.feeds.test_sftp import PASSWORD, Sftp, server
from tests.surfaces.connect.feeds.test_sftp import said as on_server
from tests.surfaces.counter import Counter

from regulars.records.inlets.feeding.types import LARGEST, Listed, met

__all__ = ["put", "server", "store"]


@pytest.fixture
def drop(counter: Counter) -> Iterator[Drop]:
    made = Drop(counter)
    yield made
    made.counter.ask("DELETE", made.place)


def days_pass(drop: Drop) -> None:
    """For three days a worker looks there; each time it is said why nothing is read."""
    for _ in range(3):
        drop.later(days=1)
        told = drop.glance()
        assert told["problem"], "it is said for as long as it lasts"
        pause = datetime.fromisoformat(told["next_at"]) - drop.shop.now
        assert pause <= timedelta(hours=1), "it is looked at again soon, however long it is away"


def comes_back(drop: Drop, *names: str) -> None:
    """All of it is read, and the one before is not read again."""
    drop.later(hours=1)
    told = drop.look()
    assert told["problem"] == "", told
    assert {name: drop.read(name)[1:4] for name in names} == dict.fromkeys(names, (1, 1, 0))
    assert len(drop.files()) == 1 + len(names)
    drop.book()
    assert drop.points(drop.card(drop.mark)) == 1 + len(names)


def line(drop: Drop, receipt: str) -> str:
    return written(sold(f"{drop.mark}-{receipt}", "1.00", drop.mark))


def test_a_folder_that_is_away_for_three_days(drop: Drop) -> None:
    drop.from_folder()
    drop.put("a.csv", line(drop, "a"))
    assert drop.look()["problem"] == ""
    away = drop.folder.rename(drop.folder.with_name(f"{drop.name}-away"))
    days_pass(drop)
    away.rename(drop.folder)
    drop.put("b.csv", line(drop, "b"))
    drop.put("c.csv", line(drop, "c"))
    comes_back(drop, "b.csv", "c.csv")


def test_a_server_that_is_away_for_three_days_and_asks_for_another_password(
    drop: Drop, server: Sftp, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    server.proves_by(key)
    drop.folder = server.folder / "sales"
    drop.from_place(**on_server(server, secret=PASSWORD))
    drop.put("a.csv", line(drop, "a"))
    assert drop.look()["problem"] == ""
    drop.put("b.csv", line(drop, "b"))
    server.stop()
    server.listener = None
    days_pass(drop)
    server.proves_by(key)
    monkeypatch.setattr(test_sftp, "PASSWORD", "another")
    drop.later(hours=1)
    assert "does not let us in" in drop.glance()["problem"]
    drop.put("c.csv", line(drop, "c"))
    drop.from_place(**on_server(server, secret="another"))
    comes_back(drop, "b.csv", "c.csv")


@needs_moto
def test_a_store_that_is_away_for_three_days_and_is_asked_by_another_key(
    drop: Drop, store: str, put: Callable[[str, str], None]
) -> None:
    folder = f"k-{drop.mark}"
    with Line(store) as between:
        told = in_bucket(between.url, address=f"s3://sales/{folder}")
        drop.from_place(**told)
        put(f"{folder}/a.csv", line(drop, "a"))
        assert drop.look()["problem"] == ""
        put(f"{folder}/b.csv", line(drop, "b"))
        between.down = True
        days_pass(drop)
        between.down = False
        put(f"{folder}/c.csv", line(drop, "c"))
        drop.from_place(**told | {"secret": "another"})
        comes_back(drop, f"{folder}/b.csv", f"{folder}/c.csv")


def test_a_file_that_is_a_byte_too_large_is_refused_unread(drop: Drop) -> None:
    at = drop.shop.now
    fresh, _ = met({}, [Listed("a.csv", LARGEST, at)], UUID(int=1), at)
    assert [one.state for one in fresh] == ["seen"]
    drop.from_folder()
    path = drop.put("large.csv", line(drop, "a"))
    with path.open("r+b") as file:
        file.truncate(LARGEST + 1)  # it has a size and takes no room
    drop.put("small.csv", line(drop, "b"))
    drop.look()
    large = drop.files()["large.csv"]
    assert (large["state"], "larger than 256 MB" in large["problem"]) == ("refused", True)
    assert drop.read("small.csv")[:3] == ("done", 1, 1)


class Line:
    """The wire to a machine on loopback, which can be cut."""

    def __init__(self, url: str) -> None:
        self._to = int(url.rpartition(":")[2])
        self._listens = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listens.getsockname()[1]}"
        self.down = False

    def __enter__(self) -> Line:
        threading.Thread(target=self._comes, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listens.shutdown(socket.SHUT_RDWR)
        self._listens.close()

    def _comes(self) -> None:
        with suppress(OSError):
            while True:
                near = self._listens.accept()[0]
                if self.down:
                    near.close()
                    continue
                far = socket.create_connection(("127.0.0.1", self._to))
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=self._passes, args=ends, daemon=True).start()

    def _passes(self, from_: Any, to: Any) -> None:
        with suppress(OSError):
            while (told := from_.recv(65_536)) and not self.down:
                to.sendall(told)
        for one in (from_, to):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
