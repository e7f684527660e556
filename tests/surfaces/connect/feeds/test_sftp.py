"""Files on an SFTP server: a real one, by asyncssh, in this process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import asyncssh
import pytest
from tests.surfaces.connect.feeds.drop import Drop, sold, written
from tests.surfaces.counter import Counter, problem

PASSWORD = "tea for two"


class Server(asyncssh.SSHServer):
    """Lets in whoever has the password, or the key that is told."""

    key: Any = None
    heard: ClassVar[list[str]] = []

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        Server.heard.append(password)
        return (username, password) == ("regulars", PASSWORD)

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return self.key is not None and key.export_public_key() == self.key.export_public_key()


class Sftp:
    """A server whose folder is one of this machine."""

    def __init__(self, counter: Counter, folder: Path) -> None:
        self.counter, self.folder = counter, folder
        self.port = 0
        self.listener: Any = None
        self.proves_by(asyncssh.generate_private_key("ssh-ed25519"))

    def proves_by(self, key: asyncssh.SSHKey) -> None:
        """It runs, with this host key."""
        self.stop()

        def root(chan: Any) -> asyncssh.SFTPServer:
            return asyncssh.SFTPServer(chan, chroot=os.fsencode(self.folder))

        async def start() -> Any:
            return await asyncssh.listen(
                "127.0.0.1", self.port, server_host_keys=[key], server_factory=Server,
                sftp_factory=root,
            )  # fmt: skip

        self.listener = self.counter.shop.run(start())
        self.port = self.listener.get_port()

    def stop(self) -> None:
        async def close() -> None:
            self.listener.close()
            await self.listener.wait_closed()

        if self.listener is not None:
            self.counter.shop.run(close())


@pytest.fixture
def server(counter: Counter, tmp_path: Path) -> Iterator[Sftp]:
    (tmp_path / "sales").mkdir()
    Server.heard.clear()
    made = Sftp(counter, tmp_path)
    yield made
    made.stop()


@pytest.fixture
def drop(counter: Counter, server: Sftp) -> Iterator[Drop]:
    made = Drop(counter)
    made.folder = server.folder / "sales"
    yield made
    made.counter.ask("DELETE", made.place)


def said(server: Sftp, **more: Any) -> dict[str, Any]:
    address = f"sftp://127.0.0.1:{server.port}/sales"
    return {"place": "sftp", "address": address, "account": "regulars", **more}


def test_files_of_an_sftp_server_are_read_and_left_there(drop: Drop, server: Sftp) -> None:
    drop.from_place(**said(server, secret=PASSWORD))
    rows = [sold(f"s{number}", "1.00", "sftp") for number in range(1200)]
    file = drop.put("a.csv", written(*rows))
    (drop.folder / "link.csv").symlink_to("/etc/passwd")
    told = drop.look()
    assert told["problem"] == ""
    assert told["host_key"].startswith("SHA256:")
    assert drop.read("a.csv") == ("done", 1200, 1200, 0, 0)
    assert list(drop.files()) == ["a.csv"]
    while drop.states()[-1][0] == "waiting":
        drop.book()
    assert drop.points(drop.card("sftp")) == 1200
    assert file.exists()
    tried = drop.counter.post(f"{drop.place}/feed/try").json()
    assert (tried["answers"], tried["files"], tried["names"]) == (True, 1, ["a.csv"])


def test_a_private_key_opens_it_too(drop: Drop, server: Sftp) -> None:
    own = asyncssh.generate_private_key("ssh-ed25519")
    Server.key = own
    locked = own.export_private_key("openssh", passphrase="open").decode()
    place = f"{drop.place}/feed"
    wrong = drop.counter.ask("PUT", place, said(server, private_key=locked, secret="shut"))
    assert problem(wrong) == (422, "invalid", "/private_key")
    drop.from_place(**said(server, private_key=locked, secret="open"))
    drop.put("a.csv", written(sold("k1")))
    drop.look()
    assert drop.read("a.csv") == ("done", 1, 1, 0, 0)
    ((kept,),) = drop.shop.rows(
        "select keys from feed where program_id = $1 and inlet_id = $2::text::uuid",
        drop.made["id"].removeprefix("inl_"),
    )
    assert b"OPENSSH" not in kept
    Server.key = None


def test_a_server_that_proves_by_another_key_hears_no_password(drop: Drop, server: Sftp) -> None:
    drop.from_place(**said(server, secret=PASSWORD))
    assert drop.glance()["problem"] == ""
    heard = len(Server.heard)
    server.proves_by(asyncssh.generate_private_key("ssh-ed25519"))
    told = drop.glance()
    assert "another host key" in told["problem"]
    assert len(Server.heard) == heard
    drop.from_place(**said(server, secret=PASSWORD))  # once more the same: nothing is trusted anew
    assert "another host key" in drop.glance()["problem"]
    drop.counter.ask("DELETE", f"{drop.place}/feed")
    drop.from_place(**said(server, secret=PASSWORD))
    assert drop.glance()["problem"] == ""


def test_keys_go_with_no_other_place_and_what_is_wrong_is_said(drop: Drop, server: Sftp) -> None:
    place, ask = f"{drop.place}/feed", drop.counter.ask
    assert problem(ask("PUT", place, said(server))) == (422, "invalid", "/secret")
    drop.from_place(**said(server, secret=PASSWORD))
    drop.from_place(**said(server))
    other = said(server) | {"account": "other"}
    assert problem(ask("PUT", place, other)) == (422, "invalid", "/secret")
    for field, value in (
        ("address", "sftp://127.0.0.1:23/a"),
        ("address", "http://127.0.0.1/a"),
        ("address", "sftp://10.0.0.7/a"),
        ("host_key", "ssh-ed25519 AAAA"),
        ("account", ""),
    ):
        sent = said(server, secret=PASSWORD) | {field: value}
        answer = problem(ask("PUT", place, {k: v for k, v in sent.items() if v}))
        assert answer == (422, "invalid", f"/{field}"), value
    drop.from_place(**said(server, secret="wrong"))
    assert "does not let us in" in drop.glance()["problem"]
    server.stop()
    drop.later(hours=2)
    told = drop.glance()
    assert told["problem"] == "it refuses the connection"
    server.listener = None


def test_files_of_a_server_are_read_whatever_they_are_called(drop: Drop, server: Sftp) -> None:
    names = ["sales of monday.csv", "Verkäufe.csv", "מכירות\u200f.csv"]
    for at, name in enumerate(names):
        drop.put(name, written(sold(f"n{at}", "1.00", "called")))
    odd = os.fsencode(drop.folder) + b"/Verk\xe4ufe alt.csv"
    at = drop.shop.now.timestamp() - 3600
    with open(odd, "wb") as file:
        file.write(written(sold("odd", "1.00", "called")).encode())
    os.utime(odd, (at, at))
    drop.from_place(**said(server, secret=PASSWORD))
    assert drop.look()["problem"] == ""
    for name in [*names, "Verk\\xe4ufe alt.csv"]:
        assert drop.read(name)[:3] == ("done", 1, 1), name
    drop.book()
    assert drop.points(drop.card("called")) == 4
