"""The result as one page that needs no other file, no network and no script."""

from __future__ import annotations

from datetime import timedelta

from markupsafe import Markup

from regulars.surfaces.replay.charts import charts
from regulars.surfaces.replay.result import Result
from regulars.surfaces.replay.tables import sections
from regulars.surfaces.replay.words import day, number
from regulars.surfaces.ui.offline import offline_page


def headline(result: Result) -> str:
    """The result in a sentence."""
    more = sum(one.by > 0 for one in result.moves)
    less = sum(one.by < 0 for one in result.moves)
    days = f"{day(result.since)} to {day(result.until - timedelta(1))}"
    everybody = number(len(result.moves))
    return (
        f"{number(result.rows)} lines of {result.history}, {days}: of {everybody} members "
        f"{number(more)} would get more and {number(less)} less than under {result.before_called}."
    )


def result_page(result: Result) -> str:
    """The page: a sentence, charts, then one table after the other."""
    # Our own drawing: pygal escapes what it is given.
    drawn = [
        (one.title, Markup(one.wide), Markup(one.narrow))  # noqa: S704
        for one in charts(result)
    ]
    return offline_page(
        "replay/page.html",
        result=result,
        headline=headline(result),
        sections=sections(result),
        charts=drawn,
    )
