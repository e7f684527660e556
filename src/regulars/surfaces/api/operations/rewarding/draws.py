"""Draws: announced, drawn once, and shown so that anybody can check who won."""

from __future__ import annotations

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.points.gaming.commands import AnnounceDraw, CloseDraw, HoldDraw
from regulars.flows.points.gaming.hold_draws import (
    announce_draws,
    close_draws,
    hold_draws,
    show_draw,
)
from regulars.flows.points.gaming.show_tickets import show_tickets
from regulars.records.access.types import Scope
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.examples import draws as examples
from regulars.surfaces.api.operations.rewarding.spoken import spoken
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.api.wire.parts import LanguageQuery
from regulars.surfaces.api.wire.rewarding.draws import (
    DrawSent,
    DrawShown,
    MemberDrawsShown,
    draw_shown,
    tickets_shown,
)
from regulars.surfaces.in_words.games import draw_in_words


async def announce(call: Call) -> Reply:
    """The digest of the secret is published."""
    told = await call.do(announce_draws, AnnounceDraw(call.ids["draw"], call.asked))
    return Reply(draw_shown(told, (await call.terms()).wallet_names), 200, told.replayed)


async def close(call: Call) -> Reply:
    """The list is closed, and told."""
    told = await call.do(close_draws, CloseDraw(call.ids["draw"], call.asked))
    return Reply(draw_shown(told, (await call.terms()).wallet_names), 200, told.replayed)


async def hold(call: Call) -> Reply:
    """The draw is drawn."""
    sent: DrawSent = call.sent
    told = await call.do(hold_draws, HoldDraw(call.ids["draw"], sent.public, call.asked))
    return Reply(draw_shown(told, (await call.terms()).wallet_names), 200, told.replayed)


async def of_name(call: Call) -> Reply:
    """A draw as it stands."""

    async def look(tx: Tx, terms: Terms) -> DrawShown:
        return draw_shown(await show_draw(tx, terms, call.ids["draw"]), terms.wallet_names)

    return Reply(await call.read(look))


async def of_member(call: Call) -> Reply:
    """What a member has in each draw."""
    id_ = addressed("mem", call.ids["member_id"])

    async def look(tx: Tx, terms: Terms) -> MemberDrawsShown:
        told = spoken(call, terms.at(tx.now).program)
        found = told.promises(await show_tickets(tx, terms, id_))
        says = [draw_in_words(told.program, one.promise, told.voice) for one in found]
        names = terms.wallet_names
        shown = [tickets_shown(*each, names) for each in zip(found, says, strict=True)]
        return MemberDrawsShown(call.ids["member_id"], shown)

    return Reply(await call.read(look))


_TAG = "Challenges"

OPERATIONS = (
    Operation(
        method="POST",
        path="/v1/draws/{draw}/announce",
        name="announce_draw",
        once=Once.AGAIN,
        tag=_TAG,
        says="Publish the digest of a draw's secret, before its days are over",
        notes="Show the commitment where members read of the draw. Announced again, it stays.",
        scopes=(Scope.CHALLENGES_WRITE,),
        answers={200: DrawShown},
        answer_example=examples.ANNOUNCED,
        codes=("not_found", "draw_id_taken", "draw_over"),
        do=announce,
    ),
    Operation(
        method="POST",
        path="/v1/draws/{draw}/close",
        name="close_draw",
        once=Once.AGAIN,
        tag=_TAG,
        says="Close the list of a draw once its days are over, before anybody knows the words",
        notes="Publish `list_digest`: whatever comes back or is told since changes nothing of who "
        "takes part. Closed again, it stays.",
        scopes=(Scope.CHALLENGES_WRITE,),
        answers={200: DrawShown},
        answer_example=examples.CLOSED,
        codes=("draw_not_announced", "draw_not_over", "draw_drawn", "nobody_entered"),
        do=close,
    ),
    Operation(
        method="POST",
        path="/v1/draws/{draw}/hold",
        name="hold_draw",
        once=Once.AGAIN,
        tag=_TAG,
        says="Draw a draw and book its prizes, once its days are over; drawn again, all stays",
        notes="`public` are the very words that `words` of the draw promised: nobody could know "
        "them when it was announced. What `gives:` promises is booked at once; what cannot be had "
        "`waits`: hold it again when it can.",
        scopes=(Scope.CHALLENGES_WRITE,),
        sent=DrawSent,
        answers={200: DrawShown},
        example=examples.HELD,
        answer_example=examples.DRAWN,
        codes=("draw_not_announced", "draw_not_over", "nobody_entered"),
        do=hold,
    ),
    Operation(
        method="GET",
        path="/v1/draws/{draw}",
        name="show_draw",
        tag=_TAG,
        says="A draw as it stands; once drawn, all that it takes to check who won",
        scopes=(Scope.BOOKS_READ, Scope.CHALLENGES_WRITE),
        answers={200: DrawShown},
        answer_example=examples.DRAWN,
        codes=("not_found",),
        do=of_name,
    ),
    Operation(
        method="GET",
        path="/v1/members/{member_id}/draws",
        name="show_member_draws",
        tag=_TAG,
        says="A member's tickets in each draw, before it is drawn and afterwards",
        scopes=(Scope.BOOKS_READ, Scope.MEMBERS_READ),
        query=LanguageQuery,
        answers={200: MemberDrawsShown},
        answer_example=examples.TICKETS,
        codes=("unknown_member",),
        do=of_member,
    ),
)
