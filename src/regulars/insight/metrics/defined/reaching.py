"""Whether rewards are within reach: who had earned enough for one."""

from __future__ import annotations

from typing import Final

from regulars.insight.metrics.metric import Metric

REACHING: Final = (
    Metric(
        id="reward_reached",
        report="best",
        name="Had earned enough for the reward",
        means="Of members who joined in the time, the share who had at some point earned enough "
        "for this reward, less what had lapsed of it, whatever they spent it on; by any of its "
        "prices, where their tier and attributes of today let them. Rewards of today; without a "
        "name, any of them. Of many members, 20,000 by chance.",
        part="of these, members who had earned its price by now",
        whole="members who joined in the time",
        unit="share",
        counts="member",
        rows="members",
        wilson=True,
    ),
    Metric(
        id="first_reward_wait",
        report="best",
        name="Days until half could have a first reward",
        means="From joining until they had earned enough for any reward of today; who has not yet "
        "counts for as long as they are here (Kaplan-Meier), with 95 % between its bounds.",
        part="members who had earned enough for a reward, beside those who wait",
        unit="days",
        counts="member",
        rows="members",
    ),
)
