"""Whether one machine decides a history or several do, the report and its data are the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.makers import Shop
from tests.planted.replay.checks import history
from tests.planted.replay.together import lives_together
from tests.runtime.checking.test_engines import SHARED, assert_alike, replayed, some_receipts
from tests.surfaces.replay.test_sales import PROGRAM

from regulars.base.faults import Invalid
from regulars.engine.compiling.compile import compile_program
from regulars.engine.replaying.fold import Fold, alone
from regulars.engine.replaying.parting import together
from regulars.engine.replaying.tally import Tally
from regulars.records.activity.happening import Happening
from regulars.records.program.reading import read_program
from regulars.records.program.templates import load_template
from regulars.runtime.checking import cluster, machines
from regulars.runtime.checking.histories import ALWAYS
from regulars.runtime.checking.machines import Ask, decide_part, tasks_of
from regulars.surfaces.replay.tables import sections

LAST = 10**7


@pytest.fixture
def receipts(tmp_path: Path) -> Path:
    return some_receipts(tmp_path / "receipts.csv", 120)


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """A scheduler on the loopback with two workers, each a process of its own."""
    distributed = pytest.importorskip("distributed", reason="the extra regulars[dask] is missing")
    with pytest.MonkeyPatch.context() as patch:
        # Compiling takes seconds for each worker and changes no answer.
        patch.setenv("NUMBA_DISABLE_JIT", "1")
        with distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
        ) as cluster:
            yield cluster.scheduler_address


@pytest.mark.slow
def test_two_workers_say_what_one_machine_says(
    receipts: Path, scheduler: str, tmp_path: Path
) -> None:
    here, there = replayed(receipts, "fold"), replayed(receipts, "fold", machines=scheduler)
    assert there.decided == "both one by one, on 2 workers"
    assert_alike(here, there, tmp_path)


@pytest.mark.slow
def test_two_workers_decide_in_columns_what_one_machine_does(
    receipts: Path, scheduler: str, tmp_path: Path
) -> None:
    here, there = replayed(receipts, "fold"), replayed(receipts, "kernel", machines=scheduler)
    assert there.decided == "both in columns, by the kernel, on 2 workers"
    assert_alike(here, there, tmp_path)


@pytest.mark.slow
def test_a_budget_of_everybody_is_decided_on_one_machine_and_said(
    receipts: Path, scheduler: str
) -> None:
    there = replayed(receipts, "fold", SHARED, scheduler)
    assert there.decided.endswith(
        "the draft one by one on this machine, since all members draw on one budget"
    )
    assert sections(there) == sections(replayed(receipts, "fold", SHARED))


def test_where_nobody_answers_is_said_soon(receipts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason="the extra regulars[dask] is missing")
    monkeypatch.setattr(cluster, "PATIENCE_S", 0.2)
    for address in ("tcp://127.0.0.1:9", "nonsense"):
        with pytest.raises(Invalid) as no:
            replayed(receipts, "fold", machines=address)
        assert no.value.field == "--machines"
        assert address in no.value.says


def test_members_who_are_tied_are_decided_together(database: Any) -> None:
    """Points that moved, a merge and its undoing, a household: whole and in parts alike."""
    shop = Shop.open(database, load_template("coffee-shop"))
    try:
        lives_together(shop, "in-parts")
        rows, compiled = history(shop), shop.terms.versions[-1].compiled
        now = shop.now
    finally:
        shop.close()
    whole = Fold(alone(compiled, ALWAYS), Tally(0, LAST)).run(rows, now)
    sent = tasks_of(compiled, rows, Ask(ALWAYS, (0, LAST), now, frozenset()), 9)
    parts = [part for each in sent for part in machines._reply(decide_part(each)).parts]
    found = together(alone(compiled, ALWAYS), (0, LAST), parts)
    assert len(sent) >= 2
    for name in ("months", "members", "sales", "stores", "rules", "came"):
        assert getattr(found.tally, name) == getattr(whole.tally, name), name
    assert found.left_out == whole.left_out
    stand = {member_id: state.tier for member_id, state in whole.states.items()}
    assert {member_id: state.tier for member_id, state in found.states.items()} == stand


def test_a_worker_of_another_version_decides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = compile_program(read_program(PROGRAM))
    row = Happening(what="join", member_id=UUID(int=1), now=ALWAYS, at=ALWAYS)
    (sent,) = tasks_of(compiled, [row], Ask(ALWAYS, (0, 1), ALWAYS, frozenset()), 1)
    (part,) = machines._reply(decide_part(sent)).parts
    assert part.tiers.keys() == {UUID(int=1)}
    monkeypatch.setattr(machines, "__version__", "0.0.0")
    with pytest.raises(AssertionError, match=r"this worker has Regulars 0\.0\.0"):
        decide_part(sent)
