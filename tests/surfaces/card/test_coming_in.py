"""Members come in by code or link, join for themselves, and go out; nobody learns who is one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace
from tests.surfaces.card.pocket import Pocket
from tests.surfaces.counter import Counter, buys

from regulars.records.access.members.spelling import code_of, link_of
from regulars.records.members.types import MemberRef
from regulars.surfaces.app import build
from regulars.surfaces.signing_in import COOKIE, COOKIE_PLAIN, SigningIn


@pytest.fixture(scope="module")
def letters(counter: Counter) -> Iterator[Counter]:
    """The same shop, where e-mail can be sent."""
    import httpx

    other = Counter(counter.shop)
    other.given = replace(counter.given, channels=frozenset({"email"}))
    other.client = httpx.AsyncClient(
        transport=httpx.ASGITransport(build(other.given, later=True)),  # type: ignore[arg-type]
        base_url="http://shop.test",
    )
    yield other
    counter.shop.run(other.client.aclose())


def member(counter: Counter, email: str) -> str:
    body = {"identifiers": [{"kind": "email", "value": email}], "given_name": "Ada"}
    return str(counter.post("/v1/members", body).json()["id"])


def code_id(answer_to: str) -> UUID:
    found = re.search(r"id=([0-9a-f]{32})", answer_to)
    assert found is not None, answer_to
    return UUID(found[1])


def test_a_member_comes_in_with_the_digits_once(letters: Counter) -> None:
    member(letters, "ada@example.org")
    pocket = Pocket(letters)
    where = pocket.send("/card/sign-in?to=/card/history", address="ada@example.org").headers
    id_ = code_id(where["location"])
    digits = code_of(letters.given.keyed, id_)
    wrong = "000000" if digits != "000000" else "111111"
    page = where["location"]
    slip = pocket.send("/card/sign-in/code", page, id=id_.hex, to="", code=wrong)
    assert slip.status_code == 422
    assert f'value="{wrong}"' in slip.text
    assert "You can try 4 more times" in slip.text
    inside = pocket.send("/card/sign-in/code", page, id=id_.hex, to="/card/history", code=digits)
    assert (inside.status_code, inside.headers["location"]) == (303, "/card/history")
    assert "HttpOnly" in inside.headers["set-cookie"]
    assert "samesite=lax" in inside.headers["set-cookie"].lower()
    assert pocket.get("/card").status_code == 200
    again = Pocket(letters).send("/card/sign-in/code", page, id=id_.hex, code=digits)
    assert again.status_code == 422
    assert "do not work any more" in again.text


def test_who_is_no_member_is_answered_alike(letters: Counter) -> None:
    member(letters, "known@example.org")
    answers = []
    for address in ("known@example.org", "nobody@example.org"):
        pocket = Pocket(letters)
        first = pocket.send("/card/sign-in", address=address)
        id_ = code_id(first.headers["location"])
        page = pocket.get(first.headers["location"])
        wrong = pocket.send(
            "/card/sign-in/code", first.headers["location"], id=id_.hex, code="12345x"
        )
        plain = [re.sub(r"[0-9a-f]{32,40}", "", one.text) for one in (first, page, wrong)]
        answers.append((first.status_code, page.status_code, wrong.status_code, plain))
    assert answers[0] == answers[1]


def test_a_link_is_used_by_its_button_and_not_by_looking(letters: Counter) -> None:
    member(letters, "link@example.org")
    asking = Pocket(letters)
    asked = asking.send("/card/sign-in", address="link@example.org")
    link = link_of(letters.given.keyed, code_id(asked.headers["location"]))
    pocket = Pocket(letters)
    for _ in range(3):
        assert pocket.get(f"/card/in?link={link}").status_code == 200
    assert COOKIE_PLAIN not in pocket.cookies
    inside = pocket.send("/card/in", f"/card/in?link={link}", link=link)
    assert inside.status_code == 303
    assert pocket.get("/card").status_code == 200
    again = pocket.send("/card/in", f"/card/in?link={link}", link=link)
    assert again.status_code == 422
    assert "Get a new one" in again.text


def test_an_address_that_is_none_keeps_what_was_typed(letters: Counter) -> None:
    answer = Pocket(letters).send("/card/sign-in", address='"><b>ada@')
    assert answer.status_code == 422
    assert 'value="&#34;&gt;&lt;b&gt;ada@"' in answer.text
    assert 'id="address-wrong"' in answer.text


def test_somebody_who_asks_too_often_waits(letters: Counter) -> None:
    pocket = Pocket(letters)
    answers = [pocket.send("/card/sign-in", address="often@example.org") for _ in range(4)]
    assert [one.status_code for one in answers] == [303, 303, 303, 429]
    assert "Use the last one" in answers[3].text
    letters.shop.now += timedelta(hours=1)


def test_a_form_of_another_page_is_refused(letters: Counter, counter: Counter) -> None:
    pocket = Pocket(letters)
    pocket.get("/card/sign-in")
    for fields in ({}, {"proof": ""}, {"proof": "0" * 40}):
        answer = pocket.post("/card/sign-in", address="ada@example.org", **fields)
        assert answer.status_code == 403
        assert "Nothing was changed" in answer.text
    inside = Pocket(counter, counter.joined("CSRF"))
    assert inside.post("/card/me/delete", sure="yes", proof="0" * 40).status_code == 403
    assert inside.get("/card").status_code == 200


def test_nobody_is_led_elsewhere_after_signing_in(letters: Counter) -> None:
    for to in ("//evil.example", "https://evil.example", "/card/../v1", "/cardigan", "/card\\@x"):
        shown = Pocket(letters).get(f"/card/sign-in?to={to}").text
        assert 'name="to" value=""' in shown


def test_signing_out_ends_the_session_and_what_the_browser_kept(counter: Counter) -> None:
    pocket = Pocket(counter, counter.joined("OUT"))
    kept = dict(pocket.cookies)
    answer = pocket.send("/card/sign-out", "/card/me")
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    pocket.cookies = kept
    assert pocket.get("/card").status_code == 303


def test_joining_leads_to_the_digits_alike_for_new_and_known(letters: Counter) -> None:
    member(letters, "here@example.org")
    answers = []
    for address in ("here@example.org", "new@example.org"):
        pocket = Pocket(letters)
        told = {"given_name": "Bo", "address": address, "terms": "yes", "agrees": "yes"}
        answer = pocket.send("/join", **told)
        answers.append((answer.status_code, re.sub("[0-9a-f]{32}", "", answer.headers["location"])))
    assert answers[0] == answers[1] == (303, "/card/sign-in/code?id=&agrees=email")


def test_who_asked_too_often_does_not_join_either(letters: Counter) -> None:
    letters.shop.now += timedelta(hours=1)
    pocket, told = Pocket(letters), {"given_name": "Dot", "address": "dot@example.org"}
    for _ in range(3):
        pocket.send("/card/sign-in", address=told["address"])
    assert pocket.send("/join", **told, terms="yes").status_code == 429
    kept = "select 1 from identifier where program_id = $1 and value = $2"
    assert letters.shop.rows(kept, told["address"]) == []
    letters.shop.now += timedelta(hours=1)
    assert pocket.send("/join", **told, terms="yes").status_code == 303
    assert len(letters.shop.rows(kept, told["address"])) == 1


def test_a_newcomer_proves_the_address_and_their_consent_is_kept(letters: Counter) -> None:
    pocket = Pocket(letters)
    told = {"given_name": "Cy", "address": "cy@example.org", "terms": "yes", "agrees": "yes"}
    where = pocket.send("/join?lang=de", **told).headers["location"]
    digits = code_of(letters.given.keyed, code_id(where))
    pocket.send("/card/sign-in/code", where, id=code_id(where).hex, agrees="email", code=digits)
    assert "Cy" in pocket.get("/card").text
    log = pocket.get("/card/me/messages?lang=en").text
    assert "By e-mail: agreed" in re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", log))


def test_where_nothing_is_sent_a_newcomer_is_in_and_nobody_elses_card_opens(
    counter: Counter,
) -> None:
    member(counter, "taken@example.org")
    unnamed = counter.post("/v1/activities", buys("U-1", 900)).json()["member_id"]
    phone = {"link": [{"kind": "phone", "value": "+49 171 2345678"}]}
    counter.post(f"/v1/members/{unnamed}/identifiers", phone)
    told = {"given_name": "Di", "terms": "yes"}
    new = Pocket(counter)
    assert new.send("/join", address="di@example.org", **told).headers["location"] == "/card"
    assert "Di" in new.get("/card").text
    for address in ("taken@example.org", "0171 2345678"):
        other = Pocket(counter)
        answer = other.send("/join", address=address, **told)
        assert answer.status_code == 422
        assert "ask at the counter" in answer.text
        assert COOKIE_PLAIN not in other.cookies
    assert counter.get(f"/v1/members/{unnamed}").json()["given_name"] == ""


class Elsewhere(Pocket):
    """A browser at another address of the net."""

    def _with(self, headers: dict[str, str]) -> dict[str, str]:
        return super()._with(headers) | {"x_forwarded_for": "203.0.113.7"}


def test_where_nothing_is_sent_one_machine_joins_only_so_many(counter: Counter) -> None:
    def joins(nth: int) -> int:
        told = {"given_name": "Nobody", "terms": "yes", "address": f"made-up-{nth}@example.org"}
        return Elsewhere(counter).send("/join", **told).status_code

    count = "select count(*)::int from member where program_id = $1"
    ((before,),) = counter.shop.rows(count)
    assert [joins(nth) for nth in range(12)] == [303] * 10 + [429] * 2
    assert counter.shop.rows(count) == [(before + 10,)]
    counter.shop.now += timedelta(minutes=16)
    assert joins(12) == 303


def test_every_slip_is_named_under_its_field_and_what_was_typed_stays(counter: Counter) -> None:
    before = counter.shop.counts()
    answer = Pocket(counter).send("/join", given_name=" ", family_name="Moss", address="x@")
    assert answer.status_code == 422
    for field in ("given_name", "address", "terms"):
        assert f'id="{field}-wrong"' in answer.text
    assert 'value="Moss"' in answer.text
    assert counter.shop.counts() == before


def test_the_worker_looks_after_the_whole_card(counter: Counter) -> None:
    worker = counter.get("/card/worker.js", key="")
    assert worker.headers["service-worker-allowed"] == "/card"
    manifest = counter.get("/card/manifest.webmanifest", key="").json()
    assert manifest["start_url"] == "/card"
    for icon in manifest["icons"]:
        assert counter.get(icon["src"], key="").headers["content-type"] == "image/png"


def test_a_consent_is_confirmed_by_the_button_of_its_link_and_not_by_looking(
    letters: Counter,
) -> None:
    who = UUID(member(letters, "yes@example.org")[4:])
    door, shop = SigningIn(letters.given), letters.shop
    asked = shop.run(door.want(shop.program_id, MemberRef(id=who), ("email",), "a page"))
    link = link_of(letters.given.keyed, asked.code_id)
    pocket = Pocket(letters)
    said = "select count(*) from consent where program_id = $1 and member_id = $2::uuid"
    assert "May Corner Coffee write to you" in pocket.get(f"/card/confirm?link={link}").text
    assert shop.rows(said, str(who))[0][0] == 0
    page = f"/card/confirm?link={link}"
    assert "Kept." in pocket.send("/card/confirm", page, link=link).text
    assert shop.rows(said, str(who))[0][0] == 1
    assert pocket.send("/card/confirm", page, link=link).status_code == 422


@pytest.mark.parametrize(
    "to",
    ["/card/x\nset-cookie: a=b", "/card/x&agrees=sms", "/card//evil.test", "/card/../x", "//x"],
)
def test_no_address_to_go_on_to_becomes_a_header_or_a_consent(letters: Counter, to: str) -> None:
    address = f"led-{len(to)}@example.org"
    member(letters, address)
    pocket = Pocket(letters)
    where = pocket.send("/card/sign-in", address=address, to=to).headers["location"]
    assert re.fullmatch("/card/sign-in/code[?]id=[0-9a-f]{32}", where)
    id_ = code_id(where)
    told = {"id": id_.hex, "to": to, "code": code_of(letters.given.keyed, id_)}
    assert pocket.send("/card/sign-in/code", where, **told).headers["location"] == "/card"


def test_over_tls_a_cookie_that_anybody_could_plant_is_not_believed(counter: Counter) -> None:
    pocket = Pocket(counter, member(counter, "planted@example.org"))
    assert pocket.get("/card").status_code == 200
    assert pocket.get("/card", x_forwarded_proto="https").status_code == 303
    pocket.cookies = {COOKIE: pocket.cookies[COOKIE_PLAIN]}
    assert pocket.get("/card", x_forwarded_proto="https").status_code == 200
    assert pocket.get("/card").status_code == 303


def test_coming_in_again_is_another_session_and_the_one_before_is_over(letters: Counter) -> None:
    member(letters, "again@example.org")
    pocket, tokens = Pocket(letters), []
    for _ in range(2):
        where = pocket.send("/card/sign-in", address="again@example.org").headers["location"]
        id_ = code_id(where)
        told = {"id": id_.hex, "code": code_of(letters.given.keyed, id_)}
        assert pocket.send("/card/sign-in/code", where, **told).status_code == 303
        tokens.append(pocket.cookies[COOKIE_PLAIN])
    assert tokens[0] != tokens[1]
    assert pocket.get("/card").status_code == 200
    pocket.cookies[COOKIE_PLAIN] = tokens[0]
    assert pocket.get("/card").status_code == 303
