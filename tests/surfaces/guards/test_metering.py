"""A key with a limit is told what is left, and waits; nobody else does."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.surfaces.counter import Counter, problem

from regulars.surfaces.api.faults import TooManyRequests
from regulars.surfaces.api.strict.metering import WINDOW_S, Meter

OTHER = uuid4()


@given(st.integers(1, 5), st.lists(st.floats(0, 40), max_size=30))
@settings(max_examples=50, deadline=None)
def test_no_minute_has_more_than_its_requests(most: int, pauses: list[float]) -> None:
    now, heard = [1e6], []
    meter, key = Meter(lambda: now[0]), uuid4()
    for pause in pauses:
        now[0] += pause
        before = [at for at in heard if now[0] - at < WINDOW_S]
        seconds = waits(meter, key, most)
        if seconds:
            assert len(before) >= most
            now[0] += seconds
            assert waits(meter, key, most) == 0  # who waits that long is heard
        heard.append(now[0])
        meter.count(OTHER, 1_000)
    # A minute begins with its first request, so two minutes that touch have twice as many.
    assert all(heard[n + 2 * most] - heard[n] >= WINDOW_S for n in range(len(heard) - 2 * most))


def test_the_answers_say_what_is_left(counter: Counter) -> None:
    key = limited(counter, 2)
    first, second, third = (listed(counter, key) for _ in range(3))
    assert first.headers["ratelimit-policy"] == '"key";q=2;w=60'
    assert first.headers["ratelimit"] == '"key";r=1;t=60'
    assert (second.status_code, second.headers["ratelimit"]) == (200, '"key";r=0;t=60')
    assert problem(third)[:2] == (429, "too_many_requests")
    assert third.headers["retry-after"] == "60"
    assert third.headers["ratelimit"] == '"key";r=0;t=60'
    assert "ratelimit" not in listed(counter, counter.made_key("keys:write")).headers


def test_what_is_refused_counts_and_says_so(counter: Counter) -> None:
    key = limited(counter, 2)
    missing = counter.ask("GET", "/v1/members/mem_" + "1" * 32, key=key)
    assert (problem(missing)[1], missing.headers["ratelimit"]) == (
        "missing_scope",
        '"key";r=1;t=60',
    )
    assert listed(counter, key).status_code == 200
    assert listed(counter, key).status_code == 429


@pytest.mark.parametrize("per_minute", [0, -1, 1_000_001, "60", True])
def test_a_limit_that_is_none_is_refused(counter: Counter, per_minute: Any) -> None:
    wish = {"name": "till", "scopes": ["members:read"], "per_minute": per_minute}
    answer = counter.post("/v1/api-keys", wish)
    assert problem(answer)[:2] == (422, "invalid")
    assert answer.json()["errors"][0]["pointer"] == "/per_minute"


@pytest.mark.parametrize(("wanted", "status"), [(None, 403), (61, 403), (60, 201), (1, 201)])
def test_a_key_with_a_limit_makes_none_that_may_send_more(
    counter: Counter, wanted: int | None, status: int
) -> None:
    before = len(listed(counter).json()["items"])
    maker = limited(counter, 60)
    wish = {"name": "next", "scopes": ["keys:write"], "per_minute": wanted}
    answer = counter.post("/v1/api-keys", wish, key=maker)
    assert answer.status_code == status
    assert len(listed(counter).json()["items"]) == before + (2 if status == 201 else 1)
    if status == 403:
        assert problem(answer)[:2] == (403, "forbidden")
        assert answer.json()["errors"][0]["pointer"] == "/per_minute"


def test_a_made_limit_is_shown(counter: Counter) -> None:
    wish = {"name": "till", "scopes": ["members:read"], "per_minute": 90}
    assert counter.post("/v1/api-keys", wish).status_code == 201
    assert [one["per_minute"] for one in listed(counter).json()["items"]][-1] == 90


def test_a_public_key_has_no_limit_that_anybody_could_use_up(counter: Counter) -> None:
    wish = {"name": "shop", "scopes": ["shop"], "origins": ["https://a.example"], "per_minute": 9}
    answer = counter.post("/v1/api-keys", wish)
    assert problem(answer)[:2] == (422, "invalid")


def waits(meter: Meter, key: UUID, most: int) -> int:
    """For how long this request has to wait; 0 when it is heard."""
    try:
        assert 0 <= meter.count(key, most).left < most
    except TooManyRequests as fault:
        return int(fault.facts["retry_after_seconds"])
    return 0


def limited(counter: Counter, per_minute: int) -> str:
    wish = {"name": "till", "scopes": ["keys:write"], "per_minute": per_minute}
    return str(counter.post("/v1/api-keys", wish).json()["key"])


def listed(counter: Counter, key: str | None = None) -> httpx.Response:
    return counter.ask("GET", "/v1/api-keys", key=key)
