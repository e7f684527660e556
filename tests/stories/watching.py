"""What people in stories look at, and what the shop does with a draw."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

from tests.makers import Shop
from tests.stories.reading import Unreadable

from regulars.base.faults import Fault, Refused
from regulars.engine.returning.sale import Sale
from regulars.engine.words.explain import why
from regulars.engine.words.voice import PLAIN
from regulars.flows.membership.office.keep_values import end_run, keep_values
from regulars.flows.points.gaming.commands import AnnounceDraw, HoldDraw
from regulars.flows.points.gaming.hold_draws import announce_draws, hold_draws
from regulars.flows.points.gaming.show_boards import show_places
from regulars.flows.points.gaming.show_tickets import show_tickets
from regulars.records.activity import read as activities
from regulars.records.standing.values.types import Run, Value
from regulars.records.trail import read as trails


def place_on(shop: Shop, name: str, board: str) -> str:
    """`place 2 with 9`; money in minor units."""
    member_id = _of(shop, name)
    found = shop.do(lambda tx, terms: show_places(tx, terms, member_id))
    mine = [one.places[0] for one in found if one.promise.id == board]
    return f"place {mine[0].rank} with {mine[0].score}" if mine else "nothing"


def tickets_in(shop: Shop, name: str, draw: str) -> str:
    """`3 tickets`, and once it is drawn what they won."""
    member_id = _of(shop, name)
    found = shop.do(lambda tx, terms: show_tickets(tx, terms, member_id))
    (mine,) = [one for one in found if one.promise.id == draw]
    booked = f" {mine.booked.why or mine.booked.state}" if mine.booked else ""
    won = f", prize {mine.won}{booked}" if mine.won else ""
    return f"{mine.tickets} tickets{won}"


def turn_of_draw(shop: Shop, what: str) -> str:
    """The shop `announces DRAW` or `draws DRAW by WORDS`: how many tickets there were."""
    found = re.fullmatch(r"announces (\S+)|draws (\S+) by (.+)", what)
    if found is None:
        raise Unreadable(f"{what!r}: a shop `announces DRAW` or `draws DRAW by WORDS`")
    if found[1]:
        (told,) = shop.ask(announce_draws, AnnounceDraw(found[1]))
    else:
        (told,) = shop.ask(hold_draws, HoldDraw(found[2], found[3]))
    if isinstance(told, Fault | Refused):
        return told.code
    again = "again: " if told.replayed else ""
    return again + (f"{told.kept.tickets} tickets" if told.kept.drawn_at else "announced")


def is_reckoned(shop: Shop, name: str, what: str) -> str:
    """The night reckoned of this day that they are `strong of 2026-03-01`."""
    health, _, day = what.partition(" of ")
    on, member_id = date.fromisoformat(day), _of(shop, name)
    value = Value(member_id, 800, 90, 900, 3, 9, health, "upper", on)
    shop.do(lambda tx, _: keep_values(tx, [value], [""]))
    shop.do(lambda tx, _: end_run(tx, Run(on, shop.now, 1, "MBG/NBD", {}), 10))
    return "nothing"


def why_of(shop: Shop, name: str, receipt: str) -> str:
    """The last sentence of why a purchase of theirs earned what it earned."""
    sql = "select activity_id from activity where program_id = $1 and external_id = $2"
    ((id_,),) = shop.rows(sql, receipt)
    member_id = _of(shop, name)
    kept = shop.do(lambda tx, _: trails.one(tx, member_id, id_))
    told = shop.do(lambda tx, _: activities.one(tx, id_))
    assert kept is not None
    assert told is not None
    version = shop.terms.numbered(kept.steps.version)
    return why(version, Sale(told.activity, kept.steps), PLAIN)[-1]


def _of(shop: Shop, name: str) -> UUID:
    rows = shop.rows(
        "select member_id from identifier"
        " where program_id = $1 and kind in ('external', 'card') and value = $2",
        name.lower(),
    )
    if not rows:
        raise Unreadable(f"nobody is called {name!r}")
    return rows[0][0]
