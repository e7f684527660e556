"""Every address that a browser can open, found in the table of routes: nobody left one open."""

from __future__ import annotations

import asyncio
import re
from typing import Any, NamedTuple
from uuid import UUID

import httpx
import pytest
from tests.surfaces.card.pocket import signed_in
from tests.surfaces.console.browser import HOST, Browser, somebody
from tests.surfaces.counter import Counter, coffee
from tests.surfaces.guards.weak import weaknesses

from regulars.surfaces.api.front.hardening import Hardened
from regulars.surfaces.card.passes.apple import PATH as PASSES
from regulars.surfaces.signing_in import COOKIE
from regulars.surfaces.ui.coming import cookie_of
from regulars.surfaces.ui.paper import GUARDED

PERSONAL = ("/console", "/card", "/join", "/till")
ANYBODYS = frozenset({"/card/manifest.webmanifest"})
BY_HEADER = (PASSES,)
"""Telephones prove themselves by a header there; a cookie opens nothing."""
ONE_CLICK = "/card/stop"
"""A mail program presses it (RFC 8058): the link is the proof, and all it does is to stop."""
UNKNOWN = "0123456789abcdef0123456789abcdef"


class Walk(NamedTuple):
    """Everybody who walks, and what they walk by."""

    nobody: Browser
    both: Browser
    """An owner and a member, signed in with one browser."""
    places: dict[str, str]
    gets: list[str]
    unsafe: list[tuple[str, str]]


@pytest.fixture(scope="module")
def walk(counter: Counter) -> Walk:
    """A walk through the shop."""
    return walking(counter)


def walking(counter: Counter) -> Walk:
    """An owner and a member with something to look at, and every address there is."""
    member = counter.joined("4711")
    assert counter.post("/v1/activities", coffee("4711"), idempotency_key="one").status_code == 201
    both = Browser(counter, scheme="https")
    owner = somebody(counter)
    both.sign_in(owner.email)
    both.http.cookies.set(COOKIE, signed_in(counter, UUID(member[4:])), domain=HOST, path="/")
    entries = counter.get(f"/v1/members/{member}/entries").json()["items"]
    both.post("/console/program/drafts", {"name": "autumn"})
    places = {
        "member_id": member, "entry_id": entries[0]["id"], "entry": entries[0]["id"],
        "number": "1", "name": "autumn", "staff_id": owner.staff_id.hex, "code": "invalid", "segment": "nobody", "campaign": "nobody", "offer": "nobody", "offer_choice": "nobody", "survey": "nobody", "journey": "nobody", "club": "nobody", "gathering": "nobody", "lesson": "nobody", "partner": "nobody",
    }  # fmt: skip
    routes = both.http._transport.app.pages.routes  # type: ignore[attr-defined]
    gets = sorted(one.path for one in routes if "GET" in one.methods)
    unsafe = sorted(
        (method, one.path)
        for one in routes
        for method in one.methods
        if method not in ("GET", "HEAD", "OPTIONS")
    )
    return Walk(Browser(counter, scheme="https"), both, places, gets, unsafe)


def filled(path: str, places: dict[str, str]) -> str:
    return re.sub(r"\{(\w+):\w+\}", lambda found: places.get(found[1], UNKNOWN), path)


def test_every_page_is_hardened_for_whoever_opens_it(walk: Walk) -> None:
    shown = dict.fromkeys(("nobody", "both"), 0)
    for path in walk.gets:
        personal = path.startswith(PERSONAL) and path not in ANYBODYS
        for who in shown:
            answer = getattr(walk, who).get(filled(path, walk.places))
            assert weaknesses(answer, personal=personal) == [], (who, path)
            shown[who] += answer.status_code == 200
    # Both saw pages: a walk along closed doors proves nothing.
    assert shown["both"] >= 45, shown
    assert 10 <= shown["nobody"] < shown["both"] - 25, shown


@pytest.mark.parametrize(
    "path", ["/nothing", "/console/nothing", "/card/%00", "/till/x", "/metrics"]
)
def test_what_is_not_there_is_hardened_too(walk: Walk, path: str) -> None:
    for method in ("GET", "DELETE"):
        answer = walk.both.run(walk.both.http.request(method, path))
        assert answer.status_code in (403, 404, 405)
        assert weaknesses(answer, personal=True) == []


def test_no_form_is_taken_without_its_token_or_from_elsewhere(walk: Walk) -> None:
    proofs = {who: _proof(getattr(walk, who), page)
              for who, page in (("nobody", "/card/sign-in"), ("both", "/card/me"))}  # fmt: skip
    walk.both.get("/console")
    asked = 0
    for method, path in walk.unsafe:
        if path.startswith((*BY_HEADER, ONE_CLICK)):
            continue
        to = filled(path, walk.places)
        for who in ("nobody", "both"):
            browser = getattr(walk, who)
            right = {"_form": browser.form, "proof": proofs[who]}
            for form, told in (
                ({}, {}),
                ({"_form": "x", "proof": "x"}, {}),
                (right, {"origin": "https://evil.test"}),
                (right, {"origin": "null"}),
                (right, {"sec-fetch-site": "cross-site"}),
                (right, {"sec-fetch-site": "same-site", "origin": f"https://x.{HOST}"}),
            ):
                answer = _sent(browser, method, to, form, told)
                # Who is not in is led to signing in, before anybody looks at the form.
                led = who == "nobody" and "/sign-in" in answer.headers.get("location", "")
                assert answer.status_code == 403 or led, (who, method, path, form, told)
                asked += answer.status_code == 403
    assert asked >= 6 * 40
    for page in ("/console", "/card"):
        assert walk.both.get(page).status_code == 200, "nothing was done: both are still in"


def test_with_its_token_and_from_our_page_a_form_is_taken(walk: Walk) -> None:
    """The control: the same requests as above, as our own page sends them."""
    walk.both.get("/console/settings")
    form = {"_form": walk.both.form, "lang": "de"}
    assert _sent(walk.both, "POST", "/console/look", form, {}).status_code == 303
    proof = {"proof": _proof(walk.both, "/card/me"), "nickname": "Ada"}
    assert _sent(walk.both, "POST", "/card/me/profile", proof, {}).status_code in (200, 303, 422)
    proof = {"proof": _proof(walk.nobody, "/card/sign-in"), "address": "?"}
    assert _sent(walk.nobody, "POST", "/card/sign-in", proof, {}).status_code == 422


def test_a_cookie_opens_nothing_of_the_api(walk: Walk) -> None:
    assert walk.both.get("/v1/members").status_code == 401
    assert walk.both.send("/v1/members", {}).status_code == 401


GOOD = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "form-action 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
    "content-type": "text/html",
    "set-cookie": "__Host-a=b; Path=/; Secure; HttpOnly; SameSite=lax",
}
BAD = (
    {"content-security-policy": ""},
    {"content-security-policy": GOOD["content-security-policy"].replace("object-src 'none'; ", "")},
    {"content-security-policy": GOOD["content-security-policy"].replace("base-uri 'none'; ", "")},
    {"content-security-policy": GOOD["content-security-policy"].replace(
        "frame-ancestors 'none'", "frame-ancestors 'self'")},
    {"content-security-policy": GOOD["content-security-policy"].replace(
        "style-src 'self'", "style-src 'self' 'unsafe-inline'")},
    {"content-security-policy": GOOD["content-security-policy"].replace(
        "script-src 'self'", "script-src 'self' https://cdn.example")},
    {"strict-transport-security": ""},
    {"strict-transport-security": "max-age=86400"},
    {"x-content-type-options": ""},
    {"referrer-policy": "unsafe-url"},
    {"cross-origin-opener-policy": ""},
    {"cache-control": "public, max-age=300"},
    {"set-cookie": "a=b; Path=/; Secure; HttpOnly; SameSite=lax"},
    {"set-cookie": "__Host-a=b; Path=/; HttpOnly; SameSite=lax"},
    {"set-cookie": "__Host-a=b; Path=/; Secure; SameSite=lax"},
    {"set-cookie": "__Host-a=b; Path=/; Secure; HttpOnly"},
    {"set-cookie": "__Host-a=b; Path=/; Secure; HttpOnly; SameSite=none"},
    {"set-cookie": "__Host-a=b; Path=/; Secure; HttpOnly; SameSite=lax; Domain=shop.test"},
)  # fmt: skip


def test_what_every_answer_carries_is_enough() -> None:
    """Pages that say nothing themselves, behind what we put around all of them."""
    seen: list[dict[str, str]] = []
    made = cookie_of("one", "x", tls=True).to_header(header="").strip()

    async def silent(_: Any, __: Any, send: Any) -> None:
        headers = [(b"set-cookie", made.encode())]
        await send({"type": "http.response.start", "status": 303, "headers": headers})

    async def send(message: Any) -> None:
        seen.append({name.decode(): value.decode() for name, value in message["headers"]})

    for scheme in ("https", "http"):
        asyncio.run(Hardened(silent, GUARDED)({"type": "http", "scheme": scheme}, None, send))
    assert weaknesses(httpx.Response(303, headers=seen[0]), personal=True) == []
    assert "strict-transport-security" not in seen[1]


def test_a_good_answer_has_no_weakness() -> None:
    text = '<p title="onclick= is a word">style= too</p><script src="/a.js"></script>'
    assert weaknesses(httpx.Response(200, headers=GOOD, text=text), personal=True) == []


@pytest.mark.parametrize("bad", BAD)
def test_each_weakness_is_seen(bad: dict[str, str]) -> None:
    """The control of the walk: one thing is wrong, and it is told."""
    answer = httpx.Response(200, headers=GOOD | bad, text="<p>")
    assert len(weaknesses(answer, personal=True)) >= 1


@pytest.mark.parametrize(
    "text", ["<script>go()</script>", "<p onclick='go()'>", '<p style="x">', "<style>p{}</style>"]
)
def test_what_runs_in_a_page_is_seen(text: str) -> None:
    assert weaknesses(httpx.Response(200, headers=GOOD, text=text), personal=True)


def _sent(
    browser: Browser, method: str, path: str, form: dict[str, str], told: dict[str, str]
) -> httpx.Response:
    own = {"origin": f"https://{HOST}", "sec-fetch-site": "same-origin"}
    return browser.run(browser.http.request(method, path, data=form, headers=own | told))


def _proof(browser: Browser, page: str) -> str:
    found = re.search(r'name="proof" value="([0-9a-f]+)"', browser.get(page).text)
    assert found is not None, page
    return found[1]
