"""Bugs in what is left of a version that was taken back, that the model has to notice in a game
that goes straight there."""

from __future__ import annotations

import asyncio
import os
from typing import Any, Final

from tests.planted.bug import Bug
from tests.planted.tiers.bugs import _opens

_BACK: Final = "flows/terms/withdraw_version.py"
_STAND_INS: Final = "flows/terms/comes/stand_ins.py"
_RULING: Final = "engine/compiling/ruling.py"
_FACTS: Final = "insight/verify/facts.py"
_NEVER: Final = "        if at == then > begins[0][1]\n"

_FIRST: Final = "what_was_replaced_before_its_day_is_whole_and_the_first_ones_stay"
_DATED: Final = "a_sale_dated_tomorrow_comes_back_when_its_version_was_replaced"


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
        (
            "if one.version not in again or begins <= now + UNDECIDED:\n                break\n",
            "if one.version not in again or begins <= now + UNDECIDED:\n                continue\n",
        ),
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
            "(one.version not in again or one.source not in alike)",
            "one.source not in alike",
        ),
        "said_for_later",
    ),
    _bug(
        "a version that was taken back begins the time of points anew",
        _RULING,
        (_NEVER, "        if at != at\n"),
        "a_length",
    ),
    _bug(
        "the tables of a version that was taken back rate what was",
        _RULING,
        (_NEVER, "        if at < at\n"),
        "tables_kept",
    ),
    _bug(
        "what was taken back is not said again, as it was said before",
        _STAND_INS,
        (
            "    gone = {one.version for one in taken} | copies(published, taken)\n",
            "    gone = copies(published, taken)\n",
        ),
        "said_again_kept",
    ),
    _bug(
        "the books are asked for what a version that never ruled says",
        _FACTS,
        ('        if not row["never"]:\n', "        if True:\n"),
        "plays_never",
    ),
    _bug(
        "a version of the first day is left out although it decides what was before",
        _RULING,
        (_NEVER, "        if at == then\n"),
        _FIRST,
    ),
    _bug(
        "a version is left out that decided what a till dated tomorrow",
        _RULING,
        ("< then - UNDECIDED)", "< then)"),
        _DATED,
    ),
    _bug(
        "a version that is left out has no ladders",
        "engine/terms.py",
        (
            "        _whole([*(each for each in every[:place] if each.number not in never), one], "
            "codes, known)[\n            -1\n        ]\n",
            "        one\n",
        ),
        _FIRST,
    ),
    _bug(
        "what was said for a day goes with a later one that was taken back",
        _STAND_INS,
        (
            "if one.version in again and (one.effective_from, one.source) not in meant",
            "if one.version in again",
        ),
        "two_for_a_day",
    ),
    _bug(
        "what stands in for another is taken back, and nothing changes",
        _BACK,
        ("    if found.version in again:\n", "    if False:\n"),
        "two_for_a_day",
    ),
    _bug(
        "what is said again already keeps a version from being taken back",
        _BACK,
        ("alike = (found.source, before.source)", "alike = (found.source,)"),
        "so_near",
    ),
    _bug(
        "what stands in so soon that somebody may have gone by it is replaced",
        _STAND_INS,
        (" or begins <= now + UNDECIDED:", ":"),
        "so_near",
    ),
    _bug(
        "nobody is told that a file also rules where another was taken back",
        "flows/terms/publish_program.py",
        ("            *told(along, zone),\n", ""),
        "what_is_published_since_holds_on_the_day_of_one_that_was_taken_back",
    ),
    _bug(
        "no words are kept about a version that was taken back",
        "flows/terms/say_words.py",
        ("(*terms.versions, *terms.unruled)", "terms.versions"),
        "words_about_a_version_that_was_taken_back_are_kept",
    ),
)


def _plays(game: str) -> Any:
    """A game of versions that are taken back; one that is kept is played on PostgreSQL."""

    def check(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from tests.books import assert_books_right
        from tests.flows.terms import test_withdraw, test_words
        from tests.model.in_memory import InMemory
        from tests.model.left_alone.unsaid.chosen import GAMES, play_chosen, plays_never
        from tests.model.on_postgresql import OnPostgreSQL

        class Own(OnPostgreSQL):
            called = f"unsaid-{os.getpid()}"

        name = game.removesuffix("_kept")
        if game == "plays_never":
            plays_never(shop)
            asyncio.run(assert_books_right(shop.made.owner_dsn))
        elif game == _FIRST:
            getattr(test_withdraw, f"test_{game}")()
        elif name not in GAMES:
            of = test_words if game.startswith("words_") else test_withdraw
            getattr(of, f"test_{game}")(_opens(shop))
        elif name == game:
            play_chosen(name, InMemory)
        else:
            play_chosen(name, lambda source, now: Own(shop, source, now))

    return check


NEVER_SAID: Final = {
    name: _plays(name.removeprefix("model_unsaid_"))
    for name in dict.fromkeys(bug.check.removeprefix("checks.") for bug in UNSAID)
}
"""The checks of these bugs, by name."""
