"""What Shopify's own library signs comes in, and it verifies what ours signs; both refuse alike."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import msgspec
from tests.surfaces.connect.shopify.shop import Hook
from tests.surfaces.connect.shopify.test_forged import order
from tests.surfaces.counter import problem

ROOT = Path(__file__).parents[4]
CLIENT = ROOT / ".venv" / "square"
"""Shopify's library is there, too."""
SCRIPT = ROOT / "tests/surfaces/connect/square/node/shopify.mjs"
SIGNATURE = "x-shopify-hmac-sha256"


def asked(said: dict[str, Any]) -> dict[str, list[str]]:
    node = shutil.which("node") or str(ROOT / ".venv" / "bin" / "node")
    assert (CLIENT / "node_modules/@shopify").is_dir(), "run `make test`: it brings the library"
    words = json.dumps(said).encode()
    done = subprocess.run(
        [node, str(SCRIPT), str(CLIENT)], check=False, capture_output=True, timeout=120, input=words
    )
    assert done.returncode == 0, done.stderr.decode()
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


def test_shopifys_own_library_and_we_agree_on_what_is_signed(hook: Hook) -> None:
    told = order(hook, "s-vendor") | {"note": "Tee für zwei, ₺ 5 🫖"}
    body = msgspec.json.encode(told)
    good = hook.headers(body) | {"x-shopify-api-version": "2025-10"}
    good |= {"x-shopify-event-id": "e-1", "x-shopify-name": "orders"}
    changed = body.replace(b'"10.00"', b'"90.00"')
    short = good | {SIGNATURE: good[SIGNATURE][:-2]}
    other = good | {SIGNATURE: hook.headers(changed)[SIGNATURE]}
    sent = [(body, good), (changed, good), (body, short), (body, other), (body + b" ", good)]
    answer = asked(
        {
            "secret": hook.store.secret,
            "bodies": [body.decode()],
            "requests": [{"body": one.decode(), "headers": above} for one, above in sent],
        }
    )
    assert answer["verified"] == ["", *["invalid_hmac"] * 4]
    for one, above in sent[1:]:
        assert problem(hook.post(one, above))[:2] == (401, "bad_signature")
    assert answer["signed"] == [good[SIGNATURE]]
    assert hook.post(body, good | {SIGNATURE: answer["signed"][0]}).status_code == 202
    hook.book()
    assert hook.points("s-vendor") == 10
