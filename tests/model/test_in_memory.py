"""The engine against the reference, as fast as it goes: 6,000 steps in every run."""

from pathlib import Path

import pytest
from hypothesis import Phase
from tests.model import playing
from tests.model.in_memory import InMemory
from tests.model.machine import Ledger
from tests.model.playing import CORPUS, first_seed, play, play_again, size
from tests.telling import Telling


@pytest.mark.slow
def test_the_engine_and_the_reference_agree_after_every_step(
    tell: Telling,
) -> None:
    seed = first_seed()
    play_again(Ledger, InMemory)
    tally = play(Ledger, InMemory, steps=size("memory"), start=seed, keep=True, tell=tell)
    tell(f"model in memory from seed {seed}: {tally}")


@pytest.mark.slow
def test_a_seed_that_failed_is_kept_and_played_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(playing, "CORPUS", tmp_path)
    assert CORPUS.parent.name == "corpus"

    class Wrong(InMemory):
        """Forgets what is on the shelf."""

        def stock(self) -> dict[str, int]:
            return {"nothing": 1}

    with pytest.raises(AssertionError):
        play(Ledger, Wrong, steps=1, start=77, shops=2, phases=(Phase.generate,), keep=True)
    assert [file.name for file in tmp_path.iterdir()] == ["Ledger-77.json"]
    assert playing.failed_before("Ledger") == [77]
    with pytest.raises(AssertionError):
        play_again(Ledger, Wrong, shops=2)
    assert play_again(Ledger, InMemory, shops=2) == 1


def test_they_agree_over_a_short_game() -> None:
    tally = play(Ledger, InMemory, steps=1_000, start=first_seed() + 10**9, shops=50)
    assert tally.answers["recorded"] > 50
