"""The result as one page that needs no other file, no network and no script."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template

from regulars.surfaces.connect.retail.show import Ran, headline, sections
from regulars.surfaces.connect.retail.tally import Totals


def result_page(totals: Totals, ran: Ran) -> str:
    """The page: a sentence, then one table after the other."""
    right = not (ran.violations or totals.refused)
    shown = sections(totals, ran)
    return _template().render(
        totals=totals, headline=headline(totals, ran), sections=shown, right=right
    )


@cache
def _template() -> Template:
    source = files(__package__).joinpath("page.html").read_text("utf-8")
    rules = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return rules.from_string(source)
