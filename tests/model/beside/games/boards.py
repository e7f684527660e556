"""Leaderboards that pay, by hand: who had which place when a week was over, and what they have for
it as long as nobody behind them had more than is left to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from tests.model import wall
from tests.model.beside import stones
from tests.model.kept import Person, Terms

from regulars.base.decimals import units
from regulars.base.money import decimals

if TYPE_CHECKING:
    from tests.model.reference import World


@dataclass(eq=False)
class Place:
    """What somebody has for a place, and how much they have to keep for it."""

    owner: str
    board: Any
    first: date
    rank: int
    needs: int
    wallet: str
    points: int


def _name(board: Any) -> stones.Name:
    return stones.Name("board", board.id, board.measure, board.per, "")


def closes(world: World) -> None:
    """Every week that is over and was not looked at is looked at now."""
    terms = world.versions[0]
    for board in [one for one in terms.program.leaderboards if one.prizes]:
        day = terms.day(terms.since)
        while (following := wall.after_period(board.per, day)) <= terms.day(world.now):
            first = day
            while wall.label(board.per, first - wall.DAY) == wall.label(board.per, day):
                first -= wall.DAY
            if (board.id, first) not in world.between.paid:
                world.between.paid.add((board.id, first))
                for place in _places(world, terms, board, first):
                    world.between.places.append(place)
                    world.unsettled[place.owner] = world.now
            day = following


def _places(world: World, terms: Terms, board: Any, first: date) -> Iterator[Place]:
    people = {id(one): one for one in world.people.values()}.values()
    had = [
        (stones.together(one, _name(board), first), one.name)
        for one in people
        if one.state == "active" and one.attributes.get("nickname")
    ]
    scores = sorted({score for score, _ in had if score > 0}, reverse=True)
    least = max(units(board.at_least, decimals(terms.program.currency)), 1)
    shares = [_share(board, had, score, least) for score in scores]
    for at, (score, share) in enumerate(zip(scores, shares, strict=True)):
        if share is None:
            continue
        behind = [other for other, theirs in zip(scores[at + 1 :], shares[at + 1 :], strict=True)
                  if theirs != share]  # fmt: skip
        needs = max(max(behind, default=0), least)
        rank = 1 + sum(other > score for other, _ in had)
        for owner in [name for other, name in had if other == score]:
            yield Place(owner, board, first, rank, needs, *share)


def _share(
    board: Any, had: list[tuple[int, str]], score: int, least: int
) -> tuple[str, int] | None:
    """What each of those has who have so much: the points of all places they take, divided."""
    before = sum(other > score for other, _ in had)
    many = sum(other == score for other, _ in had)
    if score < least or before + many > board.most:
        return None
    there = [
        prize
        for rank in range(before + 1, before + many + 1)
        for prize in board.prizes
        if prize.place <= rank <= (prize.to or prize.place)
    ]
    points = sum(int(prize.points) for prize in there) // many
    return (str(there[0].wallet), points) if points else None


def due(world: World, person: Person) -> Iterator[Place]:
    """The places somebody had, as far as what stands is still enough for them."""
    for place in world.between.places:
        if place.owner in world.hand.erased or world.who(place.owner) is not person:
            continue
        left = stones.together(person, _name(place.board), place.first)
        if place.board.returned == "kept" or left >= place.needs:
            yield place
