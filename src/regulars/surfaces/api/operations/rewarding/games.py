"""Challenges, streaks and milestones: who takes part, how far members are, and what they got."""

from __future__ import annotations

from msgspec.structs import replace

from regulars.base.tx import Tx
from regulars.engine.rewarding.gaming.prizes import pays
from regulars.engine.terms import Terms
from regulars.flows.points.gaming.commands import TakePart
from regulars.flows.points.gaming.show_games import show_games
from regulars.flows.points.gaming.show_milestones import show_milestones
from regulars.flows.points.gaming.take_part import take_part
from regulars.records.access.types import Scope
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.examples import games as examples
from regulars.surfaces.api.operations.rewarding.spoken import spoken
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.wire.parts import LanguageQuery, member_of
from regulars.surfaces.api.wire.rewarding.games import (
    GamesShown,
    MilestonesShown,
    PartDone,
    PartSent,
    games_shown,
    milestones_shown,
    part_done,
)
from regulars.surfaces.in_words.games import game_in_words, milestone_in_words


async def join_in(call: Call) -> Reply:
    """A member takes part in a challenge."""
    sent: PartSent = call.sent
    answer = await call.do(take_part, TakePart(member_of(sent.member), sent.challenge, call.asked))
    return Reply(part_done(answer), 201, answer.replayed)


async def of_member(call: Call) -> Reply:
    """How far a member is with challenges and streaks."""
    return Reply(await games_of(call))


async def games_of(call: Call) -> GamesShown:
    """Challenges, streaks and prizes of the member in the address."""
    id_ = addressed("mem", call.ids["member_id"])

    async def look(tx: Tx, terms: Terms) -> GamesShown:
        told = spoken(call, terms.at(tx.now).program)
        games = await show_games(tx, terms, id_)
        found = replace(
            games,
            challenges=told.promises(games.challenges),
            streaks=told.promises(games.streaks),
        )
        return games_shown(
            found, terms.wallet_names, lambda one: game_in_words(told.program, one, told.voice)
        )

    return await call.read(look)


async def games_if_any(call: Call) -> GamesShown | None:
    """The same, where the program has or had any; nothing for all others."""
    return await games_of(call) if pays(await call.terms()) else None


async def milestones_of(call: Call) -> Reply:
    """How far a member is with milestones."""
    id_ = addressed("mem", call.ids["member_id"])

    async def look(tx: Tx, terms: Terms) -> MilestonesShown:
        told = spoken(call, terms.at(tx.now).program)
        so_far = await show_milestones(tx, terms, id_)
        found = replace(so_far, milestones=told.promises(so_far.milestones))
        return milestones_shown(
            found, terms.wallet_names, lambda one: milestone_in_words(told.program, one, told.voice)
        )

    return Reply(await call.read(look))


_TAG = "Challenges"

OPERATIONS = (
    Operation(
        method="POST",
        path="/v1/challenge-parts",
        name="take_part",
        tag=_TAG,
        says="A member takes part in a challenge that asks for it",
        notes="Deeds count from then on. Who takes part already, keeps doing so.",
        scopes=(Scope.CHALLENGES_WRITE,),
        sent=PartSent,
        answers={201: PartDone},
        example=examples.PART_WISH,
        answer_example=examples.PART,
        codes=(
            "unknown_member", "unknown_challenge", "no_part_needed", "member_erased",
            "member_blocked", "team_needed"),
        do=join_in,
    ),
    Operation(
        method="GET",
        path="/v1/members/{member_id}/challenges",
        name="show_member_challenges",
        tag=_TAG,
        says="How far a member is with challenges and streaks, and the prizes they have",
        notes="Progress is as of now; prizes are given, and taken back after a return, some "
        "seconds later.",
        scopes=(Scope.BOOKS_READ, Scope.MEMBERS_READ, Scope.CHALLENGES_WRITE),
        query=LanguageQuery,
        answers={200: GamesShown},
        answer_example=examples.GAMES,
        codes=("unknown_member",),
        do=of_member,
    ),
    Operation(
        method="GET",
        path="/v1/members/{member_id}/milestones",
        name="show_member_milestones",
        tag=_TAG,
        says="How far a member is with milestones, and what they were given for them",
        notes="Points of a milestone come with the activity that reaches it, and go with the "
        "return by which it is not reached any more: the answer of either says so.",
        scopes=(Scope.BOOKS_READ, Scope.MEMBERS_READ),
        query=LanguageQuery,
        answers={200: MilestonesShown},
        answer_example=examples.MILESTONES,
        codes=("unknown_member",),
        do=milestones_of,
    ),
)  # fmt: skip
