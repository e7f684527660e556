"""What was found: per check how much was looked at, how much is wrong, and examples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct

MOST_EXAMPLES: Final = 20

Row = Mapping[str, Any]


class Finding(Struct, frozen=True):
    """What one check found; nothing wrong means no violations."""

    check: str
    area: str
    invariants: tuple[str, ...]
    says: str
    fails_when: str
    mend: str
    rows: int
    violations: int
    examples: tuple[dict[str, Any], ...]
    """The first of them, at most twenty, with the ids they are found by."""
    seconds: float


class Report(Struct, frozen=True):
    """Whether the books are right, as of one snapshot."""

    findings: tuple[Finding, ...]
    seconds: float

    @property
    def right(self) -> bool:
        """Every invariant holds."""
        return not self.wrong

    @property
    def wrong(self) -> tuple[Finding, ...]:
        """The checks that found something."""
        return tuple(finding for finding in self.findings if finding.violations)

    @property
    def violations(self) -> int:
        return sum(finding.violations for finding in self.findings)

    def as_json(self) -> bytes:
        """The whole report for machines."""
        whole = {
            "right": self.right,
            "violations": self.violations,
            "seconds": self.seconds,
            "checks": self.findings,
        }
        return msgspec.json.format(msgspec.json.encode(whole, enc_hook=str))


class Tally:
    """Counts violations and keeps the first ones, however many there are."""

    def __init__(self) -> None:
        self.violations = 0
        self.examples: list[dict[str, Any]] = []

    def add(self, **row: Any) -> None:
        """One more violation."""
        self.violations += 1
        if len(self.examples) < MOST_EXAMPLES:
            self.examples.append(row)

    def add_all(self, rows: Iterable[Row]) -> None:
        """One more violation for each of these rows."""
        for row in rows:
            self.add(**row)


def line_of(example: Row) -> str:
    """One example as a line: what is known of it, names first."""
    return " ".join(f"{name}={value}" for name, value in example.items() if value is not None)
