"""A draft as sentences, each with the place of its form; also where the file is wrong elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from regulars.engine.words.voice import Voice
from regulars.records.program.parts.measuring import as_tiers
from regulars.records.program.problems import Path, ProgramFault, text_of
from regulars.records.program.reading import problems_of, read
from regulars.records.program.types import (
    Benefit,
    Budget,
    Changeover,
    Ladder,
    Program,
    Reward,
    Rule,
    Tier,
    Tiers,
    Wallet,
)
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.terms.editor.filling import unseen
from regulars.surfaces.console.terms.editor.places import LADDERS, LISTS, Kind, Place, kinds, places
from regulars.surfaces.console.terms.editor.words import CHOICES
from regulars.surfaces.console.words import N
from regulars.surfaces.in_words.games import GAMES, played_in_words
from regulars.surfaces.in_words.program import budget_in_words, kept_in_words, promises_in_words
from regulars.surfaces.in_words.rewards import benefit_in_words, reward_terms_in_words
from regulars.surfaces.in_words.rules import rule_in_words
from regulars.surfaces.in_words.tiers import step_in_words, steps_in_words
from regulars.surfaces.ui.reader import Reader

HEADINGS: Final = {
    "rules": N("How members earn"),
    "tiers": N("Tiers"),
    "rewards": N("Rewards"),
    "benefits": N("Benefits"),
    "games": N("Games"),
    "wallets": N("Points and how they last"),
    "currencies": N("Other currencies"),
}
_UNDER: Final = {
    "budgets": "rules",
    "changeover": "tiers",
    "ladders": "tiers",
    **dict.fromkeys(("challenges", "streaks", "milestones", "leaderboards", "draws"), "games"),
}
"""What stands under the heading of something else."""
_FOR_EVER: Final = N("%(name)s never lapse.")
_LIVES: Final = {
    "none": N("%(name)s lapse %(span)s after they were earned."),
    "day": N("%(name)s lapse %(span)s after they were earned."),
    "week": N("%(name)s lapse %(span)s after they were earned, at the end of that week."),
    "month": N("%(name)s lapse %(span)s after they were earned, at the end of that month."),
    "quarter": N("%(name)s lapse %(span)s after they were earned, at the end of that quarter."),
    "year": N("%(name)s lapse %(span)s after they were earned, at the end of that year."),
}
_ROUNDED: Final = {
    "floor": N("Fractions are cut off."),
    "ceil": N("Fractions are rounded up."),
    "half_up": N("Fractions are rounded to the nearest."),
    "half_even": N("Fractions are rounded to the nearest."),
}
_OVER: Final = N("When the tiers change, who is a member already: %(over)s.")
_RATE: Final = N("%(theirs)s: counted as %(ours)s")
_RATE_FROM: Final = N("%(theirs)s: counted as %(ours)s from %(day)s on")
_LADDER: Final = N("Counted: %(measure)s · %(window)s. A tier stays: %(valid)s.")


class Told(NamedTuple):
    """A program that was read, and where its file is wrong all the same."""

    program: Program
    ill: tuple[str, ...] = ()

    def is_good(self, path: Path) -> bool:
        """Whether this part says something: what is wrong in it, or in the ladder of a step,
        leaves it without a sentence."""
        around = text_of(path[:1] if path[0] == "tiers" else path)
        inside = (around + ".", around + "[")
        return not any((one + ".").startswith(inside) for one in self.ill)


def told_by(source: str) -> Told | None:
    """What a file says; nothing where it is no program at all."""
    try:
        reading = read(source)
    except ProgramFault:
        return None
    problems = problems_of(reading)
    return Told(reading.program, tuple(one.path for one in problems if one.severity == "error"))


class Sentence(Struct, frozen=True):
    """What one part says, and where its form is."""

    at: str
    says: str
    own: str = ""
    """What members read, where the shop said it in its own words."""
    id: str = ""
    items: bool = False
    """Whether it is one of a list: it can be moved and taken out."""
    first: bool = False
    last: bool = False
    more: tuple[str, ...] = ()
    """What is changed in the file only."""


class Section(Struct, frozen=True):
    """Sentences under a heading, and what can be added to them."""

    key: str
    heading: str
    sentences: tuple[Sentence, ...]
    adds: tuple[Kind, ...] = ()


def sections(here: Here, tree: Any, told: Told | None) -> list[Section]:
    """A draft in sentences; where its file is wrong, a part is called by its name."""
    all_places, to_add = list(places(tree)), kinds(tree)
    found = []
    for key, heading in HEADINGS.items():
        said = tuple(_said(here, one, told) for one in all_places if _heading(one.at) == key)
        adds = tuple(one for one in to_add if _heading(one.into) == key)
        if said or adds:
            found.append(Section(key, here.reader.say(heading), _ends(said), adds))
    return found


def others(here: Here, told: Told | None) -> list[str]:
    """What else a draft promises, which has no form yet; nothing while its file is wrong."""
    if told is None or told.ill:
        return []
    left = replace(
        told.program, budgets=(), tiers=None, benefits=(), milestones=(), challenges=(), streaks=(),
        leaderboards=(), draws=(), currencies={}, ladders={}, changeover=Changeover(),
    )  # fmt: skip
    return promises_in_words(left, here.voice)


def says(here: Here, told: Told | None, place: Place) -> str:
    """What a part says; its name where it says nothing yet."""
    part = None if told is None else parts_of(told.program).get(place.at)
    if told is None or part is None or not told.is_good(place.path):
        value = place.value
        return str(value.get("name") or value.get("says") or place.at.rpartition(".")[2])
    return part_in_words(here, told.program, part)


def part_in_words(here: Here, program: Program, part: Any) -> str:
    """What a part says by itself, whatever the shop calls it."""
    if isinstance(part, Tiers):
        return _ladder(here, part)
    if isinstance(part, Ladder):
        what = _ladder(here, as_tiers(part))
        steps = "; ".join(
            here.voice.say("reward.gives", name=name, what=takes)
            for name, takes in steps_in_words(program, part, here.voice)
        )
        return f"{here.voice.say('reward.gives', name=part.name, what=what)} {steps}"
    if isinstance(part, Changeover):
        over = here.reader.say(CHOICES[f"members.{part.members}"])
        climbs = program.tiers is not None or bool(program.ladders)
        kept = list(kept_in_words(part, here.voice))
        said = [here.reader.say(_OVER, over=over)] if climbs or not kept else []
        return " · ".join([*said, *kept])
    if isinstance(part, dict):
        return " · ".join(_rates(here, program))
    if isinstance(part, Wallet):
        return " ".join(_wallet(here, part, part.name))
    return _promise(program, part, here.voice)


def _promise(program: Program, part: Any, voice: Voice) -> str:
    if isinstance(part, Reward):
        return reward_terms_in_words(program, part, voice)
    if isinstance(part, Tier):
        takes = step_in_words(program, part, voice)
        return voice.say("reward.gives", name=part.name or part.id, what=takes)
    if isinstance(part, Budget):
        return budget_in_words(program, part, voice)
    bare = replace(part, says="")
    if isinstance(part, Rule):
        return rule_in_words(program, bare, voice, inside=True)
    if isinstance(part, Benefit):
        return benefit_in_words(program, bare, voice)
    assert isinstance(part, GAMES), part
    return voice.say("reward.gives", name=part.name, what=played_in_words(program, bare, voice))


def parts_of(program: Program) -> dict[str, Any]:
    """The parts of a program that have a form, by their addresses."""
    found: dict[str, Any] = {f"rules.{one.id}": one for one in program.rules}
    if program.tiers is not None:
        found["tiers"] = program.tiers
        found |= {f"tiers.steps.{one.id}": one for one in program.tiers.steps}
    if program.tiers is not None or program.changeover != Changeover():
        found["changeover"] = program.changeover
    for name, ladder in program.ladders.items():
        found[f"ladders.{name}"] = ladder if ladder.name else replace(ladder, name=name)
    found |= {f"rewards.{one.id}": one for one in program.rewards}
    for into in ("benefits", *_UNDER):
        if into not in ("changeover", "ladders"):
            found |= {f"{into}.{one.id}": one for one in getattr(program, into)}
    if program.currencies:
        found["currencies"] = dict(program.currencies)
    return found | {f"wallets.{name}": named(name, one) for name, one in program.wallets.items()}


def named(name: str, wallet: Wallet) -> Wallet:
    """A wallet that has a name to be called by."""
    return wallet if wallet.name else replace(wallet, name=name)


def _heading(at: str) -> str:
    name = at.partition(".")[0]
    return _UNDER.get(name, name)


def _said(here: Here, place: Place, told: Told | None) -> Sentence:
    own, said = str(place.value.get("says") or ""), says(here, told, place)
    return Sentence(
        at=place.at,
        says=said,
        own=own if own != said else "",
        id=place.at.rpartition(".")[2],
        items=place.at.rpartition(".")[0] in (*LISTS, LADDERS),
        more=tuple(unseen(place.part, place.value)),
    )


def _ends(said: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
    """Which ones are the first and last of their list, and can go no further."""
    into = [one.at.rpartition(".")[0] if one.items else "" for one in said]
    # Ladders have no order: each is the only one of its list.
    into = [one.at if name == LADDERS else name for one, name in zip(said, into, strict=True)]
    return tuple(
        replace(one, first=name not in into[:n], last=name not in into[n + 1 :]) if name else one
        for n, (one, name) in enumerate(zip(said, into, strict=True))
    )


def _ladder(here: Here, tiers: Tiers) -> str:
    say = here.reader.say
    return say(
        _LADDER,
        measure=say(CHOICES[f"measure.{tiers.measure}"]),
        window=say(CHOICES[f"window.{tiers.window}"]),
        valid=say(CHOICES[f"valid.{tiers.valid}"]),
    )


def _wallet(here: Here, wallet: Wallet, name: str) -> Iterator[str]:
    say, expiry = here.reader.say, wallet.expiry
    if expiry is None:
        yield say(_FOR_EVER, name=name)
    else:
        yield say(_LIVES[expiry.round_up_to], name=name, span=_span(here, expiry.after))
    yield say(_ROUNDED[wallet.rounding.mode])


def _rates(here: Here, program: Program) -> Iterator[str]:
    """What so much of each currency counts, rate after rate."""
    say = here.reader.say
    for currency, rates in program.currencies.items():
        for one in rates:
            theirs = f"{here.reader.number(one.per)} {currency}"
            ours = f"{here.reader.number(Decimal(one.counts))} {program.currency}"
            if one.from_on is None:
                yield say(_RATE, theirs=theirs, ours=ours)
            else:
                day = here.reader.day(date.fromisoformat(one.from_on))
                yield say(_RATE_FROM, theirs=theirs, ours=ours, day=day)


def _span(here: Here, words: str) -> str:
    count, unit = words.split()
    return _SPANS[unit.removesuffix("s")](here.reader, int(count))


# Babel knows the names of units, and leaves some out in Turkish and Arabic.
_SPANS: Final[Mapping[str, Callable[[Reader, int], str]]] = MappingProxyType(
    {
        "minute": lambda reader, n: reader.say_many("%(n)s minute", "%(n)s minutes", n),
        "hour": lambda reader, n: reader.say_many("%(n)s hour", "%(n)s hours", n),
        "day": lambda reader, n: reader.say_many("%(n)s day", "%(n)s days", n),
        "week": lambda reader, n: reader.say_many("%(n)s week", "%(n)s weeks", n),
        "month": lambda reader, n: reader.say_many("%(n)s month", "%(n)s months", n),
        "year": lambda reader, n: reader.say_many("%(n)s year", "%(n)s years", n),
    }
)
