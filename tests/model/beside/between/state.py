"""All the reference keeps of what happens between members, partners and the shop."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.model.beside.between.draws import Held
    from tests.model.beside.between.friends import Many, Referral
    from tests.model.beside.between.given import Gift
    from tests.model.beside.between.partners import Account
    from tests.model.beside.between.teams import Team
    from tests.model.beside.games.boards import Place


@dataclass
class State:
    """What happened so far."""

    gifts: list[Gift] = field(default_factory=list)
    referrals: list[Referral] = field(default_factory=list)
    """The oldest first."""
    rejected: list[Referral] = field(default_factory=list)
    many: dict[str, list[Many]] = field(default_factory=dict)
    """What there was for many friends, by who got it."""
    teams: dict[str, Team] = field(default_factory=dict)
    parts: list[tuple[str, str, datetime]] = field(default_factory=list)
    """Who takes part in which challenge, since when."""
    roles: dict[str, tuple[str, dict[str, int]]] = field(default_factory=dict)
    """The role of everybody at home, and what was said they may spend."""
    accounts: dict[str, Account] = field(default_factory=dict)
    draws: dict[str, Held] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    """On leaderboards that were paid."""
    paid: set[tuple[str, date]] = field(default_factory=set)
    """Which boards of which weeks those were."""
    closed: set[str] = field(default_factory=set)
    """The draws whose list was closed before they were held."""
