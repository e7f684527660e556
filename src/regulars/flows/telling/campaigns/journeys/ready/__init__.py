"""Journeys that are ready: each a file with its texts in every language, and the segments and
surveys it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

import msgspec
from msgspec import Struct

from regulars.base.languages import language_of
from regulars.records.outbox.campaigns.journeys.types import JourneyPlan
from regulars.records.program.types import Program

Texts = Mapping[str, str]
"""By language."""


class NeededSegment(Struct, frozen=True, forbid_unknown_fields=True):
    """A segment that is made with the journey where there is none of its code."""

    name: Texts
    condition: Any


class NeededSurvey(Struct, frozen=True, forbid_unknown_fields=True):
    """A survey that is made with the journey where there is none of its code."""

    kind: str
    name: Texts
    asks: Texts
    thanks: Texts


class Ready(Struct, frozen=True):
    """A journey that is ready: what it is called, what it does, its plan, and what it needs."""

    code: str
    name: Texts
    tells: Texts
    plan: JourneyPlan
    segments: Mapping[str, NeededSegment]
    surveys: Mapping[str, NeededSurvey]


@cache
def ready_codes() -> tuple[str, ...]:
    """The codes of all that are ready."""
    folder = resources.files(__package__)
    names = (each.name for each in folder.iterdir() if each.name.endswith(".yaml"))
    return tuple(sorted(name.removesuffix(".yaml") for name in names))


def ready(code: str, program: Program) -> Ready | None:
    """The journey of this code, for this program: in its languages, with its own wallet."""
    if code not in ready_codes():
        return None
    text = resources.files(__package__).joinpath(f"{code}.yaml").read_text("utf-8")
    for name, value in _own(program).items():
        text = text.replace(name, value)
    told = msgspec.yaml.decode(text, type=dict[str, Any])
    _in_own_language(told, language_of(program.locale))
    parts = {name: told.pop(name, {}) for name in ("name", "tells", "segments", "surveys")}
    return Ready(
        code,
        parts["name"],
        parts["tells"],
        msgspec.convert(told, JourneyPlan),
        msgspec.convert(parts["segments"], dict[str, NeededSegment]),
        msgspec.convert(parts["surveys"], dict[str, NeededSurvey]),
    )


def _in_own_language(told: dict[str, Any], own: str) -> None:
    """What is said to members stands in the shop's language, too: where we have no words in it, in
    English, for somebody of the shop to write anew."""
    said = [step["says"] for step in told["steps"] if "says" in step]
    said += [one[part] for one in told.get("surveys", {}).values() for part in ("asks", "thanks")]
    for texts in said:
        texts.setdefault(own, texts["en"])


def _own(program: Program) -> Mapping[str, str]:
    """What the files leave open: the wallet that members read first, and how much is nearly
    enough for its cheapest reward."""
    wallet = next(iter(program.wallets))
    prices = (int(Decimal(one.price.get(wallet, 0))) for one in program.rewards)
    price = min((one for one in prices if one >= 2), default=100)
    return {"WALLET": wallet, "NEARLY": str(price * 4 // 5), "SHORT": str(price - 1)}
