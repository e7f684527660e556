"""Extracts at their time of day: there whole or not at all, each row once, whoever is cut off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.surfaces.connect.extracts.daily import PLAN, Daily
from tests.surfaces.counter import Counter, problem

from regulars.insight.export.folder import check_folder
from regulars.records.errands.extracts.types import next_time
from regulars.runtime.working.errands import extracting
from regulars.surfaces.connect.extracts.shelves.folder import Folder
from regulars.surfaces.connect.feeds.places.there import NotReached


def test_the_first_has_everything_and_the_next_what_is_fresh(daily: Daily) -> None:
    daily.buys()
    daily.plan()
    assert daily.goes()["problem"] == ""
    daily.buys()
    daily.goes()
    first, second = daily.folders()
    assert [one["kind"] for one in daily.runs()[-2:]] == ["full", "fresh"]
    assert [daily.receipts(one) for one in (first, second)] == [["1"], ["2"]]
    assert [check_folder(one) for one in (first, second)] == [[], []]
    assert list(daily.root.rglob("*.parquet")) == []


def test_nothing_is_written_before_its_time_and_once_at_it(daily: Daily) -> None:
    told = daily.plan(at="14:30")
    zone = ZoneInfo(daily.shop.terms.versions[-1].program.zone)
    at = datetime.fromisoformat(told["next_at"]).astimezone(zone)
    assert (at.hour, at.minute) == (14, 30)
    daily.goes(seconds=1)
    assert daily.folders() == []
    daily.shop.now = at.astimezone(UTC)
    daily.goes(seconds=0.001)
    assert len(daily.folders()) == 1
    daily.goes(hours=1)
    assert len(daily.folders()) == 1
    assert daily.counter.post(f"{PLAN}/now").status_code == 202
    daily.goes(seconds=1)
    assert len(daily.folders()) == 2


@pytest.mark.parametrize(
    ("zone", "at_minute", "now", "next_at"),
    [
        ("Europe/Berlin", 180, "2026-03-01T01:59:59+00:00", "2026-03-01T02:00:00+00:00"),
        ("Europe/Berlin", 180, "2026-03-01T02:00:00+00:00", "2026-03-02T02:00:00+00:00"),
        ("Europe/Berlin", 150, "2026-03-28T12:00:00+00:00", "2026-03-29T01:30:00+00:00"),
        ("Europe/Berlin", 150, "2026-10-24T12:00:00+00:00", "2026-10-25T00:30:00+00:00"),
        ("Europe/Berlin", 150, "2026-10-25T00:30:00+00:00", "2026-10-26T01:30:00+00:00"),
        ("Pacific/Apia", 0, "2026-03-01T12:00:00+00:00", "2026-03-02T11:00:00+00:00"),
    ],
)
def test_a_time_is_that_of_clocks_in_the_shop(
    zone: str, at_minute: int, now: str, next_at: str
) -> None:
    found = next_time(ZoneInfo(zone), at_minute, datetime.fromisoformat(now))
    assert found == datetime.fromisoformat(next_at)


def test_cut_off_at_any_file_it_is_carried_on_and_nobody_sees_a_half(
    daily: Daily, monkeypatch: pytest.MonkeyPatch
) -> None:
    daily.buys()
    daily.plan()
    whole, left = Folder.put, [0]
    put: list[str] = []

    async def breaks(self: Folder, name: str, file: str, path: Any) -> None:
        if not left[0]:
            raise NotReached("the line is down")
        left[0] -= 1
        put.append(file)
        await whole(self, name, file, path)

    monkeypatch.setattr(Folder, "put", breaks)
    seen, told = 0, {"problem": "-"}
    while told["problem"]:
        left[0] = 9
        told = daily.goes()
        named = [one.name for one in daily.folders() if not one.name.endswith(".partial")]
        assert bool(named) == (told["problem"] == "")
        seen += 1
        assert seen < 30, "it never ends"
    assert seen > 3
    assert len(put) == len(set(put)), "a file was put twice"
    (folder,) = daily.folders()
    assert (check_folder(folder), daily.receipts(folder)) == ([], ["1"])
    assert daily.runs()[-1]["name"] == folder.name


def test_there_and_not_written_down_it_is_there_once(
    daily: Daily, monkeypatch: pytest.MonkeyPatch
) -> None:
    daily.buys()
    daily.plan()

    async def cut(*_: object) -> None:
        raise ConnectionResetError

    with monkeypatch.context() as broken:
        broken.setattr(extracting, "carry_on", cut)
        with pytest.raises(ConnectionResetError):
            daily.goes()
    assert len(daily.folders()) == 1
    daily.buys()
    daily.extractor = daily.new_extractor()
    assert daily.goes(hours=1)["problem"] == ""
    (first,) = daily.folders()
    assert daily.runs()[-1]["state"] == "done"
    daily.goes()
    assert [daily.receipts(one) for one in daily.folders()] == [["1"], ["2"]]
    assert daily.folders()[0] == first


def test_a_place_that_is_away_is_tried_again_and_says_so(
    daily: Daily,
) -> None:
    daily.plan(place="sftp", address="sftp://127.0.0.1:4999/x", account="me", secret="tea")
    told = daily.goes()
    assert "refuses the connection" in told["problem"]
    assert daily.runs()[-1]["state"] == "begun"
    tried = daily.counter.post(f"{PLAN}/try").json()
    assert (tried["answers"], "refuses" in tried["problem"]) == (False, True)
    assert "tea" not in str(daily.counter.get(PLAN).json())
    name = daily.runs()[-1]["name"]
    assert daily.goes(minutes=2)["problem"] != ""
    assert daily.runs()[-1]["name"] == name
    daily.plan()  # elsewhere: everything, and anew
    assert daily.runs()[-1]["state"] == "ended"
    daily.goes()
    assert daily.runs()[-1]["kind"] == "full"
    assert len(daily.folders()) == 1


def test_what_waits_for_a_day_is_written_anew_and_what_nobody_wants_goes(
    daily: Daily, monkeypatch: pytest.MonkeyPatch
) -> None:
    daily.buys()
    daily.plan()

    async def away(*_: object) -> None:
        raise NotReached("the line is down")

    monkeypatch.setattr(Folder, "finish", away)
    daily.goes()
    daily.buys()
    with monkeypatch.context() as later:
        later.setattr(extracting, "STALE", -timedelta(days=9999))
        daily.goes(hours=2)
    (written,) = list(daily.root.rglob("manifest.json"))
    assert daily.receipts(written.parent) == ["1", "2"]
    daily.counter.ask("DELETE", PLAN)
    assert daily.counter.get(PLAN).status_code == 404


def test_another_place_gets_everything(daily: Daily) -> None:
    daily.buys()
    daily.plan()
    daily.goes()
    daily.plan(address=f"{daily.mark}/other")
    daily.goes()
    assert [one["kind"] for one in daily.runs()[-2:]] == ["full", "full"]
    assert [daily.receipts(one) for one in sorted((daily.there / "other").iterdir())] == [["1"]]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"place": "folder", "address": "../x", "at": "03:00"}, "/address"),
        ({"place": "folder", "address": "/etc", "at": "03:00"}, "/address"),
        ({"place": "sftp", "address": "sftp://10.0.0.7/x", "at": "03:00", "secret": "s"},
         "/address"),
        ({"place": "sftp", "address": "sftp://127.0.0.1:2022/x", "at": "03:00", "account": "a"},
         "/secret"),
        ({"place": "s3", "address": "s3://bucket", "at": "03:00", "account": "a", "secret": "s"},
         "/region"),
        ({"place": "folder", "address": "x", "at": "24:00"}, "/at"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_field(
    counter: Counter, said: dict[str, Any], field: str
) -> None:
    answer = counter.ask("PUT", PLAN, said)
    assert (problem(answer)[0], problem(answer)[2]) == (422, field)
    assert counter.get(PLAN).status_code == 404


def test_links_lead_nowhere(daily: Daily) -> None:
    assert daily.counter.given.extracts is not None
    daily.there.parent.mkdir(exist_ok=True)
    daily.there.symlink_to("/tmp", target_is_directory=True)
    daily.plan()
    assert "a file or a link" in daily.goes()["problem"]
    daily.there.unlink()
