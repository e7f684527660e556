"""Who is still a member, of those who were there as a time began; who is expected back."""

from __future__ import annotations

from typing import Final

from regulars.insight.estimators.saying import NotEnough
from regulars.insight.metrics.figures import Figure, missing
from regulars.insight.metrics.metric import Metric
from regulars.insight.metrics.spans import Span

STAYING: Final = (
    Metric(
        id="members_kept",
        report="retention",
        name="Still members",
        means="Of members when the time began, the share who were members as it ended: members at "
        "the end less who joined in it, over members at the beginning. Only who asked to be "
        "erased has gone; who does not come any more is still a member, so this says little of "
        "who buys.",
        part="members at the end less those who joined in the time",
        whole="members when the time began",
        unit="share",
        counts="member",
        rows="members",
        wilson=True,
    ),
    Metric(
        id="lapsed_back",
        report="retention",
        name="Of these, expected back",
        means="Of members who are away longer than usual today, how many are expected to order "
        "within 90 days: their chances of last night, on average. Of whom no chance can be told is "
        "not in it. It is a forecast and no promise; that the others stay away is not observed.",
        part="members expected to order within 90 days: the sum of their chances, rounded",
        whole="members away longer than usual of whom a chance is told",
        unit="share",
        counts="member",
        rows="members",
    ),
)


def back_figure(span: Span, told: int, chances: int) -> Figure:
    """How many of those away are expected back; of nobody nothing is said.

    Units: `chances` in thousandths, together. Example: of 40 with chances of 0.1 on average 4.
    """
    if not told:
        return missing("lapsed_back", span, NotEnough("members", 0, 1))
    value = chances / 1_000 / told
    return Figure("lapsed_back", span, value, round(chances / 1_000), told, n=told)
