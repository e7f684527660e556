"""Each guard of the API taken away: what it kept out comes in, so the tests would see it."""

import asyncio
import json

import pytest
from tests.surfaces.counter import Counter, buys

from regulars.surfaces.api import access
from regulars.surfaces.api.access import Caller
from regulars.surfaces.api.strict import bodies

TWICE = b'{"kind": "visit", "kind": "review", "member": {"card": "X-1"}}'
REVOKE = "update api_key set revoked_at = now() where program_id = $1 and key_id = $2 returning 1"


def test_without_the_scan_a_name_may_stand_twice(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert counter.post("/v1/activities", TWICE).status_code == 400
    monkeypatch.setattr(bodies, "scan", lambda _: None)
    said = counter.post("/v1/activities", TWICE)
    assert said.status_code == 201
    assert counter.get(said.headers["location"]).json()["kind"] == "review"


def test_the_quick_proof_is_only_right_with_its_conditions() -> None:
    for text in ('{"a" :1,"a":2}', '{"a":1,"\\u0061":2}', '{"a":1,"a":2}', '{"b":":","b":1}'):
        assert len(json.loads(text)) == 1
        with pytest.raises(bodies.DuplicateName):
            bodies.scan(text.encode())
    for text in ('{"a":":","b":":"}', '{"a":"x :","b":[]}', '{"a": {"a": 1}}', '[{"a":1},{"a":1}]'):
        bodies.scan(text.encode())


def test_without_scopes_every_key_opens_everything(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = counter.made_key("members:read")
    assert counter.post("/v1/activities", buys("X-2", 100), key=key).status_code == 403
    monkeypatch.setattr(Caller, "require", lambda *_: None)
    assert counter.post("/v1/activities", buys("X-2", 100), key=key).status_code == 201


def test_a_longer_memory_would_let_a_revoked_key_in(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "REMEMBERED_S", 60.0)
    monkeypatch.setattr(access, "ASK_AGAIN_S", 60.0)
    made = counter.post("/v1/api-keys", {"name": "lost", "scopes": ["activities:write"]}).json()
    assert counter.post("/v1/activities", buys("X-3", 100), key=made["key"]).status_code == 201
    counter.shop.rows(REVOKE, made["id"].removeprefix("key_"))
    counter.shop.run(asyncio.sleep(1.0))
    assert counter.post("/v1/activities", buys("X-3", 100), key=made["key"]).status_code == 201
