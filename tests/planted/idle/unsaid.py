"""Bugs in what is left of a version that was taken back, that the model has to notice in a game
that goes straight there."""

from __future__ import annotations

import os
from typing import Any, Final

from tests.planted.bug import Bug

_BACK: Final = "flows/terms/withdraw_version.py"
_STAND_INS: Final = "flows/terms/comes/stand_ins.py"
_TERMS: Final = "engine/terms.py"
_NEVER: Final = "        if one.effective_from == follows.effective_from\n"


def _bug(name: str, file: str, text: tuple[str, str], game: str) -> Bug:
    return Bug(f"the model: {name}", file, *text, f"checks.model_unsaid_{game}")


UNSAID: Final = (
    _bug(
        "on the day of a version that was taken back the terms of before it are there again",
        _STAND_INS,
        ("            found.append(one)\n", "            pass\n"),
        "goes_on",
    ),
    _bug(
        "whatever is said comes along past a version that stays",
        _STAND_INS,
        ("                break\n", "                continue\n"),
        "goes_on",
    ),
    _bug(
        "the version published once more in place of another is not put there",
        "flows/terms/publish_program.py",
        ("    await publish_along(tx, source, wish.asked.principal, version, along)\n", ""),
        "goes_on_kept",
    ),
    _bug(
        "with the later of two for a day the other is taken back",
        _BACK,
        (
            "if (one.effective_from, one.version) < place and one.version not in known",
            "if one.effective_from < place[0] and one.version not in known",
        ),
        "two_for_a_day",
    ),
    _bug(
        "with a version the same file for a later day is taken back",
        _BACK,
        (
            "if one.source != found.source or (one is not found and one.version not in copies)",
            "if one.source != found.source",
        ),
        "said_for_later",
    ),
    _bug(
        "a version that was taken back begins the time of points anew",
        _TERMS,
        (_NEVER, "        if False\n"),
        "a_length",
    ),
    _bug(
        "the tables of a version that was taken back rate what was",
        _TERMS,
        (_NEVER, "        if False and follows\n"),
        "tables_kept",
    ),
    _bug(
        "what was taken back is not said again, as it was said before",
        _STAND_INS,
        (
            "    gone = {one.version for one in taken} | stand_ins(published, taken)\n",
            "    gone = stand_ins(published, taken)\n",
        ),
        "said_again_kept",
    ),
)


def _plays(game: str) -> Any:
    """A game of versions that are taken back; one that is kept is played on PostgreSQL."""

    def check(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from tests.model.in_memory import InMemory
        from tests.model.left_alone.unsaid.chosen import play_chosen
        from tests.model.on_postgresql import OnPostgreSQL

        class Own(OnPostgreSQL):
            called = f"unsaid-{os.getpid()}"

        name = game.removesuffix("_kept")
        if name == game:
            play_chosen(name, InMemory)
        else:
            play_chosen(name, lambda source, now: Own(shop, source, now))

    return check


NEVER_SAID: Final = {
    name: _plays(name.removeprefix("model_unsaid_"))
    for name in dict.fromkeys(bug.check.removeprefix("checks.") for bug in UNSAID)
}
"""The checks of these bugs, by name."""
