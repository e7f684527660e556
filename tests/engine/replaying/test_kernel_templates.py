"""Which templates the kernel decides, and which are left to the fold and why: a change is seen."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest
from tests.engine.replaying.besides import words
from tests.engine.replaying.test_kernel import asked_about, both, template
from tests.engine.replaying.test_kernel_baskets import shopping

from regulars.engine.replaying.kernel import asking
from regulars.engine.replaying.kernel.gaps import gaps
from regulars.records.program.templates import template_names

LEFT_TO_THE_FOLD = {"cause": ["budgets"], "referral-first": ["budgets"]}
DECIDED = [name for name in template_names() if name not in LEFT_TO_THE_FOLD]


def test_the_table_names_every_template_that_is_left_to_the_fold_and_why() -> None:
    found = {name: gaps(template(name).versions[0]) for name in template_names()}
    assert {name: why for name, why in found.items() if why} == LEFT_TO_THE_FOLD


def test_the_guide_names_the_same_templates() -> None:
    guide = Path(__file__).parents[3] / "docs" / "guides" / "owner" / "trying-a-draft.md"
    told = guide.read_text("utf-8").split("Of the templates these are")[1].split("Both come")[0]
    assert set(re.findall("`([a-z-]+)`", told)) == LEFT_TO_THE_FOLD.keys()


@pytest.mark.parametrize("name", DECIDED)
def test_templates_come_to_the_same(name: str) -> None:
    terms, chance = template(name), Random(3)
    compiled = terms.versions[0].compiled
    rows = words(chance, shopping(chance, list(compiled.program.wallets), 10, 40))
    ours, theirs = both(terms, asked_about(chance, compiled, rows), compiled=False)
    assert theirs["gave"]
    assert ours == theirs


ASKING = ["auto-enrol", "b2b-retention", "beauty-tiers", "prime"]


@pytest.mark.parametrize("name", ASKING)
def test_who_answers_no_to_whatever_rules_ask_is_noticed(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asking.Asked.of
    monkeypatch.setattr(asking.Asked, "of", lambda *told: tuple(0 for _ in asked(*told)))
    with pytest.raises(AssertionError):
        test_templates_come_to_the_same(name)
