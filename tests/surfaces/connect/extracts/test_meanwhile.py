"""What happens while an extract is written, and what lies there and here of one that was not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.surfaces.connect.extracts.daily import PLAN, Daily

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
