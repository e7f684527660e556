"""The words members read, in another language than the one the program file is written in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

from msgspec.structs import replace

from regulars.base.languages import language_of
from regulars.records.program.parts.advocacy import Advocacy
from regulars.records.program.parts.benefits import Benefit, Plan
from regulars.records.program.parts.gaming import (
    BoardPrize,
    Challenge,
    DeedMilestone,
    Draw,
    Leaderboard,
    MilestoneStep,
    Prize,
    Streak,
)
from regulars.records.program.parts.rewards import Donation, Seat
from regulars.records.program.types import FurtherStep, Ladder, Program, Reward, Rule, Tier, Tiers
from regulars.records.program.wallets import Forms, Wallet

Word = Callable[[str, str], str]
Step = TypeVar("Step", Tier, FurtherStep)
"""`word(place, text)`: what stands at this place instead of the text."""
Won = TypeVar("Won", Prize, MilestoneStep, BoardPrize)
Game = TypeVar("Game", Challenge, Streak, DeedMilestone, Leaderboard, Draw)
_ROOMS: Final[dict[type, str]] = {
    Challenge: "challenges",
    Streak: "streaks",
    DeedMilestone: "milestones",
    Leaderboard: "leaderboards",
    Draw: "draws",
}


def places(program: Program) -> dict[str, str]:
    """Every text members read by its place, as `translations:` names it.

    Order: as in the file. Example: `rules.happy-hour.says`, `tiers.gold.perks.1`.
    """
    found: dict[str, str] = {}

    def noted(place: str, text: str) -> str:
        found[place] = text
        return text

    _said(program, noted)
    return found


def languages_of(program: Program) -> list[str]:
    """The languages this program can be read in, its own first."""
    return [program.locale, *(one for one in program.translations if one != program.locale)]


def in_language(program: Program, language: str) -> Program:
    """The same program with its texts in the nearest language it has; what is not translated
    stays as it is written.

    Order: the language with its region first, then without: for `de-AT` also `de` is good.
    Keeps: a form that stays as it is written counts as its own language does, and whoever reads it
    counts in theirs: of a language they do not read, the name stands (ADR 0563).
    """
    told = _nearest(program, language)
    return _foreign(_said(program, told.get) if told else program, program, language)


def game_in_language(program: Program, one: Game, language: str) -> Game:
    """A challenge, streak, milestone, leaderboard or draw in the nearest language there is.

    Keeps: an older promise of the same id reads as the one of today where that is translated.
    """
    told = _nearest(program, language)
    return _game(one, told.get) if told else one


def _foreign(said: Program, program: Program, language: str) -> Program:
    """Without the forms that were written for another language than this one."""
    if _base(language) == _base(program.locale):
        return said
    theirs = {
        id_: replace(one, forms=Forms())
        for id_, one in said.wallets.items()
        if one.forms != Forms() and one.forms == program.wallets[id_].forms
    }
    return replace(said, wallets={**said.wallets, **theirs}) if theirs else said


def _base(language: str) -> str:
    return language_of(language)


def _nearest(program: Program, language: str) -> dict[str, str]:
    asked = language.replace("_", "-")
    own = program.locale.replace("_", "-")
    for length in range(asked.count("-"), -1, -1):
        name = "-".join(asked.split("-")[: length + 1])
        if name in program.translations:
            return program.translations[name]
        if name == own:
            return {}
    return {}


def _said(program: Program, word: Word) -> Program:
    return replace(
        program,
        name=word("name", program.name),
        wallets={id_: _wallet(id_, one, word) for id_, one in program.wallets.items()},
        rules=tuple(_rule(one, word) for one in program.rules),
        tiers=None if program.tiers is None else _tiers(program.tiers, word),
        ladders={name: _ladder(name, one, word) for name, one in program.ladders.items()},
        rewards=tuple(_reward(one, word) for one in program.rewards),
        benefits=tuple(_benefit(one, word) for one in program.benefits),
        plans=tuple(_plan(one, word) for one in program.plans),
        challenges=tuple(_game(one, word) for one in program.challenges),
        streaks=tuple(_game(one, word) for one in program.streaks),
        milestones=tuple(_game(one, word) for one in program.milestones),
        leaderboards=tuple(_game(one, word) for one in program.leaderboards),
        draws=tuple(_game(one, word) for one in program.draws),
        advocacy=tuple(_action(one, word) for one in program.advocacy),
    )


def _wallet(id_: str, wallet: Wallet, word: Word) -> Wallet:
    name = word(f"wallets.{id_}.name", wallet.name)
    # Forms belong to the name they are of: those of another language are none of a translation.
    kept = name == wallet.name
    own = wallet.forms if kept else Forms()
    return replace(
        wallet,
        name=name,
        one=word(f"wallets.{id_}.one", wallet.one if kept else ""),
        forms=Forms(
            **{
                form: word(f"wallets.{id_}.forms.{form}", getattr(own, form))
                for form in Forms.__struct_fields__
            }
        ),
    )


def _rule(rule: Rule, word: Word) -> Rule:
    return replace(rule, says=word(f"rules.{rule.id}.says", rule.says))


def _tiers(tiers: Tiers, word: Word) -> Tiers:
    return replace(tiers, steps=tuple(_tier(step, word) for step in tiers.steps))


def _ladder(name: str, ladder: Ladder, word: Word) -> Ladder:
    steps = tuple(_tier(step, word) for step in ladder.steps)
    return replace(ladder, name=word(f"ladders.{name}.name", ladder.name), steps=steps)


def _tier(step: Step, word: Word) -> Step:
    return replace(
        step,
        name=word(f"tiers.{step.id}.name", step.name),
        perks=tuple(_numbered(f"tiers.{step.id}.perks", step.perks, word)),
    )


def _numbered(place: str, texts: tuple[str, ...], word: Word) -> Iterator[str]:
    for number, text in enumerate(texts, start=1):
        yield word(f"{place}.{number}", text)


def _reward(reward: Reward, word: Word) -> Reward:
    here = f"rewards.{reward.id}"
    gives = reward.gives
    if isinstance(gives, Seat) and gives.where:
        gives = replace(gives, where=word(f"{here}.where", gives.where))
    elif isinstance(gives, Donation):
        gives = replace(gives, cause=word(f"{here}.cause", gives.cause))
    return replace(reward, name=word(f"{here}.name", reward.name), gives=gives)


def _benefit(benefit: Benefit, word: Word) -> Benefit:
    return replace(
        benefit,
        name=word(f"benefits.{benefit.id}.name", benefit.name),
        says=word(f"benefits.{benefit.id}.says", benefit.says),
    )


def _game(one: Game, word: Word) -> Game:
    here = f"{_ROOMS[type(one)]}.{one.id}"
    fields = ("name", "says", "prize", "words") if isinstance(one, Draw) else ("name", "says")
    texts: dict[str, Any] = {each: word(f"{here}.{each}", getattr(one, each)) for each in fields}
    if isinstance(one, Challenge):
        texts["prize"] = _prize(here, one.prize, word)
    if isinstance(one, Streak):
        reached = [
            replace(each, prize=_prize(f"{here}.{each.length}", each.prize, word))
            for each in one.milestones
        ]
        texts["milestones"] = tuple(reached)
    if isinstance(one, DeedMilestone):
        texts["steps"] = tuple(_prize(f"{here}.{each.at}", each, word) for each in one.steps)
    if isinstance(one, Leaderboard):
        texts["prizes"] = tuple(_prize(f"{here}.{each.place}", each, word) for each in one.prizes)
    return replace(one, **texts)


def _prize(here: str, prize: Won, word: Word) -> Won:
    return replace(prize, badge=word(f"{here}.badge", prize.badge)) if prize.badge else prize


def _action(one: Advocacy, word: Word) -> Advocacy:
    here = f"advocacy.{one.on}"
    return replace(one, name=word(f"{here}.name", one.name), says=word(f"{here}.says", one.says))


def _plan(plan: Plan, word: Word) -> Plan:
    return replace(
        plan,
        name=word(f"plans.{plan.id}.name", plan.name),
        says=word(f"plans.{plan.id}.says", plan.says),
    )
