"""What a survey comes to, and what several members wrote of: exact, and nobody is told by it."""

from __future__ import annotations

import random

from regulars.insight.estimators.asking.nps import Nps, nps
from regulars.insight.estimators.asking.scored import scored
from regulars.insight.estimators.asking.themes import Said, themes
from regulars.records.outbox.surveys.types import Counted


def test_a_word_of_two_members_is_none_and_an_address_never_is() -> None:
    said = [Said("a", "The queue was long"), Said("b", "long queue, ada@example.org 0151234")]
    assert themes(said) == []
    said += [Said("c", "Such a long queue! ada@example.org", unhappy=True)]
    said += [Said("c", "queue queue queue")]
    found = {one.words: (one.members, one.unhappy) for one in themes(said)}
    assert found == {"queue": (3, 1), "long": (3, 1)}


def test_two_words_that_come_together_are_one_theme() -> None:
    said = [Said(str(n), "Your cold coffee, friendly staff", n < 2) for n in range(4)]
    found = themes(said)
    assert [(one.words, one.members, one.unhappy) for one in found] == [
        ("cold coffee", 4, 2), ("friendly staff", 4, 2),
    ]  # fmt: skip
    assert found[0].beside == ("friendly staff",)


def test_parts_of_few_answers_are_left_out() -> None:
    counts = [Counted("2026-03", "gold", "", 10, 2), Counted("2026-03", "", "main", 0, 3)]
    found = scored("nps", counts)
    assert found.all is not None
    assert (found.all.value, found.all.answers) == (-20.0, 5)
    assert (set(found.months), set(found.tiers), set(found.stores)) == ({"2026-03"}, set(), set())


def test_bounds_hold_the_truth_as_often_as_they_say() -> None:
    """Of 600 surveys with 40 answers of a known shop about 95 in a hundred hold its NPS."""
    chance, truth, held = random.Random("nps"), 20.0, 0
    for _ in range(600):
        found = nps(chance.choices((10, 8, 3), (45, 30, 25), k=40))
        assert isinstance(found, Nps)
        held += found.low <= truth <= found.high
    assert 0.925 <= held / 600 <= 0.98
