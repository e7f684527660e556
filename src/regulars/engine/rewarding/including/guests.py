"""Guests: whom a member may bring along, and how much that counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple
from uuid import UUID

from regulars.base.faults import Refused
from regulars.records.program.types import Benefit

NAMES: Final = "guests"
"""The detail of a use under which guests who are no members stand by name."""


class Party(NamedTuple):
    """Who comes along."""

    others: int = 0
    """How many who are no members, or of whom that is not known."""
    members: Mapping[UUID, str] = {}
    """Those who are members, and how they stand."""

    @property
    def people(self) -> int:
        """How many come along."""
        return self.others + len(self.members)


ALONE: Final = Party()


def counts(benefit: Benefit, party: Party) -> int:
    """How many uses it is when a member brings these along."""
    said = benefit.guests
    return 1 + party.people if said is not None and said.counts else 1


def not_with(benefit: Benefit, party: Party, host: UUID) -> Iterator[Refused]:
    """Why these cannot come along."""
    said = benefit.guests
    most = 0 if said is None else said.most
    if party.people > most:
        yield Refused("too_many_guests", f"at most {most} may come along", {"most": most})
    if host in party.members:
        yield Refused("not_this_guest", "nobody is their own guest", {"who": "self"})
    if said is not None and (
        (said.who == "members" and party.others) or (said.who == "others" and party.members)
    ):
        yield Refused("not_this_guest", _WHOM[said.who], {"who": said.who})
    if "erased" in party.members.values():
        yield Refused("not_this_guest", "one of them is a member no more", {"who": "erased"})
    if "blocked" in party.members.values():
        yield Refused("not_this_guest", "one of them is blocked", {"who": "blocked"})


_WHOM: Final = {"members": "only members may come along", "others": "no members may come along"}
