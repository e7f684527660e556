"""A provider is asked no quicker than it takes, whoever sends, and nobody waits for one that is
away."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from tests.runtime.working.senders.post_office import run

from regulars.flows.telling.take_deliveries import MOST
from regulars.runtime.installation.settings import read_settings
from regulars.runtime.working.senders import paced, paces_of
from regulars.surfaces.senders.pacing import Pace, PacedSender, most_of
from regulars.surfaces.senders.types import SENT, Letter, Said

LETTERS = [Letter(f"{n}", "+4915112345678", "", "Hi", "Corner") for n in range(10)]


class Clock:
    """Time passes where somebody waits, and only there."""

    def __init__(self) -> None:
        self.at = 100.0

    async def wait(self, seconds: float) -> None:
        until = self.at + seconds
        await asyncio.sleep(0)
        self.at = max(self.at, until)


class Provider:
    """Notes when it was asked for how many."""

    channel: Any = "sms"
    name = "a provider"
    takes_key = True

    def __init__(self, clock: Clock, answer: Said = SENT) -> None:
        self.clock, self.answer = clock, answer
        self.asked: list[tuple[float, int]] = []

    async def send(self, letters: Sequence[Letter]) -> list[Said]:
        self.asked.append((self.clock.at - 100.0, len(letters)))
        return [self.answer for _ in letters]


def test_two_who_send_share_the_pace_of_their_provider() -> None:
    clock = Clock()
    pace, there = Pace(4, lambda: clock.at, clock.wait), Provider(clock)
    necessary, campaigns = PacedSender(there, pace), PacedSender(there, pace)

    async def both() -> list[Sequence[Said]]:
        return list(await asyncio.gather(necessary.send(LETTERS), campaigns.send(LETTERS)))

    assert run(both()) == [[SENT] * 10, [SENT] * 10]
    assert sum(many for _, many in there.asked) == 20
    for at, _ in there.asked:
        within = sum(many for begun, many in there.asked if at <= begun < at + 1)
        assert within <= 8, there.asked
        assert sum(many for begun, many in there.asked if begun < at) <= 4 * at, there.asked
    assert there.asked[-1][0] >= 4.0
    assert (necessary.name, necessary.takes_key) == ("a provider", True)


def test_nobody_waits_for_a_provider_that_is_away() -> None:
    clock = Clock()
    there = Provider(clock, Said("later", "503", away=True, unsure=True))
    said = run(PacedSender(there, Pace(1, lambda: clock.at, clock.wait)).send(LETTERS[:5]))
    assert there.asked == [(0.0, 1)]
    assert (said[0].unsure, [one.unsure for one in said[1:]]) == (True, [False] * 4)
    assert {(one.outcome, one.away) for one in said} == {("later", True)}


def test_a_pace_is_set_for_the_whole_installation_and_is_taken_into_account_beforehand() -> None:
    settings = read_settings({"REGULARS_SMS_PER_SECOND": "1"})
    assert read_settings(settings.as_environment()) == settings
    assert settings.senders.paces == {"sms": 1}
    (one,) = paced([Provider(Clock())], paces_of(settings))
    assert isinstance(one, PacedSender)
    assert most_of([one], MOST, 20) == 20
    assert most_of([Provider(Clock())], MOST, 20) == MOST
