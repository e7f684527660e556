"""The engine against the reference, as fast as it goes: 20,000 steps in every run."""

import pytest
from tests.model.in_memory import InMemory
from tests.model.machine import Ledger
from tests.model.playing import first_seed, play, size


@pytest.mark.slow
def test_the_engine_and_the_reference_agree_after_every_step(
    capsys: pytest.CaptureFixture[str],
) -> None:
    seed = first_seed()
    tally = play(Ledger, InMemory, steps=size("memory"), start=seed)
    with capsys.disabled():
        print(f"\nmodel in memory from seed {seed}: {tally}")


def test_they_agree_over_a_short_game() -> None:
    tally = play(Ledger, InMemory, steps=500, start=first_seed() + 10**9, shops=25)
    assert tally.answers["recorded"] > 50
