"""Every metric, head and reason is said in every language, and nothing else is."""

from __future__ import annotations

from typing import get_args

import pytest
from tests.surfaces.ui.test_catalogues import catalogue, places

from regulars.insight.estimators.saying import Lacking
from regulars.insight.metrics.catalogue import METRICS, texts
from regulars.surfaces.console.first.reports.pages import FULL
from regulars.surfaces.console.first.reports.saying import DEFINES
from regulars.surfaces.in_words.reports.asking import REPORTS
from regulars.surfaces.in_words.reports.heads import TITLES, all_texts
from regulars.surfaces.in_words.reports.lacking import LACKING
from regulars.surfaces.ui.words import LANGUAGES

FACE = "in_words/reports"
WHOLE = ("member", "order", "payment", "account")
MEANS = {
    "order_value", "cost_of_newcomers", "cost_of_loyal", "referred_worth", "others_worth",
    "expected_value_each", "brought_more",
}  # fmt: skip
"""Money for each of so many."""


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_every_text_is_said_with_its_places(language: str) -> None:
    said = catalogue(FACE, language)
    wanted = {*texts(), *all_texts()}
    assert wanted - said.keys() == set()
    assert said.keys() - wanted == set(), "what nobody says"
    for text in wanted:
        assert places(text) == places(said[text][0]), text


def test_every_reason_to_say_nothing_has_its_words() -> None:
    assert set(LACKING) == set(get_args(Lacking))
    assert set(TITLES) == set(REPORTS) == {one.report for one in METRICS.values()}


def test_every_figure_is_defined_where_it_is_shown() -> None:
    """Beside the figure, or above the table whose rows it is."""
    shown = {name for some in FULL.values() for name in some} | set(DEFINES.values())
    assert set(METRICS) - shown == set()
    assert set(DEFINES.values()) <= set(METRICS)


def test_a_share_says_what_it_is_a_part_of() -> None:
    for one in METRICS.values():
        assert bool(one.whole) == (one.unit in ("share", "rate", "ratio") or one.id in MEANS), one
        assert not one.wilson or one.counts in WHOLE, one
