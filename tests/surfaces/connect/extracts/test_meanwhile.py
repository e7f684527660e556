"""What happens while an extract is written, and what lies there and here of one that was not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from shutil import rmtree
from typing import Any

import pytest
from tests.surfaces.connect.extracts.daily import PLAN, Daily

from regulars.insight.export.folder import check_folder
from regulars.runtime.working.errands import extracting
from regulars.runtime.working.errands.extract_duty import Extracts
from regulars.surfaces.connect.extracts.shelves import shelf
from regulars.surfaces.connect.extracts.shelves.folder import Folder
from regulars.surfaces.connect.feeds.places.there import NotReached

_SAID: dict[str, tuple[str, str, dict[str, Any] | None]] = {
    "now": ("POST", f"{PLAN}/now", None),
    "saved": ("PUT", PLAN, {"place": "folder", "at": "04:00"}),
}


def _meanwhile(daily: Daily, patch: pytest.MonkeyPatch, said: str, *, away: bool = False) -> None:
    """Whenever an extract has its name, somebody says something before it is written down."""
    finish = Folder.finish
    method, path, body = _SAID[said]
    wish = {**body, "address": daily.mark} if body else None

    async def finishes(self: Folder, name: str, manifest: Path) -> None:
        if not away:
            await finish(self, name, manifest)
        answer = await daily.counter.send(method, path, wish)
        assert answer.is_success, answer.text
        if away:
            raise NotReached("the line is down")

    patch.setattr(Folder, "finish", finishes)


@pytest.mark.parametrize("said", list(_SAID))
def test_what_is_said_while_one_is_written_counts_and_so_does_the_extract(
    daily: Daily, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    daily.buys()
    daily.plan()
    with monkeypatch.context() as patch:
        _meanwhile(daily, patch, said)
        told = daily.goes()
    assert (told["problem"], told["at"]) == ("", "04:00" if said == "saved" else "03:00")
    assert daily.runs()[-1]["state"] == "done"
    assert list(daily.root.iterdir()) == []
    daily.buys()
    later = {"days": 1} if said == "saved" else {"seconds": 1}
    assert daily.goes(**later)["problem"] == ""
    assert [daily.receipts(one) for one in daily.folders()] == [["1"], ["2"]]


def test_what_could_not_be_put_stays_here_whatever_is_said_meanwhile(
    daily: Daily, monkeypatch: pytest.MonkeyPatch
) -> None:
    daily.buys()
    daily.plan()
    with monkeypatch.context() as patch:
        _meanwhile(daily, patch, "now", away=True)
        assert daily.goes()["problem"] == ""
    (written,) = daily.root.rglob("manifest.json")
    first = written.read_bytes()
    daily.goes(seconds=1)
    (folder,) = daily.folders()
    assert (folder / "manifest.json").read_bytes() == first


def test_an_extract_of_an_ended_plan_is_written_down_by_nobody(
    daily: Daily, monkeypatch: pytest.MonkeyPatch
) -> None:
    daily.plan()
    monkeypatch.setitem(_SAID, "ended", ("DELETE", PLAN, None))
    _meanwhile(daily, monkeypatch, "ended")
    daily.shop.now = daily.shop.now.replace(microsecond=0)
    daily.goes()
    assert daily.counter.get(PLAN).status_code == 404
    assert daily.runs()[-1]["state"] == "ended"
    assert list(daily.root.iterdir()) == []


class Silent:
    """A place that takes whatever it is sent, and is silent at one of the things it is asked."""

    host_key = ""

    def __init__(self, at: str) -> None:
        self._at, self._there = at, dict[str, int]()

    async def whole(self, name: str) -> bytes | None:
        await self._heard("whole")
        return None

    async def begun(self, name: str) -> Mapping[str, int]:
        await self._heard("begun")
        return self._there

    async def put(self, name: str, file: str, path: Path) -> None:
        await self._heard("put")
        self._there[file] = path.stat().st_size

    async def finish(self, name: str, manifest: Path) -> None:
        await self._heard("finish")

    async def _heard(self, what: str) -> None:
        if what == self._at:
            await asyncio.Event().wait()


@pytest.mark.parametrize("at", ["whole", "begun", "put", "finish", "nothing"])
def test_a_place_that_is_silent_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    for bound in ("ANSWERED_S", "PUT_S"):
        monkeypatch.setattr(shelf, bound, 0.02, raising=False)
    for name in ("manifest.json", "a.csv"):
        (tmp_path / name).write_text("{}")

    async def put() -> bool:
        task = asyncio.ensure_future(shelf.put_all(Silent(at), "20260302", tmp_path, ["a.csv"]))
        await asyncio.wait([task], timeout=2)
        over = task.done()
        task.cancel()
        with suppress(TimeoutError, asyncio.CancelledError):
            await task
        return over and (task.exception() is None) == (at == "nothing")

    assert asyncio.run(put())


def test_a_place_that_is_not_even_entered_is_not_waited_for(
    daily: Daily, monkeypatch: pytest.MonkeyPatch
) -> None:
    @asynccontextmanager
    async def silent(*_: object) -> AsyncIterator[None]:
        await asyncio.sleep(2)
        raise NotReached("waited for all the same")
        yield

    monkeypatch.setattr(extracting, "shelf_of", silent)
    monkeypatch.setattr(extracting, "ANSWERED_S", 0.02, raising=False)
    daily.plan()
    assert daily.goes()["problem"] == "it did not answer in time"


@pytest.mark.parametrize("why", ["stale", "lost"])
def test_what_is_written_anew_has_a_new_name_so_that_no_old_file_is_taken_for_its(
    daily: Daily, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    daily.buys()
    daily.plan()
    with monkeypatch.context() as patch:
        patch.setattr(Folder, "finish", _away)
        daily.goes()
        (left,) = daily.folders()
        _same_size_of_other_rows(left)
        if why == "lost":
            rmtree(daily.root)
    if why == "stale":
        monkeypatch.setattr(extracting, "STALE", -timedelta(days=9999))
    told = daily.goes(minutes=2)
    assert told["problem"] == ""
    (there,) = [one for one in daily.folders() if one != left]
    assert there.name != left.name.removesuffix(".partial")
    assert check_folder(there) == []
    assert (daily.runs()[-1]["name"], daily.runs()[-1]["state"]) == (there.name, "done")
    assert list(daily.root.iterdir()) == []


def test_one_that_is_there_and_not_written_down_for_days_is_told_once(
    daily: Daily, monkeypatch: pytest.MonkeyPatch
) -> None:
    daily.buys()
    daily.plan()
    finish = Folder.finish

    async def cut(self: Folder, name: str, manifest: Path) -> None:
        await finish(self, name, manifest)
        raise NotReached("the line is down")

    with monkeypatch.context() as patch:
        patch.setattr(Folder, "finish", cut)
        daily.goes()
    with monkeypatch.context() as patch:
        patch.setattr(extracting, "STALE", -timedelta(days=9999))
        assert daily.goes(days=2)["problem"] == ""
    (there,) = daily.folders()
    assert daily.runs()[-1]["name"] == there.name
    daily.buys()
    daily.goes()
    assert [daily.receipts(one) for one in daily.folders()] == [["1"], ["2"]]


async def _away(*_: object) -> None:
    raise NotReached("the line is down")


def _same_size_of_other_rows(folder: Path) -> None:
    """What lies there is of another day, and as long."""
    for path in folder.rglob("*.parquet"):
        path.write_bytes(bytes(path.stat().st_size))


@pytest.mark.parametrize("said", ["DELETE", "paused", "nothing"])
def test_nothing_of_an_extract_stays_here_once_nobody_waits_for_it(
    daily: Daily, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    daily.buys()
    daily.plan()
    with monkeypatch.context() as patch:
        patch.setattr(Folder, "finish", _away)
        daily.goes()
    if said == "DELETE":
        daily.counter.ask("DELETE", PLAN)
    elif said == "paused":
        daily.plan(paused=True)
    of_nobody = daily.root / "999999"
    of_nobody.mkdir()
    shop = daily.shop
    duty = Extracts(daily.extractor, shop.database, shop.made.owner_dsn)
    shop.run(duty.run(shop.now))
    left = [one.name for one in daily.root.iterdir()]
    assert left == ([str(shop.program_id)] if said == "nothing" else [])
    if said == "paused":
        daily.plan()
        assert daily.goes()["problem"] == ""
        assert daily.runs()[-1]["state"] == "done"
