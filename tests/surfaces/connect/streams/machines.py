"""Real brokers on loopback: NATS from Debian's package, and Kafka as librdkafka itself plays it."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition

NEEDED: Final = "REGULARS_TESTS_NEED_BROKERS"
"""Set where a missing broker is a failure and no excuse, as in continuous integration."""
_NAMES: Final = ("nats-server", "/usr/sbin/nats-server")


def find_nats() -> str | None:
    """The program to start, or nothing; many at once fetch it once."""
    told = os.environ.get("NATS_SERVER")
    if told:
        return told
    with (Path(tempfile.gettempdir()) / "regulars-nats.lock").open("w") as alone:
        fcntl.flock(alone, fcntl.LOCK_EX)
        return _installed() or _from_debian()


def _installed() -> str | None:
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


def _from_debian() -> str | None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    for command in (["apt-get", "update"], ["apt-get", "install", "-y", "nats-server"]):
        if subprocess.run(command, env=quiet, capture_output=True, check=False).returncode:
            return None
    return _installed()


class Nats:
    """A server that can be killed and comes back where it was."""

    def __init__(self, program: str, folder: Path, more: str = "") -> None:
        self._program, self._folder = program, folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._config, self._more = folder / "nats.conf", more
        self._config.write_text(
            f'host: "127.0.0.1"\nport: {self.port}\n'
            f'jetstream {{ store_dir: "{folder}/store", max_file_store: 100MB, '
            f"max_memory_store: 10MB }}\n{more}"
        )
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, topic: str, scheme: str = "nats") -> str:
        return f"{scheme}://127.0.0.1:{self.port}/{topic}"

    def start(self) -> Nats:
        said = [self._program, "-c", str(self._config), "-l", str(self._folder / "log")]
        self._process = subprocess.Popen(said)
        ends = time.monotonic() + 10
        while time.monotonic() < ends:
            with socket.socket() as asks:
                if asks.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            time.sleep(0.02)
        raise AssertionError((self._folder / "log").read_text())

    def settled(self, more: str) -> None:
        """It is started with these settings from now on."""
        text = self._config.read_text()
        self._config.write_text(text.replace(self._more, more))
        self._more = more

    def kill(self) -> None:
        """Without a word, as a power cut does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@contextmanager
def nats_server(more: str = "") -> Iterator[Nats]:
    """A server for as long as the block lasts; where none can be had, the test says so."""
    program = find_nats()
    if program is None:
        assert not os.environ.get(NEEDED), "no nats-server can be had here"
        pytest.skip("no nats-server can be had here: apt-get install nats-server")
    with tempfile.TemporaryDirectory(prefix="regulars-nats-") as folder:
        server = Nats(program, Path(folder), more).start()
        try:
            yield server
        finally:
            server.kill()


class Kafka:
    """Brokers that speak the real protocol, within this process, by the library's own mock."""

    def __init__(
        self, producer: Producer | None, address: str, entry: Mapping[str, Any] | None = None
    ) -> None:
        self._keeps, self.address = producer, address
        self._said: dict[str, Any] = {"bootstrap.servers": address, "log_level": 0, **(entry or {})}
        self._puts = Producer({**self._said, "linger.ms": 0})

    def url(self, topic: str) -> str:
        return f"kafka://{self.address}/{topic}"

    def put(
        self, topic: str, *bodies: bytes | None, key: str = "k",
        headers: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        """Messages are put there, and kept when this returns."""
        said: Any = [(name, value.encode()) for name, value in (headers or {}).items()]
        for body in bodies:
            self._puts.produce(topic, body, key.encode(), headers=said)
        assert self._puts.flush(10) == 0

    def there(self, topic: str) -> list[tuple[str, dict[str, str], bytes]]:
        """All that is there: its key, its headers and what it says, in the order of each part."""
        reads = Consumer({**self._said, "group.id": "test"})
        try:
            parts = reads.list_topics(topic, timeout=5).topics[topic].partitions
            ends = {
                part: reads.get_watermark_offsets(TopicPartition(topic, part), timeout=5)[1]
                for part in parts
            }
            reads.assign([TopicPartition(topic, part, 0) for part in parts])
            found: list[Any] = []
            while len(found) < sum(ends.values()):
                found += reads.consume(1, timeout=5)
        finally:
            reads.close()
        found.sort(key=lambda one: (one.partition(), one.offset()))
        return [
            (
                one.key().decode(),
                {name: value.decode() for name, value in one.headers() or ()},
                one.value(),
            )
            for one in found
        ]


@contextmanager
def kafka_cluster(brokers: int = 1) -> Iterator[Kafka]:
    """Brokers for as long as the block lasts."""
    said = {"bootstrap.servers": "none:1", "test.mock.num.brokers": brokers, "log_level": 0}
    keeps = Producer(said)
    one = next(iter(keeps.list_topics(timeout=10).brokers.values()))
    yield Kafka(keeps, f"{one.host}:{one.port}")
