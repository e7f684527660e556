"""Actions for the shop: each kind once, rewarded, and never by what a member thinks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from regulars.records.program.checks.walk import conditions_of, rules_of, twice
from regulars.records.program.parts.advocacy import Advocacy
from regulars.records.program.problems import Finding, Path, shown, worded
from regulars.records.program.types import DetailIs, Program

OPINIONS: Final = ("rating", "score", "sentiment", "stars")
"""Details that say what somebody thinks."""


def advocacy(program: Program) -> Iterator[Finding]:
    """An action that is told otherwise, twice, for nothing, or rewarded for an opinion."""
    yield from twice(("advocacy",), [one.on for one in program.advocacy], "on")
    for place, one in enumerate(program.advocacy):
        path: Path = ("advocacy", place)
        if one.on in ("purchase", "return"):
            says = f"a {one.on} has its own rules, and nobody approves it"
            yield Finding((*path, "on"), says, "write another kind, such as `review`")
        if all(rule.on != one.on for rule in program.rules):
            says = worded("no rule gives anything for %(kind)s", kind=shown(one.on))
            mend = worded("add a rule with `on: %(kind)s`", kind=one.on)
            yield Finding((*path, "on"), says, mend, "warning")
        if one.moderated is not None:
            yield from _waiting(program, one)
    yield from _opinions(program)


def _waiting(program: Program, one: Advocacy) -> Iterator[Finding]:
    """Points that wait for a word have the end of their wallet, and are no status credit."""
    for path, rule in rules_of(program):
        if rule.on != one.on:
            continue
        wallet = program.wallets.get(rule.wallet)
        if wallet is not None and wallet.kind == "status":
            says = f"status credit counts at once, and {shown(one.on)} waits until it is approved"
            yield Finding((*path, "wallet"), says, "give points, or leave out `moderated:`")
        for name in ("expiry", "ends_on"):
            if getattr(rule, name) is not None:
                says = "points that wait: their end is the wallet's"
                yield Finding((*path, name), says, f"remove it, or `moderated:` of {one.on}")


def _opinions(program: Program) -> Iterator[Finding]:
    kinds = {one.on for one in program.advocacy}
    for path, condition in conditions_of(program):
        rule = program.rules[path[1]]  # type: ignore[index]
        if rule.on in kinds and isinstance(condition, DetailIs) and condition.detail in OPINIONS:
            says = worded(
                "what there is for %(kind)s hangs on what the member thinks", kind=shown(rule.on)
            )
            mend = "reward every honest word alike; the law of many countries asks for it"
            yield Finding((*path, "detail"), says, mend, "warning")
