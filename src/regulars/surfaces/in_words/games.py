"""Challenges, streaks, milestones and boards as sentences: the shop's own words, or made ones."""

from __future__ import annotations

from typing import Final

from regulars.engine.words.counting import counted
from regulars.engine.words.voice import PLAIN, Voice
from regulars.records.program.parts.advocacy import Advocacy
from regulars.records.program.parts.gaming import (
    BoardPrize,
    Challenge,
    DeedMilestone,
    Draw,
    Leaderboard,
    MilestoneStep,
    Prize,
    Streak,
    gift_of,
    won_by,
)
from regulars.records.program.types import Program

Game = Challenge | Streak | DeedMilestone | Leaderboard | Draw
GAMES: Final = (Challenge, Streak, DeedMilestone, Leaderboard, Draw)
"""Everything members play for."""


def played_in_words(program: Program, one: Game, voice: Voice = PLAIN) -> str:
    """What any game promises, as a sentence for members.

    Example: "the most coffee, each week".
    """
    if isinstance(one, DeedMilestone):
        return milestone_in_words(program, one, voice)
    if isinstance(one, Leaderboard):
        return board_in_words(program, one, voice)
    if isinstance(one, Draw):
        return draw_in_words(program, one, voice)
    return game_in_words(program, one, voice)


def game_in_words(program: Program, one: Challenge | Streak, voice: Voice = PLAIN) -> str:
    """What a challenge or a streak promises, as a sentence for members.

    Example: "10 × coffee within a month: 50 Points, the badge “Coffee lover”".
    """
    if one.says:
        return one.says
    if isinstance(one, Streak):
        return "; ".join(
            voice.say(
                "game.says",
                what=voice.say_count(
                    f"game.row_{one.every}", each.length, n=voice.number(str(each.length))
                ),
                prize=_prize(program, each.prize, voice),
            )
            for each in one.milestones
        )
    said = _promised(program, one, voice)
    if one.together is None:
        return said
    each = _what(program, one, voice, one.together.each)
    return voice.say(
        "game.together", says=said, most=voice.number(str(one.together.most)), each=each
    )


def _promised(program: Program, one: Challenge, voice: Voice) -> str:
    words = {
        "what": _what(program, one, voice, one.target),
        "prize": _prize(program, one.prize, voice),
    }
    when = _when(one, voice)
    return voice.say("game.says_when" if when else "game.says", when=when, **words)


def milestone_in_words(program: Program, one: DeedMilestone, voice: Voice = PLAIN) -> str:
    """What a milestone promises, as a sentence for members.

    Example: "every 10 × visit within a year: 50 Points; 25 × visit within a year: 100 Points".
    """
    if one.says:
        return one.says
    says = "; ".join(_step(program, one, step, voice) for step in one.steps)
    if one.budget is None:
        return says
    points = _points(program, (one.wallet or "", one.budget), voice)
    when = voice.say("game.for_ever" if one.per == "ever" else f"game.every_{one.per}")
    return voice.say("milestone.budget", says=says, points=points, when=when)


def board_in_words(program: Program, one: Leaderboard, voice: Voice = PLAIN) -> str:
    """What a leaderboard is about and what there is for its places, as a sentence for members.

    Example: "the most coffee, each week; place 1: 100 Points; places 2 to 3: 50 Points".
    """
    if one.says:
        return one.says
    kind = voice.word(f"kind.{one.counts.on}", one.counts.on)
    goods = voice.any_of([*one.counts.categories, *one.counts.skus])
    what = voice.say(f"board.{one.measure}", what=goods or kind)
    says = voice.say("board.says", what=what, when=voice.say(f"board.{one.per}"))
    return "; ".join([says, *(_of_place(program, prize, voice) for prize in one.prizes)])


def _of_place(program: Program, one: BoardPrize, voice: Voice) -> str:
    one_place = one.to is None or one.to == one.place
    return voice.say(
        "game.says",
        what=voice.say(
            "board.place" if one_place else "board.places",
            n=voice.number(str(one.place)),
            to=voice.number(str(one.to or one.place)),
        ),
        prize=_prize(program, won_by(one), voice),
    )


def action_in_words(one: Advocacy, voice: Voice = PLAIN) -> str:
    """What is asked of a review, a photo or the like, as a sentence for members.

    Example: "A review: once for each product, with the id under which it can be seen".
    """
    if one.says:
        return one.says
    asked = [voice.say("advocacy.about", about=one.about)] if one.about else []
    asked += [voice.say("advocacy.proof")] if one.proof else []
    asked += [voice.say("advocacy.moderated")] if one.moderated else []
    return voice.say("game.says", what=one.name, prize=", ".join(asked)) if asked else one.name


def draw_in_words(program: Program, one: Draw, voice: Voice = PLAIN) -> str:
    """What a draw promises, as a sentence for members.

    Example: "every €10.00 spent from June 1, 2026 before September 1, 2026: A bicycle".
    """
    if one.says:
        return one.says
    kind = voice.word(f"kind.{one.counts.on}", one.counts.on)
    goods = voice.any_of([*one.counts.categories, *one.counts.skus])
    each = voice.say(
        f"game.each_{one.measure}",
        n=voice.number(str(one.each)),
        what=goods or kind,
        amount=voice.money(str(one.each), program.currency),
    )
    first, last = voice.day(one.from_on), voice.day(one.until_on)
    when = voice.say("rule.days", from_on=first, until_on=last)
    return voice.say("game.says_when", what=each, when=when, prize=_to_win(program, one, voice))


def _to_win(program: Program, one: Draw, voice: Voice) -> str:
    """What there is to win; where it is booked with the draw, for which prize what.

    Example: "A weekend (prize 1: Hut voucher) (from prize 2 on: 500 Points)".
    """
    says, names = one.prize, {reward.id: reward.name for reward in program.rewards}
    for n, prize in enumerate(one.gives, 1):
        key = "draw.prizes" if n == len(one.gives) < one.winners else "draw.prize"
        if prize.wallet is not None:
            what = _points(program, (prize.wallet, prize.points), voice)
        else:
            what = names.get(prize.reward or "") or str(prize.reward)
        says = voice.say(key, prize=says, n=voice.number(str(n)), what=what)
    return says


def _step(program: Program, one: DeedMilestone, step: MilestoneStep, voice: Voice) -> str:
    kind = voice.word(f"kind.{one.counts.on}", one.counts.on)
    goods = voice.any_of([*one.counts.categories, *one.counts.skus])
    what = goods or (voice.say("rule.piece") if one.measure == "items" else kind)
    key = f"game.each_{one.measure}" if step.again else f"game.{one.measure}"
    words = {
        "what": voice.say(
            key,
            n=voice.number(str(step.at)),
            what=what,
            amount=voice.money(str(step.at), program.currency),
        ),
        "prize": _of_step(program, one, step, voice),
    }
    if one.per == "ever":
        return voice.say("game.says", **words)
    return voice.say("game.says_when", when=voice.say(f"game.every_{one.per}"), **words)


def _of_step(program: Program, one: DeedMilestone, step: MilestoneStep, voice: Voice) -> str:
    """Points, and what there is beside them: "50 Points, A mug"."""
    gift, parts = gift_of(step), []
    if one.wallet is not None and str(step.points) != "0":
        parts.append(_points(program, (one.wallet, step.points), voice))
    if gift is not None:
        parts.append(_prize(program, gift, voice))
    return ", ".join(parts)


def _points(program: Program, given: tuple[str, str | int], voice: Voice) -> str:
    wallet, points = given
    number, name = counted(program.wallets[wallet], wallet, str(points), voice)
    return voice.say("game.points", points=number, wallet=name)


def _what(program: Program, one: Challenge, voice: Voice, much: str | int) -> str:
    if one.measure == "spend":
        return voice.say("game.spend", amount=voice.money(str(much), program.currency))
    kind = voice.word(f"kind.{one.counts.on}", one.counts.on)
    goods = voice.any_of([*one.counts.categories, *one.counts.skus])
    what = goods or (voice.say("rule.piece") if one.measure == "items" else kind)
    return voice.say_count(f"game.{one.measure}", str(much), n=voice.number(str(much)), what=what)


def _when(one: Challenge, voice: Voice) -> str:
    if one.every is not None:
        return voice.say(f"game.every_{one.every}")
    if one.within is not None:
        count, unit = one.within.split()
        return voice.say("game.within", span=voice.span(count, unit.removesuffix("s")))
    first, last = (None if d is None else voice.day(d) for d in (one.from_on, one.until_on))
    if first is None and last is None:
        return ""
    key = "days" if first and last else "from" if first else "before"
    return voice.say(f"rule.{key}", from_on=first, until_on=last)


def _prize(program: Program, prize: Prize, voice: Voice) -> str:
    parts = []
    if prize.wallet is not None:
        parts.append(_points(program, (prize.wallet, prize.points), voice))
    if prize.benefit is not None:
        names = {one.id: one.name for one in program.benefits}
        n, benefit = voice.number(str(prize.uses)), names.get(prize.benefit) or prize.benefit
        parts.append(voice.say("game.items", n=n, what=benefit))
    if prize.reward is not None:
        rewards = {one.id: one.name for one in program.rewards}
        parts.append(rewards.get(prize.reward) or prize.reward)
    if prize.badge:
        parts.append(voice.say("game.badge", badge=prize.badge))
    return ", ".join(parts)
