"""Codes of rewards on the wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from regulars.flows.points.codes.commands import CodeDone, CodesIssued, PoolFilled
from regulars.records.rewards.codes.types import RewardCode, Standing
from regulars.records.rewards.types import Kind
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.wire.parts import Instant, Money, Slug, Text, Whom

CodeText = Annotated[str, Meta(min_length=1, max_length=100)]


class UploadSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Codes that were bought or printed elsewhere, for the pool of a reward."""

    reward: Slug
    codes: Annotated[tuple[Annotated[str, Meta(max_length=100)], ...],
                     Meta(min_length=1, max_length=10_000)]  # fmt: skip
    reason: Text
    actor: Text = ""


class UploadDone(Struct, frozen=True):
    """How many codes came, and how many are left in the pool."""

    id: str
    reward: str
    times: int
    left: int


class PoolShown(Struct, frozen=True):
    """How the codes of a reward stand."""

    reward: str
    free: int
    """Waiting in the pool."""
    issued: int
    used: int
    withdrawn: int


class PoolsShown(Struct, frozen=True):
    """All rewards that have codes."""

    items: list[PoolShown]


class IssueSent(Struct, frozen=True, forbid_unknown_fields=True):
    """So many codes for whoever shows them, or one for each of these members."""

    reward: Slug
    reason: Text
    actor: Text = ""
    times: Annotated[int, Meta(ge=0, le=10_000)] = 0
    members: Annotated[tuple[Whom, ...], Meta(max_length=1_000)] = ()
    ends_at: Instant | None = None
    """When they end; as the reward says, unless said."""


class CodeIssued(Struct, frozen=True):
    """One code, and whose it is."""

    code: str
    member_id: str | None
    ends_at: datetime | None


class IssueDone(Struct, frozen=True):
    """The codes that were issued."""

    id: str
    reward: str
    times: int
    codes: list[CodeIssued]


class CodeQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """The code somebody shows, however it is spelled."""

    code: CodeText


class CodeShown(Struct, frozen=True):
    """A code, and what it is worth as promised when it was issued."""

    id: str
    member_id: str | None
    reward: str
    name: str
    kind: Kind
    worth: Money
    state: Standing
    ends_with: str
    """The last four signs."""
    issued_at: datetime
    ends_at: datetime | None
    closed_at: datetime | None
    store: str
    redemption_id: str | None


class CodesPage(Struct, frozen=True):
    """A page of codes, newest first."""

    items: list[CodeShown]
    has_more: bool
    next_cursor: str | None


class CodeUseSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A code is shown at the till."""

    code: CodeText
    store: Text = ""
    channel: Text = ""


class WithdrawSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A code is taken out of use."""

    code: CodeText
    reason: Text
    actor: Text = ""


class CodeAnswer(Struct, frozen=True):
    """What became of a code."""

    id: str
    member_id: str | None
    reward: str
    name: str
    worth: Money
    state: Literal["used", "withdrawn"]
    closed_at: datetime


def upload_done(answer: PoolFilled) -> UploadDone:
    """The answer to an upload."""
    return UploadDone(shown("run", answer.run_id), answer.reward, answer.times, answer.left)


def pools_shown(rows: Sequence[Mapping[str, Any]]) -> PoolsShown:
    """How the codes of all rewards stand."""
    return PoolsShown([PoolShown(**dict(row)) for row in rows])


def issue_done(answer: CodesIssued) -> IssueDone:
    """The answer to an issue, with its codes."""
    codes = [
        CodeIssued(
            one.code, None if one.member_id is None else shown("mem", one.member_id), one.ends_at
        )
        for one in answer.codes
    ]
    return IssueDone(shown("run", answer.run_id), answer.reward, answer.times, codes)


def code_shown(code: RewardCode, now: datetime, currency: str) -> CodeShown:
    """A code that was issued, as the world sees it."""
    promised, issued_at = code.promised, code.issued_at
    assert promised is not None, code.code_id
    assert issued_at is not None, code.code_id
    of = code.redemption_id
    return CodeShown(
        id=shown("cod", code.code_id),
        member_id=None if code.member_id is None else shown("mem", code.member_id),
        reward=code.reward,
        name=promised.name,
        kind=promised.kind,
        worth=Money(promised.worth_minor, currency),
        state=code.stands(now),
        ends_with=code.code[-4:],
        issued_at=issued_at,
        ends_at=code.ends_at,
        closed_at=code.closed_at,
        store=code.store,
        redemption_id=None if of is None else shown("red", of),
    )


def code_answer(answer: CodeDone, currency: str) -> CodeAnswer:
    """The answer to a use or a withdrawal."""
    return CodeAnswer(
        id=shown("cod", answer.code_id),
        member_id=None if answer.member_id is None else shown("mem", answer.member_id),
        reward=answer.reward,
        name=answer.name,
        worth=Money(answer.worth_minor, currency),
        state=answer.state,
        closed_at=answer.closed_at,
    )
