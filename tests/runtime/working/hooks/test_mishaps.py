"""What goes wrong on the way out is said in our words, and costs nobody else anything."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Sequence
from threading import Event
from typing import Any, cast
from uuid import UUID

import httpcore
import pytest
from structlog.testing import capture_logs
from tests.runtime.working.hooks.receiver import receiver
from tests.runtime.working.hooks.test_forms import AT, HOOK, SENDING

from regulars.records.outbox.hooks.types import Line, Went
from regulars.runtime.working.hooks import dispatcher
from regulars.runtime.working.hooks.dispatcher import Dispatcher, Way, opens
from regulars.runtime.working.hooks.names import Names
from regulars.surfaces.senders.hooks.courier import OUR_MISTAKE, Bag, carry
from regulars.surfaces.senders.outgoing.client import Answer, Client, NoAnswer, TooSlow
from regulars.surfaces.senders.outgoing.guard import Guard, networks_of

SECRET = "Ada Lovelace"
BAG = Bag(HOOK, (b"s" * 32,), "corner", lambda: AT, lambda: 0.0)
LINE = Line(UUID(int=7), 1, 0, 3, (SENDING,))


class Clumsy:
    """Makes a mistake nobody thought of, once."""

    def __init__(self) -> None:
        self.left = 1

    async def post(self, url: str, headers: Sequence[Any], body: bytes) -> Answer:
        self.left -= 1
        if self.left == 0:
            raise RuntimeError(SECRET)
        return Answer(204, {}, b"")


def test_a_mistake_of_ours_is_a_try_in_vain_and_the_other_lines_go_on() -> None:
    with capture_logs() as said:
        one, other = asyncio.run(carry(Clumsy(), BAG, [LINE, LINE]))
    assert [(one.tries[0].status, one.tries[0].reason)] == [(None, OUR_MISTAKE)]
    assert other.tries[0].arrived
    assert (said[0]["event"], said[0]["kind"]) == ("hooks.our_mistake", "RuntimeError")
    assert SECRET not in str(said)


def test_what_cannot_be_kept_costs_no_other_line_its_outcome(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept: list[int] = []

    class Opened:
        async def __aenter__(self) -> None: ...
        async def __aexit__(self, *_: object) -> None: ...

    class Books:
        def transaction(self, _: int) -> Opened:
            return Opened()

    async def settle(_tx: None, _id: UUID, batch: Sequence[Went]) -> None:
        if any(one.line.turn == 2 for one in batch):
            raise ValueError
        kept.extend(one.line.turn for one in batch)

    monkeypatch.setattr(dispatcher, "settle_sendings", settle)
    made = Dispatcher(cast(Any, Books()), cast(Any, None), cast(Any, None))
    went = [Went(Line(UUID(int=7), turn, 0, 3, (SENDING,)), ()) for turn in (1, 2, 3)]
    asyncio.run(made._settle(Way(1, HOOK.hook_id), went))
    assert kept == [1, 3]


@pytest.mark.parametrize(
    "why",
    [
        socket.gaierror(SECRET), ssl.SSLError(SECRET), ConnectionRefusedError(SECRET),
        OSError(SECRET), ValueError(SECRET), httpcore.ConnectError(SECRET),
        httpcore.ConnectTimeout(SECRET), httpcore.ReadTimeout(SECRET),
        httpcore.RemoteProtocolError(SECRET), httpcore.ReadError(SECRET),
    ],
)  # fmt: skip
@pytest.mark.parametrize("at_its_name", [True, False])
def test_no_word_of_the_other_side_is_kept(
    why: Exception, at_its_name: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def resolve(_host: str, _port: int) -> list[str]:
        if at_its_name:
            raise why
        return ["127.0.0.1"]

    async def connect(*_: object) -> Any:
        raise why

    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", connect)

    async def ask() -> str:
        client = Client(Guard(networks_of(["127.0.0.1"])), patience_s=2, resolve=resolve)
        with pytest.raises(NoAnswer) as found:
            await client.post("http://x.example/", [], b"{}")
        await client.close()
        return found.value.why

    said = asyncio.run(ask())
    assert said
    assert SECRET not in said


def test_a_slow_name_is_asked_for_once_and_holds_up_no_other() -> None:
    slow, asked = Event(), []

    def ask(host: str, port: int, type: int) -> list[Any]:
        asked.append(host)
        if host == "slow.example":
            slow.wait(5)
        return [(2, 1, 6, "", ("127.0.0.1", port))] * 2

    async def all_of_it() -> None:
        names = Names(ask, patience_s=0.05)
        late = [names("slow.example", 443) for _ in range(40)]
        came = await asyncio.gather(*late, names("quick.example", 443), return_exceptions=True)
        assert [type(one) for one in came[:-1]] == [TooSlow] * 40
        assert came[-1] == ["127.0.0.1"]
        assert asked.count("slow.example") == 1
        slow.set()
        assert isinstance(opens(Guard())()._resolve, Names)

    asyncio.run(all_of_it())


def test_whoever_says_yes_has_it_however_slowly_they_go_on() -> None:
    async def ask(url: str) -> int:
        client = Client(Guard(networks_of(["127.0.0.1"])), patience_s=0.3)
        answer = await client.post(url, [], b"{}")
        await client.close()
        return answer.status

    with receiver() as house:
        house.answers("drip")
        assert asyncio.run(ask(house.url)) == 200


@pytest.mark.parametrize(
    ("said", "rest_s"),
    [
        ("90", 90), ("Thu, 25 Feb 2021 20:57:00 GMT", 90), ("Thu, 25 Feb 2021 20:55:00 GMT", 0),
        ("Fri, 25 Feb 2022 20:57:00 GMT", 86_400), ("soon", 0), ("", 0), ("-5", 0), ("\u0663", 0),
        ("Thu, 25 Feb 2021 99:57:00 GMT", 0), ("Thu, 25 Feb 2021 20:57:00 -0000", 90),
        ("Mon, 01 Jan 0001 00:00:00 +2359", 0), ("Thu, 25 Feb 99999999999 20:57:00 GMT", 0),
    ],
)  # fmt: skip
def test_a_busy_receiver_says_how_long_or_until_when(said: str, rest_s: int) -> None:
    class Busy:
        async def post(self, url: str, headers: Sequence[Any], body: bytes) -> Answer:
            return Answer(503, {"retry-after": said}, b"")

    (went,) = asyncio.run(carry(Busy(), BAG, [LINE]))
    assert (went.tries[0].rest_s, went.tries[0].status) == (rest_s, 503)
