"""What no browser of ours sends gets an answer that says so, and is no mistake of ours."""

from __future__ import annotations

import pytest
from tests.surfaces.console.browser import PASSWORD, Browser, SoftKey, somebody
from tests.surfaces.counter import Counter

from regulars.surfaces.console.door.guard import next_of

NESTED = '{"response":{"clientDataJSON":"' + "A" * 8 + '"},"rawId":' + "[" * 5_000 + "}"


@pytest.mark.parametrize(
    "field",
    [{"email": "a\0@shop.test"}, {"password": "\0"}, {"program": "\0"}, {"next": "//["}],
    ids=str,
)
def test_no_sign_takes_the_door_off_its_hinges(counter: Counter, field: dict[str, str]) -> None:
    one, browser = somebody(counter), Browser(counter)
    browser.get("/console/sign-in")
    told = {"email": one.email, "password": PASSWORD[:-1]} | field
    assert browser.post("/console/sign-in", told).status_code in (400, 401, 404)


@pytest.mark.parametrize("query", ["program=%00", "next=//%5B", "next=%00", "next=%F0%9F%90%B8"])
def test_no_address_takes_it_off_either(counter: Counter, query: str) -> None:
    assert Browser(counter).get(f"/console/sign-in?{query}").status_code in (200, 400, 404)


def test_who_comes_in_goes_on_wherever_a_header_can_name(counter: Counter) -> None:
    one, browser = somebody(counter), Browser(counter)
    answer = browser.sign_in(one.email, next="/console/members?q=Ayşe")
    assert answer.status_code == 303
    assert answer.headers["location"].isascii()
    assert browser.get("/console").status_code == 200


def test_only_pages_of_the_console_are_gone_on_to() -> None:
    for elsewhere in ("//[", "//evil.test", "/\\evil.test", "/consoles", "/console.evil", "/card"):
        assert next_of(elsewhere) == "/console", elsewhere
    for inside in ("/console", "/console/members?q=a", "/console?x=1"):
        assert next_of(inside) == inside


@pytest.mark.parametrize("credential", [NESTED, "{}", "[]", "", '{"rawId": 1, "response": {}}'])
def test_what_no_device_answers_is_a_passkey_that_does_not_fit(
    counter: Counter, credential: str
) -> None:
    browser = Browser(counter)
    browser.get("/console/sign-in")
    assert browser.send("/console/passkey/enter", {"credential": credential}).status_code == 401


def test_a_passkey_that_says_nonsense_is_refused_as_any_other(counter: Counter) -> None:
    one, browser, key = somebody(counter), Browser(counter), SoftKey()
    browser.sign_in(one.email)
    options = browser.send("/console/passkey/add/ask", {"present": PASSWORD}).json()
    whole = key.made(options)
    for name in ("attestationObject", "clientDataJSON"):
        text = whole["response"][name]
        for wrong in ("", "A", "AAAA", text[: len(text) // 2], text[:-3], 7, None, [text], "é"):
            response = whole["response"] | {name: wrong}
            answer = browser.send(
                "/console/passkey/add", {"credential": whole | {"response": response}}
            )
            assert answer.status_code == 401, (name, wrong, answer.text)
    assert browser.send("/console/passkey/add", {"credential": whole}).json() == {"added": True}

    browser.http.cookies.clear()
    browser.get("/console/sign-in")
    asked = browser.send("/console/passkey/ask").json()
    signed = key.signed(asked)
    for name in ("authenticatorData", "clientDataJSON", "signature"):
        text = signed["response"][name]
        for wrong in ("", "A", "AAAA", text[: len(text) // 2], 7, None, [text], "é"):
            response = signed["response"] | {name: wrong}
            answer = browser.send(
                "/console/passkey/enter", {"credential": signed | {"response": response}}
            )
            assert answer.status_code == 401, (name, wrong, answer.text)
