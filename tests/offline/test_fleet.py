"""A fleet of tills through every trouble at once: nothing is lost, nothing happens twice."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from tests.offline.fleet import Reckoning, Size, fleet
from tests.offline.line import Line
from tests.offline.till import Till
from tests.turns import NIGHTLY

from regulars.flows.commands import RecordActivity
from regulars.flows.tills import take_records
from regulars.records.members.types import Asked
from regulars.records.tills.clock import Decided
from regulars.surfaces.till.sync import applying
from regulars.surfaces.till.sync.reading import Asking, asking_of

SIZE = Size(20, 500) if NIGHTLY else Size(6, 40)
SEED = int(os.environ.get("REGULARS_SEED") or random.randrange(10**9))
SMALL = Size(3, 24, kills=0.1)

Plant = Callable[[pytest.MonkeyPatch], None]


def lived(made: Any, folder: Path, size: Size, seed: int) -> Reckoning:
    with fleet(made, folder, size, seed) as one:
        one.counter.shop.run(one.day())
        return one.reckons()


def test_a_day_of_troubles_ends_with_everything_there_once(
    fresh_database: Any, tmp_path: Path
) -> None:
    found = lived(fresh_database, tmp_path, SIZE, SEED)
    print(f"\na fleet of {SIZE.tills}, seed {SEED}: {found}")
    assert found.right, found
    assert min(found.kills) > 0, "nobody was killed"
    assert len(found.met) > 4, "the line was never cut"
    assert found.forks[1], "no old copy said anything else"


def _a_second_try_has_another_key(patch: pytest.MonkeyPatch) -> None:
    tried: dict[Any, int] = {}

    def asks(work: Any, till: Any, terms: Any) -> Asking:
        ask = asking_of(work, till, terms)
        tried[work.record_id] = tried.get(work.record_id, 0) + 1
        if tried[work.record_id] == 1 or not isinstance(ask.command, RecordActivity):
            return ask
        anew = f"{work.key}-{tried[work.record_id]}"
        asked = Asked(ask.command.asked.principal, anew)
        return Asking(ask.flow, replace(ask.command, asked=asked, external_id=anew))

    patch.setattr(applying, "asking_of", asks)


def _nobody_looks_at_the_chain(patch: pytest.MonkeyPatch) -> None:
    honest = take_records._placed

    def placed(book: Any, record: Any, ill: str) -> Any:
        free = record.sequence not in book.placed
        return replace(honest(book, record, ill), placed=free)

    patch.setattr(take_records, "fits", lambda *_: True)
    patch.setattr(take_records, "_placed", placed)


def _the_till_forgets_what_it_sent(patch: pytest.MonkeyPatch) -> None:
    honest = Till.hands_in

    async def hands_in(self: Till, line: Line, chance: random.Random) -> None:
        try:
            await honest(self, line, chance)
        finally:
            self.disk.execute("delete from queue where sequence in (select min(sequence)"
                              " from queue)")  # fmt: skip

    patch.setattr(Till, "hands_in", hands_in)


def _the_devices_clock_is_believed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(take_records, "decide", lambda told, *_: Decided(told.device_at))


@pytest.mark.in_turns(2)
@pytest.mark.parametrize(
    ("plant", "notices"),
    [
        (_a_second_try_has_another_key, "doubled"),
        (_nobody_looks_at_the_chain, "forks"),
        (_the_till_forgets_what_it_sent, "lost"),
        (_the_devices_clock_is_believed, "beside"),
    ],
)
def test_a_fleet_with_a_planted_slip_is_caught(
    fresh_database: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    plant: Plant,
    notices: str,
) -> None:
    plant(monkeypatch)
    found = lived(fresh_database, tmp_path, SMALL, 7)
    print(f"\nthe control {plant.__name__}: {found}")
    assert not found.right, found
    seen = getattr(found, notices)
    assert seen[0] != seen[1] if notices == "forks" else seen, found
