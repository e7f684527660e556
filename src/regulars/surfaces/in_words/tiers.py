"""What a step of a ladder takes, in words members read."""

from __future__ import annotations

from regulars.engine.words.counting import counted
from regulars.engine.words.voice import PLAIN, Voice
from regulars.records.program.parts.measuring import as_tiers, measures_of
from regulars.records.program.types import Ladder, Measure, Program, Tier, Tiers


def step_in_words(program: Program, step: Tier, voice: Voice = PLAIN) -> str:
    """What a step takes, by each measure that reaches it.

    Example: "€500.00 or 20 visits".
    """
    assert program.tiers is not None, program.program
    return _takes(program, program.tiers, step, voice)


def further_in_words(program: Program, voice: Voice = PLAIN) -> list[tuple[str, str]]:
    """The steps of ladders beside the tiers, each with what it takes.

    Example: ("The club: Regular", "10 visits").
    """
    return [
        (f"{ladder.name or name}: {step}", takes)
        for name, ladder in program.ladders.items()
        for step, takes in steps_in_words(program, ladder, voice)
    ]


def steps_in_words(program: Program, ladder: Ladder, voice: Voice = PLAIN) -> list[tuple[str, str]]:
    """The steps of a ladder beside the tiers, each with what it takes: ("Regular", "10 visits")."""
    tiers = as_tiers(ladder)
    return [(one.name or one.id, _takes(program, tiers, one, voice)) for one in tiers.steps]


def _takes(program: Program, tiers: Tiers, step: Tier, voice: Voice) -> str:
    ways = zip((step.at, step.or_at), measures_of(tiers), strict=False)
    return voice.any_of([_asks(program, one, at, voice) for at, (_, one) in ways if at is not None])


def _asks(program: Program, measure: Tiers | Measure, at: str | int, voice: Voice) -> str:
    if measure.measure == "spend":
        return voice.money(str(at), program.currency)
    shown = voice.number(str(at))
    if measure.measure == "status":
        wallet = program.wallets[measure.wallet or ""]
        number, name = counted(wallet, measure.wallet or "", str(at), voice)
        return f"{number} {name}".strip()
    return voice.say_count(f"tier.{measure.measure}", str(at), n=shown)
