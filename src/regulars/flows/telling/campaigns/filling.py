"""The fields of a message, and what they are of one member."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from regulars.base.decimals import text_of
from regulars.records.members.types import Member
from regulars.records.program.types import Program

_NO_NAME: Final = re.compile(r"[:/\\@<>0-9]|\.\S|.{41}", re.DOTALL)
"""What stands as a name and could be an address: whoever joins with an address of somebody else
must not have us send them what they like."""
OF_ALL: Final = (
    "member.family_name", "member.given_name", "member.number", "member.tier", "shop.name",
    "shop.card",
)  # fmt: skip


SURVEY_LINK: Final = "survey.link"
"""Of a message that bears a survey: where its member answers it."""


class Reader(Struct, frozen=True):
    """Whom a message is for, and what they have: points by wallet, and their tier."""

    member: Member
    points: Mapping[str, int]
    tier: str = ""
    invitation_id: UUID | None = None
    """The survey they are asked by it."""
    scale: tuple[int, int] | None = None
    """From which score to which they are asked, where it is by scores."""


def fields_of(program: Program) -> frozenset[str]:
    """Every field that a message of this program may name."""
    return frozenset({*OF_ALL, *(f"points.{id_}" for id_ in program.wallets)})


def values_for(
    reader: Reader, program: Program, card: str, survey: str = ""
) -> dict[str, dict[str, Any]]:
    """What the fields are of this member.

    Units: of each wallet as its members read them, whole where they are whole: 120, and "1.50".
    Example: somebody called "win at evil.example/x" is called nothing.
    """
    names = (reader.member.given_name, reader.member.family_name)
    given, family = ("" if _NO_NAME.search(name) else name for name in names)
    steps = program.tiers.steps if program.tiers else ()
    tier = next((step.name for step in steps if step.id == reader.tier), "")
    points: dict[str, Any] = {}
    for id_, wallet in program.wallets.items():
        units = reader.points.get(id_, 0)
        points[id_] = text_of(units, wallet.scale) if wallet.scale else units
    return {
        "member": {
            "given_name": given,
            "family_name": family,
            "number": reader.member.number,
            "tier": tier,
        },
        "points": points,
        "shop": {"name": program.name, "card": card},
        **({"survey": {"link": survey}} if survey else {}),
    }
