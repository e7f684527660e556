"""Challenges, streaks and badges, and what a member chooses one of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from msgspec.structs import replace

from regulars.base.tx import Tx
from regulars.flows.points.choosing.choose_one import choose_one
from regulars.flows.points.choosing.commands import ChooseOne
from regulars.flows.points.choosing.show_choices import ChoiceOpen, show_choices
from regulars.flows.points.gaming.answers import InChallenge, InStreak
from regulars.flows.points.gaming.commands import TakePart
from regulars.flows.points.gaming.show_games import show_games
from regulars.flows.points.gaming.take_part import take_part
from regulars.records.members.types import MemberRef
from regulars.records.program.translations import game_in_language
from regulars.surfaces.api.answers import No
from regulars.surfaces.card.desk import Desk, Sender, moved
from regulars.surfaces.card.forms import Form
from regulars.surfaces.card.inside import Asked, Visit
from regulars.surfaces.in_words.games import game_in_words

GAMES = "/card/me/challenges"
CHOICES = "/card/me/choices"


def playing_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The pages of games and of choices, with their forms."""
    return [
        desk.shows(GAMES, "me/challenges.html", look_at_games),
        desk.acts(GAMES, join_in),
        desk.shows(CHOICES, "me/choices.html", look_at_choices),
        desk.acts(CHOICES, choose),
    ]


async def look_at_games(tx: Tx, visit: Visit, _: Asked) -> Mapping[str, Any]:
    """How far the member is with each, and the badges they have."""
    games = await show_games(tx, visit.terms, visit.member.id)
    badges = [one.badge for one in games.prizes if one.badge and one.undone_at is None]
    return {
        "challenges": [_challenge(visit, one) for one in games.challenges],
        "streaks": [_streak(visit, one) for one in games.streaks],
        "badges": list(dict.fromkeys(badges)),
    }


async def join_in(sender: Sender, form: Form) -> Response[Any]:
    """The member takes part in a challenge."""
    me = MemberRef(id=sender.member_id)
    await _unless_refused(sender, take_part, TakePart(me, form["challenge"], sender.by("part")))
    return moved(GAMES)


async def look_at_choices(tx: Tx, visit: Visit, request: Asked) -> Mapping[str, Any]:
    """What there is to choose from, and what the member chose."""
    found = await show_choices(tx, visit.terms, visit.member.id)
    names = {one.id: one.name for one in visit.program.rewards}
    names |= {one.id: one.name for one in visit.program.benefits}
    return {
        "choices": [_choice(one, names) for one in found],
        "done": request.query_params.get("done") == "yes",
        "refused": request.query_params.get("done") == "no",
    }


async def choose(sender: Sender, form: Form) -> Response[Any]:
    """The member says which one."""
    me = MemberRef(id=sender.member_id)
    command = ChooseOne(me, form["word"], form["option"], "", asked=sender.by("choice"))
    done = await _unless_refused(sender, choose_one, command)
    return moved(f"{CHOICES}?done={'yes' if done else 'no'}")


async def _unless_refused(sender: Sender, flow: Any, command: Any) -> bool:
    """Whether it was done; what the program refuses is seen on the page."""
    try:
        await sender.do(flow, command)
    except No:
        return False
    return True


def _challenge(visit: Visit, one: InChallenge) -> dict[str, Any]:
    said = replace(one, promise=game_in_language(visit.program, one.promise, visit.reader.language))
    promise, reader = said.promise, visit.reader
    spend = promise.measure == "spend"
    numbers = [
        reader.money(n, visit.program.currency) if spend else reader.number(n)
        for n in (min(one.running, one.target), one.target)
    ]
    return {
        "id": promise.id,
        "name": promise.name,
        "says": game_in_words(visit.program, promise, visit.voice),
        "reached": min(one.running, one.target),
        "needed": one.target,
        "words": reader.say("%(reached)s of %(needed)s", reached=numbers[0], needed=numbers[1]),
        "times": one.times,
        "ends": one.ends,
        "asks": promise.joins == "opt_in" and not one.takes_part and promise.together is None,
        "open": one.takes_part or promise.joins != "opt_in",
    }


def _streak(visit: Visit, one: InStreak) -> dict[str, Any]:
    promise = game_in_language(visit.program, one.promise, visit.reader.language)
    return {
        "name": promise.name,
        "says": game_in_words(visit.program, promise, visit.voice),
        "length": one.length,
        "best": one.best,
        "safe": one.safe,
        "next": one.next_length,
    }


def _choice(one: ChoiceOpen, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "word": one.word,
        "options": [(each.id, names.get(each.id, each.name)) for each in one.options],
        "chosen": "" if one.chosen is None else one.chosen.option.id,
        "fixed": one.chosen is not None,
        "until": one.ends_on,
    }
