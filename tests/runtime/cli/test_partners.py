"""`regulars partners …` as it is typed."""

import csv
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.flows.plans.test_partners import SKY, ask, claim, collects, miles, pay, stands
from tests.makers import Shop
from tests.runtime.cli.test_points import typed
from typer.testing import Result

from regulars.flows.points.partners.commands import KeepPartner
from regulars.flows.points.partners.keep_partners import keep_partners


@pytest.fixture
def shop(fresh_database: Any) -> Iterator[Shop]:
    opened = Shop.open(fresh_database, SKY)
    opened.joined("ada")
    opened.now = datetime.now(UTC)  # the verbs have a clock of their own
    yield opened
    opened.close()


def test_agreed_booked_stated_and_disputed(shop: Shop, tmp_path: Path) -> None:
    def says(*words: str) -> Result:
        return typed(shop, tmp_path, "partners", *words, program="sky")

    assert "cars is Cars & Co." in says("keep", "cars", "--name", "Cars & Co").output
    sign = ("contract", "cars", "accrual", "8.33 for 1000 miles")
    signed = says(*sign, "--with", "from=2026-01-01", "--with", "look-back=30")
    assert "holds from 2026-01-01T00:00:00+00:00" in signed.output, signed.output
    assert "is no amount" in says(*sign[:3], "8,33 for 1000 miles").output
    assert "says no price" in says(*sign[:3], "8.33").output
    assert "is neither" in says("contract", "cars", "gift", sign[3]).output
    assert "/until_at" in says(*sign, "--with", "until=2020-01-01").output
    assert "is no day" in says(*sign, "--with", "until=soon").output
    assert "nothing that is agreed" in says(*sign, "--with", "colour=red").output
    pay(shop, 500, "pack-1")
    line = collects(shop, 300, "r-1")
    listed = says("list").output
    assert [word in listed for word in ("cars", "Cars & Co", "2.50 EUR")] == [True] * 3
    month = f"{shop.now.astimezone(shop.zone):%Y-%m}"
    out = tmp_path / "statement.csv"
    told = says("statement", "cars", month, "--out", str(out)).output
    assert ["2 lines are in" in told, "-2.50 EUR" in told, "5.00 EUR" in told] == [True] * 3
    rows = list(csv.DictReader(out.open()))
    assert [row["balance"] for row in rows] == ["0.00", "5.00", "2.50", "2.50"]
    assert rows[2]["entry_id"] == f"pen_{line.entry_id.hex}"
    opened = says("dispute", rows[2]["entry_id"], "--reason", "not our customer").output
    (dispute,) = re.findall(r"dis_[0-9a-f]{32}", opened)
    why = ("--reason", "saw the ticket", "--decide")
    assert "neither granted nor" in says("decide", dispute, *why, "perhaps").output
    assert "is granted: 2.50 EUR" in says("decide", dispute, *why, "granted").output
    assert "already_decided" in says("decide", dispute, *why, "rejected").output
    assert (stands(shop), miles(shop)) == (500, 300)
    missed = claim(shop, "t-1")
    listed = says("claims", "--partner", "cars").output
    assert [word in listed for word in (f"clm_{missed.claim_id.hex}", "t-1")] == [True] * 2
    granted = says("decide", f"clm_{missed.claim_id.hex}", *why, "granted").output
    assert "The claim is granted" in granted
    assert says("claims").output.strip() == "No claim waits for a decision."
    assert miles(shop) == 420
    (agreed,) = re.findall(r"con_[0-9a-f]{32}", signed.output)
    ends = ("end", "cars", agreed, "--reason", "sold")
    assert "sold since then" in says(*ends, "--on", "2020-01-01").output
    assert f"{agreed} holds until" in says(*ends).output
    assert f"{agreed} ended at" in says("statement", "cars", month).output


def test_what_is_not_there_is_told(shop: Shop, tmp_path: Path) -> None:
    ask(shop, keep_partners, KeepPartner("cars", "Cars", "mia"))
    why = ("--reason", "not ours")
    wrong = (
        ("statement", "bikes", "2027-03"),
        ("statement", "cars", "2027-13"),
        ("dispute", "pen_" + "0" * 32, *why),
        ("dispute", "r-1", *why),
        ("claims", "--partner", "planes"),
    )
    for words in wrong:
        assert typed(shop, tmp_path, "partners", *words, program="sky").exit_code == 1, words


def test_an_account_is_settled_once_up_to_a_day(shop: Shop, tmp_path: Path) -> None:
    def says(*words: str) -> Result:
        return typed(shop, tmp_path, "partners", *words, program="sky")

    ask(shop, keep_partners, KeepPartner("cars", "Cars", "mia"))
    today = shop.now
    shop.now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    pay(shop, 500, "pack-1")
    shop.now = today
    assert "is no day" in says("settle", "cars", "--until", "soon").output
    done = says("settle", "cars", "--until", "2026-03-02").output
    assert "Settlement 1 of cars: 1 lines, closing 5.00 EUR." in done
    assert "settled already" in says("settle", "cars", "--until", "2026-03-02").output
    assert "no such partner" in says("settle", "bikes").output


def test_settlements_are_planned_shown_and_ended(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(shop, keep_partners, KeepPartner("cars", "Cars", "mia"))

    def says(*words: str) -> str:
        return typed(shop, tmp_path, "settlements", *words, program="sky").output

    assert "are put nowhere by themselves; 0 are made" in says("show", "cars")
    assert "REGULARS_EXTRACTS_FOLDER" in says("keep", "cars", "day")
    monkeypatch.setenv("REGULARS_EXTRACTS_FOLDER", str(tmp_path))
    assert "neither day nor week" in says("keep", "cars", "year")
    for folder in ("../other", "/etc", "a//b"):
        assert "is no folder below" in says("keep", "cars", "day", folder)
    assert "no such partner" in says("keep", "planes", "day")
    assert "Every month; next" in says("keep", "cars", "month", "cars", "--parquet")
    shown = says("show", "cars")
    assert ("Every month, as parquet: folder cars, next" in shown, "0 of 0" in shown) == (
        True,
        True,
    )
    assert "is no day" in says("again", "cars", "soon")
    assert "nothing was settled" in says("again", "cars", "2026-01-01").lower()
    assert "The worker does it now" in says("now", "cars")
    assert "Every month; paused" in says("keep", "cars", "month", "cars", "--parquet", "--paused")
    assert "paused" in says("now", "cars")
    assert "any more" in says("end", "cars")
    assert "/partner" in says("now", "cars") or "not_found" in says("now", "cars")
