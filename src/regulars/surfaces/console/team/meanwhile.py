"""Two people at one form: what a colleague kept meanwhile is not undone by an older page."""

from __future__ import annotations

from typing import Final, NamedTuple

from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.words import N

WAS: Final = "was-"
"""Before the name of a field: what stood in it when the page was shown."""
_MEANWHILE: Final = N(
    "A colleague made this %(now)s while your page was open; keep it again to make it %(mine)s"
)
_EMPTY: Final = N("empty")


class Sides(NamedTuple):
    """A field as this person left it, and as it is kept now."""

    mine: str
    now: str


class Seen(NamedTuple):
    """A field as this person left it, as their page showed it, and as it is kept now.

    Example: shown 100, left at 100, and 500 by now is nobody's wish to make it 100 again.
    """

    mine: str
    was: str
    now: str

    @property
    def wished(self) -> bool:
        """Whether they changed it, to something else than it is already."""
        return self.mine not in (self.was, self.now)

    @property
    def crossed(self) -> bool:
        """Whether a colleague changed it, too, since the page was shown."""
        return self.wished and self.was != self.now

    @property
    def left(self) -> str:
        """What their page goes on showing: a colleague's, where they changed nothing."""
        return self.now if self.mine == self.was else self.mine


def seen(form: Form, field: str, sides: Sides) -> Seen:
    """How a field was shown; a page that does not say showed it as it is."""
    return Seen(sides.mine, form.get(WAS + field, sides.now), sides.now)


def crossing(here: Here, sides: Sides) -> str:
    """What is said at a field that two people changed: both, and how to go on."""
    empty = here.reader.say(_EMPTY)
    return here.reader.say(_MEANWHILE, now=sides.now or empty, mine=sides.mine or empty)
