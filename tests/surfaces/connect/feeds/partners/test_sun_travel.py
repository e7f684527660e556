"""The agency of the guide and the airline: a sale by file, a duplicate, a claim, a settlement."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
from tests.books import assert_books_right
from tests.surfaces.connect.feeds.drop import Drop
from tests.surfaces.connect.feeds.partners.agency import GOOD, Agency, booked
from tests.surfaces.connect.feeds.partners.test_console import settler_of
from tests.surfaces.connect.feeds.partners.test_settlements import settles, trading
from tests.surfaces.connect.feeds.test_sftp import PASSWORD, Sftp
from tests.surfaces.counter import Counter

from regulars.records.members.types import Identifier, JoinMember

GUIDE = Path(__file__).parents[5] / "docs" / "guides" / "developer" / "files"
SUN = "/v1/partners/sun-travel"


def agreed(counter: Counter) -> None:
    """Sun Travel is a partner of the airline, at 8.00 for 1,000 miles."""
    eur = {"currency": "EUR"}
    contract: dict[str, Any] = {
        "kind": "accrual", "wallet": "award", "price": {"minor": 800} | eur, "per_units": 1_000,
        "limit": {"minor": 5_000} | eur, "name_check": True, "from_at": "2026-02-01T00:00:00Z",
        "look_back_days": 60, "match_days": 1,
    }  # fmt: skip
    named = {"slug": "sun-travel", "name": "Sun Travel"}
    assert counter.post("/v1/partners", named).status_code == 201
    assert counter.post(f"{SUN}/contracts", contract).status_code == 201


def test_the_samples_of_the_guide_are_what_an_airline_and_its_agency_do(counter: Counter) -> None:
    shop = counter.shop
    shop.at("2026-03-04T12:00")
    agreed(counter)
    card = f"AIR{GOOD}"
    who = JoinMember(identifiers=(Identifier("card", card),), given_name="Ada", family_name="Sen")
    shop.join(who)
    sold = {
        "kind": "purchase", "source": "on-board", "external_id": "K-4711", "member": {"card": card},
        "amount": {"minor": 8_990, "currency": "EUR"},
    }  # fmt: skip
    told = counter.post("/v1/activities", sold)
    assert told.status_code == 201, told.text

    def miles() -> int:
        return int(shop.balances(card)["award"][0])

    ours = miles()
    feed = Drop(counter, (GUIDE / "agency.yaml").read_text()).from_folder()
    feed.put("agency.csv", (GUIDE / "agency.csv").read_text())
    feed.look()
    feed.book()
    assert feed.read("agency.csv") == ("done", 3, 3, 0, 0)
    assert sorted(feed.states()) == [
        ("booked", "partner", ""),
        ("refused", "key_reused", "receipt"),
        ("waiting", "no_sale_yet", "booking"),
    ], "our own till told the second first, so what takes it back waits for theirs"
    assert miles() == ours + 480
    missed = {
        "partner": "sun-travel", "member": {"card": card}, "wallet": "award", "units": 200,
        "external_id": "TICKET-7", "occurred_at": "2026-03-03T12:00:00Z",
    }  # fmt: skip
    claim = counter.post("/v1/partner-claims", missed)
    assert claim.status_code == 201, claim.text
    late = "booked;ST-1003;03.03.2026;100.00;EUR;79927398713;SEN/ADA MRS;\n"
    feed.put("late.csv", (GUIDE / "agency.csv").read_text().splitlines()[0] + "\n" + late)
    feed.look()
    feed.book()
    granted = counter.get(f"/v1/partner-claims/{claim.json()['id']}").json()
    assert (granted["state"], miles()) == ("granted", ours + 680)
    shop.now += timedelta(days=1)
    settled = counter.post(f"{SUN}/settlements", {}).json()
    assert (settled["lines"], settled["closing"]["minor"]) == (2, -384 - 160)
    lines = counter.get(f"{SUN}/settlements/1/lines").json()["items"]
    assert [one["reference"] for one in lines] == ["ST-1001", "ST-1003"]
    answers = [
        {"entry": lines[0]["id"], "answer": "accepted"},
        {"entry": lines[1]["id"], "answer": "disputed", "reason": "never travelled"},
    ]
    done = counter.post(f"{SUN}/settlements/1/answers", {"lines": answers}).json()
    assert [one["code"] for one in done["results"]] == ["", ""]
    dispute = done["results"][1]["dispute"]
    said = {"decision": "granted", "reason": "So it is"}
    assert counter.post(f"/v1/partner-disputes/{dispute}/decision", said).status_code == 200
    shop.now += timedelta(days=1)
    second = counter.post(f"{SUN}/settlements", {}).json()
    assert (second["corrections"]["minor"], second["closing"]["minor"]) == (160, -384)
    assert miles() == ours + 680, "what is between the two of us is none of Ada's business"
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_json_lines_and_parquet_tell_the_same_as_a_table(agency: Agency, tmp_path: Path) -> None:
    ada = agency.ada()
    agency.feed.put("a.jsonl", json.dumps(booked("B-1", ada)) + "\n")
    pl.DataFrame([booked("B-2", ada, total="50.00")]).write_parquet(tmp_path / "b")
    agency.feed.put("b.parquet", (tmp_path / "b").read_bytes())
    states = agency.drops("c.csv", booked("B-1", ada), booked("B-3", "1234"))
    assert sorted(states) == [
        ("booked", "partner", ""), ("booked", "partner", ""), ("unfit", "unfit", "member"),
    ], "what comes again in another file is the same one"  # fmt: skip
    assert (agency.miles(), agency.balance()) == (300, -300)


def test_settlements_are_put_on_a_server_whole(agency: Agency, tmp_path: Path) -> None:
    traded, server = trading(agency), Sftp(agency.counter, tmp_path)
    try:
        settles(traded)
        plan = {
            "every": "day", "place": "sftp", "account": "regulars", "secret": PASSWORD,
            "address": f"sftp://127.0.0.1:{server.port}/settled", "format": "parquet",
        }  # fmt: skip
        at, shop = f"{traded.at}/settlement-plan", traded.shop
        assert traded.counter.ask("PUT", at, plan).status_code == 200
        assert traded.counter.post(f"{at}/try").json()["answers"] is True
        assert traded.counter.post(f"{at}/now").status_code == 202
        settler = settler_of(traded)

        async def put() -> None:
            (due,) = await settler.due(shop.program_id)
            await asyncio.wait_for(settler.go(shop.program_id, due), 60)

        shop.run(put())
        told = traded.counter.get(at).json()
        assert (told["put"], told["problem"], told["host_key"][:7]) == (1, "", "SHA256:")
        (folder,) = (tmp_path / "settled").iterdir()
        totals = json.loads((folder / "manifest.json").read_text())
        frame = pl.read_parquet(folder / f"{traded.slug}-1.parquet")
        assert (folder.name, totals["lines"], len(frame)) == (f"{traded.slug}-00001", 4, 4)
    finally:
        server.stop()
        traded.counter.ask("DELETE", f"{traded.at}/settlement-plan")
