"""The engine against the reference, as fast as it goes: 20,000 steps in every run."""

import pytest
from tests.model.in_memory import InMemory
from tests.model.machine import Ledger
from tests.model.playing import first_seed, play, size


def test_the_engine_and_the_reference_agree_after_every_step(
    capsys: pytest.CaptureFixture[str],
) -> None:
    tally = play(Ledger, InMemory, steps=size("memory"), start=first_seed())
    with capsys.disabled():
        print(f"\nmodel in memory from seed {first_seed()}: {tally}")
