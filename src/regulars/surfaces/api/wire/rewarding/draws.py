"""Draws on the wire: what is promised, and after the draw all that it takes to check it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from regulars.engine.rewarding.gaming.drawing import listed
from regulars.flows.points.gaming.commands import DrawTold
from regulars.flows.points.gaming.show_tickets import InDraw
from regulars.records.rewards.draws.types import Won
from regulars.surfaces.api.strict.ids import shown


class DrawSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Words nobody could know when it was announced: the numbers of a lottery, a newspaper."""

    public: Annotated[str, Meta(min_length=1, max_length=500, pattern=r"\S")]


class PrizeBooked(Struct, frozen=True):
    """What was booked for a prize: points, or a reward; or why it waits."""

    state: Literal["given", "waiting"]
    why: str | None
    """Of one that waits, the code of the refusal; draw again when it can be had."""
    wallet: str | None
    points: int | None
    """In the smallest units of the wallet."""
    entry_id: str | None
    reward: str | None
    redemption_id: str | None
    """A code is shown with the member's codes."""
    booked_at: datetime


class WinnerShown(Struct, frozen=True):
    """Somebody who won, and the how-manieth prize."""

    prize: int
    place: int
    """On the list."""
    alias: str
    member_id: str
    booked: PrizeBooked | None
    """Nothing where the shop hands the prize over."""


class DrawShown(Struct, frozen=True):
    """A draw; one that is not drawn yet shows no secret, no list and no winners."""

    draw: str
    program_version: int
    prize: str
    words: str
    """By which words it was promised to be drawn, before anybody knew them."""
    commitment: str
    """SHA-256 of the secret, in hexadecimal digits."""
    announced_at: datetime
    secret: str | None
    public: str | None
    closed_at: datetime | None
    """When the list was closed; nothing where it is the one of the draw itself."""
    list: str | None
    """A line for everybody who takes part: place, alias and tickets; once it is closed or drawn."""
    list_digest: str | None
    """SHA-256 of the list."""
    tickets: int | None
    drawn_at: datetime | None
    winners: tuple[WinnerShown, ...]


class TicketsShown(Struct, frozen=True):
    """A draw, and what a member has in it."""

    draw: str
    name: str
    says: str
    prize: str
    words: str
    from_on: str
    until_on: str
    """The first day that does not count any more."""
    commitment: str | None
    """Nothing before it is announced."""
    drawn_at: datetime | None
    alias: str
    """How they stand on the list that is published after the draw."""
    score: int
    """What counts by now: deeds, pieces, or minor units of the currency."""
    tickets: int
    """As it stands; once the list is closed or drawn those on it. 0 for who may not win."""
    won: int | None
    """The how-manieth prize; nothing for none."""
    booked: PrizeBooked | None
    """What was booked for it; nothing where the shop hands it over."""
    closed_at: datetime | None
    """When the list was closed; nothing before, and where it is the one of the draw itself."""
    list_digest: str | None
    """SHA-256 of the list, once it is closed or drawn."""
    place: int | None
    """On that list; nothing for who is on none."""


class MemberDrawsShown(Struct, frozen=True):
    """What a member has in each draw of the program in force."""

    member_id: str
    draws: list[TicketsShown]


def _booked(one: Won | None, names: Mapping[int, str]) -> PrizeBooked | None:
    if one is None:
        return None
    return PrizeBooked(
        state=one.state,
        why=one.why or None,
        wallet=None if one.wallet is None else names[one.wallet],
        points=None if one.wallet is None else one.units,
        entry_id=None if one.entry_id is None else shown("ent", one.entry_id),
        reward=one.reward or None,
        redemption_id=None if one.redemption_id is None else shown("red", one.redemption_id),
        booked_at=one.booked_at,
    )


def tickets_shown(one: InDraw, says: str, names: Mapping[int, str]) -> TicketsShown:
    """A member's tickets as the API shows them."""
    promise, kept = one.promise, one.kept
    return TicketsShown(
        draw=promise.id,
        name=promise.name,
        says=says,
        prize=promise.prize,
        words=promise.words,
        from_on=promise.from_on,
        until_on=promise.until_on,
        commitment=kept.commitment if kept else None,
        drawn_at=kept.drawn_at if kept else None,
        alias=one.alias,
        score=one.score,
        tickets=one.tickets,
        won=one.won or None,
        booked=_booked(one.booked, names),
        closed_at=one.closed.closed_at if one.closed else None,
        list_digest=one.closed.digest if one.closed else kept.list_digest if kept else None,
        place=one.place or None,
    )


def draw_shown(told: DrawTold, names: Mapping[int, str]) -> DrawShown:
    """A draw as the API shows it; the secret only once it is drawn."""
    kept, drawn = told.kept, told.kept.drawn_at is not None
    closed, tickets = told.closed, sum(one.tickets for one in told.entrants)
    booked = {one.won: _booked(one, names) for one in told.booked}
    winners = sorted((one for one in told.entrants if one.won), key=lambda one: one.won)
    return DrawShown(
        draw=kept.draw,
        program_version=kept.version,
        prize=told.promise.prize,
        words=told.promise.words,
        commitment=kept.commitment,
        announced_at=kept.announced_at,
        secret=kept.secret if drawn else None,
        public=kept.public,
        closed_at=closed.closed_at if closed else None,
        list=listed([(e.alias, e.tickets) for e in told.entrants]) if drawn or closed else None,
        list_digest=closed.digest if closed else kept.list_digest,
        tickets=tickets if closed else kept.tickets,
        drawn_at=kept.drawn_at,
        winners=tuple(
            WinnerShown(
                one.won, one.place, one.alias, shown("mem", one.member_id), booked.get(one.won)
            )
            for one in winners
        ),
    )
