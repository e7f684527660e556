"""Bugs in programs with several ladders, that the model has to notice in a game on all of them."""

from __future__ import annotations

from typing import Any, Final

from tests.planted.bug import Bug

_CHECK: Final = "checks.model_on_several_ladders"
_WORDS: Final = "records/program/parts/measuring.py"
_COUNTING: Final = "engine/ladder/counting.py"
SEVERAL: Final = (
    Bug(
        "the model: whatever is done counts on a ladder by what is done",
        _COUNTING,
        "        return 1 if kind in tiers.kinds else 0\n",
        "        return 1\n",
        _CHECK,
    ),
    Bug(
        "the model: every ladder counts in years of the calendar",
        _WORDS,
        "        window=ladder.window,\n",
        "",
        _CHECK,
    ),
    Bug(
        "the model: what comes back stays on ladders that take it at once",
        _WORDS,
        "        returned_credit=ladder.returned_credit,\n",
        '        returned_credit="never",\n',
        _CHECK,
    ),
    Bug(
        "the model: a step of a further ladder is had until the next window ends, whatever is said",
        _WORDS,
        "        valid=ladder.valid,\n",
        "",
        _CHECK,
    ),
)


def _plays(_: Any) -> None:
    # Imported late, so that it meets the source with the bug in it.
    from tests.model.beside.choosing.several import CHOSEN, play_several
    from tests.model.in_memory import InMemory

    for name in CHOSEN:
        play_several(name, InMemory)


ON_SEVERAL: Final = {"model_on_several_ladders": _plays}
