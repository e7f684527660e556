"""Whether rewards are within reach: who had earned enough for one."""

from __future__ import annotations

from typing import Final

from regulars.insight.metrics.metric import Metric

REACHING: Final = (
    Metric(
        id="reward_reached",
        report="best",
        name="Had earned enough for the reward",
        means="Of members who joined in the time, the share who had earned enough for this reward "
        "by now, whatever they spent it on; of many, 20,000 by chance.",
        part="of these, members who had earned its price by now",
        whole="members who joined in the time",
        unit="share",
        counts="member",
        rows="members",
        wilson=True,
    ),
)
