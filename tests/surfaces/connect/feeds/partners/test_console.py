"""Partners in the console: seen by who may, claims and disputes decided, settlements put."""

from __future__ import annotations

import asyncio
import io
import re
from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp

import polars as pl
import pytest
from tests.surfaces.connect.feeds.partners.agency import Agency, booked, written
from tests.surfaces.connect.feeds.partners.test_settlements import settles, trading
from tests.surfaces.console.browser import Browser, somebody

from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.errands.settling import Settler
from regulars.surfaces.connect.extracts.shelves.opening import Outside


@pytest.fixture
def traded(agency: Agency) -> Agency:
    """An agency that traded for a day."""
    return trading(agency)


@pytest.fixture
def mia(traded: Agency) -> Browser:
    """Whoever keeps the accounts, signed in on the day after."""
    browser = Browser(traded.counter)
    browser.sign_in(somebody(traded.counter, "finance").email)
    return browser


def page(traded: Agency, more: str = "") -> str:
    return f"/console/partners/{traded.slug}{more}"


def claimed(traded: Agency, number: str) -> str:
    """What Ada misses."""
    told = traded.counter.post(
        "/v1/partner-claims",
        {
            "partner": traded.slug,
            "member": {"card": traded.card},
            "wallet": "award",
            "units": 150,
            "external_id": number,
            "occurred_at": "2026-03-02T08:00:00Z",
            "reason": "It was a Sunday",
        },
    )
    assert told.status_code == 201, told.text
    return str(told.json()["id"])


def test_a_partner_is_shown_with_all_that_stands_between_us(traded: Agency, mia: Browser) -> None:
    listed = mia.get("/console/partners").text
    assert f'href="{page(traded)}"' in listed
    shown = mia.get(page(traded)).text
    for said in ("€10.00 for 1,000", "owes up to €100.00", "Up to date"):
        assert said in shown, said
    assert "/console/sources/" not in shown, "sources are for who has keys"
    owner = Browser(traded.counter)
    owner.sign_in(somebody(traded.counter).email)
    assert (
        f"/console/sources/{traded.feed.place.rpartition('/')[2]}" in owner.get(page(traded)).text
    )
    traded.feed.put("c.csv", written(booked("B-9", traded.digits)))
    traded.feed.look()
    behind = mia.get(page(traded)).text
    assert "Catching up" in behind
    assert "one not booked yet" in behind


def test_a_claim_is_granted_with_a_reason_and_once(traded: Agency, mia: Browser) -> None:
    id_ = claimed(traded, "SUN-1")
    shown = mia.get(page(traded)).text
    assert "SUN-1" in shown
    assert "It was a Sunday" in shown
    before, at = traded.miles(), f"/console/partner-claims/{id_}"
    blank = mia.post(at, {"does": "grant", "reason": " ", "key": "a"})
    assert (blank.status_code, "Say why" in blank.text) == (422, True)
    neither = mia.post(at, {"does": "perhaps", "reason": "Seen", "key": "a"})
    assert (neither.status_code, traded.miles()) == (422, before)
    told = {"does": "grant", "reason": "Seen the ticket", "key": "b"}
    assert mia.post(at, told).status_code == 303
    assert mia.post(at, told).status_code == 303, "the same form sent twice"
    assert traded.miles() == before + 150
    late = mia.post(at, told | {"key": "c", "does": "reject"})
    assert (late.status_code, "decided" in late.text) == (422, True)
    assert "Nothing waits to be decided" in mia.get(page(traded)).text


def test_a_settlement_is_made_taken_away_and_its_dispute_decided(
    traded: Agency, mia: Browser
) -> None:
    assert mia.post(page(traded), {"key": "d"}).status_code == 303
    again = mia.post(page(traded), {"key": "e"})
    assert (again.status_code, "up to then is settled" in again.text) == (422, True)
    at = page(traded, "/settlements/1")
    shown = mia.get(at).text
    for said in ("B-1", "takes back B-2", "€3.00", "Not answered"):
        assert said in shown, said
    table = mia.post(at, {"as": "csv"})
    assert table.content == traded.counter.get(f"{traded.at}/settlements/1/file").content
    assert f"{traded.slug}-1.csv" in table.headers["content-disposition"]
    frame = pl.read_parquet(io.BytesIO(mia.post(at, {"as": "parquet"}).content))
    assert frame["reference"].to_list() == ["B-1", "B-2", "back-B-2", "pay-1"]
    assert mia.post(at, {"as": "totals"}).json()["closing"] == "3.00"
    (line, *_) = traded.counter.get(f"{traded.at}/settlements/1/lines").json()["items"]
    said = {"lines": [{"entry": line["id"], "answer": "disputed", "reason": "No such guest"}]}
    traded.counter.post(f"{traded.at}/settlements/1/answers", said)
    shown = mia.get(at).text
    assert "No such guest" in shown
    (dispute,) = re.findall(r"/console/partner-disputes/(dis_[0-9a-f]{32})", shown)
    blank = mia.post(f"/console/partner-disputes/{dispute}", {"does": "grant"})
    assert (blank.status_code, "Say why" in blank.text) == (422, True)
    told = {"does": "grant", "reason": "So it is", "key": "f"}
    done = mia.post(f"/console/partner-disputes/{dispute}", told)
    assert (done.status_code, done.headers["location"]) == (303, f"{at}#lines")
    assert "Disputed, granted" in mia.get(at).text
    for wrong in ("2", "0", "x", "99999999999"):
        assert mia.get(page(traded, f"/settlements/{wrong}")).status_code == 404


def settler_of(traded: Agency) -> Settler:
    counter, shop = traded.counter, traded.shop
    outside = Outside(counter.given.receivers, counter.given.extracts)
    home = Path(mkdtemp())
    return Settler(shop.database, Programs(shop.database), counter.given.keyed, outside, home)


def test_a_plan_is_kept_tried_and_filled_from_a_day_on(traded: Agency) -> None:
    settles(traded)
    for day in (2, 3):
        traded.drops(f"c{day}.csv", booked(f"C-{day}", traded.digits))
        traded.shop.now += timedelta(days=1)
        settles(traded)
    mia = Browser(traded.counter)
    mia.sign_in(somebody(traded.counter, "manager").email)
    at = page(traded, "/plan")
    told = {"every": "month", "place": "folder", "address": traded.slug, "format": "csv"}
    wrong = mia.post(at, told | {"place": "sftp", "address": "files.example.org"})
    assert wrong.status_code == 422
    assert 'id="address-wrong"' in wrong.text
    assert mia.post(at, told).status_code == 303
    tried = mia.post(at, {"turn": "test"})
    assert (tried.status_code, "It answers." in tried.text) == (200, True)
    assert "2 of 3" in mia.get(at).text, "another place gets the last one"
    for typed, says in (("soon", "Say a day"), ("2026-04-01", "Say an earlier day")):
        no = mia.post(at, {"turn": "from", "from_on": typed})
        assert (no.status_code, says in no.text) == (422, True)
    assert mia.post(at, {"turn": "from", "from_on": "2026-03-01"}).status_code == 303
    assert "0 of 3" in mia.get(at).text
    settler, shop = settler_of(traded), traded.shop

    async def put() -> None:
        (due,) = await settler.due(shop.program_id)
        await asyncio.wait_for(settler.go(shop.program_id, due), 60)

    shop.run(put())
    assert "3 of 3" in mia.get(at).text
    assert traded.counter.given.extracts is not None
    names = {one.parent.name for one in traded.counter.given.extracts.rglob("manifest.json")}
    assert {f"{traded.slug}-0000{n}" for n in (1, 2, 3)} <= names
    paused = mia.post(at, told | {"paused": "yes"})
    assert paused.status_code == 303
    no = mia.post(at, {"turn": "from", "from_on": "2026-03-01"})
    assert (no.status_code, "have it go on first" in no.text) == (422, True)
    assert mia.post(at, {"turn": "end"}).status_code == 303
    assert mia.post(at, {"turn": "test"}).status_code == 404
