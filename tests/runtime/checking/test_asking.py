"""An export's files answer the same on one machine and on many, and say what is missing."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import polars as pl
import pytest
from tests.leaving.leaving import export_of
from tests.makers import Shop, brings_back, buys
from typer.testing import CliRunner

from regulars.base.faults import Invalid
from regulars.flows.commands import Redeem
from regulars.insight.extracts.asking import Share
from regulars.records.members.types import MemberRef
from regulars.records.program.templates import load_template
from regulars.runtime.checking import asking
from regulars.runtime.checking.asking import Part, answer, answer_part, asked_of
from regulars.runtime.cli import build_command

QUESTIONS = ("cohorts", "triangle", "rfm")
WALLETS = {"cohorts": "", "triangle": "points", "rfm": ""}


@pytest.fixture(scope="module")
def folder(database: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The export of a shop where thirty members bought over some months."""
    shop = Shop.open(database, load_template("coffee-shop"))
    try:
        names = [f"m{n}" for n in range(30)]
        shop.joined(*names)
        for n, name in enumerate(names):
            shop.now += timedelta(days=5)
            who = MemberRef(external=name)
            shop.record(buys(who, 12000 + 10 * n, receipt=f"a{n}"))
            if n % 3 == 0:
                shop.now += timedelta(days=11)
                shop.record(buys(who, 400, receipt=f"b{n}"))
        shop.record(brings_back("a5", receipt="r"))
        shop.redeem(Redeem(MemberRef(external="m0"), "free-coffee", capture=True))
        out = tmp_path_factory.mktemp("warehouse") / "out"
        export_of(shop, out)
        export_of(shop, out.with_name("csv"), format="csv")
        return out
    finally:
        shop.close()


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """A scheduler on the loopback with two workers, each a process of its own."""
    distributed = pytest.importorskip("distributed", reason="the extra regulars[dask] is missing")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
    ) as cluster:
        yield cluster.scheduler_address


@pytest.mark.slow
def test_workers_say_what_one_machine_says(folder: Path, scheduler: str) -> None:
    for question in QUESTIONS:
        asked = asked_of(folder, question, wallet=WALLETS[question])
        here, there = answer(asked), answer(asked, scheduler)
        assert there.how == "on 2 workers"
        assert here.rows == there.rows, question
        assert len(here.rows) > 5, question


@pytest.mark.parametrize("question", QUESTIONS)
def test_shares_of_any_number_are_everybody(folder: Path, question: Any) -> None:
    """Scores of a share beside that share alone would be others."""
    asked = asked_of(folder, question, wallet=WALLETS[question])
    whole = answer(asked).rows
    cursor = asking.manifest_in(folder).cursor
    for many in (1, 2, 7):
        said = [answer_part(part) for part in asking._parts(asked, cursor, many)]
        shares = [asking._SHARES[question].decode(one) for one in said]
        assert asking._together(asked, shares, "").rows == whole


def test_who_ordered_by_a_day_is_scored_by_then(folder: Path) -> None:
    late, early = answer(asked_of(folder, "rfm")), asked_of(folder, "rfm", until=date(2000, 1, 1))
    assert len(late.rows) == 29  # all of one member's only sale came back
    assert {row.frequency for row in late.rows} == {1, 4}
    assert answer(early).rows == []


def test_the_verb_shows_a_table_and_keeps_all(folder: Path, tmp_path: Path) -> None:
    run = CliRunner()
    out = tmp_path / "scores.csv"
    told = run.invoke(build_command(), ["ask", str(folder), "rfm", "--out", str(out)])
    assert told.exit_code == 0, told.output
    assert "29 rows, counted on this machine" in told.output
    with out.open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 29
    assert rows[0].keys() >= {"member_id", "last_on", "recency"}
    parquet = tmp_path / "triangle.parquet"
    told = run.invoke(
        build_command(),
        ["ask", str(folder), "triangle", "--wallet", "points", "--out", str(parquet)],
    )
    assert told.exit_code == 0, told.output
    kept = pl.read_parquet(parquet)
    assert kept["redeemed"].sum() > 0
    lots = pl.read_parquet(folder / "books" / "lots_ever.parquet")
    assert kept["given"].sum() == lots.filter(pl.col("wallet") == "points")["amount"].sum()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        (["rfm", "--until", "yesterday"], "--until"),
        (["rfm", "--out", "scores.xls"], "--out"),
        (["rfm", "--out", "/nowhere/at/all.csv"], "--out"),
        (["triangle", "--wallet", "gold"], "--wallet"),
        (["triangle"], "--wallet: there are several; say one of points, stamps"),
        (["cohorts", "--machines", "nonsense"], "--machines"),
    ],
)
def test_what_cannot_be_is_said_by_its_name(folder: Path, more: list[str], field: str) -> None:
    told = CliRunner().invoke(build_command(), ["ask", str(folder), *more])
    assert told.exit_code == 1
    assert told.stderr.startswith(field)


def test_a_folder_that_is_no_whole_export_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="not the manifest"):
        asked_of(tmp_path, "rfm")
    with pytest.raises(Invalid, match="no whole export in Parquet"):
        asked_of(folder.with_name("csv"), "rfm")
    manifest = asking.manifest_in(folder)
    (tmp_path / "manifest.json").write_bytes(msgspec.structs.replace(manifest, kind="fresh").text())
    with pytest.raises(Invalid, match="no whole export in Parquet"):
        asked_of(tmp_path, "rfm")
    some = tuple(one for one in manifest.files if one.layer == "canonical")
    (tmp_path / "manifest.json").write_bytes(msgspec.structs.replace(manifest, files=some).text())
    with pytest.raises(Invalid, match="lacks entries, lots_ever, lot_moves"):
        asked_of(tmp_path, "triangle")


def test_a_worker_with_another_version_or_export_answers_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asked_of(folder, "cohorts")
    other = Part(asking.__version__, "another", asked, Share(0, 1))
    with pytest.raises(Invalid, match="another export on this worker"):
        answer_part(asking._pack(other))
    (sent,) = asking._parts(asked, asking.manifest_in(folder).cursor, 1)
    monkeypatch.setattr(asking, "__version__", "0.0.0")
    with pytest.raises(AssertionError, match=r"this worker has Regulars 0\.0\.0"):
        answer_part(sent)
