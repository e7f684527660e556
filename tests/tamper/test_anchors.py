"""Places outside are told of every checkpoint, whatever they do; a torn line is no trouble."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from tests.makers import buys
from tests.tamper.vault import Vault, keyring

from regulars.records.seal.lines import checkpoint_of, line_of
from regulars.runtime.working.sealing import sealer as sealing
from regulars.runtime.working.sealing.anchors import AnchorAway, FileAnchor, WebAnchor, newest_in
from regulars.runtime.working.sealing.sealer import Telling

EVERY = timedelta(milliseconds=10)


class Receiver:
    """Somebody on this machine who takes what is posted and answers as told."""

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.taken: list[tuple[bytes, str]] = []
        self.slow_s = 0.0
        receiver = self

        class Answering(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.taken.append((body, self.headers["Regulars-Signature"]))
                time.sleep(receiver.slow_s)
                status = receiver.answers.pop(0) if receiver.answers else 204
                self.send_response(status)
                if status in (301, 302, 303, 307, 308):
                    self.send_header("Location", f"{receiver.url}/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self.url = f"http://127.0.0.1:{self.server.server_port}/anchors"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


def sold(vault: Vault, rounds: int) -> Vault:
    (ada,) = vault.shop.joined("ada")
    for n in range(rounds):
        vault.shop.record(buys(ada, 700, receipt=f"r{n}"))
        vault.seal()
    return vault


def telling(vault: Vault, place: Any) -> Telling:
    return Telling(vault.sealer._database, place, EVERY)


def test_a_file_holds_a_line_for_each_checkpoint_and_each_once(
    vault: Vault, tmp_path: Path
) -> None:
    path = tmp_path / "anchor.jsonl"
    duty = telling(sold(vault, 3), FileAnchor(path))
    for _ in range(2):
        vault.run(duty.run(vault.shop.now))
    told = [checkpoint_of(line) for line in path.read_bytes().splitlines()]
    assert told == vault.checkpoints()
    assert vault.verify(told).chains[0].not_provable == ()
    assert newest_in(path, vault.keys) == {1: told[-1]}


def test_after_half_a_line_the_next_one_begins_anew(vault: Vault, tmp_path: Path) -> None:
    path = tmp_path / "anchor.jsonl"
    (first, second) = sold(vault, 2).checkpoints()[-2:]
    path.write_bytes(line_of(first)[:100])
    asyncio.run(FileAnchor(path).tell([second]))
    assert path.read_bytes() == line_of(first)[:100] + b"\n" + line_of(second) + b"\n"
    assert newest_in(path, vault.keys) == {1: second}


def test_a_file_that_cannot_be_written_is_tried_again_and_stops_nothing(
    vault: Vault, tmp_path: Path
) -> None:
    folder = tmp_path / "not mounted"
    duty = telling(sold(vault, 1), FileAnchor(folder / "anchor.jsonl"))
    vault.run(duty.run(vault.shop.now))
    assert vault.rows("select count(*) from seal_anchor") == [(0,)]
    folder.mkdir()
    time.sleep(0.03)
    vault.run(duty.run(vault.shop.now))
    assert len((folder / "anchor.jsonl").read_bytes().splitlines()) == len(vault.checkpoints())


def test_an_address_gets_signed_lines(vault: Vault, receiver: Receiver) -> None:
    duty = telling(sold(vault, 2), WebAnchor(receiver.url, lambda: vault.keys))
    for _ in range(2):
        vault.run(duty.run(vault.shop.now))
    ((body, header),) = receiver.taken
    key_id, _, signature = header.partition(" ")
    assert vault.keys.right(key_id, body, base64.b64decode(signature))
    assert not vault.keys.right(key_id, body + b" ", base64.b64decode(signature))
    assert [checkpoint_of(line) for line in body.splitlines()] == vault.checkpoints()


def test_an_address_that_fails_is_told_again_later_each_time_longer(
    vault: Vault, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver.answers = [500, 404]
    duty = telling(sold(vault, 1), WebAnchor(receiver.url, lambda: vault.keys))
    pauses = []
    for _ in range(3):
        vault.run(duty.run(vault.shop.now))
        pauses.append(duty._not_before and duty._not_before - time.monotonic())
        vault.run(duty.run(vault.shop.now))
        duty._not_before = 0.0
    assert len(receiver.taken) == 3, "while it waits nothing is sent"
    assert 0 < pauses[0] < pauses[1] <= 0.04
    assert pauses[2] == 0.0
    monkeypatch.setattr(sealing, "LONGEST_PAUSE_S", 0.005)
    receiver.answers = [500] * 9
    sold_again(vault)
    for _ in range(9):
        duty._not_before = 0.0
        vault.run(duty.run(vault.shop.now))
    assert duty._not_before - time.monotonic() <= 0.005


def sold_again(vault: Vault) -> None:
    vault.shop.record(buys(None, 100, receipt="again"))
    vault.seal()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(vault: Vault, receiver: Receiver, status: int) -> None:
    receiver.answers = [status]
    place = WebAnchor(receiver.url, keyring)
    with pytest.raises(AnchorAway, match=str(status)):
        asyncio.run(place.tell(sold(vault, 1).checkpoints()))
    assert len(receiver.taken) == 1


def test_an_address_that_does_not_answer_takes_bounded_time(receiver: Receiver) -> None:
    receiver.slow_s = 1.0
    begun = time.monotonic()
    with pytest.raises(AnchorAway):
        asyncio.run(WebAnchor(receiver.url, keyring, patience_s=0.1).tell([]))
    assert time.monotonic() - begun < 2.0


def test_nobody_there_is_told_as_such() -> None:
    with pytest.raises(AnchorAway, match="did not take it"):
        asyncio.run(WebAnchor("http://127.0.0.1:9/x", keyring, patience_s=0.5).tell([]))


def test_after_a_long_silence_the_newest_are_told(
    vault: Vault, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing.anchors, "MOST", 2)
    duty = telling(sold(vault, 5), WebAnchor(receiver.url, lambda: vault.keys))
    for _ in range(3):
        vault.run(duty.run(vault.shop.now))
    assert len(receiver.taken) == 1
    told = [json.loads(line)["size"] for line in receiver.taken[0][0].splitlines()]
    assert told == [checkpoint.size for checkpoint in vault.checkpoints()[-2:]]


def test_an_address_with_a_password_is_not_kept_with_it() -> None:
    assert WebAnchor("https://me:secret@example.org/a", keyring).name == "web example.org/a"


def test_a_file_of_anchors_is_closed_to_strangers(vault: Vault, tmp_path: Path) -> None:
    path = tmp_path / "anchor.jsonl"
    asyncio.run(FileAnchor(path).tell(sold(vault, 1).checkpoints()))
    assert os.stat(path).st_mode & 0o007 == 0
