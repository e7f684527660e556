"""Who is still a member: of those who were there as a time began."""

from __future__ import annotations

from typing import Final

from regulars.insight.metrics.metric import Metric

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
)
