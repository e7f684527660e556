"""What members may have, in two versions: rewards, benefits, memberships, challenges."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import fields

from regulars.engine.changing.comparing import (
    EVERYBODY,
    Difference,
    Whom,
    paired,
    text_of,
)
from regulars.engine.changing.had import GAMES, PLAN, benefit_turns, reward_turns
from regulars.engine.changing.turning import given, turned
from regulars.records.program.types import Benefit, Plan, Program, Reward


def rewards(before: Program, after: Program) -> Iterator[Difference]:
    """Which rewards come, go or change."""
    ones, others = ({one.id: one for one in p.rewards} for p in (before, after))
    for id_, old, new in paired(ones, others):
        path = f"rewards.{id_}"
        if old is None and new is not None:
            price = _price(new)
            whom = Whom("who_saves", id_)
            yield Difference("reward_added", path, id_, "", price, "better", whom)
        elif new is None and old is not None:
            whom = Whom("who_saves", id_)
            yield Difference("reward_gone", path, id_, _price(old), "", "worse", whom)
        elif old is not None and new is not None:
            yield from _reward((before, after), path, old, new)


def _reward(
    both: tuple[Program, Program], path: str, old: Reward, new: Reward
) -> Iterator[Difference]:
    whom = Whom("who_saves", old.id)
    turns = reward_turns(both)
    if old.price != new.price:
        where, turn = f"{path}.price", turned(turns, "price", (old.price, new.price))
        yield Difference("reward_price", where, old.id, _price(old), _price(new), turn, whom)
    for name in (
        "worth", "stock", "limit", "tier", "stores", "from_on", "until_on", "hold_for", "gives",
        "by", "money", "or_", "cooldown", "channels", "for_", "head_start",
        "choose_one", "automatic", "tier_prices", "kept_for_winner", "in_currency",
    ):  # fmt: skip
        was, is_ = getattr(old, name), getattr(new, name)
        if was != is_:
            turn = turned(turns, name, (was, is_))
            where, kind = f"{path}.{name}", f"reward_{name}"
            yield Difference(kind, where, old.id, text_of(was), text_of(is_), turn, whom)


def _price(reward: Reward) -> str:
    return " and ".join(f"{price} {wallet}" for wallet, price in reward.price.items())


def benefits(before: Program, after: Program) -> Iterator[Difference]:
    """Which benefits come, go or change."""
    ones, others = ({one.id: one for one in p.benefits} for p in (before, after))
    for id_, old, new in paired(ones, others):
        path = f"benefits.{id_}"
        if old is None and new is not None:
            yield Difference("benefit_added", path, id_, "", new.name, "better", _entitled(new))
        elif new is None and old is not None:
            yield Difference("benefit_gone", path, id_, old.name, "", "worse", _entitled(old))
        elif old is not None and new is not None:
            yield from _benefit((before, after), path, old, new)


def _benefit(
    both: tuple[Program, Program], path: str, old: Benefit, new: Benefit
) -> Iterator[Difference]:
    turns = benefit_turns(both, old, new)
    for field in fields(Benefit):
        was, is_ = getattr(old, field.name), getattr(new, field.name)
        if was == is_ or field.name in ("name", "says", "cost"):
            continue
        turn = turned(turns, field.name, (was, is_))
        where, kind = f"{path}.{field.name}", f"benefit_{field.name}"
        # Whoever had it loses by it, and whoever has it from then on gains.
        whom = _entitled(new if turn == "better" else old)
        yield Difference(kind, where, old.id, text_of(was), text_of(is_), turn, whom)


def plans(before: Program, after: Program) -> Iterator[Difference]:
    """Which paid memberships come, go or change."""
    ones, others = ({one.id: one for one in p.plans} for p in (before, after))
    for id_, old, new in paired(ones, others):
        path, whom = f"plans.{id_}", Whom("on_plan", id_)
        if old is None and new is not None:
            yield Difference("plan_added", path, id_, "", new.name, "better", EVERYBODY)
        elif new is None and old is not None:
            yield Difference("plan_gone", path, id_, old.name, "", "worse", whom)
        elif old is not None and new is not None:
            for field in fields(Plan):
                was, is_ = getattr(old, field.name), getattr(new, field.name)
                if was == is_ or field.name in ("name", "says"):
                    continue
                turn = turned(PLAN, field.name, (was, is_))
                where = f"{path}.{field.name}"
                text = (text_of(was), text_of(is_))
                yield Difference(f"plan_{field.name}", where, id_, *text, turn, whom)


def _entitled(benefit: Benefit) -> Whom:
    if benefit.by == "grant":
        return Whom("granted", benefit.id)
    if benefit.plan is not None:
        return Whom("on_plan", benefit.plan)
    return Whom("tier_and_above", benefit.tier) if benefit.tier else EVERYBODY


_GAMES = (
    ("challenge", "challenges"),
    ("streak", "streaks"),
    ("milestone", "milestones"),
    ("leaderboard", "leaderboards"),
    ("draw", "draws"),
)


def games(before: Program, after: Program) -> Iterator[Difference]:
    """Challenges, streaks, milestones, boards; what has begun keeps its terms all the same."""
    for kind, name in _GAMES:
        ones, others = ({one.id: one for one in getattr(p, name)} for p in (before, after))
        for id_, old, new in paired(ones, others):
            if old == new:
                continue
            turn = turned({name: given(GAMES[name])}, name, (old, new))
            was, is_ = ("" if one is None else text_of(one) for one in (old, new))
            whom = EVERYBODY if old is None else Whom("who_plays", id_)
            yield Difference(kind, f"{name}.{id_}", id_, was, is_, turn, whom)
