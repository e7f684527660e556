"""Programs and their versions on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from regulars.engine.terms import Version
from regulars.records.program.problems import Problem
from regulars.records.program.read import Published
from regulars.records.program.translations import languages_of
from regulars.records.program.types import Program, Tier
from regulars.surfaces.api.wire.parts import Instant

Source = Annotated[
    str,
    Meta(min_length=1, max_length=500_000, description="The program file (YAML), word for word."),
]


class WalletTerms(Struct, frozen=True):
    """One kind of balance; a quantity of 10^scale is one point."""

    id: str
    name: str
    kind: str
    scale: int


class RuleTerms(Struct, frozen=True):
    """One rule, in the words of the shop."""

    id: str
    on: str
    wallet: str
    says: str


class ProgramShown(Struct, frozen=True):
    """The version of the program that decides now."""

    program: str
    name: str
    currency: str
    zone: str
    version: int
    effective_from: datetime
    wallets: list[WalletTerms]
    rules: list[RuleTerms]
    tiers: tuple[Tier, ...]
    languages: list[str]
    """In which languages its texts can be had, the one of the file first."""
    promises: list[str]
    """What it promises besides rules and rewards, as sentences."""


class VersionShown(Struct, frozen=True):
    """One published version: from when on it decides, and who published it."""

    version: int
    effective_from: datetime
    published_at: datetime
    published_by: str


class VersionText(Struct, frozen=True):
    """One published version with its file."""

    version: int
    effective_from: datetime
    published_at: datetime
    published_by: str
    source: str


class VersionsPage(Struct, frozen=True):
    """Some versions, newest first, and where to go on."""

    items: list[VersionShown]
    has_more: bool
    next_cursor: str | None


class CheckSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A program file to look at."""

    source: Source


class VersionSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A program file to publish: it decides from that instant on, or from now.

    `accept` names the warnings that are meant.
    """

    source: Source
    effective_from: Instant | None = None
    accept: list[str] = []


class ProblemFound(Struct, frozen=True):
    """One thing in a program file to mend or to look at."""

    severity: Literal["error", "warning"]
    line: int
    column: int
    path: str
    says: str
    mend: str
    code: str
    """The name under which a warning is accepted; one without need not be."""
    where: str
    """The path with the ids of rules and other parts in place of their numbers."""


class ProgramChecked(Struct, frozen=True):
    """Whether a program file may be published, and everything that was found."""

    ok: bool
    problems: list[ProblemFound]


class VersionPublished(Struct, frozen=True):
    """The version this file is now; `fresh` is false when the newest one said the same already."""

    version: int
    effective_from: datetime
    fresh: bool
    warnings: list[ProblemFound]


def program_shown(
    version: Version, program: Program, rules: list[RuleTerms], promises: list[str]
) -> ProgramShown:
    """A version as the world sees it; the program is that version's, in some language."""
    return ProgramShown(
        program=program.program,
        name=program.name,
        currency=program.currency,
        zone=program.zone,
        version=version.number,
        effective_from=version.effective_from,
        wallets=[
            WalletTerms(id_, wallet.name or id_, wallet.kind, wallet.scale)
            for id_, wallet in program.wallets.items()
        ],
        rules=rules,
        tiers=program.tiers.steps if program.tiers else (),
        languages=languages_of(program),
        promises=promises,
    )


def version_shown(kept: Published) -> VersionShown:
    """A published version without its file."""
    return VersionShown(kept.version, kept.effective_from, kept.published_at, kept.published_by)


def problem_found(problem: Problem) -> ProblemFound:
    """A problem of a program file."""
    return ProblemFound(
        problem.severity, problem.line, problem.column, problem.path, problem.says, problem.mend,
        problem.code, problem.where or problem.path,
    )  # fmt: skip
