"""Changes of the terms in words: one catalogue, so that other languages can follow beside it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from regulars.engine.changing.comparing import Difference, Of, Whom

WORDS: Final = MappingProxyType(
    {
        "better": "better",
        "worse": "worse",
        "other": "different",
        "nothing": "nothing",
        "line": "{sentence} ({turn} for {whom})",
        "rule_added": "New rule {what}: {after}",
        "rule_gone": "The rule {what} is gone: {before}",
        "rule_gives": "The rule {what} gives {after}, before {before}",
        "rule_part": "The rule {what} has another {part}: {after}, before {before}",
        "stacking": "Rules come together in another way: {after}, before {before}",
        "budget": "The budget {what}: {after}, before {before}",
        "qualifying": "What counts of a purchase ({what}): {after}, before {before}",
        "wallet_added": "New kind of points: {what}",
        "wallet_gone": "The wallet {what} is no more: what members have of it is spent nowhere",
        "wallet_scale": "The wallet {what} has {after} decimals, before {before}; what is had "
        "is kept in its smallest unit",
        "wallet_kind": "The wallet {what} is {after}, before {before}; what members have, too",
        "wallet_expiry": "What is earned in {what} lapses: {after}, before {before}; what was "
        "earned before keeps its end",
        "wallet_part": "The wallet {what} has another {part}: {after}, before {before}",
        "ladder_added": "There are tiers now: {before}",
        "ladder_gone": "There are no tiers any more; who stands on one keeps its name",
        "tier_added": "New tier {what}, from {after} on",
        "tier_gone": "The tier {what} is no more; its holders count as {after}",
        "tier_at": "The tier {what} takes {after}, before {before}",
        "tier_or_at": "The tier {what} takes by the second measure {after}, before {before}",
        "tier_part": "The tier {what} has another {part}: {after}, before {before}",
        "perk_gone": "{what} has no longer: {before}",
        "perk_added": "{what} now has: {after}",
        "tiers_part": "The ladder has another {part}: {after}, before {before}",
        "further_added": "There is another ladder now, {what}: {after}",
        "further_gone": "The ladder {what} is no more: {before}",
        "further_part": "The ladder {what} has another {part}: {after}, before {before}",
        "reward_added": "New reward {what}, for {after}",
        "reward_gone": "The reward {what} can be had no more; it was {before}",
        "reward_price": "The reward {what} costs {after}, before {before}",
        "reward_part": "The reward {what} has another {part}: {after}, before {before}",
        "benefit_added": "New benefit {what}: {after}",
        "benefit_gone": "The benefit {what} is no more: {before}",
        "benefit_part": "The benefit {what} has another {part}: {after}, before {before}",
        "currency": "The currency is {after}, before {before}; all that is kept as money counts "
        "in it",
        "currencies": "Other currencies and their rates: {after}, before {before}",
        "zone": "Days are counted in {after}, before {before}",
        "blocked": "What blocked members may do: {after}, before {before}",
        "challenge": "The challenge {what}, from its next period on: {after}, before {before}",
        "streak": "The streak {what}: {after}, before {before}",
        "milestone": "The milestone {what}, from its next period on: {after}, before {before}",
        "leaderboard": "The leaderboard {what}: {after}, before {before}",
        "draw": "The draw {what}: {after}, before {before}",
        "referral": "What there is for bringing friends: {after}, before {before}",
        "join": "Who may join: {after}, before {before}",
        "paying": "What points pay of a purchase: {after}, before {before}",
        "paying_out": "What is paid to bank accounts: {after}, before {before}",
        "spending_proof": "For what the card is shown: {after}, before {before}",
        "advocacy": "What reviews and the like are asked for: {after}, before {before}",
        "plan_added": "New membership {what}",
        "plan_gone": "The membership {what} is no more: nobody begins it, and none goes on",
        "plan_until_on": "The membership {what} is sold until {after}, before {before}; "
        "what is paid runs to its end",
        "plan_fee": "The membership {what} costs {after}, before {before}",
        "plan_part": "The membership {what} has another {part}: {after}, before {before}",
        "household": "Households: {after}, before {before}",
        "changeover": "How members come over: {after}, before {before}",
    }
)
"""Every sentence, by the kind of change; a part without one of its own has that of its whole."""


WHOM: Final[Mapping[Of, str]] = MappingProxyType(
    {
        "everybody": "everybody",
        "who_saves": "everybody who has enough for it, or took it within a year",
        "granted": "everybody it was granted to",
        "on_ladder": "everybody on {name}",
        "on_plan": "members of {name}",
        "on_a_tier": "everybody who has a tier",
        "on_tier": "holders of {name}",
        "tier_and_above": "holders of {name} and above",
        "tier_and_aiming": "holders of {name}, and who aims",
        "who_has": "everybody who has {name}",
        "who_collects": "everybody who collects {name} and was there within a year",
        "who_earns": "everybody who earns {name} from then on",
        "who_invites": "everybody who invited or was invited within a year",
        "who_plays": "everybody who has come somewhere in it",
        "in_household": "everybody in a household",
        "blocked": "everybody who is blocked",
        "who_joins": "everybody who joins from then on",
    }
)
"""Whom a change touches."""


def whom_in_words(whom: Whom) -> str:
    """Whom a change touches: "holders of gold and above"."""
    return WHOM[whom.of].format(name=whom.name)


def in_words(change: Difference) -> str:
    """One change as a sentence.

    Example: "The tier gold takes 500.00, before 300.00 (worse for holders of gold)".
    """
    sentence = WORDS.get(change.kind)
    whole, _, part = change.kind.partition("_")
    if sentence is None:
        sentence = WORDS[f"{whole}_part"]
    nothing = WORDS["nothing"]
    told = sentence.format(
        what=change.what,
        part=part.replace("_", " "),
        before=change.before or nothing,
        after=change.after or nothing,
    )
    return WORDS["line"].format(
        sentence=told, turn=WORDS[change.turn], whom=whom_in_words(change.whom)
    )
