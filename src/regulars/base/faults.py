"""What went wrong, in the ways that are not our doing: refusals, faults and outages."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from msgspec import Struct

Category = Literal["missing", "conflict", "invalid", "forbidden", "gone"]


class Refused(Struct, frozen=True):
    """The business says no; a normal answer, not an error."""

    code: str
    says: str
    facts: dict[str, Any] = {}


class Fault(Exception):
    """The caller is wrong: what, at which field, and how to mend it.

    `code` never changes once published; `field` is a JSON pointer into what was sent, or "".
    """

    code: ClassVar[str] = "fault"
    category: ClassVar[Category] = "invalid"

    def __init__(self, says: str, *, field: str = "", **facts: Any) -> None:
        super().__init__(says)
        self.says = says
        self.field = field
        self.facts = facts


class Invalid(Fault):
    """A value is not what it must be."""

    code = "invalid"


class UnknownMember(Fault):
    """Nobody is known under this id, number, telephone, e-mail or card."""

    code = "unknown_member"
    category = "missing"


class KeyReused(Fault):
    """The key or receipt was already used for something else."""

    code = "key_reused"
    category = "conflict"


class NotFound(Fault):
    """What the caller named does not exist here."""

    code = "not_found"
    category = "missing"


class Gone(Fault):
    """What the caller named existed and is over."""

    code = "gone"
    category = "gone"


class Forbidden(Fault):
    """The caller may not do this."""

    code = "forbidden"
    category = "forbidden"


class StaleTerms(Exception):
    """A version was published since these terms were read; read them again and decide anew."""


class MembersMoved(StaleTerms):
    """Somebody was merged while we waited for them; look them up again and decide anew."""


class StaleStanding(Exception):
    """Somebody wrote a member since they were read; nothing of this stays, decide anew."""


class Outage(Exception):
    """The world is down, or too much is waiting; nothing is lost, come again shortly."""

    def __init__(self, says: str, retry_after_seconds: int = 1) -> None:
        super().__init__(says)
        self.says = says
        self.retry_after_seconds = retry_after_seconds
