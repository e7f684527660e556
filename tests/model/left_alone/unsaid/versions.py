"""The versions of a program, by hand: which rules when, and which never did."""

from __future__ import annotations

from copy import copy
from datetime import datetime, timedelta

from tests.model.events import Answer, Publishes
from tests.model.kept import Terms, terms_of
from tests.model.shelf import there_are

NEAR = timedelta(days=1, minutes=10)
"""Of a version that begins later than so, nothing can be decided yet."""


class Versions:
    """Whatever follows from versions alone."""

    now: datetime

    def __init__(self, unsaid: frozenset[int]) -> None:
        self.versions: list[Terms] = []
        """Those that somebody meant to rule; what was replaced or taken back before its day is not
        among them, nor what stands in its place: there whatever ruled before goes on."""
        self.published: list[Terms] = []
        """All that have a number, in the order of numbers."""
        self.unsaid = unsaid
        """Versions that are as if nobody had ever said them, by their numbers."""
        self.gone: set[int] = set()
        """Versions that were taken back before their day."""
        self.decided: set[int] = set()
        """The numbers of versions by which something was decided."""
        self.shelved: dict[str, int] = {}

    def publish(self, event: Publishes) -> Answer:
        since = event.at or self.now
        along = self._stand_ins(since)
        terms = self.put_up(event.source, since)
        for reward in terms.program.rewards if terms in self.versions else ():
            pieces = there_are(reward)
            if pieces is not None:
                self.shelved.setdefault(reward.id, pieces)
        for at in along:
            self.put_up(event.source, at, again=True)
        return Answer("published")

    def _stand_ins(self, since: datetime) -> list[datetime]:
        """From when on the same would be said again after an instant, in a row: the first version
        that somebody meant ends it."""
        found = []
        for at, one in sorted({one.since: one for one in self.published}.items()):
            if at > since:
                if not one.again or any(each.since == at for each in self.versions):
                    break
                if at <= self.now + NEAR:
                    one.stays = True
                    break
                found.append(at)
        return found

    def put_up(self, source: str, since: datetime, *, again: bool = False) -> Terms:
        """A further version, perhaps what ruled before one that was taken back; one that it
        replaces before its day never ruled."""
        terms = copy(terms_of(source, since))
        terms.versions, terms.again, terms.known = self.versions, again, self.now
        terms.stays = False
        self.published.append(terms)
        self._look_through()
        return terms

    def never_said(self, number: int) -> None:
        """It is taken back before its day: what it replaced is there again."""
        self.gone.add(number)
        self._look_through()

    def _look_through(self) -> None:
        self.versions[:] = self._meant(0)

    def ruled_without(self, number: int) -> Terms | None:
        """What rules from the beginning of a version on if that is not there."""
        found = self.published[number - 1]
        begun = [one for one in self._meant(number) if one.since <= found.since]
        return sorted(begun, key=lambda one: one.since)[-1] if begun else None

    def _meant(self, without: int) -> list[Terms]:
        never = {*self.unsaid, *self.gone, without}
        meant = [
            one
            for number, one in enumerate(self.published, 1)
            if number not in never and (not one.again or one.stays or one.known >= one.since)
        ]
        first = min(one.since for one in self.published)
        return [
            one
            for place, one in enumerate(meant)
            if one.since == first
            or not any(
                other.since == one.since > other.known + NEAR for other in meant[place + 1 :]
            )
        ]

    def decides(self, at: datetime) -> None:
        """Something was decided by the version that has its number from this instant."""
        numbers = sorted((one.since, number) for number, one in enumerate(self.published, 1))
        begun = [each for each in numbers if each[0] <= at] or numbers[:1]
        self.decided.add(begun[-1][1])

    def terms(self, at: datetime) -> Terms:
        """The version in force at an instant; before the first one, the first."""
        begun = [version for version in self.versions if version.since <= at]
        if not begun:
            return min(self.versions, key=lambda version: version.since)
        return sorted(begun, key=lambda version: version.since)[-1]
