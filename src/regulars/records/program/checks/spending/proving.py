"""Proof by worth: what members take says what it is worth, or nobody is ever asked."""

from __future__ import annotations

from collections.abc import Iterator

from regulars.base.money import decimals
from regulars.records.program.checks.bounds import fits
from regulars.records.program.parts.rewards import Donation, FreePieces, Payout, Reward
from regulars.records.program.problems import Finding
from regulars.records.program.types import Program


def proving(program: Program) -> Iterator[Finding]:
    """A bound that is no money, and rewards that never reach it because they say no worth."""
    said = program.spending_proof
    if said is None:
        return
    yield from fits(
        ("spending_proof", "card_above"), said.card_above, decimals(program.currency), "currency"
    )
    for place, reward in enumerate(program.rewards):
        if reward.by == "points" and not reward.worth and not _worth_by_itself(reward):
            says = "what proof it takes goes by its worth, and it says none"
            yield Finding(("rewards", place), says, "write worth: with what it is worth in money")


def _worth_by_itself(reward: Reward) -> bool:
    gives = reward.gives
    if isinstance(gives, Donation | Payout | FreePieces):
        return True
    return bool(getattr(gives, "off", None))
