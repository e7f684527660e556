"""Which way each field turns of what members may have: rewards, benefits, plans, games, friends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from regulars.engine.changing.promised import bound, lower, steps_in_order
from regulars.engine.changing.turning import (
    Compare,
    Found,
    asked,
    fewer,
    fuller,
    given,
    goods,
    keyed,
    less,
    less_bound,
    more,
    no,
    other,
    parts,
    ranked,
    rows,
    together,
    up_to,
    wider,
    with_goods,
    within,
    yes,
)
from regulars.records.program.types import (
    Benefit,
    Code,
    Discount,
    Donation,
    FreePieces,
    Item,
    Payout,
    Program,
    Seat,
)

# --- rewards --------------------------------------------------------------------------------------


def price(was: Mapping[str, Any], is_: Mapping[str, Any]) -> Found:
    """Less of each wallet is better; of a wallet that is not named it takes nothing."""
    return together(less(was.get(name, 0), is_.get(name, 0)) for name in {**was, **is_})


_other_price: Final = parts(price=price, money=less)


def _ways(was: Sequence[Any], is_: Sequence[Any]) -> Found:
    """Further prices: one more is better; at one place each by itself."""
    found = [_other_price(*both) for both in zip(was, is_, strict=False)]
    return together([*found, more(len(was), len(is_))])


_GIVES: Final[Mapping[type, Compare]] = {
    Discount: parts(off=more, percent=more, at_most=up_to, from_amount=less),
    Item: parts(quantity=more),
    Code: parts(percent=more, valid_for=up_to, from_amount=less, skus=wider),
    Seat: parts(seats=more),
    Donation: parts(amount=more),
    Payout: parts(amount=more),
    FreePieces: parts(which=ranked("cheapest", "dearest"), pieces=more, up_to=up_to),
}


def _gives(was: Any, is_: Any) -> Found:
    return _GIVES[type(was)](was, is_) if type(was) is type(is_) and was is not None else "other"


def reward_turns(both: tuple[Program, Program]) -> Mapping[str, Compare]:
    """Which way each field of a reward turns; those that are left out are not plain."""
    return {
        "price": price,
        "worth": more,
        "stock": up_to,
        "limit": asked(bound),
        "tier": lower(steps_in_order(both)),
        "stores": wider,
        "channels": wider,
        "from_on": less,
        "until_on": up_to,
        "hold_for": more,
        "gives": _gives,
        "money": less,
        "or_": _ways,
        "cooldown": less,
        "for_": less_bound,
        "head_start": keyed(more),
        "tier_prices": keyed(_other_price),
        "kept_for_winner": more,
        "choose_one": less_bound,
    }


# --- benefits and plans ---------------------------------------------------------------------------


def benefit_turns(
    both: tuple[Program, Program], old: Benefit, new: Benefit
) -> Mapping[str, Compare]:
    """Which way each field of a benefit turns; those that are left out are not plain."""
    return {
        "tier": lower(steps_in_order(both)),
        "by": ranked("grant", "tier"),
        "allowance": asked(bound),
        "choose_one": less_bound,
        "stores": wider,
        "channels": wider,
        "categories": lambda _, __: goods(old, new),
        "skus": lambda _, __: goods(old, new),
        "from_on": less,
        "until_on": up_to,
        "head_start": keyed(more),
        "blackout": fewer,
        "needs": fewer,
        "worth": more,
        "gives": given(parts(points=more)),
        "guests": given(parts(most=more, counts=no)),
        "associate": given(other),
        "birthday": asked(parts(days_before=more, days_after=more)),
    }


def _refund(was: str, is_: str) -> Found:
    """None is worse than each; of all while it is unused, and the rest of it, neither is less."""
    return other(was, is_) if "none" not in (was, is_) else yes(was != "none", is_ != "none")


PLAN: Final[Mapping[str, Compare]] = {
    "fee": less,
    "trial": more,
    "grace": more,
    "meanwhile": ranked("frozen", "kept"),
    "pause": more,
    "refund": _refund,
    "until_on": up_to,
    "price_notice": more,
    "gives": given(parts(points=more, on=ranked("renewals", "each_term"), claw_back=no)),
}

# --- games ----------------------------------------------------------------------------------------

_step: Final = parts(at=less, points=more, again=yes, uses=more)


def _steps(was: Sequence[Any], is_: Sequence[Any]) -> Found:
    if len(was) == len(is_):
        return together(_step(*both) for both in zip(was, is_, strict=True))
    return rows(_step, "at")(was, is_)


_deed: Final = with_goods(parts(amount=less, stores=wider, channels=wider))
_prize: Final = parts(points=more, uses=more)
_texts: Final[Mapping[str, Compare]] = {"name": lambda *_: None, "says": lambda *_: None}
GAMES: Final[Mapping[str, Compare]] = {
    "challenges": parts(
        **_texts, target=less, prize=_prize, counts=_deed, from_on=less, until_on=up_to,
        joins=ranked("opt_in", "automatic"), in_period=more, in_all=up_to,
        overshoot=ranked("dropped", "carried"), together=asked(parts(each=less)),
    ),
    "streaks": parts(
        **_texts, counts=_deed, freezes=given(parts(times=more)),
        again=ranked("once", "each_streak"),
        milestones=rows(parts(prize=_prize), "length"),
    ),
    "milestones": parts(
        **_texts, counts=_deed, budget=up_to,
        steps=_steps,
    ),
    "leaderboards": parts(
        **_texts, counts=_deed, pays_after=less, at_least=less, most=more,
        ties=ranked("divided", "each"), returned=ranked("taken_back", "kept"),
        prizes=rows(parts(points=more, uses=more), "place", "to"),
    ),
    "draws": parts(**_texts, counts=_deed, each=less, most=up_to, winners=more),
}  # fmt: skip
"""Which way challenges, streaks, milestones, boards and draws turn."""

# --- what is there once ---------------------------------------------------------------------------

_side: Final = parts(points=more, budget=asked(bound))
_spends: Final = asked(parts(points=keyed(more), per=ranked("year", "month", "week", "day")))
ONCE: Final[Mapping[str, Compare]] = {
    "blocked": parts(may_earn=yes, may_redeem=yes, may_transfer=yes),
    "household": given(parts(
        most_members=more, spends=ranked("head", "everyone"), minors=_spends, buyers=_spends)),
    "referral": given(parts(
        referrer=_side, newcomer=_side, amount=less, after=less, within=more, buys_within=more,
        most=asked(bound), link=lambda *_: None, milestones=rows(parts(points=more), "friends"))),
    "join": asked(parts(
        by=ranked("staff", "invitation", "anyone"), minimum_age=less, guardian_for_minors=no,
        countries=wider, needs=fewer)),
    "paying": given(parts(
        points=less, per=more, minimum=less, at_most_percent=more, leaves_at_least=less,
        discounts=ranked("best", "stacked"))),
    "paying_out": given(parts(minimum=less, says=lambda *_: None)),
    "spending_proof": asked(parts(card_above=more)),
}  # fmt: skip
"""Which way a part turns that a program has once; those that are left out are not plain."""

LADDER: Final[Mapping[str, Compare]] = {
    "valid": ranked("window_end", "next_window_end", "for_ever"),
    "grace_days": more,
    "downgrade": ranked("full", "one_step"),
    "crossing_earns": ranked("old_tier", "new_tier"),
    "rolling_days": more,
    "credit_after_days": less,
    "accept_within_days": more,
    "notice_days": more,
    "reached": ranked("at_window_end", "on_activity"),
    "kinds": fuller,
}
"""Which way each field of a ladder turns; those that are left out are not plain."""
STEP: Final[Mapping[str, Compare]] = {
    "for_life_at": within,
    "by": ranked("invitation", "credit"),
}
