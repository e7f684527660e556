"""When the world is down, or we are wrong: a clear answer, and nothing about our insides."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.surfaces.counter import Counter, coffee, problem

from regulars.base.faults import Outage
from regulars.surfaces.api.strict import patience


class Broken:
    """A gate behind which something is wrong."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def submit(self, *_: Any) -> Any:
        raise self.error


def with_gate(counter: Counter, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    gate: Any = counter.given.gate
    monkeypatch.setattr(type(gate), "submit", Broken(error).submit)


WRITES: list[tuple[str, Any]] = [
    ("/v1/activities", coffee("T-1")),
    ("/v1/members", {"given_name": "Ada"}),
    ("/v1/redemptions", {"member": {"card": "T-1"}, "reward": "free-coffee"}),
]


@pytest.mark.parametrize(("path", "body"), WRITES)
def test_an_outage_says_when_to_come_again(
    counter: Counter, monkeypatch: pytest.MonkeyPatch, path: str, body: Any
) -> None:
    with_gate(counter, monkeypatch, Outage("too much is waiting", 3))
    answer = counter.post(path, body)
    assert problem(answer)[:2] == (503, "unavailable")
    assert answer.headers["retry-after"] == "3"


@pytest.mark.parametrize(("path", "body"), WRITES)
def test_a_mistake_of_ours_tells_nothing_of_our_insides(
    counter: Counter, monkeypatch: pytest.MonkeyPatch, path: str, body: Any
) -> None:
    seen: list[str] = []
    with_gate(counter, monkeypatch, RuntimeError("password=hunter2"))
    monkeypatch.setattr(
        "regulars.runtime.serving.asgi.log.error", lambda *_, path, **__: seen.append(path)
    )
    answer = counter.post(path, body)
    assert problem(answer)[:2] == (500, "internal_error")
    assert "hunter2" not in answer.text
    assert "Error" not in answer.text
    assert seen == [path]


def test_one_broken_activity_of_a_batch_is_that_ones_alone(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate: Any = counter.given.gate
    real = gate.submit

    def sometimes(_: Any, program_id: int, flow: Any, command: Any) -> Any:
        if command.store == "broken":
            raise Outage("too much is waiting")
        return real(program_id, flow, command)

    monkeypatch.setattr(type(gate), "submit", sometimes)
    sent = [coffee("T-b"), coffee("T-b", store="broken"), coffee("T-b")]
    results = counter.post("/v1/activities/batch", {"activities": sent}).json()["results"]
    assert [one["status"] for one in results] == [201, 503, 201]


def test_a_version_published_by_another_process_is_met(counter: Counter) -> None:
    member = counter.joined("T-v")
    assert counter.get(f"/v1/members/{member}/standing").status_code == 200
    written = counter.get("/v1/programs/versions/1").json()["source"]
    source = written[: written.index("cases:")]
    doubled = source.replace("points: 1, per:", "points: 2, per:")
    counter.shop.publish(doubled)
    said = counter.post("/v1/activities/preview", coffee("T-v", 2)).json()
    assert (said["program_version"], said["earned"]["points"]) == (2, 14)
    assert counter.post("/v1/activities", coffee("T-v", 2)).json()["earned"]["points"] == 14
    third = counter.post("/v1/programs/versions", {"source": source})
    assert (third.status_code, third.json()["version"]) == (201, 3)
    assert counter.post("/v1/activities", coffee("T-v", 2)).json()["earned"]["points"] == 7
    same = counter.post("/v1/programs/versions", {"source": source})
    assert (same.status_code, same.json()["fresh"]) == (200, False)
    assert counter.get("/v1/programs/current").json()["version"] == 3


def test_a_body_that_never_comes_is_not_waited_for(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hardly() -> AsyncIterator[bytes]:
        yield b'{"kind":'
        await asyncio.sleep(10)

    monkeypatch.setattr(patience, "PATIENCE_S", 0.05)
    monkeypatch.setattr(patience, "LOOK_S", 0.05)
    impatient = Counter(counter.shop)
    for path in ("/v1/activities", "/v1/members"):
        headers = {"authorization": f"Bearer {counter.key}", "content-type": "application/json"}
        answer = counter.shop.run(impatient.client.post(path, content=hardly(), headers=headers))
        assert problem(answer)[:2] == (408, "body_too_slow")
