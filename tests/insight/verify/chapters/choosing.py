"""Willow says which of two she chooses and takes it; Wilbur gives one back and takes the other."""

from typing import Any

from regulars.flows.membership.benefits.use_benefits import undo_uses, use_benefits
from regulars.flows.membership.commands import UndoUse, UseBenefit
from regulars.flows.points.choosing.choose_one import choose_one
from regulars.flows.points.choosing.commands import ChooseOne


async def choosing(shop: Any) -> None:
    """Nobody ends with two of them."""
    willow, wilbur = [await shop.join(f"{name}@example.org") for name in ("willow", "wilbur")]
    await shop.act(choose_one, ChooseOne(willow, "trim", "bow"))
    shop.later(hours=1)
    await shop.act(use_benefits, UseBenefit(willow, "bow"))
    (used,) = await shop.act(use_benefits, UseBenefit(wilbur, "bow"))
    await shop.act(undo_uses, UndoUse(used.use_id))
    await shop.act(use_benefits, UseBenefit(wilbur, "seal"))
