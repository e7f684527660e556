"""The kernel decides every template, and the guide says with what: a change is seen."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest
from tests.engine.replaying.besides import words
from tests.engine.replaying.test_kernel import asked_about, both, template
from tests.engine.replaying.test_kernel_baskets import shopping

from regulars.engine.replaying.kernel import asking
from regulars.engine.replaying.kernel.besides.numbers import has
from regulars.engine.replaying.kernel.gaps import gaps
from regulars.records.program.templates import template_names

TEXTS = {
    "WAITS": "`waiting`", "KEEPS": "`keeping`", "RESTS": "`resting`", "REACHES": "`reaching`",
    "SHARES": "`sharing`", "OR_BY": "a second measure", "REFUSES": "refused returns",
}  # fmt: skip
GUIDE = Path(__file__).parents[3] / "docs/guides/developer/inside/replay-in-columns.md"


PLAYED = {"clubs": ["points as prizes of challenges or streaks"]}
"""What is left to the fold, and why."""
IN_COLUMNS = [name for name in template_names() if name not in PLAYED]


def test_no_template_but_that_of_games_is_left_to_the_fold() -> None:
    assert {name: gaps(template(name).versions[0]) for name in template_names()} == {
        name: PLAYED.get(name, []) for name in template_names()
    }


def test_the_guide_says_of_every_named_program_what_it_asks_for() -> None:
    told = re.findall(r"(?m)^\| `([a-z0-9-]+)` \| ([^|]*) ?\|.*\|$", GUIDE.read_text("utf-8"))
    named = [name for name in template_names() if name not in ("bench", "retail")]
    found = {name: has(template(name).versions[0]) for name in named}
    assert len(named) == 17
    assert {name: {part for part in says.strip().split(", ") if part} for name, says in told} == {
        name: {TEXTS[text] for text, asked in texts.items() if asked}
        for name, texts in found.items()
    }


@pytest.mark.in_turns(3)
@pytest.mark.parametrize("name", IN_COLUMNS)
def test_templates_come_to_the_same(name: str) -> None:
    terms, chance = template(name), Random(3)
    compiled = terms.versions[0].compiled
    rows = words(chance, shopping(chance, list(compiled.program.wallets), 10, 40))
    ours, theirs = both(terms, asked_about(chance, compiled, rows), compiled=False)
    assert theirs["gave"]
    assert ours == theirs


ASKING = ["auto-enrol", "b2b-retention", "beauty-tiers"]
"""And not `prime`: nobody here is in its plan; who is stands in `test_kernel_plans.py`."""


@pytest.mark.parametrize("name", ASKING)
def test_who_answers_no_to_whatever_rules_ask_is_noticed(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asking.Asked.of
    monkeypatch.setattr(asking.Asked, "of", lambda *told: tuple(0 for _ in asked(*told)))
    with pytest.raises(AssertionError):
        test_templates_come_to_the_same(name)
