"""A token of the Square API goes on as it is, and ends when whoever has it says so."""

from __future__ import annotations

from typing import Any

import pytest
from tests.surfaces.connect.square.till import Till
from tests.surfaces.counter import Counter

AT = "/compat/square/oauth2"
SCOPES = ("square:read", "square:write")


def asked(till: Till, what: str, key: str, **body: Any) -> Any:
    return till.counter.ask("POST", f"{AT}/{what}", body, key=key)


def wrong(answer: Any) -> tuple[Any, ...]:
    (error,) = answer.json()["errors"]
    return answer.status_code, error["code"], error.get("field", "")


def is_open(till: Till, key: str) -> bool:
    status = till.counter.ask("POST", f"{AT}/token/status", {}, key=key).status_code
    assert status in (200, 401)
    return bool(status == 200)


def test_a_token_that_is_refreshed_is_itself(till: Till) -> None:
    key = till.counter.made_key(*SCOPES)
    told = asked(till, "token", key, client_id="app", grant_type="refresh_token", refresh_token=key)
    assert told.status_code == 200, told.text
    me = till.good("GET", "/merchants/me")["merchant"]["id"]
    assert told.json() == {
        "access_token": key, "refresh_token": key, "token_type": "bearer", "merchant_id": me,
        "short_lived": False,
    }  # fmt: skip
    assert is_open(till, key)


@pytest.mark.parametrize("given", ["", "reg_live_" + "a" * 39, "x" * 1000])
def test_what_is_no_token_of_this_shop_is_told_so(till: Till, given: str) -> None:
    body = {"client_id": "app", "grant_type": "refresh_token", "refresh_token": given}
    told = asked(till, "token", till.key, **body)
    assert wrong(told) == (400, "NOT_FOUND", "refresh_token")


def test_a_code_is_nothing_to_be_had_here(till: Till) -> None:
    body = {"client_id": "app", "grant_type": "authorization_code", "code": "sq0cgb"}
    told = asked(till, "token", till.key, **body)
    assert wrong(told) == (400, "BAD_REQUEST", "grant_type")
    assert wrong(asked(till, "token", till.key, client_id="app"))[0] == 400


def test_a_token_ends_by_itself_or_by_another_of_the_shop(till: Till) -> None:
    mine, other = (till.counter.made_key(*SCOPES) for _ in range(2))
    assert is_open(till, other)
    assert asked(till, "revoke", mine, access_token=other).json() == {"success": True}
    assert not is_open(till, other)
    assert wrong(asked(till, "revoke", mine, access_token=other))[1] == "NOT_FOUND"
    assert wrong(asked(till, "revoke", mine, merchant_id="somebody"))[1] == "NOT_FOUND"
    both = asked(till, "revoke", mine, merchant_id="spend", access_token=mine)
    assert wrong(both)[:2] == (400, "CONFLICTING_PARAMETERS")
    assert is_open(till, mine)
    assert asked(till, "revoke", mine).json() == {"success": True}
    assert not is_open(till, mine)


def test_no_key_that_opens_more_ends_here_and_none_of_another_shop(
    till: Till, database: Any
) -> None:
    most = till.counter.key
    for answer in (
        asked(till, "revoke", till.key, access_token=most),
        asked(till, "revoke", most),
        asked(
            till, "token", till.key, client_id="a", grant_type="refresh_token", refresh_token=most
        ),
    ):
        assert wrong(answer)[0] == 400, answer.text
    assert till.counter.get("/v1/api-keys").status_code == 200
    other = Counter.open(database)
    theirs = other.made_key(*SCOPES)
    assert wrong(asked(till, "revoke", till.key, access_token=theirs))[1] == "NOT_FOUND"
    assert other.ask("POST", f"{AT}/token/status", {}, key=theirs).status_code == 200
    other.close()
