"""What begins or ends a journey, as one select shows it and as it comes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from regulars.records.outbox.campaigns.journeys.types import (
    MOST_EXITS,
    OF_OURS,
    OnActivity,
    OnEntering,
    OnEvent,
    OnJoining,
    OnLeaving,
    OnTermEnd,
    Trigger,
)
from regulars.records.outbox.events.catalogue import EVENTS
from regulars.records.program.changes.segments.reading import BOUGHT
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.team.event_words import SAYS
from regulars.surfaces.console.terms.campaigns.journeys.typing_in import number_of
from regulars.surfaces.console.terms.campaigns.journeys.words import (
    GROUPS,
    JOINS,
    NOTHING,
    TERM,
)
from regulars.surfaces.console.terms.segments.asking import TOLD

TERM_ENDS: Final = "term_ends"
AHEAD: Final = "14"
"""So many days before a term is over, until somebody says another number."""
Options = Sequence[tuple[str, str]]
Grouped = list[tuple[str, str | Options]]
"""Options of a select: a value and its words, or the words of a group and its options."""
_MADE: Final[Mapping[str, Callable[[str], Trigger]]] = {
    "entered": OnEntering, "left": OnLeaving, "activity": OnActivity, "event": OnEvent,
}  # fmt: skip


def value_of(one: Trigger) -> str:
    """What stands for it in a form: `entered:gold`."""
    match one:
        case OnJoining():
            return "joined"
        case OnEntering():
            return f"entered:{one.segment}"
        case OnLeaving():
            return f"left:{one.segment}"
        case OnActivity():
            return f"activity:{one.kind}"
        case OnEvent():
            return f"event:{one.event}"
        case OnTermEnd():
            return TERM_ENDS


def trigger_of(value: str, days: str = AHEAD) -> Trigger:
    """The same back, with how many `days` before where it waits for the end of a term; what no page
    of ours says is an event that is none, so it is refused."""
    on, _, what = value.partition(":")
    if value == "joined":
        return OnJoining()
    if value == TERM_ENDS:
        return OnTermEnd(number_of(days))
    return _MADE[on](what) if on in _MADE else OnEvent(value)


def choices(here: Here, segments: Options, chosen: Sequence[Trigger] = ()) -> Grouped:
    """All that may begin or end one in this shop; what was chosen is among them."""
    say = here.reader.say
    of: dict[str, list[tuple[str, str]]] = {
        "entered": [(f"entered:{code}", name) for code, name in segments],
        "left": [(f"left:{code}", name) for code, name in segments],
        "activity": [(f"activity:{kind}", kind) for kind in _kinds(here)],
        "event": [
            (f"event:{one}", say(SAYS[one]).replace("`", ""))
            for one in EVENTS
            if one not in OF_OURS
        ],
    }
    known = {"joined", TERM_ENDS, *(value for options in of.values() for value, _ in options)}
    for value in map(value_of, chosen):
        on, _, what = value.partition(":")
        if value not in known and what and on in of:
            of[on].append((value, what))
    grouped: Grouped = [("joined", say(JOINS)), (TERM_ENDS, say(TERM))]
    return grouped + [(say(GROUPS[on]), options) for on, options in of.items() if options]


def exits(here: Here, grouped: Grouped, there: Sequence[Trigger]) -> list[tuple[str, str, Grouped]]:
    """A select for each that ends it and one more: its name, what is chosen, its options."""
    ends = [one for one in grouped if one[0] != TERM_ENDS]
    options: Grouped = [("", here.reader.say(NOTHING)), *ends]
    values = [value_of(one) for one in there] + [""]
    return [(f"ends-{at}", value, options) for at, value in enumerate(values[:MOST_EXITS])]


def typed_exits(form: Form, there: Sequence[Trigger]) -> tuple[Trigger, ...]:
    """What ends it by the form, without those that were left empty; as it was where none is in the
    form."""
    names = [name for at in range(MOST_EXITS) if (name := f"ends-{at}") in form.fields]
    values = list(dict.fromkeys(value for name in names if (value := form.get(name))))
    return tuple(map(trigger_of, values)) if names else tuple(there)


def _kinds(here: Here) -> list[str]:
    """Purchases, and what else this program or the house knows of."""
    return sorted({rule.on for rule in here.version.program.rules} | TOLD | {BOUGHT})
