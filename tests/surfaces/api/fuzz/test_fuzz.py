"""Whatever is sent, the answer is clear: never a 5xx, never half-done."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.surfaces.counter import Counter
from tests.turns import NIGHTLY

from regulars.surfaces.api.catalogue import CATALOGUE
from regulars.surfaces.api.operations.table import OPERATIONS

ROUNDS = 2_000 if NIGHTLY else 120
FUZZ = settings(
    max_examples=ROUNDS,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
WITH_BODY = [one for one in OPERATIONS if one.sent is not None]
STRANGE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False),
    st.text(max_size=12),
    st.sampled_from(
        ["", "0", "NaN", "１２３", "\u202e", "\x7f", "mem_" + "0" * 32, "2026-03-02T12:00:00Z",
         "9999-12-31T23:59:59Z", "+4930901820", "a@b", "' or 1=1 --", "😀" * 50, "EUR", "purchase"]
    ),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=3),
)  # fmt: skip


def places(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a body, the whole of it first."""
    found = [here]
    parts: Any = ()
    if isinstance(value, dict):
        parts = value.items()
    elif isinstance(value, list):
        parts = enumerate(value)
    for key, part in parts:
        found += places(part, (*here, key))
    return found


def changed(value: Any, place: tuple[Any, ...], into: Any) -> Any:
    """The body with something else at that place."""
    if not place:
        return into
    first, *rest = place
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[first] = changed(value[first], tuple(rest), into)
    return copy


@st.composite
def requests(draw: st.DrawFn) -> tuple[str, str, Any]:
    """An operation with its example, of which up to three places are something else."""
    operation = draw(st.sampled_from(WITH_BODY))
    body = json.loads(json.dumps(operation.example))
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.sampled_from(places(body)))
        body = changed(body, place, draw(STRANGE))
    path = operation.path.replace("{member_id}", "mem_" + "1" * 32)
    return operation.method, path.replace("{redemption_id}", "red_" + "1" * 32), body


@FUZZ
@given(requests())
def test_examples_with_something_strange_in_them(
    counter: Counter, sent: tuple[str, str, Any]
) -> None:
    method, path, body = sent
    answer = counter.ask(method, path, json.dumps(body).encode())
    assert answer.status_code < 500, (path, body, answer.text)
    if answer.status_code >= 400:
        assert answer.json()["code"] in CATALOGUE


@FUZZ
@given(st.binary(max_size=60))
def test_any_bytes_at_all(counter: Counter, body: bytes) -> None:
    for path in ("/v1/activities", "/v1/members"):
        assert 400 <= counter.post(path, body).status_code < 500


@FUZZ
@given(
    st.sampled_from(["limit", "cursor", "name", "phone", "email", "card", "external", "number"]),
    st.text(max_size=30),
)
def test_any_text_in_a_parameter(counter: Counter, name: str, text: str) -> None:
    async def look() -> Any:
        headers = {"authorization": f"Bearer {counter.key}"}
        return await counter.client.get("/v1/members", params={name: text}, headers=headers)

    try:
        text.encode()
    except UnicodeEncodeError:
        return
    assert counter.shop.run(look()).status_code in (200, 400)


@FUZZ
@given(st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), max_size=40))
def test_any_text_as_an_address(counter: Counter, text: str) -> None:
    path = "/v1/members/" + text.replace("?", "").replace("#", "").replace("%", "")
    assert counter.get(path).status_code in (200, 404, 405)
