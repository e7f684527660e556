"""What is wrong with what a message says, at its place."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, Protocol

from regulars.base.faults import Fault, Invalid
from regulars.base.languages import language_of, written_in
from regulars.records.outbox.campaigns.mailing import wrong_with_page
from regulars.records.outbox.campaigns.types import WAYS, Instead, Said, Way
from regulars.records.outbox.campaigns.writing import LONGEST, wrong_with
from regulars.records.program.types import Program

LONGEST_ABOUT: Final = 500
LONGEST_NOTICE: Final = 600
"""Letters of a notice on a device: more of it no device shows."""


class Several(Protocol):
    """A message that may be said in several ways: a campaign, or a step of a journey."""

    @property
    def channel(self) -> Way:
        """By which it goes."""

    @property
    def says(self) -> Mapping[str, Said]:
        """The first way, by language."""

    @property
    def variants(self) -> Sequence[Mapping[str, Said]]:
        """The others."""


def ill_said(
    program: Program,
    channel: Way,
    says: Mapping[str, Said],
    fields: Collection[str],
    above: str = "",
) -> Fault | None:
    """The first thing wrong with the texts of a message by this channel, with these fields; its
    place is below `above`. Nothing where they may be kept."""
    own = language_of(program.locale)
    if own not in says:
        mend = f"Whoever reads another language reads this one: {own}"
        return Invalid("The language of the program is missing", field=f"{above}/says", mend=mend)
    for language, said in says.items():
        place = f"{above}/says/{language}"
        if language not in written_in(own):
            mend = ", ".join(written_in(own))
            return Invalid("no messages are written in this language", field=place, mend=mend)
        wrong = _ill_text(said, channel, fields, place)
        if wrong is not None:
            return wrong
    return None


def ill_ways(
    program: Program, message: Several, fields: Collection[str], above: str = ""
) -> Fault | None:
    """What is wrong with the further ways to say a message, at its place below `above`."""
    if len(message.variants) >= len(WAYS):
        says = f"There are at most {len(WAYS)} ways to say it"
        return Invalid(says, field=f"{above}/variants")
    for at, says_ in enumerate(message.variants):
        place = f"{above}/variants/{at}"
        if says_.keys() != message.says.keys():
            mend = f"Write it in {', '.join(sorted(message.says))}"
            return Invalid("Each way is in the same languages", field=f"{place}/says", mend=mend)
        wrong = ill_said(program, message.channel, says_, fields, place)
        if wrong is not None:
            return wrong
    return None


def ill_instead(
    program: Program, channel: Way, instead: Sequence[Instead], fields: Collection[str]
) -> Fault | None:
    """What is wrong with the further channels of a message that prefers this one: each is another,
    and what it says there can be kept."""
    seen = {channel}
    for at, one in enumerate(instead):
        place = f"/instead/{at}"
        if one.channel in seen:
            mend = "Leave it out, or choose another one"
            return Invalid("Each channel stands once", field=f"{place}/channel", mend=mend)
        seen.add(one.channel)
        wrong = ill_said(program, one.channel, one.says, fields, place)
        if wrong is not None:
            return wrong
    return None


def _ill_text(said: Said, channel: Way, fields: Collection[str], place: str) -> Fault | None:
    if (channel != "sms") != bool(said.about.strip()):
        says = "Whatever is no text message has a subject; a text message has none"
        return Invalid(says, field=f"{place}/about")
    if not said.text.strip():
        return Invalid("Say something", field=f"{place}/text", mend=f"up to {LONGEST} letters")
    too_long = _too_long(said, channel, place)
    if too_long is not None:
        return too_long
    if channel != "email" and (said.preview or said.mjml):
        name = "mjml" if said.mjml else "preview"
        return Invalid("Only a letter looks like something", field=f"{place}/{name}")
    for name in ("about", "preview", "text", "mjml"):
        text = getattr(said, name)
        wrong = wrong_with(text, fields)
        if wrong is None and name == "mjml" and text:
            wrong = wrong_with_page(text)
        if wrong is not None:
            says = f"Line {wrong.line}, sign {wrong.sign}: {wrong.says}"
            facts: dict[str, Any] = {"mend": wrong.mend} if wrong.mend else {}
            return Invalid(says, field=f"{place}/{name}", **facts)
    return None


def _too_long(said: Said, channel: Way, place: str) -> Fault | None:
    if channel == "push" and len(said.text) > LONGEST_NOTICE:
        says = f"A notice on a device has up to {LONGEST_NOTICE} letters"
        return Invalid(says, field=f"{place}/text")
    for name, text in (("about", said.about), ("preview", said.preview)):
        if len(text) > LONGEST_ABOUT or "\n" in text:
            says = f"This is one line of up to {LONGEST_ABOUT} letters"
            return Invalid(says, field=f"{place}/{name}")
    return None
