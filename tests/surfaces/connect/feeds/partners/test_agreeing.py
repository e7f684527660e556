"""Partners and contracts are made in the console, by who may, as the API makes them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.surfaces.connect.feeds.partners.agency import Agency
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter

PAGE = "/console/partners"
CONTRACT = {
    "kind": "accrual",
    "wallet": "award",
    "price": "8.33",
    "per_units": "1,000",
    "limit": "",
    "name_check": "yes",
    "until_on": "2027-03-31",
    "claim_from_days": "3",
}


@pytest.fixture
def mia(counter: Counter) -> Browser:
    """Whoever keeps the accounts, who may agree with partners."""
    browser = Browser(counter)
    browser.sign_in(somebody(counter, "manager").email)
    return browser


def signed(counter: Counter, slug: str) -> list[tuple[Any, ...]]:
    return counter.shop.rows(_SIGNED, slug)


def test_a_partner_is_made_and_a_contract_written_once(counter: Counter, mia: Browser) -> None:
    said = {"slug": "sky-air", "name": "Sky Air", "key": "a"}
    for wrong, words in (
        ({"slug": "Sky Air"}, "Small letters, digits and hyphens"),
        ({"name": " "}, "Say the name that people read"),
    ):
        answer = mia.post(PAGE, said | wrong | {"key": "b"})
        assert (answer.status_code, words in answer.text) == (422, True)
    made = mia.post(PAGE, said)
    assert (made.status_code, made.headers["location"]) == (303, f"{PAGE}/sky-air")
    assert mia.post(PAGE, said).status_code == 303, "the same form sent twice"
    other = mia.post(PAGE, said | {"name": "Sea Air", "key": "c"})
    assert (other.status_code, "of this short name already" in other.text) == (422, True)
    at = f"{PAGE}/sky-air/contract"
    for wrong, field in (
        ({"price": "8,3"}, "price"), ({"per_units": "0"}, "per_units"),
        ({"wallet": "gold"}, "wallet"), ({"until_on": "2020-01-01"}, "until_on"),
        ({"from_on": "soon"}, "from_on"), ({"limit": "much"}, "limit"),
        ({"match_days": "31"}, "match_days"), ({"decide_days": "0"}, "decide_days"),
        ({"claim_until_days": "1"}, "claim_until_days"),
        ({"look_back_days": "4000"}, "look_back_days"),
    ):  # fmt: skip
        answer = mia.post(at, CONTRACT | wrong | {"key": "d"})
        assert answer.status_code == 422, wrong
        assert f'id="{field}-wrong"' in answer.text, wrong
    assert signed(counter, "sky-air") == []
    told = CONTRACT | {"key": "e"}
    assert mia.post(at, told).status_code == 303
    assert mia.post(at, told).status_code == 303, "the same form sent twice"
    ((*one, until_at),) = signed(counter, "sky-air")
    assert one == ["accrual", 833, 1000, None, True, 3, 180, 30]
    assert until_at == datetime(2027, 4, 1, tzinfo=counter.shop.zone), "its last day counts"
    shown = mia.get(f"{PAGE}/sky-air").text
    for words in ("€8.33 for 1,000", "beforehand, in packs", "names are compared", "31 Mar 2027"):
        assert words in shown, words


def test_who_may_not_agree_sees_no_form_and_is_refused(counter: Counter, agency: Agency) -> None:
    ben = Browser(counter)
    ben.sign_in(somebody(counter, "auditor").email)
    shown = ben.get(PAGE)
    assert (shown.status_code, "Another partner" in shown.text) == (200, False)
    assert "Another contract" not in ben.get(f"{PAGE}/{agency.slug}").text
    before = len(signed(counter, agency.slug))
    assert ben.get(f"{PAGE}/{agency.slug}/contract").status_code == 403
    for at, said in (
        (PAGE, {"slug": "not-mine", "name": "Not mine"}),
        (f"{PAGE}/{agency.slug}/contract", CONTRACT),
    ):
        assert ben.post(at, said | {"key": "a"}).status_code == 403
    assert len(signed(counter, agency.slug)) == before
    assert ben.get(f"{PAGE}/not-mine").status_code == 404


_SIGNED = """
select kind, price_minor, per_units, limit_minor, name_check, claim_from_days, claim_until_days,
       decide_days, until_at
  from partner_contract c join partner p using (program_id, partner_id)
 where program_id = $1 and slug = $2::text
 order by contract_id
"""


def test_a_contract_ends_early_in_the_console_and_over_the_api(
    counter: Counter, mia: Browser
) -> None:
    ended = []
    for slug, key in (("early-air", "ea"), ("early-sea", "es")):
        assert mia.post(PAGE, {"slug": slug, "name": slug, "key": key}).status_code == 303
        assert mia.post(f"{PAGE}/{slug}/contract", CONTRACT | {"key": f"{key}2"}).status_code == 303
        ((id_,),) = counter.shop.rows(_CONTRACT, slug)
        ended.append((slug, f"con_{id_.hex}"))
    (slug, contract), (other, by_api) = ended
    assert "End it early" in mia.get(f"{PAGE}/{slug}").text
    at = f"{PAGE}/{slug}/contracts/{contract}"
    wrong = mia.post(at, {"last_on": "2020-01-01", "key": "x"})
    assert (wrong.status_code, "Say a last day that is not over" in wrong.text) == (422, True)
    day = counter.shop.now.date().isoformat()
    assert mia.post(at, {"last_on": day, "reason": "sold", "key": "y"}).status_code == 303
    assert "ends early" in mia.get(f"{PAGE}/{slug}").text
    place = f"/v1/partners/{other}/contracts/{by_api}/end"
    assert counter.post(place, {"reason": "sold"}).status_code == 201
    again = counter.post(place, {"reason": "sold"})
    assert (again.status_code, "said before" in again.text) == (422, True)
    counter.shop.now += timedelta(days=2)
    assert counter.post(f"/v1/partners/{other}/settlements", {}).status_code == 201
    shown = counter.get(f"/v1/partners/{other}/settlements/1").json()
    assert [one["id"] for one in shown["ended"]] == [by_api]
    mia.sign_in(somebody(counter, "manager").email)  # days later
    page = f"{PAGE}/{other}/settlements/1"
    assert all(words in mia.get(page).text for words in ("Contracts that ended early", "sold"))
    assert "ended on" in mia.get(f"{PAGE}/{other}").text
    assert [one["id"] for one in mia.post(page, {"as": "totals"}).json()["ended"]] == [by_api]
    told = counter.get(f"/v1/partners/{other}/settlements/1/file?format=totals").json()
    assert told["ended"][0]["reason"] == "sold"


_CONTRACT = """
select c.contract_id from partner_contract c
  join partner p on p.program_id = c.program_id and p.partner_id = c.partner_id
 where c.program_id = $1 and p.slug = $2
"""
