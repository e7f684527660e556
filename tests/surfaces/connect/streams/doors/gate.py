"""A door before a Kafka broker: TLS, SASL and where a time begins, which the library's own broker
does not know. Whoever comes in speaks with that broker; its own address stands for it in all it
tells."""

from __future__ import annotations

import hashlib
import hmac
import os
import socket
import ssl
import struct
import subprocess
import threading
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from confluent_kafka import Consumer, TopicPartition
from tests.surfaces.connect.streams.machines import Kafka

LIST_OFFSETS, HANDSHAKE, VERSIONS, AUTHENTICATE = 2, 17, 18, 36
NO_SUCH_VERSION, NO_SUCH_MECHANISM, NOT_LET_IN = 35, 33, 58
DIGESTS: Final = {"SCRAM-SHA-256": "sha256", "SCRAM-SHA-512": "sha512"}
ROUNDS: Final = 4096


def certificate(folder: Path) -> tuple[Path, Path]:
    """Of a machine on loopback, made anew: the certificate and its key."""
    made = [
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
        "-nodes", "-days", "1", "-subj", "/CN=broker", "-addext", "subjectAltName=IP:127.0.0.1",
        "-keyout", str(folder / "key"), "-out", str(folder / "certificate"),
    ]  # fmt: skip
    subprocess.run(made, check=True, capture_output=True)
    return folder / "certificate", folder / "key"


class Gated(Kafka):
    """The broker behind the door: messages are put there past it, and read through it."""

    def __init__(self, behind: Kafka, port: int, *, tls: bool) -> None:
        self._keeps, self._puts, self.address = behind._keeps, behind._puts, behind.address
        self._said = behind._said
        self.port, self._scheme = port, "kafka+tls" if tls else "kafka"
        self.came: list[str] = []
        """By which mechanism somebody was let in, each time."""
        self.users: dict[str, str] = {}
        self.down = False
        self._within: list[socket.socket] = []

    def shut(self) -> None:
        """As a power cut does: whoever is within is cut off, and nobody comes in."""
        self.down = True
        for one in self._within:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._within.clear()

    def comes(self, said: socket.socket, proves: ssl.SSLContext | None) -> None:
        if self.down:
            said.close()
            return
        self._within.append(said)
        threading.Thread(target=_Visit(self, said, proves).run, daemon=True).start()

    def url(self, topic: str) -> str:
        return f"{self._scheme}://127.0.0.1:{self.port}/{topic}"

    def since(self, topic: str, part: int, millis: int) -> int:
        """The first message of this part that was put there then or later; -1: none was."""
        reads = Consumer({"bootstrap.servers": self.address, "group.id": "gate", "log_level": 0})
        with closing(reads):
            whole = TopicPartition(topic, part, 0)
            left = reads.get_watermark_offsets(whole, timeout=5)[1]
            reads.assign([whole])
            for _ in range(left):
                (one,) = reads.consume(1, timeout=5)
                if one.timestamp()[1] >= millis:
                    return int(one.offset())
        return -1


@contextmanager
def gate(
    behind: Kafka, users: Mapping[str, str] | None = None, by: tuple[Path, Path] | None = None
) -> Iterator[Gated]:
    """The door for as long as the block lasts: whom it lets in, by which certificate."""
    with socket.create_server(("127.0.0.1", 0)) as listens:
        there = Gated(behind, listens.getsockname()[1], tls=by is not None)
        there.users.update(users or {})
        proves = None
        if by is not None:
            proves = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            proves.load_cert_chain(*by)

        def comes() -> None:
            with suppress(OSError):
                while True:
                    there.comes(listens.accept()[0], proves)

        threading.Thread(target=comes, daemon=True).start()
        yield there
        with suppress(OSError):
            listens.shutdown(socket.SHUT_RDWR)


class _Visit:
    """One connection: what the door answers itself, and what it passes on."""

    def __init__(self, gated: Gated, said: socket.socket, proves: ssl.SSLContext | None) -> None:
        self._gated, self._plain, self._proves = gated, said, proves
        self._within = not gated.users
        self._steps: Callable[[bytes], bytes] | None = None
        self._mechanism = ""
        self._sending = threading.Lock()

    def run(self) -> None:
        host, _, port = self._gated.address.partition(":")
        with suppress(OSError), self._plain:
            self._said = (
                self._proves.wrap_socket(self._plain, server_side=True)
                if self._proves else self._plain
            )  # fmt: skip
            with self._said, socket.create_connection((host, int(port))) as self._broker:
                threading.Thread(target=self._back, daemon=True).start()
                while self._takes(_frame(self._said)):
                    pass

    def _back(self) -> None:
        """What the broker answers; where it lies is where the door is."""
        old, new = (
            b"127.0.0.1" + struct.pack(">i", port)
            for port in (int(self._gated.address.partition(":")[2]), self._gated.port)
        )
        with suppress(OSError):
            while True:
                self._answer(_frame(self._broker).replace(old, new))

    def _answer(self, frame: bytes) -> None:
        with self._sending:
            self._said.sendall(struct.pack(">i", len(frame)) + frame)

    def _takes(self, frame: bytes) -> bool:
        """A request; whether somebody is to be listened to further."""
        key, version, number, length = struct.unpack_from(">hhih", frame)
        rest, begins = frame[10 + max(length, 0) :], struct.pack(">i", number)
        if key == VERSIONS:
            self._answer(begins + self._versions(version, length, frame))
        elif key == HANDSHAKE:
            self._mechanism = rest[2:].decode()
            known = self._mechanism == "PLAIN" or self._mechanism in DIGESTS
            self._answer(begins + struct.pack(">hi", 0 if known else NO_SUCH_MECHANISM, 0))
        elif key == AUTHENTICATE:
            return self._lets_in(rest[4:], begins, version)
        elif not self._within:
            return False
        elif key == LIST_OFFSETS and (of_time := _of_time(rest)):
            topic, parts = of_time
            self._answer(begins + self._offsets(topic, parts))
        else:
            self._broker.sendall(struct.pack(">i", len(frame)) + frame)
        return True

    def _versions(self, version: int, length: int, frame: bytes) -> bytes:
        """What can be asked: as the broker says it, and by SASL."""
        if version:
            return struct.pack(">hi", NO_SUCH_VERSION, 0)
        host, _, port = self._gated.address.partition(":")
        with socket.create_connection((host, int(port))) as asks:
            asks.sendall(struct.pack(">i", len(frame)) + frame)
            told = _frame(asks)
        (count,) = struct.unpack_from(">i", told, 6)
        found = [struct.unpack_from(">hhh", told, 10 + 6 * n) for n in range(count)]
        kept = [one for one in found if one[0] != LIST_OFFSETS]
        kept += [(LIST_OFFSETS, 1, 1), (HANDSHAKE, 0, 1), (AUTHENTICATE, 0, 1)]
        return struct.pack(">hi", 0, len(kept)) + b"".join(struct.pack(">hhh", *o) for o in kept)

    def _lets_in(self, said: bytes, begins: bytes, version: int) -> bool:
        if self._steps is None:
            plain = self._mechanism == "PLAIN"
            self._steps = self._by_plain if plain else _Scram(self._gated, self._mechanism).step
        try:
            told = self._steps(said)
        except ValueError:
            self._answer(begins + struct.pack(">hhi", NOT_LET_IN, -1, 0) + b"\0" * 8 * version)
            return False
        if told.startswith(b"v=") or not told:
            self._within = True
            self._gated.came.append(self._mechanism)
        words = struct.pack(">hhi", 0, -1, len(told)) + told
        self._answer(begins + words + b"\0" * 8 * version)
        return True

    def _by_plain(self, said: bytes) -> bytes:
        _, user, password = said.decode().split("\0")
        if self._gated.users.get(user) != password:
            raise ValueError(user)
        return b""

    def _offsets(self, topic: str, parts: list[tuple[int, int]]) -> bytes:
        name = struct.pack(">ih", 1, len(topic)) + topic.encode() + struct.pack(">i", len(parts))
        return name + b"".join(
            struct.pack(">ihqq", part, 0, millis, self._gated.since(topic, part, millis))
            for part, millis in parts
        )


class _Scram:
    """The server's half of RFC 5802."""

    def __init__(self, gated: Gated, mechanism: str) -> None:
        self._gated, self._by = gated, DIGESTS[mechanism]
        self._bare = self._first = self._user = ""

    def step(self, said: bytes) -> bytes:
        words = said.decode()
        if not self._first:
            self._bare = words.split(",", 2)[2]
            told = dict(one.split("=", 1) for one in self._bare.split(","))
            self._user = told["n"].replace("=2C", ",").replace("=3D", "=")
            self._salt, more = os.urandom(16), b64encode(os.urandom(12)).decode()
            self._first = f"r={told['r']}{more},s={b64encode(self._salt).decode()},i={ROUNDS}"
            return self._first.encode()
        bare, _, proof = words.rpartition(",p=")
        secret = self._gated.users.get(self._user, "").encode()
        salted = hashlib.pbkdf2_hmac(self._by, secret, self._salt, ROUNDS)
        client = hmac.digest(salted, b"Client Key", self._by)
        about = f"{self._bare},{self._first},{bare}".encode()
        stored = hashlib.new(self._by, client).digest()
        signed = hmac.digest(stored, about, self._by)
        given = bytes(a ^ b for a, b in zip(b64decode(proof), signed, strict=True))
        if hashlib.new(self._by, given).digest() != stored or not secret:
            raise ValueError(self._user)
        server = hmac.digest(salted, b"Server Key", self._by)
        return b"v=" + b64encode(hmac.digest(server, about, self._by))


def _frame(from_: socket.socket) -> bytes:
    """The next frame. Raises: OSError once the other end is gone."""
    (length,) = struct.unpack(">i", _whole(from_, 4))
    return _whole(from_, length)


def _whole(from_: socket.socket, length: int) -> bytes:
    found = b""
    while len(found) < length:
        more = from_.recv(length - len(found))
        if not more:
            raise OSError
        found += more
    return found


def _of_time(rest: bytes) -> tuple[str, list[tuple[int, int]]] | None:
    """Which parts of a topic are asked for a time; nothing where their ends are asked for."""
    (length,) = struct.unpack_from(">h", rest, 8)
    topic, at = rest[10 : 10 + length].decode(), 10 + length
    (count,) = struct.unpack_from(">i", rest, at)
    parts = [struct.unpack_from(">iq", rest, at + 4 + 12 * n) for n in range(count)]
    return (topic, parts) if all(millis >= 0 for _, millis in parts) else None  # type: ignore
