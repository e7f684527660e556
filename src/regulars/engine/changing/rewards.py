"""What members may have, in two versions: rewards, benefits, memberships, challenges."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from msgspec.structs import fields

from regulars.engine.changing.comparing import (
    EVERYBODY,
    Difference,
    Turn,
    Whom,
    looser,
    paired,
    text_of,
    turn_of,
)
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
            yield from _reward(path, old, new)


def _reward(path: str, old: Reward, new: Reward) -> Iterator[Difference]:
    whom = Whom("who_saves", old.id)
    if old.price != new.price:
        turn: Turn = "other"
        if old.price.keys() == new.price.keys():
            sides = [[Fraction(str(p[w])) for w in old.price] for p in (new.price, old.price)]
            turns = {turn_of(one, other) for one, other in zip(*sides, strict=True)} - {"other"}
            turn = turns.pop() if len(turns) == 1 else "other"
        where = f"{path}.price"
        yield Difference("reward_price", where, old.id, _price(old), _price(new), turn, whom)
    for name in (
        "worth", "limit", "tier", "stores", "from_on", "until_on", "hold_for", "gives", "by",
        "money", "or_", "cooldown", "channels", "for_", "head_start",
        "choose_one", "automatic", "tier_prices", "kept_for_winner", "in_currency",
    ):  # fmt: skip
        was, is_ = getattr(old, name), getattr(new, name)
        if was != is_:
            turn = "other"
            if name == "worth":
                turn = turn_of(Fraction(str(was)), Fraction(str(is_)))
            elif name in ("limit", "tier", "stores", "channels", "for_", "cooldown"):
                turn = looser(was, is_)
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
            yield from _benefit(path, old, new)


def _benefit(path: str, old: Benefit, new: Benefit) -> Iterator[Difference]:
    for field in fields(Benefit):
        was, is_ = getattr(old, field.name), getattr(new, field.name)
        if was == is_ or field.name in ("name", "says", "cost"):
            continue
        turn = (
            looser(was, is_)
            if field.name in ("tier", "allowance", "blackout", "birthday")
            else "other"
        )
        where, kind = f"{path}.{field.name}", f"benefit_{field.name}"
        yield Difference(kind, where, old.id, text_of(was), text_of(is_), turn, _entitled(new))


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
                dearer = field.name == "fee"
                turn = turn_of(Fraction(str(is_)), Fraction(str(was))) if dearer else "other"
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
            turn: Turn = "other" if old and new else "better" if new else "worse"
            was, is_ = ("" if one is None else text_of(one) for one in (old, new))
            whom = EVERYBODY if old is None else Whom("who_plays", id_)
            yield Difference(kind, f"{name}.{id_}", id_, was, is_, turn, whom)
