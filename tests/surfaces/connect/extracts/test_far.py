"""Extracts on an SFTP server and in an object store: by asyncssh and moto, which are real ones."""

from __future__ import annotations

from pathlib import Path

import obstore
import pytest
from obstore.store import S3Store
from tests.surfaces.connect.extracts.daily import PLAN, Daily
from tests.surfaces.connect.feeds.test_bucket import needs_moto, store
from tests.surfaces.connect.feeds.test_sftp import PASSWORD, Sftp
from tests.surfaces.counter import Counter

from regulars.insight.export.folder import check_folder
from regulars.surfaces.connect.extracts.shelves.bucket import Bucket
from regulars.surfaces.connect.feeds.places.there import NotReached

__all__ = ["store"]


def test_on_a_server_an_extract_gets_its_name_when_it_is_whole(
    counter: Counter, tmp_path: Path
) -> None:
    server, daily = Sftp(counter, tmp_path), Daily(counter)
    try:
        address = f"sftp://127.0.0.1:{server.port}/warehouse"
        daily.plan(place="sftp", address=address, account="regulars", secret=PASSWORD)
        daily.buys()
        assert daily.goes()["problem"] == ""
        daily.buys()
        told = daily.goes()
        assert (told["problem"], told["host_key"][:7]) == ("", "SHA256:")
        folders = sorted((tmp_path / "warehouse").iterdir())
        assert [daily.receipts(one) for one in folders] == [["1"], ["2"]]
        assert [check_folder(one) for one in folders] == [[], []]
    finally:
        server.stop()
        counter.ask("DELETE", PLAN)


@needs_moto
def test_in_a_store_the_manifest_comes_last(
    counter: Counter, store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    daily = Daily(counter)
    there = S3Store(
        "sales", endpoint=store, region="us-east-1", access_key_id="a", secret_access_key="b",
        client_options={"allow_http": True},
    )  # fmt: skip
    daily.plan(
        place="s3", address=f"s3://sales/{daily.mark}", account="a", secret="b", endpoint=store
    )

    def names() -> list[str]:
        found = [one["path"] for some in obstore.list(there, daily.mark) for one in some]
        return [name for name in found if name.endswith("manifest.json")]

    async def away(*_: object) -> None:
        raise NotReached("the line is down")

    with monkeypatch.context() as broken:
        broken.setattr(Bucket, "finish", away)
        assert daily.goes()["problem"] == "the line is down"
    assert names() == []
    assert daily.goes(hours=1)["problem"] == ""
    assert len(names()) == 1
    counter.ask("DELETE", PLAN)
