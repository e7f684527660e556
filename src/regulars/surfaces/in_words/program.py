"""Everything a program promises besides its rules and rewards, each as a sentence."""

from __future__ import annotations

from collections.abc import Iterator

from regulars.engine.words.counting import counted
from regulars.engine.words.voice import PLAIN, Voice
from regulars.records.program.types import Budget, Changeover, Program
from regulars.surfaces.in_words.games import (
    action_in_words,
    board_in_words,
    draw_in_words,
    game_in_words,
    milestone_in_words,
)
from regulars.surfaces.in_words.rewards import (
    benefit_in_words,
    gift_in_words,
    paying_in_words,
    plan_in_words,
    referral_in_words,
    spender_in_words,
)
from regulars.surfaces.in_words.tiers import further_in_words, step_in_words


def promises_in_words(program: Program, voice: Voice = PLAIN) -> list[str]:
    """What members are promised besides rules and rewards, as sentences in the order of a reader.

    Order: the most there is at once or for one member, tiers, further ladders, benefits, plans,
        friends, milestones, challenges, streaks, reviews and the like, boards, draws, other
        currencies, what points pay, gift balances, who may spend how much, and for what the card
        is shown.
    Example: ["Gold: €500.00 or 20 visits", "Every tenth visit: 50 Points"].
    """
    parts = (_at_most, _standing, _playing, _spending)
    return [said for part in parts for said in part(program, voice)]


def _at_most(program: Program, voice: Voice) -> Iterator[str]:
    """What one activity, or one member in a period, gets at most; what all share is the shop's."""
    for budget in program.budgets:
        if budget.per == "activity" or budget.of == "member":
            yield budget_in_words(program, budget, voice)


def budget_in_words(program: Program, budget: Budget, voice: Voice = PLAIN) -> str:
    """At most so many points of a wallet, for whom and in which time.

    Example: "Whatever gives them: at most 100 Points a day".
    """
    per = voice.say("rule.in_all" if budget.per == "ever" else f"per.{budget.per}")
    kept = program.wallets[budget.wallet]
    points, name = counted(kept, budget.wallet, str(budget.points), voice)
    all_ = budget.of == "everyone" and budget.per != "activity"
    key = "rule.for_all" if all_ else "rule.together"
    return voice.say(key, per=per, points=points, wallet=name)


def _standing(program: Program, voice: Voice) -> Iterator[str]:
    steps = [] if program.tiers is None else program.tiers.steps
    for step in steps:
        takes = step_in_words(program, step, voice)
        yield voice.say("reward.gives", name=step.name or step.id, what=takes)
    for name, takes in further_in_words(program, voice):
        yield voice.say("reward.gives", name=name, what=takes)
    for benefit in program.benefits:
        yield benefit_in_words(program, benefit, voice)
    for plan in program.plans:
        yield plan_in_words(program, plan, voice)


def _playing(program: Program, voice: Voice) -> Iterator[str]:
    if program.referral is not None:
        yield from referral_in_words(program, program.referral, voice)
    for stone in program.milestones:
        yield _named(stone.name, milestone_in_words(program, stone, voice), voice)
    for challenge in program.challenges:
        yield _named(challenge.name, game_in_words(program, challenge, voice), voice)
    for streak in program.streaks:
        yield _named(streak.name, game_in_words(program, streak, voice), voice)
    for action in program.advocacy:
        yield action_in_words(action, voice)
    for board in program.leaderboards:
        yield _named(board.name, board_in_words(program, board, voice), voice)
    for draw in program.draws:
        yield _named(draw.name, draw_in_words(program, draw, voice), voice)


def _named(name: str, said: str, voice: Voice) -> str:
    return voice.say("reward.gives", name=name, what=said)


def kept_in_words(plan: Changeover, voice: Voice) -> Iterator[str]:
    """What terms say of what was earned and done before them."""
    if plan.worth == "keep" and plan.worth_until_on is None:
        yield voice.say("worth.kept")
    elif plan.worth == "keep":
        yield voice.say("worth.kept_until", day=voice.day(str(plan.worth_until_on)))
    if plan.rates_from_on is not None:
        yield voice.say("rates.since", day=voice.day(plan.rates_from_on))


def _spending(program: Program, voice: Voice) -> Iterator[str]:
    if program.currencies:
        names = voice.all_of(list(program.currencies))
        yield voice.say("rule.currencies", currencies=names)
    if program.paying is not None:
        yield paying_in_words(program, program.paying, voice)
    yield from kept_in_words(program.changeover, voice)
    for name, wallet in program.wallets.items():
        if wallet.kind == "gift":
            yield gift_in_words(program, name, voice)
    house = program.household
    for may in () if house is None else (house.buyers, house.minors):
        if may is not None:
            yield spender_in_words(program, may, voice)
    if program.spending_proof is not None:
        above = voice.money(str(program.spending_proof.card_above), program.currency)
        yield voice.say("rule.card_above", amount=above)
