"""What went wrong, as RFC 9457 problems: stable codes, the field, and what to do next."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from regulars.base.faults import Fault, Refused
from regulars.records.program.problems import ProgramFault
from regulars.surfaces.api.catalogue import Entry, entry_of


class Slip(Struct, frozen=True, omit_defaults=True):
    """One thing that is wrong: where (JSON pointer into the body, or a parameter) and what."""

    detail: str
    pointer: str | None = None
    parameter: str | None = None
    """Of the address."""
    line: int | None = None
    """Of a program file."""
    column: int | None = None


class Problem(Struct, frozen=True, omit_defaults=True):
    """Why a request was not done (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    errors: tuple[Slip, ...] = ()
    facts: dict[str, Any] = {}
    """The numbers behind a refusal."""


def of_fault(fault: Fault, instance: str) -> Problem:
    """The problem for something the caller must mend."""
    entry = entry_of(fault.code, fault.category)
    if isinstance(fault, ProgramFault):
        return _problem(entry, fault.code, _sentences(fault.says), instance, _lines(fault))
    facts = dict(fault.facts)
    detail = _sentences(fault.says, facts.pop("mend", ""))
    slips = (_slip(fault.field, detail),) if fault.field else ()
    return _problem(entry, fault.code, detail, instance, slips, facts)


def of_refused(refused: Refused, instance: str) -> Problem:
    """The problem for something the business does not do."""
    entry = entry_of(refused.code, "conflict")
    return _problem(entry, refused.code, _sentences(refused.says), instance, (), refused.facts)


def of_outage(says: str, instance: str) -> Problem:
    """The problem for a world that is down: nothing is lost, the same request may come again."""
    detail = _sentences(says)
    return _problem(entry_of("unavailable", "conflict"), "unavailable", detail, instance)


def of_bug(instance: str) -> Problem:
    """The problem for a mistake of ours."""
    says = "This is our mistake, not yours; it is in our log. The same request may be sent again."
    return _problem(entry_of("internal_error", "conflict"), "internal_error", says, instance)


def _problem(
    entry: Entry,
    code: str,
    detail: str,
    instance: str,
    slips: tuple[Slip, ...] = (),
    facts: dict[str, Any] | None = None,
) -> Problem:
    return Problem(
        type=f"/docs/problems/{code}",
        title=entry.title,
        status=entry.status,
        detail=detail,
        instance=instance,
        code=code,
        errors=slips,
        facts=facts or {},
    )


def _slip(field: str, detail: str) -> Slip:
    if field.startswith("/"):
        return Slip(detail, pointer=field)
    return Slip(detail, parameter=field)


def _sentences(*parts: str) -> str:
    """What is wrong and what to do, each as a sentence."""
    said = (part[:1].upper() + part[1:].rstrip(".") + "." for part in parts if part)
    return " ".join(said)


def _lines(fault: ProgramFault) -> tuple[Slip, ...]:
    return tuple(
        Slip(
            (f"{one.where or one.path}: " if one.path else "") + _sentences(one.says, one.mend),
            pointer="/source",
            line=one.line,
            column=one.column,
        )
        for one in fault.problems
    )
