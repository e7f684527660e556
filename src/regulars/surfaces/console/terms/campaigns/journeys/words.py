"""What the console calls states of journeys, steps, and what came of them."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from regulars.surfaces.console.words import N

STATES: Final = MappingProxyType(
    {
        "draft": (N("draft"), "", "pencil"),
        "running": (N("runs"), "good", "check"),
        "paused": (N("paused"), "warn", "clock"),
        "ended": (N("ended"), "", "x"),
    }
)
STEPS: Final = MappingProxyType(
    {
        "wait": (N("Wait"), "clock"),
        "message": (N("Say something"), "megaphone"),
        "offer": (N("Give an offer"), "gift"),
        "task": (N("Leave it to a person"), "user-check"),
        "tell": (N("Tell another system"), "share-2"),
        "branch": (N("Who is in a segment goes on, who is not elsewhere"), "arrow-right"),
        "split": (N("Part by chance"), "users"),
        "go": (N("Go on further down"), "arrow-right"),
        "stop": (N("End here"), "x"),
    }
)
PASSED: Final = MappingProxyType(
    {
        "there": N("Are here now"),
        "waited": N("Waited and went on"),
        "asked": N("Came to it"),
        "offered": N("Were given it"),
        "tasked": N("Were left to somebody"),
        "told": N("Were told of"),
        "held_out": N("Held out of this journey"),
        "held_out_of_all": N("Held out of everything"),
        "not_given": N("Could not be given it: closed, given away, over"),
        "spared": N("Spared: asked something else not long ago"),
        "inside": N("Were in it"),
        "outside": N("Were not in it"),
        "first": N("Drawn to go on"),
        "second": N("Drawn to go elsewhere"),
        "went": N("Went on"),
        "stopped": N("Came to the end"),
    }
)
"""What came of a step for who was there; of messages campaigns have the words."""
ENDS: Final = MappingProxyType(
    {
        "done": N("Came to the end"),
        "exit": N("Did what ends it"),
        "gone": N("Blocked or erased since"),
        "united": N("Became one with another member"),
        "ended": N("Stopped before"),
    }
)
BEGINS: Final = MappingProxyType(
    {
        "joined": N("Begins when somebody joins"),
        "entered": N("Begins when somebody comes into a segment"),
        "left": N("Begins when somebody goes out of a segment"),
        "activity": N("Begins when somebody does this: %(what)s"),
        "event": N("Begins when this happens to somebody: %(what)s"),
        "term_ends": N("Begins so many days before the term of a membership is over: %(what)s"),
    }
)
EXITS: Final = MappingProxyType(
    {
        "joined": N("Ends when they join"),
        "entered": N("Ends when they come into this segment: %(what)s"),
        "left": N("Ends when they go out of this segment: %(what)s"),
        "activity": N("Ends when they do this: %(what)s"),
        "event": N("Ends when this happens to them: %(what)s"),
    }
)
GROUPS: Final = MappingProxyType(
    {
        "entered": N("Comes into a segment"),
        "left": N("Goes out of a segment"),
        "activity": N("Does something"),
        "event": N("Something happens to them"),
    }
)
"""What begins or ends a journey, as the groups of a select."""
JOINS: Final = N("Becomes a member")
TERM: Final = N("The term of their membership is soon over")
NOTHING: Final = N("nothing")
CHOOSE: Final = N("choose one")
TO_THE_END: Final = N("at the end")
CHANGED: Final = N(
    "Somebody else changed this journey since you opened it. What you typed is still here: look "
    "at the steps above, then save again to put yours in place of theirs."
)
FULL: Final = N("A journey has %(n)s steps at most.")
