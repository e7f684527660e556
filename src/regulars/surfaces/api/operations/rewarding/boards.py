"""Leaderboards: who has most, and where a member stands."""

from __future__ import annotations

from datetime import date

from regulars.base.faults import Invalid
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.points.gaming.show_boards import Wanted, show_board, show_places
from regulars.records.access.types import Scope
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.examples import games as examples
from regulars.surfaces.api.operations.rewarding.spoken import spoken
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.wire.parts import LanguageQuery
from regulars.surfaces.api.wire.rewarding.boards import (
    BoardQuery,
    BoardShown,
    BoardsShown,
    board_shown,
)
from regulars.surfaces.in_words.games import board_in_words


async def board(call: Call) -> Reply:
    """The first places of a board."""
    query: BoardQuery = call.query
    wanted = Wanted(call.ids["board"], query.store, _day(query.on))

    async def look(tx: Tx, terms: Terms) -> BoardShown:
        program = terms.at(tx.now).program
        told = spoken(call, program)
        (found,) = told.promises([await show_board(tx, terms, wanted)])
        return board_shown(found, lambda one: board_in_words(program, one, told.voice))

    return Reply(await call.read(look))


async def of_member(call: Call) -> Reply:
    """Where a member stands on each board of today."""
    id_ = addressed("mem", call.ids["member_id"])

    async def look(tx: Tx, terms: Terms) -> BoardsShown:
        program = terms.at(tx.now).program
        told = spoken(call, program)
        found = told.promises(await show_places(tx, terms, id_))
        shown = [
            board_shown(one, lambda it: board_in_words(program, it, told.voice)) for one in found
        ]
        return BoardsShown(call.ids["member_id"], shown)

    return Reply(await call.read(look))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid("there is no such day", field="on") from None


_TAG = "Challenges"

OPERATIONS = (
    Operation(
        method="GET",
        path="/v1/leaderboards/{board}",
        name="show_leaderboard",
        tag=_TAG,
        says="Who has most, by nicknames or initials",
        notes="Of the period of today, or of the day `on`. Who does not want to be shown is not, "
        "nor is who has no name to show; nobody stands in their place.",
        scopes=(Scope.BOOKS_READ, Scope.MEMBERS_READ),
        query=BoardQuery,
        answers={200: BoardShown},
        answer_example=examples.BOARD,
        codes=("not_found", "invalid"),
        do=board,
    ),
    Operation(
        method="GET",
        path="/v1/members/{member_id}/leaderboards",
        name="show_member_leaderboards",
        tag=_TAG,
        says="Where a member stands on each leaderboard of today",
        scopes=(Scope.BOOKS_READ, Scope.MEMBERS_READ),
        query=LanguageQuery,
        answers={200: BoardsShown},
        answer_example=examples.BOARDS,
        codes=("unknown_member",),
        do=of_member,
    ),
)
