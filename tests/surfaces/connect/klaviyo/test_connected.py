"""Connected by the API and the console: the key stays a secret, what is wrong is said at its
field, and it says how far behind it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.surfaces.connect.klaviyo.account import BEGAN, KEY, KlaviyoAccount, served
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter, problem

HERE = "/v1/klaviyo"
PAGE = "/console/klaviyo"


@pytest.fixture(scope="module")
def owner(counter: Counter) -> Browser:
    browser = Browser(counter)
    browser.sign_in(somebody(counter).email)
    return browser


@pytest.fixture(scope="module")
def account() -> Iterator[tuple[KlaviyoAccount, str]]:
    account = KlaviyoAccount(BEGAN)
    with served(account) as url:
        yield account, url


def put(counter: Counter, said: dict[str, object]) -> dict[str, object]:
    answer = counter.ask("PUT", HERE, said)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_it_is_connected_tried_told_of_and_left_alone(
    counter: Counter, account: tuple[KlaviyoAccount, str]
) -> None:
    assert problem(counter.get(HERE))[:2] == (404, "not_found")
    assert problem(counter.ask("PUT", HERE, {"list_id": "Y6nRLr"}))[:2] == (422, "invalid")
    told = put(counter, {"key": KEY, "address": account[1], "list_id": "Y6nRLr"})
    assert (told["state"], told["shares"], told["takes_subscribes"]) == ("active", ["names"], False)
    assert counter.ask("POST", f"{HERE}/try").json() == {"answers": True, "problem": ""}
    put(counter, {"list_id": "Nowhere"})
    assert counter.ask("POST", f"{HERE}/try").json()["problem"] == "there is no such list"
    put(counter, {"key": "pk_wrong", "list_id": ""})
    assert "it does not know this key" in counter.ask("POST", f"{HERE}/try").json()["problem"]
    counter.joined("4711")
    again = counter.ask("POST", f"{HERE}/replay", {"since": counter.shop.now.isoformat()})
    assert (again.status_code, again.json()["replaying_since"] is not None) == (202, True)
    told = counter.ask("POST", f"{HERE}/everybody", {"with_consents": False}).json()
    assert (told["walking"], told["walked"]) == (True, 0)
    assert counter.ask("DELETE", HERE).status_code == 200
    assert counter.get(HERE).status_code == 404
    assert counter.shop.rows("select count(*)::int from klaviyo where program_id = $1") == [(0,)]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"key": "with space"}, "/key"),
        ({"key": "pk_1", "list_id": "no list!"}, "/list_id"),
        ({"key": "pk_1", "address": "http://10.0.0.1"}, "/address"),
        ({"key": "pk_1", "address": "https://a.klaviyo.com/api"}, "/address"),
        ({"key": "pk_1", "shares": ["everything"]}, "/shares/0"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    counter: Counter, said: dict[str, object], field: str
) -> None:
    before = counter.shop.counts()
    answer = counter.ask("PUT", HERE, said)
    assert problem(answer)[0] in (400, 422)
    assert field in answer.text
    assert counter.shop.counts() == before


def test_a_key_is_kept_encrypted_and_goes_to_no_other_address(counter: Counter) -> None:
    put(counter, {"key": "pk_secret_1"})
    (kept,) = counter.shop.rows("select keys from klaviyo where program_id = $1")
    assert b"pk_secret_1" not in kept[0]
    assert "pk_secret_1" not in counter.get(HERE).text
    deeds = counter.shop.rows(
        "select before::text || after::text from staff_act where program_id = $1"
    )
    assert not any("pk_secret_1" in str(row) for row in deeds)
    answer = counter.ask("PUT", HERE, {"address": "https://elsewhere.example"})
    assert (problem(answer)[0], "/key" in answer.text) == (422, True)
    since = counter.get(HERE).json()["key_since"]
    counter.shop.now += timedelta(minutes=1)
    assert put(counter, {"key": "pk_secret_2"})["key_since"] != since
    counter.ask("DELETE", HERE)


def test_its_webhook_is_changed_and_ended_here_only(counter: Counter) -> None:
    told = put(counter, {"key": KEY})
    place = f"/v1/webhooks/{told['webhook_id']}"
    for said in ({"url": "https://elsewhere.example/x"}, {"types": ["member.joined"]}):
        answer = counter.ask("PATCH", place, said)
        assert (problem(answer)[0], "Klaviyo" in answer.text) == (422, True)
    assert problem(counter.ask("DELETE", place))[0] == 422
    assert counter.ask("PATCH", place, {"state": "paused"}).json()["state"] == "paused"
    assert counter.get(HERE).json()["state"] == "paused"
    made = counter.post(
        "/v1/webhooks", {"url": "https://x.example/", "types": ["member.joined"], "form": "klaviyo"}
    )
    assert problem(made)[0] in (400, 422)
    counter.ask("DELETE", HERE)


def test_in_the_console_it_is_connected_and_says_what_is_wrong(
    owner: Browser, counter: Counter, account: tuple[KlaviyoAccount, str]
) -> None:
    keep = {
        "turn": "keep",
        "key": KEY,
        "list_id": "Y6nRLr",
        "address": account[1],
        "share": "names",
    }
    assert "Connect it" in owner.get(PAGE).text
    for wrong, says in (
        ({"key": ""}, "Copy the private key"),
        ({"list_id": "no!"}, "Copy the list"),
        ({"address": "http://10.0.0.1"}, "whole public address"),
    ):
        answer = owner.post(PAGE, keep | wrong)
        assert (answer.status_code, says in answer.text) == (422, True), says
    assert owner.post(PAGE, keep).status_code == 303
    page = owner.get(PAGE).text
    assert KEY not in page
    assert "How it stands" in page
    assert "answers this key" in owner.post(PAGE, {"turn": "try"}).text
    account[0].lists.clear()
    assert "there is no such list" in owner.post(PAGE, {"turn": "try"}).text
    account[0].lists.add("Y6nRLr")
    assert owner.post(PAGE, {"turn": "everybody", "consents": "1"}).status_code == 303
    assert "Say a day" in owner.post(PAGE, {"turn": "replay", "since": "soon"}).text
    day = counter.shop.now.date().isoformat()
    assert owner.post(PAGE, {"turn": "replay", "since": day}).status_code == 303
    hook = counter.get(HERE).json()["webhook_id"]
    assert "Change or end the connection" in owner.get(f"/console/webhooks/{hook}").text
    assert owner.post(PAGE, {"turn": "end"}).status_code == 303
    assert counter.get(HERE).status_code == 404
