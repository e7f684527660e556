"""One shop whose members go through journeys, with what walks them and what sends."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.flows.plans.turns import has_turn
from tests.flows.terms.segments.test_following import follows, keep
from tests.runtime.working.letters.campaigning import MIA, OTTO, Campaigning

from regulars.flows.telling.campaigns.journeys.commands import KeepJourney, MoveJourney
from regulars.flows.telling.campaigns.journeys.keep_journeys import keep_journeys
from regulars.records.outbox.campaigns.journeys.types import (
    JourneyPlan,
    MessageStep,
    OnJoining,
    Step,
    Trigger,
    WaitStep,
)
from regulars.records.outbox.campaigns.types import Said
from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.letters.journeys import Journeys

_RUNS = """
select i.value, r.step, r.why from journey_run r
  join identifier i on i.program_id = r.program_id and i.member_id = r.member_id
   and i.kind = 'external'
 where r.program_id = $1 order by 1, r.begun_at
"""
_SAID = """
select i.value, c.code, m.state, m.reason from campaign_message m
  join campaign c using (program_id, campaign_id)
  join identifier i on i.program_id = m.program_id and i.member_id = m.member_id
   and i.kind = 'external'
 where m.program_id = $1 and c.journey_id is not null order by 1, 2
"""


def says(id_: str, text: str = "Hi {{ member.given_name }}", **more: Any) -> MessageStep:
    """A step that says something by letter."""
    return MessageStep(id_, more.pop("channel", "email"), {"en": Said(text, id_)}, **more)


def waits(id_: str = "wait", **more: Any) -> WaitStep:
    """A step that waits."""
    return WaitStep(id_, **more)


class Journeying(Campaigning):
    """A shop with campaigns' members, whose journeys are walked by the duty of the worker."""

    def plans(self, *steps: Step, code: str = "welcome", **more: Any) -> Any:
        begins: Trigger = more.pop("begins", OnJoining())
        plan = JourneyPlan(begins, steps, held_percent=more.pop("held_percent", 0), **more)
        return self.shop.ask(keep_journeys, KeepJourney(code, code.title(), plan, MIA))[0]

    def moves(self, step: Any, code: str = "welcome", **more: Any) -> Any:
        who = more.pop("who", OTTO)
        return self.shop.ask(keep_journeys, MoveJourney(code, step, who, **more))[0]

    def published(self, *steps: Step, code: str = "welcome", **more: Any) -> Any:
        kept = self.plans(*steps, code=code, **more)
        assert kept.code == code, kept
        return self.moves("publish", code, version=kept.version)

    def walks(self) -> None:
        """What the worker does every three seconds."""
        database = self.shop.database
        duty = Journeys(database, Programs(database))
        self.shop.run(duty.go(self.shop.program_id, self.shop.now))

    def goes_on(self, **later: Any) -> None:
        """Time passes, members walk, and what is due is sent."""
        self.shop.now += timedelta(**later)
        self.walks()
        self.goes()

    def segment(self, code: str, condition: Any) -> None:
        keep(self.shop, code, condition)
        follows(self.shop)

    def pays(self, name: str, until: datetime, state: str = "active", **more: Any) -> None:
        """They have a paid membership whose term ends then; how that came is tested elsewhere."""
        has_turn(self.shop, self.id_of(name), until, state=state, **more)

    def runs(self) -> list[tuple[str, str, str]]:
        return self.shop.rows(_RUNS)  # type: ignore[return-value]

    def said(self) -> list[tuple[str, str, str, str]]:
        return self.shop.rows(_SAID)  # type: ignore[return-value]
