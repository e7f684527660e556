"""Sides measured in turn, A B C A B C, so that a noisy minute hits all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import NamedTuple, Protocol


class Round(NamedTuple):
    """A round of one side: what was acknowledged as durable, and how long that took."""

    acknowledged: int
    failed: int
    seconds: float
    p50_ms: float
    p99_ms: float
    before: int = 0
    """Acknowledged while warming up; not measured, but in the books all the same."""
    in_flight: int = 0
    """At most so many were asked for and done, but their answer was no longer waited for."""

    @property
    def per_second(self) -> float:
        return self.acknowledged / self.seconds


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value below which this share of all lies."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


class Side(Protocol):
    """Something that can be asked for a round."""

    def round(self, clients: int, warm_up: float, seconds: float) -> Round: ...


class Watcher(Protocol):
    """Who is told of every round."""

    def begins(self, side: str) -> None: ...

    def ended(self, side: str, measured: Round) -> None: ...


class Plan(NamedTuple):
    """How long to measure."""

    clients: int
    warm_up: float
    seconds: float
    rounds: int


class Ratio(NamedTuple):
    """How many times a peer's speed is ours: each round's pair by itself."""

    median: float
    lowest: float
    highest: float


def in_turn(sides: Mapping[str, Side], plan: Plan, watcher: Watcher) -> dict[str, list[Round]]:
    """Measure every side `plan.rounds` times, one after the other."""
    measured: dict[str, list[Round]] = {name: [] for name in sides}
    for _ in range(plan.rounds):
        for name, side in sides.items():
            watcher.begins(name)
            measured[name].append(side.round(plan.clients, plan.warm_up, plan.seconds))
            watcher.ended(name, measured[name][-1])
    return measured


def ratio(ours: Sequence[Round], peer: Sequence[Round]) -> Ratio:
    """Ours over the peer's, pair by pair."""
    pairs = [mine.per_second / other.per_second for mine, other in zip(ours, peer, strict=True)]
    return Ratio(median(pairs), min(pairs), max(pairs))


def middle(rounds: Sequence[Round]) -> Round:
    """The round of median speed."""
    return sorted(rounds, key=lambda one: one.per_second)[len(rounds) // 2]
