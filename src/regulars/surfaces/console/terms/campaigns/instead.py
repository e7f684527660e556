"""Further channels of a campaign: for whom the one before does not reach."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from msgspec.structs import replace

from regulars.base.tx import Tx
from regulars.flows.telling.campaigns.filling import Reader
from regulars.records.outbox.campaigns.reaching.read import reached_by
from regulars.records.outbox.campaigns.types import Campaign, Instead, Said, said_by
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.terms.campaigns.words import CHANNELS
from regulars.surfaces.console.words import N
from regulars.surfaces.senders.words.campaigns import Desk, Words, each_words

SLOTS: Final = ("i1", "i2", "i3", "i4")
"""What the fields of each further channel begin with."""
_Typed = Callable[[Form, str], Mapping[str, Said]]


class Slot(NamedTuple):
    """One of them as the form shows it; without a channel it is free."""

    name: str
    channel: str
    says: Mapping[str, Said]
    borrows: bool = False
    """Whether nothing was typed, so that it says what the first channel says."""


def slots(found: Campaign, form: Form | None, typed: _Typed) -> list[Slot]:
    """Those there are, and a free one; what was typed and is wrong as it was typed."""
    there = found.instead if form is None else typed_instead(form, found.channel, typed)
    names = SLOTS if form is None else _used(form)
    shown = [
        Slot(name, one.channel, one.says, form is not None and not typed(form, f"{name}-"))
        for name, one in zip(names, there, strict=False)
    ]
    free = [one for one in SLOTS if one not in names[: len(shown)]]
    return [*shown, *(Slot(one, "", {}) for one in free[:1])]


def typed_instead(form: Form, first: str, typed: _Typed) -> tuple[Instead, ...]:
    """Every channel that was chosen; one for which nothing was written says what the first says,
    as far as it can be said there."""
    own = typed(form, "")
    found: list[Instead] = []
    for slot in _used(form):
        channel: Any = form.get(f"{slot}-channel")
        says = typed(form, f"{slot}-") or own
        found.append(Instead(channel, {
            language: _fit(said, own.get(language), channel) for language, said in says.items()
        }))  # fmt: skip
    return tuple(found)


def place_of(form: Form | None, field: str) -> str:
    """Beside which field of the form stands what is wrong with `/instead/0/…`."""
    at, _, rest = field.removeprefix("/instead/").partition("/")
    used = [] if form is None else _used(form)
    slot = used[int(at)] if at.isdigit() and int(at) < len(used) else SLOTS[0]
    part = rest.removeprefix("says").strip("/").replace("/", "-")
    return f"{slot}-{part or 'channel'}"


def reach_rows(here: Here, found: Campaign) -> list[tuple[str, str]]:
    """By which channel how many are reached, as it was checked, and how many by none."""
    if found.reach is None:
        return []
    names = [*((CHANNELS[one], one) for one in found.channels), (N("By none of them"), "")]
    return [
        (here.reader.say(says), here.reader.number(found.reach.get(one, 0))) for says, one in names
    ]


def each_channel(
    here: Here, desk: Desk, found: Campaign, reader: Reader
) -> list[tuple[str, str, list[Words]]]:
    """What each further channel is called, which it is, and what this member would read there."""
    return [
        (
            here.reader.say(CHANNELS[one.channel]), one.channel,
            each_words(desk, said_by(found, one.channel), reader),
        )
        for one in found.instead
    ]  # fmt: skip


async def reached(here: Here, tx: Tx, found: Campaign, reader: Reader) -> str:
    """By which of several channels this member is reached at this moment."""
    if not found.instead:
        return ""
    by = await reached_by(tx, found, reader.member.id)
    channel = here.reader.say(CHANNELS[by] if by else N("By none of them"))
    return here.reader.say(N("This member would be reached: %(channel)s."), channel=channel)


def _used(form: Form) -> list[str]:
    return [one for one in SLOTS if form.get(f"{one}-channel") in CHANNELS]


def _fit(said: Said, own: Said | None, channel: str) -> Said:
    """What can be said there: a text message has no subject, and only a letter looks."""
    if channel == "sms":
        return Said(said.text)
    about = said.about if said.about.strip() or own is None else own.about
    return replace(said, about=about) if channel == "email" else Said(said.text, about)
