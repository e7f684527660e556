"""The fields of a message, and what they are of one member."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from regulars.base.decimals import text_of
from regulars.records.members.types import Member
from regulars.records.outbox.campaigns.types import Campaign, Due
from regulars.records.program.types import Program

_NO_NAME: Final = re.compile(r"[:/\\@<>0-9]|\.\S|.{41}", re.DOTALL)
"""What stands as a name and could be an address: whoever joins with an address of somebody else
must not have us send them what they like."""
_NEXT: Final = re.compile(r"\bnext\b")
_LAPSE: Final = re.compile(r"\blapse\s*[.\[]")
OF_ALL: Final = (
    "member.family_name", "member.given_name", "member.number", "member.tier", "shop.name",
    "shop.card", "next.reward", "next.missing", "lapse.points", "lapse.last_day",
    "lapse.wallet", "lapse.balance", "lapse.days",
)  # fmt: skip


SURVEY_LINK: Final = "survey.link"
"""Of a message that bears a survey: where its member answers it."""


EVENT_FIELDS: Final = frozenset({"event.name", "event.when", "event.where", "event.link"})
"""Of a message that invites to an event."""


class Inviting(Struct, frozen=True):
    """The event a message invites to: its code, its name, where it is, and when."""

    code: str
    name: str
    place: str
    begins_at: datetime


class Next(Struct, frozen=True):
    """The reward a member is nearest to and cannot pay yet, and what is missing of which wallet."""

    reward: str
    wallet: str
    missing: int


class Lapsing(Struct, frozen=True):
    """So much of a wallet lapses next, and the last day on which it is there: in so many days."""

    wallet: str
    units: int
    last_day: date
    days: int


class Reader(Struct, frozen=True):
    """Whom a message is for, and what they have: points by wallet, and their tier."""

    member: Member
    points: Mapping[str, int]
    tier: str = ""
    invitation_id: UUID | None = None
    """The survey they are asked by it."""
    scale: tuple[int, int] | None = None
    """From which score to which they are asked, where it is by scores."""
    next: Next | None = None
    """Known only where a message names it."""
    lapse: Lapsing | None = None
    """The same."""
    event: Inviting | None = None
    """To which the message invites."""


def fields_of(program: Program) -> frozenset[str]:
    """Every field that a message of this program may name."""
    return frozenset({*OF_ALL, *(f"points.{id_}" for id_ in program.wallets)})


def values_for(
    reader: Reader,
    program: Program,
    card: str,
    survey: str = "",
    said_day: Callable[[date], str] = date.isoformat,
) -> dict[str, dict[str, Any]]:
    """What the fields are of this member.

    Units: of each wallet as its members read them, whole where they are whole: 120, and "1.50".
    `next` is empty for who can pay for every reward, or has none before them; `lapse` where nothing
    of theirs lapses; its `wallet` where there is one alone and it has no name.
    Example: somebody called "win at evil.example/x" is called nothing.
    """
    names = (reader.member.given_name, reader.member.family_name)
    given, family = ("" if _NO_NAME.search(name) else name for name in names)
    steps = program.tiers.steps if program.tiers else ()
    tier = next((step.name for step in steps if step.id == reader.tier), "")
    points = {id_: _read(program, id_, reader.points.get(id_, 0)) for id_ in program.wallets}
    ahead, names_of = reader.next, {one.id: one.name for one in program.rewards}
    return {
        "member": {
            "given_name": given,
            "family_name": family,
            "number": reader.member.number,
            "tier": tier,
        },
        "next": {
            # Nothing, and not "": a template takes an empty text for something.
            "reward": None if ahead is None else names_of.get(ahead.reward),
            "missing": None if ahead is None else _read(program, ahead.wallet, ahead.missing),
        },
        "lapse": _lapse(program, reader, said_day),
        "points": points,
        "shop": {"name": program.name, "card": card},
        **({"survey": {"link": survey}} if survey else {}),
    }


def _lapse(program: Program, reader: Reader, said_day: Callable[[date], str]) -> dict[str, Any]:
    """What lapses first, and how much of the same wallet they have."""
    one = reader.lapse
    if one is None:
        return dict.fromkeys(("points", "last_day", "wallet", "balance", "days"))
    several = len(program.wallets) > 1
    return {
        "points": _read(program, one.wallet, one.units),
        "last_day": said_day(one.last_day),
        "wallet": program.wallets[one.wallet].name or (one.wallet if several else None),
        "balance": _read(program, one.wallet, reader.points.get(one.wallet, 0)),
        "days": one.days,
    }


def naming(going: Mapping[UUID, Campaign], some: Sequence[Due]) -> tuple[list[UUID], list[UUID]]:
    """Of these messages whose text may ask for the next reward, and whose for what lapses: then it
    is looked up for them."""
    nearest, lapsing = (
        {id_ for id_, one in going.items() if _names(one, what)} for what in (_NEXT, _LAPSE)
    )
    return (
        [one.member_id for one in some if one.campaign_id in nearest],
        [one.member_id for one in some if one.campaign_id in lapsing],
    )


def _names(campaign: Campaign, what: re.Pattern[str]) -> bool:
    return any(
        what.search(text)
        for says in (campaign.says, *campaign.variants, *(one.says for one in campaign.instead))
        for one in says.values()
        for text in (one.text, one.about, one.preview, one.mjml)
    )


def _read(program: Program, wallet: str, units: int) -> Any:
    """So much of a wallet, as its members read it."""
    scale = program.wallets[wallet].scale
    return text_of(units, scale) if scale else units
