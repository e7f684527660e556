"""A member from all sides: what they allow, whom they brought, by which receipt they bought."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, get_args

import pytest
from tests.flows.members.test_referrals import BRING
from tests.makers import Shop
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter

from regulars.records.access.cards.types import PassDevice
from regulars.records.access.cards.write import register
from regulars.records.members.consents.types import Consent
from regulars.records.members.consents.write import keep as keep_consents
from regulars.records.members.referrals.types import State
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.console.people.member import REFERRED


@pytest.fixture(scope="module")
def counter(database: object) -> Iterator[Counter]:
    opened = Counter(Shop.open(database, BRING))  # type: ignore[arg-type]
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def owner(counter: Counter) -> Browser:
    browser = Browser(counter)
    browser.sign_in(somebody(counter).email)
    return browser


def section(page: str, heading: str) -> str:
    return page.partition(f'id="{heading}"')[2].partition("</section>")[0]


def test_every_end_of_a_referral_has_words() -> None:
    assert set(REFERRED) == set(get_args(State))


def test_what_somebody_allows_stands_on_their_page(counter: Counter, owner: Browser) -> None:
    ada = counter.joined("A-1")
    path = f"/console/members/{ada}"
    assert "They said nothing" in section(owner.get(path).text, "consents")
    id_, now = addressed("mem", ada), counter.shop.now
    said = [Consent(id_, "email", "given", "till", now), Consent(id_, "sms", "withdrawn", "", now)]

    async def keeps(tx: Any, _: Any) -> None:
        await tx.write(keep_consents(tx, said))
        await tx.write(register(tx, [PassDevice("phone-1", id_, "token", now)]))

    counter.shop.do(keeps)
    told = section(owner.get(path).text, "consents")
    email, sms = told.split("<li")[1:]
    assert ("By e-mail" in email, ">may<" in email.replace("</svg>", ">"), "till" in email) == (
        True, True, True,
    )  # fmt: skip
    assert ("By text message" in sms, "may not" in sms) == (True, True)
    assert "Their card lies in the wallet of 1 telephone." in told


def test_staff_hear_a_no_and_it_stands_with_who_where_and_why(
    counter: Counter, owner: Browser
) -> None:
    ada = counter.joined("N-1")
    id_ = addressed("mem", ada)
    said = [Consent(id_, one, "given", "till", counter.shop.now) for one in ("email", "sms")]
    counter.shop.do(lambda tx, _: tx.write(keep_consents(tx, said)))
    path = f"/console/members/{ada}"
    assert section(owner.get(path).text, "consents").count("<option") == 2
    counter.shop.now += timedelta(minutes=1)
    done = owner.post(f"{path}/no-more", {"channel": "email", "why": "by telephone"})
    assert (done.status_code, done.headers["location"]) == (303, f"{path}#consents")
    told = section(owner.get(path).text, "consents")
    assert (told.count("<option"), "by telephone" in told) == (1, True)
    sql = "select actor, about_id from staff_act where program_id = $1 and did = "
    deeds = counter.shop.rows(sql + "'consent.withdrawn'")
    assert [one[1] for one in deeds] == [id_.hex]
    owner.post(f"{path}/no-more", {"channel": "email", "why": "once more"})
    assert counter.shop.rows(sql + "'consent.withdrawn'") == deeds, "it says nothing new"


def test_a_program_hands_a_no_on_and_reads_what_was_said(counter: Counter) -> None:
    ada = counter.joined("N-2")
    path = f"/v1/members/{ada}/consents"
    assert counter.get(path).json() == {"standing": [], "said": []}
    said = [Consent(addressed("mem", ada), "email", "given", "till", counter.shop.now)]
    counter.shop.do(lambda tx, _: tx.write(keep_consents(tx, said)))
    counter.shop.now += timedelta(minutes=1)
    wish = {"channel": "email", "state": "withdrawn", "source": "our own page"}
    kept = counter.post(path, wish)
    assert (kept.status_code, kept.json()["state"]) == (200, "withdrawn")
    assert counter.post(path, wish).json() == kept.json(), "said again it is the same word"
    told = counter.get(path).json()
    assert told["standing"] == [kept.json()]
    assert [one["state"] for one in told["said"]] == ["withdrawn", "given"]
    no = counter.post(path, {**wish, "state": "given"})
    assert no.status_code == 422, "nobody agrees for somebody else"
    assert counter.get("/v1/members/mem_" + "0" * 32 + "/consents").status_code == 404


def test_who_was_merged_is_asked_about_as_who_they_are(counter: Counter) -> None:
    ada, ben = counter.joined("N-3"), counter.joined("N-4")
    merge = {"into": {"id": ben}, "reason": "one person"}
    assert counter.post(f"/v1/members/{ada}/merge", merge).status_code == 200
    wish = {"channel": "email", "state": "withdrawn", "source": "our own page"}
    kept = counter.post(f"/v1/members/{ada}/consents", wish).json()
    for who in (ada, ben):
        assert counter.get(f"/v1/members/{who}/consents").json()["standing"] == [kept]


def test_both_sides_of_a_referral_lead_to_each_other(counter: Counter, owner: Browser) -> None:
    ada, ben = counter.joined("B-1"), counter.joined("B-2")
    assert 'id="referrals"' not in owner.get(f"/console/members/{ada}").text
    code = counter.post("/v1/referral-codes", {"member": {"card": "B-1"}}).json()["code"]
    wish = {"member": {"card": "B-2"}, "code": code}
    assert counter.post("/v1/referrals", wish, idempotency_key="b").status_code == 201
    hers = section(owner.get(f"/console/members/{ada}").text, "referrals")
    his = section(owner.get(f"/console/members/{ben}").text, "referrals")
    assert ("Brought <a" in hers, ben in hers, "Has not bought yet" in hers) == (True, True, True)
    assert ("Was brought by" in his, ada in his) == (True, True)


def test_a_member_is_found_by_the_number_on_a_receipt(counter: Counter, owner: Browser) -> None:
    ada, ben = counter.joined("C-1"), counter.joined("C-2")

    def bought(card: str, receipt: str, source: str) -> None:
        body = {
            "kind": "purchase", "member": {"card": card}, "source": source,
            "external_id": receipt, "amount": {"minor": 450, "currency": "EUR"},
        }  # fmt: skip
        answer = counter.post("/v1/activities", body)
        assert answer.status_code == 201, answer.text

    bought("C-1", "R-1001", "till")
    assert owner.get("/console/members?q=R-1001").headers["location"].endswith(ada)
    # Where two people have a receipt of one number, nobody is guessed.
    bought("C-2", "R-1001", "web")
    page = owner.get("/console/members?q=R-1001")
    assert (page.status_code, ada in page.text, ben in page.text) == (200, False, False)
