"""`/metrics` tells what happened in all processes, to whom it should, and nothing of anybody."""

import asyncio
import contextlib
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from prometheus_client.parser import text_string_to_metric_families
from tests.makers import buys as bought
from tests.surfaces.connect.inlets.sender import Sender, paid
from tests.surfaces.counter import Counter, buys

from regulars.runtime.installation.secret_files import open_secrets
from regulars.runtime.installation.settings import Settings
from regulars.runtime.observing.board import board_of, clear, everybody
from regulars.runtime.observing.duties import Counted
from regulars.runtime.observing.exposition import text_of
from regulars.runtime.observing.figures import Figures
from regulars.runtime.observing.numbers import BOUNDS_S, Numbers
from regulars.runtime.observing.watch import gate_and_pool, refusal, watched
from regulars.runtime.storage.database import utc_now
from regulars.runtime.working.duties import Beside, Turn
from regulars.surfaces.app import build

PEOPLE = ("CARD-77", "Ada", "Lovelace", "ada@example.org", "mem_", "act_")


@pytest.fixture(scope="module")
def counter(database: Any) -> Any:
    opened = Counter.open(database)
    yield opened
    opened.close()


@pytest.fixture
def settings(make_settings: Callable[..., Settings], database: Any) -> Settings:
    made = make_settings(
        REGULARS_DATABASE_URL=database.app_dsn, REGULARS_OWNER_DATABASE_URL=database.owner_dsn
    )
    open_secrets(made)
    return made


def samples(text: str) -> dict[tuple[str, ...], float]:
    """Every figure by its name and the values of its labels, pids left out."""
    return {
        (one.name, *(value for name, value in one.labels.items() if name != "pid")): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


async def through(
    counter: Counter, settings: Settings, talk: Callable[[Any], Any], client: str = "127.0.0.1"
) -> str:
    """What `/metrics` says after this talk with a watched server."""
    front = build(counter.given, later=True)
    fill = gate_and_pool(counter.given.gate, counter.shop.database)  # type: ignore[arg-type]
    async with watched(settings, front, fill):
        transport = httpx.ASGITransport(front, client=(client, 4711))  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as asking:
            await talk(asking)
            token = open_secrets(settings).metrics_token
            bearer = {"authorization": f"Bearer {token}"}
            answer = await asking.get("/metrics", headers=bearer)
            assert answer.status_code == 200, answer.text
            assert answer.headers["content-type"].startswith("text/plain; version=")
            return answer.text


def test_what_was_asked_is_counted_by_operation_and_tells_of_nobody(
    counter: Counter, settings: Settings
) -> None:
    key = {"authorization": f"Bearer {counter.key}"}

    async def talk(asking: httpx.AsyncClient) -> None:
        person = {
            "identifiers": [
                {"kind": "card", "value": "CARD-77"},
                {"kind": "email", "value": "ada@example.org"},
            ],
            "given_name": "Ada",
            "family_name": "Lovelace",
        }
        joined = await asking.post("/v1/members", json=person, headers=key)
        for number in range(3):
            sale = buys("CARD-77", 500, source="till", external_id=f"m{number}")
            assert (await asking.post("/v1/activities", json=sale, headers=key)).is_success
        await asking.get(f"/v1/members/{joined.json()['id']}", headers=key)
        await asking.get("/v1/members/mem_CARD-77", headers=key)
        await asking.post("/v1/activities", json={"Ada": 1}, headers=key)
        await asking.get("/docs")
        await asking.get("/CARD-77")

    text = counter.shop.run(through(counter, settings, talk))
    found = samples(text)
    times = {key[1:]: value for key, value in found.items() if key[0].endswith("seconds_count")}
    assert times == {
        ("join_member", "201"): 1,
        ("record_activity", "201"): 3,
        ("record_activity", "400"): 1,
        ("get_member", "200"): 1,
        ("get_member", "404"): 1,
        ("page", "200"): 1,
        ("page", "404"): 1,
    }
    assert found["regulars_gate_commands_total",] >= 4
    assert found["regulars_pool_connections", "web"] >= 1
    assert found["regulars_database_up",] == 1
    assert found["regulars_database_lock_waits",] == 0
    assert [word for word in (*PEOPLE, counter.key) if word in text] == []


def test_figures_of_other_processes_count_and_a_dead_one_is_full_of_nothing(
    counter: Counter, settings: Settings
) -> None:
    living = Numbers(pid=os.getppid(), part="web", batches=5, gauges={"gate_waiting": 7})
    dead = Numbers(pid=2**22 + 1, part="web", batches=11, gauges={"gate_waiting": 9})
    dead.request("record_activity", 201, 0.004)
    for numbers in (living, dead):
        board_of(settings).mkdir(exist_ok=True)
        (board_of(settings) / f"web-{numbers.pid}.json").write_bytes(msgspec.json.encode(numbers))
    (board_of(settings) / "web-1.json").write_bytes(b"{half")

    async def talk(asking: httpx.AsyncClient) -> None:
        await asking.get("/healthz")

    counter.given.gate.batches = 2  # type: ignore[attr-defined]
    text = counter.shop.run(through(counter, settings, talk))
    found = samples(text)
    assert found["regulars_gate_batches_total",] == 2 + 5 + 11
    assert found["regulars_request_seconds_count", "record_activity", "201"] == 1
    waiting = [line for line in text.splitlines() if line.startswith("regulars_gate_waiting{")]
    assert [line.rsplit(" ")[-1] for line in sorted(waiting)] != []
    assert sum(float(line.rsplit(" ")[-1]) for line in waiting) == 7
    clear(settings)
    assert list(everybody(settings)) == []


def test_a_histogram_adds_up() -> None:
    numbers = Numbers()
    for seconds in (0.0005, 0.001, 0.003, 99.0):
        numbers.request("redeem", 201, seconds)
    twice = Numbers()
    twice.take(numbers)
    twice.take(numbers)
    found = samples(text_of([(twice, True)], Figures()).decode())
    bucket = {key[-1]: value for key, value in found.items() if key[0].endswith("_bucket")}
    by_bound = {
        bound: value
        for (name, *labels), value in found.items()
        for bound in labels
        if name.endswith("_bucket") and bound[:1].isdigit() and bound not in ("201",)
    }
    assert bucket
    assert by_bound["0.001"] == 4
    assert by_bound["0.0025"] == 4
    assert by_bound["0.005"] == 6
    assert by_bound[str(BOUNDS_S[-1])] == 6
    assert found["regulars_request_seconds_count", "redeem", "201"] == 8
    assert found["regulars_database_up",] == 0


LOCAL, AWAY = ("127.0.0.1", 1), ("192.0.2.7", 1)


@pytest.mark.parametrize(
    ("mode", "headers", "client", "status"),
    [
        ("bearer", {}, LOCAL, 401),
        ("bearer", {b"authorization": b"Bearer wrong"}, LOCAL, 401),
        ("bearer", {b"authorization": b"Basic TOKEN"}, LOCAL, 401),
        ("bearer", {b"authorization": b"Bearer TOKEN"}, AWAY, None),
        ("bearer", {b"authorization": b"bearer TOKEN"}, LOCAL, None),
        ("loopback", {}, LOCAL, None),
        ("loopback", {}, ("::1", 1), None),
        ("loopback", {}, AWAY, 403),
        ("loopback", {}, None, 403),
        ("loopback", {b"x-forwarded-for": b"127.0.0.1"}, LOCAL, 403),
        ("loopback", {b"forwarded": b"for=127.0.0.1"}, LOCAL, 403),
        ("loopback", {b"authorization": b"Bearer TOKEN"}, AWAY, 403),
    ],
)
def test_who_may_look(
    mode: str, headers: dict[bytes, bytes], client: Any, status: int | None,
    make_settings: Callable[..., Settings],
) -> None:  # fmt: skip
    settings = make_settings(REGULARS_METRICS=mode)
    token = open_secrets(settings).metrics_token.encode()
    shown = {name: value.replace(b"TOKEN", token) for name, value in headers.items()}
    refused = refusal(settings, shown, client)
    assert (refused[0] if refused else None) == status


def test_switched_off_there_is_no_such_page(
    counter: Counter, make_settings: Callable[..., Settings]
) -> None:
    settings = make_settings(REGULARS_METRICS="off")
    front = build(counter.given, later=True)

    async def look() -> int:
        async with watched(settings, front, lambda _: None):
            transport = httpx.ASGITransport(front)  # type: ignore[arg-type]
            async with httpx.AsyncClient(transport=transport, base_url="http://shop") as asking:
                return (await asking.get("/metrics")).status_code

    assert counter.shop.run(look()) == 404
    assert not board_of(settings).exists()


def test_a_duty_that_fails_is_counted_and_still_fails() -> None:
    class Lazy:
        name, every = "sweep", None
        willing = True

        async def run(self, now: Any) -> None:
            if not self.willing:
                raise RuntimeError("no")

    numbers, lazy = Numbers(), Lazy()
    counted = Counted(lazy, numbers)  # type: ignore[arg-type]
    asyncio.run(counted.run(None))  # type: ignore[arg-type]
    lazy.willing = False
    with contextlib.suppress(RuntimeError):
        asyncio.run(counted.run(None))  # type: ignore[arg-type]
        pytest.fail("it must not be swallowed")
    done = numbers.duties["sweep"]
    assert (done.times, done.failed) == (2, 1)
    assert done.well_at > 0


def test_a_round_beside_the_others_counts_when_it_has_ended() -> None:
    numbers, rounds = Numbers(), iter(range(2))
    done = numbers.duty("midnight")

    async def play() -> None:
        goes_on = asyncio.Event()

        async def turns() -> list[Turn]:
            if next(rounds):
                raise RuntimeError("no")
            return [Turn(1, goes_on.wait)]

        night = Beside("midnight", timedelta(seconds=1), turns)
        counted = Counted(night, numbers)
        for _ in range(3):
            await counted.run(utc_now())
            await asyncio.sleep(0)
        assert (done.times, done.well_at) == (0, 0.0), "one that hangs is no round that went well"
        goes_on.set()
        await night.ended()
        assert (done.times, done.failed) == (1, 0)
        assert done.well_at > 0
        await counted.run(utc_now())
        await night.ended()

    asyncio.run(play())
    assert (done.times, done.failed) == (2, 1)


def test_a_full_disk_costs_figures_and_not_service(
    counter: Counter, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, _: bytes) -> int:
        raise OSError(28, "No space left on device")

    async def talk(asking: httpx.AsyncClient) -> None:
        await asyncio.sleep(0.05)

    monkeypatch.setattr(Path, "write_bytes", full)
    assert "regulars_info" in counter.shop.run(through(counter, settings, talk))


def test_what_waits_to_be_booked_is_told_by_program(counter: Counter, settings: Settings) -> None:
    sender = Sender(counter)
    sender.counter.shop.now = datetime.now(UTC) - timedelta(minutes=5)
    assert sender.send("waits-1", paid("w-1")).status_code == 202
    counter.shop.record(bought(*counter.shop.joined("wanda"), 500))

    async def talk(asking: httpx.AsyncClient) -> None:
        pass

    told = samples(counter.shop.run(through(counter, settings, talk)))
    ((slug,),) = counter.shop.rows("select slug from program where program_id = $1")
    assert told["regulars_inlets_waiting", slug] == 1
    # Nobody seals here: what happened waits, and is counted.
    assert told[("regulars_seal_waiting",)] > 0
    assert told[("regulars_seal_broken",)] == 0
    assert 300 <= told["regulars_inlets_oldest_seconds", slug] < 900
    assert told["regulars_inlets_unreached", slug] == 0
