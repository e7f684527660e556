"""The result as one page that needs no other file, no network and no script."""

from __future__ import annotations

from regulars.surfaces.connect.retail.show import Ran, headline, sections
from regulars.surfaces.connect.retail.tally import Totals
from regulars.surfaces.ui.offline import offline_page


def result_page(totals: Totals, ran: Ran) -> str:
    """The page: a sentence, then one table after the other."""
    right = not (ran.violations or totals.refused)
    shown = sections(totals, ran)
    return offline_page(
        "connect/retail/page.html",
        totals=totals,
        headline=headline(totals, ran),
        sections=shown,
        right=right,
    )
