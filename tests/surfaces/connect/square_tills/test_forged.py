"""Only what Square signed comes in: its own verifiers agree with every yes and with every no."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from square.utils.webhooks_helper import verify_signature
from tests.surfaces.connect.square_tills.account import signed
from tests.surfaces.connect.square_tills.hook import Endpoint
from tests.surfaces.counter import Counter, problem

from regulars.surfaces.api.strict.bodies import LARGEST_OF_A_SHOP
from regulars.surfaces.connect.inlets.signing import PATH, BadSignature
from regulars.surfaces.connect.square.selling.kind import SIGNATURE, Square

NOW = datetime(2026, 3, 2, tzinfo=UTC)
URL = "https://club.example.org/v1/in/inl_1"
BODY = b'{"merchant_id":"M1","type":"order.updated","event_id":"e-1","data":{}}'
GOOD = signed("key-1", URL, BODY)
CASES = (
    (BODY, GOOD, "key-1", URL),
    (BODY + b" ", GOOD, "key-1", URL),
    (BODY, GOOD, "key-2", URL),
    (BODY, GOOD, "key-1", URL + "x"),
    (BODY, GOOD, "key-1", "https://club.example.com/v1/in/inl_1"),
    (BODY, GOOD.lower(), "key-1", URL),
    (BODY, GOOD[:-1], "key-1", URL),
    (BODY, "", "key-1", URL),
    (BODY, signed("key-1", "", BODY), "key-1", URL),
    ("ä€".encode(), signed("key-1", URL, "ä€".encode()), "key-1", URL),
)
CLIENT = Path(__file__).resolve().parents[4] / ".venv" / "square"
ASKS = """
import { WebhooksHelper } from "square";
const cases = JSON.parse(process.argv[2]);
const said = [];
for (const [requestBody, signatureHeader, signatureKey, notificationUrl] of cases)
  said.push(await WebhooksHelper.verifySignature(
    { requestBody, signatureHeader, signatureKey, notificationUrl }));
console.log(JSON.stringify(said));
"""


def ours(body: bytes, header: str, key: str, url: str) -> bool:
    host, _, path = url.removeprefix("https://").partition("/")
    told = {SIGNATURE: header.encode(), b"host": host.encode(), PATH: f"/{path}".encode()}
    try:
        Square().check([key.encode()], told, [body], NOW)
    except BadSignature:
        return False
    return True


def test_its_own_library_agrees_with_ours() -> None:
    for body, header, key, url in CASES:
        theirs = verify_signature(
            request_body=body.decode(), signature_header=header, signature_key=key,
            notification_url=url,
        )  # fmt: skip
        assert ours(body, header, key, url) is theirs, (header, url)
    assert [ours(*case) for case in CASES] == [True, *[False] * 8, True]


@pytest.mark.slow
def test_its_own_library_for_node_agrees_with_ours(tmp_path: Path) -> None:
    node = shutil.which("node", path=f"{CLIENT.parent}/bin") or shutil.which("node")
    if node is None or not (CLIENT / "node_modules" / "square").exists():
        pytest.skip("Square's client for Node is not there: `make test` brings it")
    script = CLIENT / f"asks-{tmp_path.name}.mjs"
    script.write_text(ASKS)
    told = json.dumps([(body.decode(), *rest) for body, *rest in CASES])
    try:
        done = subprocess.run(
            [node, str(script), told], cwd=CLIENT, capture_output=True, timeout=60, check=True
        )
    finally:
        script.unlink()
    assert json.loads(done.stdout) == [ours(*case) for case in CASES]


@pytest.mark.parametrize("host", ["shop.test", "shop.test:443", "shop.test:80"])
def test_tls_that_was_taken_away_before_us_is_no_other_address(hook: Endpoint, host: str) -> None:
    body = msgspec.json.encode({"merchant_id": "M", "type": "x", "event_id": f"e-{len(host)}"})
    for scheme in ("https", "http"):
        made = signed(hook.account.key, f"{scheme}://shop.test{hook.address}", body)
        told = {"x-square-hmacsha256-signature": made, "host": host}
        answer = hook.post(body, {"content-type": "application/json", **told})
        expected = 401 if (scheme, host[-4:]) in (("http", ":443"), ("https", "t:80")) else 202
        assert answer.status_code == expected, (scheme, host)


def test_nothing_forged_or_changed_on_its_way_comes_in(hook: Endpoint) -> None:
    hook.account.sells(("Tea", "1", 1000))
    body = msgspec.json.encode(hook.account.told[-1])
    good = hook.headers(body)
    for other in (body.replace(b"COMPLETED", b"OPEN"), body + b" ", b""):
        assert problem(hook.post(other, good))[:2] == (401, "bad_signature")
    made = good["x-square-hmacsha256-signature"]
    elsewhere = signed(hook.account.key, hook.url.replace("/in/", "/out/"), body)
    for header in ("", "x", made[:-4], made.lower(), signed("other", hook.url, body), elsewhere):
        wrong = good | {"x-square-hmacsha256-signature": header}
        assert problem(hook.post(body, wrong))[:2] == (401, "bad_signature")
    assert problem(hook.post(body, good | {"host": "evil.test"}))[:2] == (401, "bad_signature")
    assert hook.states() == []
    assert hook.post(body, good | {":path": "/x"}).status_code == 202, "no header says where"


def test_two_deliveries_with_one_id_are_one_event_whatever_they_say(hook: Endpoint) -> None:
    hook.account.sells(("Tea", "1", 1000))
    event = hook.account.told[-1]
    first = hook.tell(event)
    assert first.status_code == 202
    assert hook.tell(event | {"created_at": "2026-03-09T09:00:00Z"}).json() == first.json()
    other = event | {"data": {"type": "order", "id": "O", "object": {}}}
    assert hook.tell(other).json() == first.json()
    assert len(hook.states()) == 1


def test_what_is_no_event_is_refused_and_of_others_nothing_becomes(hook: Endpoint) -> None:
    good = {"merchant_id": "M1", "event_id": "e-odd", "type": "order.updated"}
    assert hook.tell(good | {"note": "x" * LARGEST_OF_A_SHOP}).status_code == 413
    for wrong in ({"event_id": "../x"}, {"event_id": 7}, {"type": None}):
        assert hook.tell(good | wrong).status_code == 400
    assert hook.tell({"event_id": "e-1", "type": "order.updated"}).status_code == 400
    assert hook.states() == []
    path = {"order_updated": {"order_id": "../../v2/locations"}}
    for at, (type_, found) in enumerate((
        ("order.updated", path), ("order.updated", []), ("order.updated", {"x": 7}),
        ("payment.updated", {"payment": {"order_id": None}}), ("refund.updated", {}),
        ("inventory.count.updated", {"inventory_counts": []}),
    )):  # fmt: skip
        told = {"type": type_, "event_id": f"e-odd-{at}", "data": {"object": found}}
        assert hook.tell(good | told).status_code == 202
    hook.work()
    assert {state for state, *_ in hook.states()} == {"passed"}
    assert hook.account.asked == []


def test_a_test_event_names_an_order_nobody_has(hook: Endpoint) -> None:
    found = {"order_updated": {"order_id": "eA3vssLHKJrv9H0IdJCM3gNqfdcZY"}}
    told = {"merchant_id": "M1", "event_id": "e-test", "type": "order.updated"}
    hook.tell(told | {"data": {"object": found}})
    hook.work()
    assert hook.states() == [("passed", "nothing", "")]


def test_both_keys_are_good_for_a_week_after_another_was_entered(hook: Endpoint) -> None:
    for _ in range(2):
        hook.account.sells(("Tea", "1", 1000))
    first, second, third, *_ = hook.account.told
    hook.enter(secret="sig-key-2")
    hook.later(seconds=2)
    assert hook.tell(first).status_code == 202, "signed by the old one yet"
    hook.later(days=8)
    assert problem(hook.tell(second))[:2] == (401, "bad_signature")
    hook.account.key = "sig-key-2"
    assert hook.tell(third).status_code == 202


def test_before_keys_are_entered_nothing_comes_in(counter: Counter) -> None:
    hook = Endpoint(counter, entered=False)
    hook.account.sells(("Tea", "1", 1000))
    refused = hook.tell(hook.account.told[-1])
    assert problem(refused)[:2] == (401, "bad_signature")
    assert "signature key" in refused.text
    counter.ask("DELETE", hook.place)
