"""A journey as kept, its plan of steps, and a member on their way through it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import UUID

from msgspec import Meta, Struct

from regulars.records.outbox.campaigns.types import TOLD, Said, Way

State = Literal["draft", "running", "paused", "ended"]
"""Never published; members begin and go on; nobody moves; over for good."""
Why = Literal["done", "exit", "gone", "united", "ended"]
"""Why a member is not on their way any more: came to the end; what ends it happened; is blocked or
erased; stands under another member; the journey was ended by hand."""
MOST_STEPS: Final = 50
MOST_EXITS: Final = 5

Code = Annotated[str, Meta(min_length=1, max_length=40, pattern="^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
"""Small letters, digits and hyphens."""
Later = Annotated[str, Meta(max_length=40)]
"""A later step of the plan; empty for its end."""


TaskWords = Annotated[str, Meta(min_length=1, max_length=400)]


class _Trigger(Struct, frozen=True, forbid_unknown_fields=True, tag_field="on"):
    pass


class OnJoining(_Trigger, frozen=True, tag="joined"):
    """Somebody becomes a member."""


class OnEntering(_Trigger, frozen=True, tag="entered"):
    """Somebody comes into a segment, by what they do or by time; not because it was rewritten."""

    segment: Code


class OnLeaving(_Trigger, frozen=True, tag="left"):
    """Somebody goes out of a segment."""

    segment: Code


class OnActivity(_Trigger, frozen=True, tag="activity"):
    """Somebody does something, as an order."""

    kind: Annotated[str, Meta(min_length=1, max_length=64)]


AT_STEP: Final = "journey.reached"
"""The event of a step that tells; no journey begins by it, so that none goes round in a circle."""


OF_OURS: Final = frozenset({AT_STEP, TOLD})
"""Events that journeys bring about themselves: none begins or ends by one."""


class OnEvent(_Trigger, frozen=True, tag="event"):
    """Something that webhooks tell happens to somebody, as `points.lapse_soon`."""

    event: Annotated[str, Meta(min_length=1, max_length=64)]


class OnTermEnd(_Trigger, frozen=True, tag="term_ends"):
    """So many days before the term of a paid membership is over, whether it then renews or ends:
    once for each term; halfway through a term that is no longer than those days."""

    days: Annotated[int, Meta(ge=1, le=60)]


Trigger = OnJoining | OnEntering | OnLeaving | OnActivity | OnEvent | OnTermEnd


class _Step(Struct, frozen=True, forbid_unknown_fields=True, tag_field="does"):
    id: Code
    """Its short name: what it is called where it is counted."""


class WaitStep(_Step, frozen=True, tag="wait"):
    """Wait for so long, and then until it is that hour for the member, where one is named."""

    days: Annotated[int, Meta(ge=0, le=366)] = 0
    hours: Annotated[int, Meta(ge=0, le=23)] = 0
    minutes: Annotated[int, Meta(ge=0, le=59)] = 0
    until: Annotated[str, Meta(max_length=5)] = ""
    """By the clock of the member: `09:30`."""


class MessageStep(_Step, frozen=True, tag="message"):
    """Say something, within the bounds of campaigns; with a survey's link where one is named."""

    channel: Way
    says: Mapping[str, Said]
    """By language; that of the program among them."""
    survey: Annotated[str, Meta(max_length=40)] = ""
    """Its invitation is made for the member, and `survey.link` stands for the link."""
    variants: Annotated[tuple[Mapping[str, Said], ...], Meta(max_length=3)] = ()
    """Further ways to say it, each in the languages of the first; chance draws who reads which."""


class OfferStep(_Step, frozen=True, tag="offer"):
    """Give an offer that is open, unless chance holds the member out of the journey."""

    offer: Code


class TaskStep(_Step, frozen=True, tag="task"):
    """Leave something to a person: whoever looks after the member or, where nobody does, the store
    of their last order; unless chance holds the member out of the journey."""

    says: Mapping[str, TaskWords]
    """By language; that of the program among them."""
    days: Annotated[int, Meta(ge=0, le=90)] = 2
    """It is to be done within so many days."""


class TellStep(_Step, frozen=True, tag="tell"):
    """Tell the webhooks that hear of `journey.reached`, unless chance holds the member out: another
    system says it by a way of its own."""

    note: Annotated[str, Meta(max_length=200)] = ""
    """For whoever hears it, as the name of a template there."""


class BranchStep(_Step, frozen=True, tag="branch"):
    """Who is in the segment goes on with the next step, who is not with another."""

    segment: Code
    otherwise: Later = ""


class SplitStep(_Step, frozen=True, tag="split"):
    """So many of a hundred go on with the next step, the others with another; always the same."""

    percent: Annotated[int, Meta(ge=1, le=99)]
    otherwise: Later = ""


class GoStep(_Step, frozen=True, tag="go"):
    """Go on with a later step, past those between."""

    to: Code


class StopStep(_Step, frozen=True, tag="stop"):
    """The journey ends here."""


Step = (
    WaitStep
    | MessageStep
    | OfferStep
    | TaskStep
    | TellStep
    | BranchStep
    | SplitStep
    | GoStep
    | StopStep
)


class JourneyPlan(Struct, frozen=True, forbid_unknown_fields=True):
    """What begins a journey, for whom, its steps in their order, and what ends it before.

    Order: steps lead to later ones only, so every journey comes to its end.
    """

    begins: Trigger
    steps: Annotated[tuple[Step, ...], Meta(min_length=1, max_length=MOST_STEPS)]
    only_in: Annotated[str, Meta(max_length=40)] = ""
    """Only who is in this segment when it begins; empty for everybody."""
    again_days: Annotated[int, Meta(ge=0, le=3660)] | None = None
    """So many days after its end a member may begin once more; without it never."""
    ends_on: Annotated[tuple[Trigger, ...], Meta(max_length=MOST_EXITS)] = ()
    """Whoever does this on their way goes no further."""
    held_percent: Annotated[int, Meta(ge=0, le=50)] = 5
    """So many of a hundred are written nothing, to see what it does; nobody below 500 members."""


def segments_of(plan: JourneyPlan) -> set[str]:
    """Which segments say who begins this plan, or goes which way through it."""
    steps = {step.segment for step in plan.steps if isinstance(step, BranchStep)}
    return steps | ({plan.only_in} if plan.only_in else set())


def says_at_once(plan: JourneyPlan) -> bool:
    """Whether it says something before its first wait of a day or more."""
    for step in plan.steps:
        if isinstance(step, WaitStep) and step.days:
            return False
        if isinstance(step, MessageStep):
            return True
    return False


class Journey(Struct, frozen=True):
    """A journey as it is: its latest plan is `version`; members begin by `published`."""

    journey_id: UUID
    code: str
    name: str
    state: State
    version: int
    published: int | None
    made_at: datetime
    made_by: str
    changed_at: datetime
    changed_by: str
    begins_at: datetime | None = None
    """What happened from then on begins it."""
    published_by: str | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None


class Run(Struct, frozen=True):
    """A member on their way: at which step, since when, and when it is looked at again."""

    run_id: UUID
    journey_id: UUID
    version: int
    member_id: UUID
    step: str
    since: datetime
    due_at: datetime


class Passed(Struct, frozen=True):
    """A step is behind a member, and what came of it."""

    run_id: UUID
    journey_id: UUID
    version: int
    step: str
    outcome: str


class Asked(Struct, frozen=True):
    """A message is to go to a member, unless chance holds them out."""

    campaign_id: UUID
    member_id: UUID
    run_id: UUID
    held: bool
    variant: int | None = None
    """In which of several ways they read it."""


class Moved(Struct, frozen=True):
    """Where a member is now; `why` says that they go no further."""

    run_id: UUID
    step: str
    since: datetime
    due_at: datetime
    why: Why | Literal[""] = ""


class OfMember(Struct, frozen=True):
    """One way of a member through a journey."""

    code: str
    name: str
    version: int
    begun_at: datetime
    step: str
    due_at: datetime
    ended_at: datetime | None
    why: str


class WayCount(Struct, frozen=True):
    """So many are to read a step in this way (0 the first), and to so many it was sent."""

    step: str
    way: int
    version: int
    members: int
    sent: int


class StepCount(Struct, frozen=True):
    """So many came to this at a step: `there` for who is there now, what came of it for who was;
    and what became of its messages by `state` and `reason`."""

    version: int
    step: str
    outcome: str
    reason: str
    members: int
